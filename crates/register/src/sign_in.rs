//! Signing in 登录: which steps stand between a right password and the pages.
//!
//! ```text
//!   password right ──has a second factor──▶ second ──its code is right──┐
//!                  └─needs one, has none──▶ enrol ──one is set up───────┤
//!                                                                       ├──password is the operator's──▶ password ──┐
//!                                                                       └───────────────────────────────────────────┴▶ in
//! ```

use crate::codes::codes;
use crate::{AccountId, Role, Uscc};
use jiff::Timestamp;

codes! {
    /// How far somebody who signs in has come.
    pub enum Stage {
        /// Must show his second factor.
        Second = "second", "等待验证码";
        /// Must set up a second factor: his role sees other people's data.
        Enrol = "enrol", "等待设置验证码";
        /// Must choose a password of his own in place of the one that was made for him.
        Password = "password", "等待修改密码";
        /// Is in.
        In = "in", "已登录";
    }
}

/// What is known of an account when its password was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its role.
    pub role: Role,
    /// Whether it has a second factor.
    pub has_second_factor: bool,
    /// Whether that was shown in this sign-in, or set up in it.
    pub has_shown_it: bool,
    /// Whether its password was made by somebody else.
    pub is_temporary: bool,
}

impl Standing {
    /// The next step.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        if self.has_second_factor && !self.has_shown_it {
            Stage::Second
        } else if self.role.needs_second_factor() && !self.has_second_factor {
            Stage::Enrol
        } else if self.is_temporary {
            Stage::Password
        } else {
            Stage::In
        }
    }
}

/// Least characters of a password that somebody chooses.
pub const LEAST: usize = 12;
/// Most characters: more is no safer, and takes time.
pub const MOST: usize = 128;

/// Why a password cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPassword {
    /// Fewer than [`LEAST`] characters.
    Short,
    /// More than [`MOST`].
    Long,
    /// It holds the account's name.
    HoldsLogin,
    /// It is guessed soon: a word of the lists of passwords that became known, a row of keys, a date.
    Guessable,
    /// It is the one before.
    Same,
}

/// What may be looked at without knowing what is guessable.
///
/// # Errors
/// The first reason against it.
pub fn look(password: &str, login: &str) -> Result<(), BadPassword> {
    let count = password.chars().count();
    let login = login.trim().to_lowercase();
    if count < LEAST {
        return Err(BadPassword::Short);
    }
    if count > MOST {
        return Err(BadPassword::Long);
    }
    if login.chars().count() >= 3 && password.to_lowercase().contains(&login) {
        return Err(BadPassword::HoldsLogin);
    }
    Ok(())
}

/// Where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its identifier; no token.
    pub id: uuid::Uuid,
    /// What kind of browser it said it is.
    pub browser: String,
    /// Since when.
    pub started_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

codes! {
    /// What is asked for an account.
    pub enum Wish {
        /// A new one.
        Open = "open", "开立账号";
        /// A new password, and a second factor to be set up anew.
        Reset = "reset", "重置密码和验证码";
        /// That it opens nothing any more.
        Disable = "disable", "停用账号";
    }
}

/// What one asks for an account and another grants (I12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRequest {
    /// Its identifier.
    pub id: uuid::Uuid,
    /// What is asked.
    pub wish: Wish,
    /// The account's name.
    pub login: String,
    /// In which role, for a new one.
    pub role: Role,
    /// For which body, for a new one.
    pub agency: Option<Uscc>,
    /// Who asks.
    pub asked_by: AccountId,
    /// Why.
    pub reasons: String,
    /// When.
    pub asked_at: Timestamp,
    /// Who decided, when, and whether it was granted.
    pub decided: Option<(AccountId, Timestamp, bool)>,
}

codes! {
    /// What happened to an account.
    pub enum Happened {
        /// Somebody came in.
        SignedIn = "signed-in", "登录";
        /// A password that was not right.
        WrongPassword = "wrong-password", "密码不对";
        /// A code, or a passkey, that was not right.
        WrongCode = "wrong-code", "验证码不对";
        /// A second factor was set up, or another in place of the one before.
        FactorSet = "factor-set", "设置验证码";
        /// A passkey was added.
        PasskeyAdded = "passkey-added", "添加通行密钥";
        /// A passkey was removed.
        PasskeyRemoved = "passkey-removed", "移除通行密钥";
        /// Its owner chose a password.
        PasswordChanged = "password-changed", "修改密码";
        /// It was opened.
        Opened = "opened", "开立账号";
        /// It was given a new password, and its second factor was taken away.
        Reset = "reset", "重置密码和验证码";
        /// It was noted which human being it belongs to.
        Bound = "bound", "登记本人身份";
        /// A machine was given a new secret.
        SecretReplaced = "secret-replaced", "更换系统密钥";
        /// It was switched off.
        Disabled = "disabled", "停用账号";
    }
}

/// One thing that happened to an account. It says nothing of where somebody was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEvent {
    /// Its identifier; later ones are greater.
    pub id: uuid::Uuid,
    /// Of which account.
    pub account: AccountId,
    /// What.
    pub kind: Happened,
    /// Who did it, if somebody else than whoever signs in by it.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_at_work_comes_in_by_a_password_alone() {
        for role in Role::ALL {
            for has_second_factor in [false, true] {
                for is_temporary in [false, true] {
                    let standing =
                        Standing { role, has_second_factor, has_shown_it: false, is_temporary };
                    let alone = standing.stage() == Stage::In;
                    let may = !role.needs_second_factor() && !has_second_factor && !is_temporary;
                    assert_eq!(alone, may, "{standing:?}");
                    let shown =
                        Standing { has_second_factor: true, has_shown_it: true, ..standing };
                    let stage = if is_temporary { Stage::Password } else { Stage::In };
                    assert_eq!(shown.stage(), stage);
                }
            }
        }
    }

    #[test]
    fn a_password_is_long_and_not_the_name() {
        for (password, bad) in [
            ("short", Some(BadPassword::Short)),
            ("Mr-Clerk-and-more", Some(BadPassword::HoldsLogin)),
            (&"长".repeat(129), Some(BadPassword::Long)),
            ("河水向东流过大桥两次半", Some(BadPassword::Short)),
            ("河水向东流过大桥两次半。", None),
        ] {
            assert_eq!(look(password, "mr-clerk").err(), bad, "{password}");
        }
    }
}
