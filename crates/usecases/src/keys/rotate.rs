//! 换钥: another key seals and signs from now on. Cut off, it is run again and goes on where it was.

use std::time::Duration;

use jiff::SignedDuration;
use serde::Serialize;
use vault::{KeyInfo, KeyState, Suite};

use super::error::{KeysError, Result};
use super::{QUIET, note, permit};
use crate::cx::{Actor, Cx};
use crate::error::Error;

/// How often it is looked whether everybody has the keys.
const LOOK: Duration = Duration::from_millis(100);

/// What a rotation did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rotated {
    /// Number of the key that seals now.
    pub key: u16,
    /// What checks its signatures.
    pub public_key: String,
    /// Number of the key that it follows.
    pub before: u16,
    /// Whether another process has still to take it; it will within a second, or it hangs.
    pub is_awaited: bool,
}

/// Lets a new key seal and sign from now on, of the same suite as the one before unless another is named.
///
/// Every process has it and opens what it seals before anybody seals with it. That it comes is written into the log
/// before: with its public key and a signature of the key before it, and under a head that this key still signs. Then
/// that key opens what it sealed until it is retired.
///
/// # Errors
/// [`KeysError::Busy`], [`KeysError::Behind`] if somebody does not take it for `patience`, [`KeysError::JustRotated`].
pub async fn rotate(
    cx: &Cx,
    actor: &Actor,
    suite: Option<Suite>,
    patience: Duration,
) -> Result<Rotated> {
    permit(cx, actor)?;
    let _lock = cx.keys.lock()?;
    cx.keys.reload(&cx.vault)?;
    let before = cx.vault.active();
    let next = match waiting(cx) {
        Some(next) => next,
        None => {
            expect_time(cx)?;
            make(cx, suite)?
        }
    };
    expect_all(cx, patience).await?;
    note(cx, actor, said(&next, before)).await?;
    let text = cx.keys.text()?.with_next_active(cx.now().as_second())?;
    cx.keys.put(&text)?;
    cx.keys.reload(&cx.vault)?;
    if let Err(error) = cx.months.reseal(&cx.vault) {
        tracing::error!(%error, "the month keys are not sealed anew yet: the job will try again");
    }
    let is_awaited = expect_all(cx, patience).await.is_err();
    let public_key = next.public_key.to_string();
    tracing::info!(key = next.id, "another key seals and signs from now on");
    Ok(Rotated { key: next.id, public_key, before, is_awaited })
}

fn waiting(cx: &Cx) -> Option<KeyInfo> {
    cx.vault.keys().into_iter().find(|key| key.state == KeyState::Next)
}

/// Whoever was cut off at the very end runs it once more, and means no second one.
fn expect_time(cx: &Cx) -> Result<()> {
    let replaced = cx.vault.keys().into_iter().filter_map(|key| key.replaced_at).max();
    let Some(at) = replaced else { return Ok(()) };
    let passed = SignedDuration::from_secs(cx.now().as_second().saturating_sub(at));
    if passed >= QUIET {
        return Ok(());
    }
    Err(KeysError::JustRotated { key: cx.vault.active(), minutes: passed.as_mins() })
}

/// Makes the key that will seal next; every process takes it, and none seals with it yet.
fn make(cx: &Cx, suite: Option<Suite>) -> Result<KeyInfo> {
    let active = cx.vault.active();
    let same = cx.vault.keys().into_iter().find(|key| key.id == active).map(|key| key.suite);
    let suite = suite.or(same).ok_or(Error::Internal("no key seals"))?;
    let today = cx.today().to_string();
    let text = cx.keys.text()?;
    let text = text.with_next_key(suite, &today, &mut |bytes| cx.random.fill(bytes))?;
    cx.keys.put(&text)?;
    cx.keys.reload(&cx.vault)?;
    Ok(waiting(cx).ok_or(Error::Internal("a key that is there and is not"))?)
}

/// Waits until every process works with the keys as they stand.
async fn expect_all(cx: &Cx, patience: Duration) -> Result<()> {
    let generation = cx.vault.generation();
    let mut waited = Duration::ZERO;
    loop {
        let count = cx.keys.behind(generation)?;
        if count == 0 {
            return Ok(());
        }
        if waited >= patience {
            return Err(KeysError::Behind { count });
        }
        tokio::time::sleep(LOOK).await;
        waited += LOOK;
    }
}

/// What the log says of a key: its number, its public key, and what the key before it signed of that.
fn said(key: &KeyInfo, before: u16) -> String {
    let signed = key.follows.as_deref().unwrap_or_default();
    format!("key {} {} follows key {before}: {signed}", key.id, key.public_key)
}
