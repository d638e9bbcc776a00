//! 停用旧钥: the material of a key that nothing needs any more is destroyed.

use jiff::SignedDuration;
use serde::Serialize;
use vault::{KeyInfo, KeyState};

use super::error::{KeysError, Result};
use super::{FORMS, QUIET, directory, note, permit, status};
use crate::cx::{Actor, Cx};

/// What retiring a key did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Retired {
    /// Its number.
    pub key: u16,
    /// Whether it still leads to what was noted about people who were not known yet, by a key that is derived from it.
    pub is_finding: bool,
}

/// Destroys the material of a key, if nothing needs it.
///
/// What it sealed opens no more, also in backups, without a copy of
/// the file of before. Its public key stays, and the size of the log up to which it can have signed heads.
///
/// A day must have passed since it was replaced, for what browsers hold; if `is_urgent`, a few minutes: then forms that
/// were begun before are to be begun anew. Run again on a key that is retired, it also takes what leads to people, once
/// nothing leads to anybody by it.
///
/// # Errors
/// [`KeysError::Busy`], [`KeysError::NoSuchKey`], [`KeysError::Active`], [`KeysError::TooSoon`], [`KeysError::Behind`],
/// [`KeysError::StillUsed`].
pub async fn retire(cx: &Cx, actor: &Actor, id: u16, is_urgent: bool) -> Result<Retired> {
    permit(cx, actor)?;
    let _lock = cx.keys.lock()?;
    cx.keys.reload(&cx.vault)?;
    let key = cx.vault.keys().into_iter().find(|key| key.id == id);
    let key = key.ok_or(KeysError::NoSuchKey(id))?;
    if key.state == KeyState::Active {
        return Err(KeysError::Active(id));
    }
    expect_time(cx, &key, is_urgent)?;
    let count = cx.keys.behind(cx.vault.generation())?;
    if count > 0 {
        return Err(KeysError::Behind { count });
    }
    // Places that nobody needs any more go at once.
    directory::advance(cx, true).await?;
    let uses = status::uses(cx, id).await?;
    if !uses.is_empty() {
        return Err(KeysError::StillUsed { id, uses });
    }
    let is_finding = directory::needs(cx, id).await?.is_remembered;
    if key.state == KeyState::Retired && key.is_finding == is_finding {
        return Ok(Retired { key: id, is_finding });
    }
    // The log as it stands before it says so: from here on no head is this key's.
    let head = store::access_entry::head(cx.store.read(), cx.log.name()).await?;
    let size = head.map_or(0, |head| head.size);
    let text = cx.keys.text()?.with_retired(id, is_finding, size)?;
    note(cx, actor, format!("key {id} retired; it signed no head over more than {size} entries"))
        .await?;
    cx.keys.put(&text)?;
    cx.keys.reload(&cx.vault)?;
    tracing::info!(key = id, "a key is retired");
    Ok(Retired { key: id, is_finding })
}

fn expect_time(cx: &Cx, key: &KeyInfo, is_urgent: bool) -> Result<()> {
    // One that never sealed was never replaced.
    let Some(at) = key.replaced_at else { return Ok(()) };
    let passed = SignedDuration::from_secs(cx.now().as_second().saturating_sub(at));
    let (least, wait, hint) = if is_urgent {
        (QUIET, "ten minutes", "")
    } else {
        (FORMS, "a day", ". If it got about, `--now` shortens that to ten minutes")
    };
    if passed >= least {
        return Ok(());
    }
    Err(KeysError::TooSoon { id: key.id, minutes: passed.as_mins(), wait, hint })
}
