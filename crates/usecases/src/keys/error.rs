//! What keeps keys from being rotated or retired. The operator reads it at the command line.

use thiserror::Error;

use super::Use;
use crate::error::Error;

/// Why keys stay as they are.
#[derive(Debug, Error)]
pub enum KeysError {
    /// The actor may not, it could not be logged, or something failed.
    #[error(transparent)]
    Refused(#[from] Error),
    /// Somebody else changes the keys.
    #[error("somebody else is changing the keys in this moment: wait until that has ended")]
    Busy,
    /// Some process has not taken the keys as they stand.
    #[error(
        "a process still works with the keys of before. Each takes new ones within a second: look whether one hangs, or \
         cannot read keys.toml (its owner and mode), and run this again: it goes on where it was"
    )]
    Behind {
        /// How many earlier states of the file are still in use.
        count: usize,
    },
    /// Another key has just begun to seal.
    #[error(
        "key {key} seals since {minutes} minutes ago: that is done. If one more is meant, wait until ten have passed"
    )]
    JustRotated {
        /// Which.
        key: u16,
        /// Minutes since then.
        minutes: i64,
    },
    /// There is no such key.
    #[error("there is no key {0}: `chengxin keys list` names them")]
    NoSuchKey(u16),
    /// It seals.
    #[error("key {0} seals: `chengxin keys rotate` first")]
    Active(u16),
    /// It was replaced a short while ago.
    #[error(
        "key {id} was replaced {minutes} minutes ago, and {wait} must have passed: forms and files under way may still hold \
         what it sealed{hint}"
    )]
    TooSoon {
        /// Which.
        id: u16,
        /// Minutes since then.
        minutes: i64,
        /// How long one waits.
        wait: &'static str,
        /// What shortens it.
        hint: &'static str,
    },
    /// Something still needs it.
    #[error(
        "key {id} is still used: {}. `chengxin keys reseal` seals anew what can be; run this again when \
         `chengxin keys status` says that nothing is left",
        said(.uses)
    )]
    StillUsed {
        /// Which.
        id: u16,
        /// By what.
        uses: Vec<Use>,
    },
}

impl From<std::io::Error> for KeysError {
    fn from(error: std::io::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<vault::VaultError> for KeysError {
    fn from(error: vault::VaultError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<store::StoreError> for KeysError {
    fn from(error: store::StoreError) -> Self {
        Self::Refused(error.into())
    }
}

fn said(uses: &[Use]) -> String {
    let each: Vec<_> = uses.iter().map(|one| format!("{} {}", one.count, one.what)).collect();
    each.join(", ")
}

/// Result of work on the keys.
pub type Result<T, E = KeysError> = std::result::Result<T, E>;
