//! 修改密码: one's own, long, not the name, and none that is guessed soon.

use register::Account;
use register::sign_in::{BadPassword, Happened, LEAST, MOST, Stage, look};
use store::session::Session;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

use super::add::hash_password;
use super::sign_in::{self, SignedIn};
use super::{event, token_hash};
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};

/// A password that is to be chosen, as it was typed.
#[derive(Clone, Default)]
pub struct NewPassword {
    /// The one that is so far.
    pub current: Zeroizing<String>,
    /// The new one.
    pub new: Zeroizing<String>,
    /// The new one once more.
    pub again: Zeroizing<String>,
}

/// Looks at a password that somebody chooses.
///
/// # Errors
/// [`BadPassword`].
pub(super) fn check(password: &str, login: &str) -> Result<(), BadPassword> {
    look(password, login)?;
    // Holds the lists of passwords that became known, names, words, rows of keys and dates.
    if zxcvbn(password, &[login, "chengxin", "诚信", "lingyuan"]).score() < Score::Three {
        return Err(BadPassword::Guessable);
    }
    Ok(())
}

fn says(bad: BadPassword) -> Mistake {
    let (code, says) = match bad {
        BadPassword::Short => ("password-short", format!("新密码至少 {LEAST} 个字符。")),
        BadPassword::Long => ("password-long", format!("新密码最多 {MOST} 个字符。")),
        BadPassword::HoldsLogin => ("password-login", "新密码里不能有账号名。".to_owned()),
        BadPassword::Guessable => (
            "password-guessable",
            "这个密码很容易被猜到（常见密码、连续按键、日期）。可以用四个以上互不相关的词。"
                .to_owned(),
        ),
        BadPassword::Same => ("password-same", "新密码不能和现在的一样。".to_owned()),
    };
    mistake("new", code, says)
}

/// Keeps a new password; everywhere else one is signed out.
async fn set(cx: &Cx, account: &Account, typed: &NewPassword, here: &str) -> Result<()> {
    let found = store::account::credentials_of(cx.store.read(), account.id).await?;
    let hash = found.and_then(|found| found.password_hash);
    let mut mistakes = Vec::new();
    if !sign_in::fits(hash.clone(), &typed.current).await? {
        event::wrong(cx, Some(account.id), Happened::WrongPassword).await?;
        mistakes.push(mistake("current", "current-wrong", "现在的密码不对。"));
    }
    if let Err(bad) = check(&typed.new, &account.login) {
        mistakes.push(says(bad));
    } else if typed.new.as_str() == typed.current.as_str() {
        mistakes.push(says(BadPassword::Same));
    }
    if typed.new.as_str() != typed.again.as_str() {
        mistakes.push(mistake("again", "password-differs", "两次输入的新密码不一样。"));
    }
    let (Some(before), true) = (hash, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let hash = hash_password(&typed.new, &cx.bytes::<16>())?;
    let (tx, here) = (cx.store.begin().await?, token_hash(here));
    // Looking takes long: whoever was reset or signed out meanwhile changes nothing any more.
    let is_changed = store::account::change_password(&tx, account.id, (&before, &hash)).await?;
    if !is_changed || !store::session::hold(&tx, &here).await? {
        return Err(Error::SignIn);
    }
    store::session::remove_others(&tx, account.id, Some(&here)).await?;
    event::note(cx, &tx, account.id, Happened::PasswordChanged, None).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// Changes one's password. Everywhere else one is signed out.
///
/// # Errors
/// [`Error::Mistakes`]; [`Error::SignIn`] if one was reset or signed out in this moment.
pub async fn change(cx: &Cx, actor: &Actor, here: &str, typed: &NewPassword) -> Result<()> {
    let account = store::account::by_id(cx.store.read(), actor.account).await?;
    set(cx, &account.ok_or(Error::NotFound)?, typed, here).await
}

/// Whether an account signs in by a password: who comes by an identity service has none here.
///
/// # Errors
/// [`Error::Store`].
pub async fn has(cx: &Cx, actor: &Actor) -> Result<bool> {
    let found = store::account::credentials_of(cx.store.read(), actor.account).await?;
    Ok(found.is_some_and(|found| found.password_hash.is_some()))
}

/// Goes on with signing in by choosing a password in place of the one that was made.
///
/// # Errors
/// [`Error::SignIn`] if nobody waits here, [`Error::Mistakes`].
pub async fn choose(
    cx: &Cx,
    token: &str,
    typed: &NewPassword,
) -> Result<(SignedIn, Zeroizing<String>)> {
    let found: Option<(Session, Account)> = sign_in::alive(cx, token).await?;
    let waits = |found: &(Session, Account)| found.0.stage == Stage::Password;
    let found = found.filter(waits).ok_or(Error::SignIn)?;
    set(cx, &found.1, typed, token).await?;
    sign_in::go_on(cx, found).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_soon_is_refused() {
        for password in
            ["password1234", "qwertyuiop12", "123456789012", "iloveyou2026", "aaaaaaaaaaaa"]
        {
            assert_eq!(check(password, "mr-clerk"), Err(BadPassword::Guessable), "{password}");
        }
        for password in ["copper lantern violet 47", "河水向东流过大桥两次半。"] {
            assert_eq!(check(password, "mr-clerk"), Ok(()), "{password}");
        }
    }
}
