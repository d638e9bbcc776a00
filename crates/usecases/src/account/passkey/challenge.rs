//! A challenge 一次请求: what a device must sign. The page that asks keeps our part of it, sealed to the session it was
//! made for; whoever brings it back, right or wrong, has used it up.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vault::Place;

use crate::case::mistake;
use crate::cx::Cx;
use crate::error::{Error, Result};

/// Code of one that is no use any more.
pub(super) const STALE: &str = "passkey-stale";
/// How long it is good for, in seconds: as long as the standard advises, because not everybody finds his key at once.
const LASTS: u32 = 300;

pub(super) fn lasts() -> Duration {
    Duration::from_secs(u64::from(LASTS))
}

/// What a page hands to the browser, and brings back.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// What the browser is asked, as JSON.
    pub options: String,
    /// The same as we know it, sealed.
    pub sealed: String,
}

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// Adding a passkey.
    Adding,
    /// Showing one.
    Showing,
}

impl For {
    const fn column(self) -> &'static str {
        match self {
            Self::Adding => "adding",
            Self::Showing => "showing",
        }
    }

    /// `here` is the hash of the session's token.
    const fn place(self, here: &[u8; 32]) -> Place<'_> {
        Place { table: "passkey", column: self.column(), row: here }
    }
}

/// How it lies in the page.
#[derive(Serialize, Deserialize)]
struct Kept<S> {
    id: String,
    ends_at: i64,
    state: S,
}

/// A challenge of which `state` must be known when it comes back.
pub(super) fn made<S: Serialize>(
    cx: &Cx,
    what: For,
    here: &[u8; 32],
    (options, state): (&impl Serialize, &S),
) -> Result<Challenge> {
    let bad = |_| Error::Internal("a challenge");
    let ends_at = cx.now().checked_add(SignedDuration::from_secs(i64::from(LASTS)));
    let ends_at = ends_at.map_err(|_| Error::Internal("the clock"))?.as_millisecond();
    let kept = Kept { id: cx.new_id().to_string(), ends_at, state };
    let plain = serde_json::to_vec(&kept).map_err(bad)?;
    let sealed = cx.vault.seal(what.place(here), &plain, cx.bytes());
    let options = serde_json::to_string(options).map_err(bad)?;
    Ok(Challenge { options, sealed: hex::encode(sealed) })
}

/// Uses up what came back. Of two who bring the same at the same moment, one does.
///
/// # Errors
/// [`Error::Mistakes`] if it was made for another session or purpose, is too old, or was used before.
pub(super) async fn spend<S: DeserializeOwned>(
    cx: &Cx,
    what: For,
    here: &[u8; 32],
    sealed: &str,
) -> Result<S> {
    let kept: Kept<S> = open(cx, what, here, sealed).ok_or_else(stale)?;
    let (Ok(id), Ok(ends_at)) =
        (kept.id.parse::<Uuid>(), Timestamp::from_millisecond(kept.ends_at))
    else {
        return Err(stale());
    };
    if ends_at <= cx.now() {
        return Err(stale());
    }
    let tx = cx.store.begin().await?;
    let is_first = store::passkey::spend(&tx, id, ends_at).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    if is_first { Ok(kept.state) } else { Err(stale()) }
}

fn open<S: DeserializeOwned>(cx: &Cx, what: For, here: &[u8; 32], sealed: &str) -> Option<Kept<S>> {
    let sealed = hex::decode(sealed).ok()?;
    let plain = cx.vault.open(what.place(here), &sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

pub(super) fn stale() -> Error {
    let says = "这一次请求已经过期，或者已经用过。请再来一次。";
    Error::Mistakes(vec![mistake("passkey", STALE, says)])
}

/// Forgets what was used and is too old to be used in any case; says how much.
pub(crate) async fn forget_spent(cx: &Cx) -> Result<u64> {
    let tx = cx.store.begin().await?;
    let gone = store::passkey::forget_spent(&tx, cx.now()).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(gone)
}
