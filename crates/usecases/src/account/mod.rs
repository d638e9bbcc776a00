//! Accounts 账号: who can sign in, by what, and for how long.

mod add;
mod manage;
mod sign_in;

pub use add::{NewAccount, Secret, add};
pub use manage::{disable, list};
pub use sign_in::{SignedIn, by_session, by_token, sign_in, sign_out};

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
