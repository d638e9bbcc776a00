//! 登录途中: what has to be known when somebody comes back from the service. His own browser keeps it, sealed, so that
//! whoever begins a thousand times fills nothing here.

use jiff::{SignedDuration, Timestamp};
use register::Redacted;
use serde::{Deserialize, Serialize};
use vault::Place;

use crate::account::token_hash;
use crate::cx::Cx;
use crate::error::Result;

/// How long somebody may take at the service, in minutes.
pub const MINUTES: i64 = 15;

/// A sign-in under way.
#[derive(Clone)]
pub struct Attempt {
    /// Comes back in the address.
    pub state: String,
    /// Comes back in the id token.
    pub nonce: Redacted<String>,
    /// Proves that whoever hands in the code began.
    pub verifier: Redacted<String>,
    /// Where the service sends him back to.
    pub redirect: String,
    /// Where he goes then; empty for his first page.
    pub next: String,
    began_at: Timestamp,
}

register::hidden!(Attempt);

/// How it lies in the browser.
#[derive(Serialize, Deserialize)]
struct Kept {
    state: String,
    nonce: String,
    verifier: String,
    redirect: String,
    next: String,
    began_at: i64,
}

impl Attempt {
    /// Begins.
    #[must_use]
    pub fn begin(cx: &Cx, redirect: String, next: String) -> Self {
        let secret = || hex::encode(cx.bytes::<32>());
        Self {
            state: secret(),
            nonce: secret().into(),
            verifier: secret().into(),
            redirect,
            next,
            began_at: cx.now(),
        }
    }

    /// Sealed for the browser that has this form token, in letters and digits.
    #[must_use]
    pub fn seal(&self, cx: &Cx, browser: &str) -> String {
        let kept = Kept {
            state: self.state.clone(),
            nonce: self.nonce.reveal().clone(),
            verifier: self.verifier.reveal().clone(),
            redirect: self.redirect.clone(),
            next: self.next.clone(),
            began_at: self.began_at.as_millisecond(),
        };
        let plain = serde_json::to_vec(&kept).unwrap_or_default();
        hex::encode(cx.vault.seal(place(browser), &plain, cx.bytes()))
    }

    /// What this browser began, if the service answers to just that and not too late.
    #[must_use]
    pub fn open(cx: &Cx, sealed: &str, browser: &str, state: &str) -> Option<Self> {
        let sealed = hex::decode(sealed).ok()?;
        let plain = cx.vault.open(place(browser), &sealed).ok()?;
        let kept: Kept = serde_json::from_slice(&plain).ok()?;
        let began_at = Timestamp::from_millisecond(kept.began_at).ok()?;
        let attempt = Self {
            state: kept.state,
            nonce: kept.nonce.into(),
            verifier: kept.verifier.into(),
            redirect: kept.redirect,
            next: kept.next,
            began_at,
        };
        // By their hashes: what differs is not told by the time that it takes.
        let is_answer = token_hash(&attempt.state) == token_hash(state);
        (is_answer && began_at <= cx.now() && cx.now() < attempt.ends_at()).then_some(attempt)
    }

    fn ends_at(&self) -> Timestamp {
        let lasts = SignedDuration::from_mins(MINUTES);
        self.began_at.checked_add(lasts).unwrap_or(self.began_at)
    }

    /// Uses the answer up; `false` if it was used before.
    ///
    /// # Errors
    /// Failures of the store only.
    pub async fn spend(&self, cx: &Cx) -> Result<bool> {
        let tx = cx.store.begin().await?;
        let is_first =
            store::identity::spend(&tx, &token_hash(&self.state), self.ends_at()).await?;
        tx.commit().await.map_err(store::StoreError::from)?;
        Ok(is_first)
    }
}

/// Forgets what was used and is too old to be used in any case; says how much.
pub(crate) async fn forget_spent(cx: &Cx) -> Result<u64> {
    let tx = cx.store.begin().await?;
    let gone = store::identity::forget_spent(&tx, cx.now()).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(gone)
}

fn place(browser: &str) -> Place<'_> {
    Place { table: "cookie", column: "identity", row: browser.as_bytes() }
}
