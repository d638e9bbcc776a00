//! Accounts 账号: who can sign in, by what, and for how long.

mod add;
mod devices;
mod enrolment;
pub(crate) mod event;
pub mod identity;
mod manage;
mod may;
pub mod passkey;
mod password;
mod prove;
mod request;
mod second_factor;
mod sign_in;
pub mod tries;

pub use crate::client::by_token;
pub use add::{NewAccount, Secret, add};
pub use devices::{devices, end as end_device, end_others};
pub use enrolment::needs_enrolment_code;
pub use event::{SeenEvent, events, own_events};
pub use manage::{at_work, disable, list, with_second_factor};
pub use password::{
    NewPassword, change as change_password, choose as choose_password, has as has_password,
};
pub use prove::Proof;
pub use request::{Asked, NewRequest, ask, decide, requests, reset};
pub use second_factor::{
    SECRET, Setup, SpareCodes, enrol, give as give_second_factor, next_code, pass,
    replace as replace_second_factor, set_up, state as second_factor_state,
};
pub use sign_in::{SignedIn, by_session, sign_in, sign_out};

pub use may::on_the_word_of;

pub(crate) use may::may_manage;
pub(crate) use prove::prove;

use register::{Account, AccountId, Role};
use sha2::{Digest, Sha256};

use crate::cx::Actor;

/// The operator at the command line, in the least role that may do the work of a command.
///
/// For himself he runs the machine and sees no person; in the name of a body he is one of its machines, for less if a
/// scope says so. What a member of the office has to answer for he does [on his word](on_the_word_of). Whoever may read
/// the keys' file could do anything: the role keeps a command to its work, and his acts are logged under this name like
/// anybody's.
#[must_use]
pub fn operator(agency: Option<register::Uscc>) -> Actor {
    Actor {
        account: AccountId(uuid::Uuid::nil()),
        login: "operator".to_owned(),
        role: if agency.is_some() { Role::System } else { Role::Operator },
        agency,
        person: None,
        scope: None,
    }
}

impl From<Account> for Actor {
    fn from(account: Account) -> Self {
        Self {
            account: account.id,
            login: account.login,
            role: account.role,
            agency: account.agency,
            person: account.person,
            scope: None,
        }
    }
}

/// What the store keeps of a token.
pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
