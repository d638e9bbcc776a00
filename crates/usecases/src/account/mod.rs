//! Accounts 账号: who can sign in, by what, and for how long.

mod add;
mod devices;
pub mod identity;
mod manage;
mod password;
mod request;
mod second_factor;
mod sign_in;

pub use crate::client::by_token;
pub use add::{NewAccount, Secret, add};
pub use devices::{devices, end as end_device, end_others};
pub use manage::{disable, list, with_second_factor};
pub use password::{NewPassword, change as change_password, choose as choose_password};
pub use request::{NewRequest, ask, decide, requests, reset};
pub use second_factor::{
    SECRET, Setup, SpareCodes, enrol, give as give_second_factor, next_code, pass,
    replace as replace_second_factor, set_up, state as second_factor_state,
};
pub use sign_in::{SignedIn, by_session, sign_in, sign_out};

use register::{Account, AccountId, Role};
use sha2::{Digest, Sha256};

use crate::cx::Actor;

/// The operator at the command line: whoever may read the keys' file may act in the office's name.
/// His acts are logged under this name like anybody's.
#[must_use]
pub fn operator(agency: Option<register::Uscc>) -> Actor {
    Actor {
        account: AccountId(uuid::Uuid::nil()),
        login: "operator".to_owned(),
        role: if agency.is_some() { Role::System } else { Role::OfficeLead },
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
