//! Passkeys 通行密钥: a key in somebody's device that signs for this house alone, after the device has made sure of him.

use jiff::Timestamp;

use crate::{Redacted, Role};

/// Most passkeys of one account: more than anybody has devices at work.
pub const MOST: usize = 10;
/// Most characters of a passkey's name.
pub const NAME: usize = 40;

/// A passkey, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its identifier, by which it is removed; opens nothing.
    pub id: uuid::Uuid,
    /// What its owner calls it: some call it by their own name.
    pub name: Redacted<String>,
    /// Since when.
    pub added_at: Timestamp,
    /// When somebody last signed in by it.
    pub used_at: Option<Timestamp>,
}

/// Why a name cannot stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadName {
    /// There is none.
    Missing,
    /// More than [`NAME`] characters.
    Long,
    /// It holds a sign that cannot be shown.
    Signs,
}

/// What its owner calls a passkey, if it can stand.
///
/// # Errors
/// [`BadName`].
pub fn checked_name(text: &str) -> Result<String, BadName> {
    let name = text.trim();
    if name.is_empty() {
        return Err(BadName::Missing);
    }
    if name.chars().count() > NAME {
        return Err(BadName::Long);
    }
    if name.chars().any(char::is_control) {
        return Err(BadName::Signs);
    }
    Ok(name.to_owned())
}

/// Whether a passkey may be removed from an account in this role: where a second factor must be, one is left.
#[must_use]
pub const fn may_go(role: Role, other_passkeys: usize, has_codes: bool) -> bool {
    has_codes || other_passkeys > 0 || !role.needs_second_factor()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_work_the_last_second_factor_stays() {
        for role in Role::ALL {
            for others in [0, 1, 2] {
                for has_codes in [false, true] {
                    let left = others + usize::from(has_codes);
                    let is_well = left > 0 || !role.needs_second_factor();
                    assert_eq!(may_go(role, others, has_codes), is_well, "{role:?} {others}");
                }
            }
        }
        assert!(!may_go(Role::OfficeLead, 0, false));
    }

    #[test]
    fn a_name_is_short_and_can_be_shown() {
        for (text, name) in [
            ("  办公电脑 ", Ok("办公电脑")),
            (" \t", Err(BadName::Missing)),
            (&"钥".repeat(NAME + 1), Err(BadName::Long)),
            ("两\n行", Err(BadName::Signs)),
        ] {
            assert_eq!(checked_name(text).as_deref(), name.as_ref().copied(), "{text:?}");
        }
        assert!(checked_name(&"钥".repeat(NAME)).is_ok());
    }
}
