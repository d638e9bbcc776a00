//! 凭令牌进入: whom a bearer token lets in, asked for with every call of the API.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use store::client::Found;

use crate::account::token_hash;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// How often the last use of a secret is written down.
const TOUCH: SignedDuration = SignedDuration::from_hours(1);

/// The two things that a machine can come with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A secret, which lasts.
    Secret,
    /// An access token, which was asked for with one.
    AccessToken,
}

impl Kind {
    /// How it begins.
    pub(crate) const fn begins(self) -> &'static str {
        match self {
            Self::Secret => "cx_",
            Self::AccessToken => "at_",
        }
    }

    fn of(token: &str) -> Self {
        if token.starts_with(Self::AccessToken.begins()) { Self::AccessToken } else { Self::Secret }
    }

    fn ended(self) -> Error {
        match self {
            Self::Secret => Error::SecretEnded,
            Self::AccessToken => Error::TokenEnded,
        }
    }
}

/// A machine that a token leads to.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Who it is, with what it was let in for.
    pub(crate) actor: Actor,
    /// From when on the token opens nothing.
    pub(crate) ends_at: Timestamp,
}

/// Who a bearer token belongs to.
///
/// # Errors
/// [`Error::SecretEnded`] or [`Error::TokenEnded`] if it was right and its time is over; whoever holds it
/// may know that. Else failures of the store only.
pub async fn by_token(cx: &Cx, token: &str) -> Result<Option<Actor>> {
    let kind = Kind::of(token);
    let Some(caller) = cx.caller(kind, token_hash(token)).await? else { return Ok(None) };
    if caller.ends_at <= cx.now() {
        return Err(kind.ended());
    }
    Ok(Some(caller.actor))
}

/// Looks up what a token leads to; [`Cx::caller`] remembers it for a moment.
pub(crate) async fn find(cx: &Cx, kind: Kind, hash: &[u8; 32]) -> Result<Option<Caller>> {
    let db = cx.store.read();
    let found = match kind {
        Kind::Secret => store::client::by_secret(db, hash).await?,
        Kind::AccessToken => store::client::by_token(db, hash).await?,
    };
    let Some(found) = found.filter(may_come) else { return Ok(None) };
    if kind == Kind::Secret {
        note_use(cx, &found).await;
    }
    let ends_at = found.ends_at;
    let scope = (!found.scope.is_all()).then(|| Arc::new(found.scope));
    let actor = Actor { scope, ..Actor::from(found.account) };
    Ok(Some(Caller { actor, ends_at }))
}

/// Whether an account is a machine's and switched on.
pub(super) fn may_come(found: &Found) -> bool {
    found.account.role.is_machine() && !found.account.is_disabled
}

/// Notes at most once an hour that a secret is in use. That this cannot be written keeps nobody out.
async fn note_use(cx: &Cx, found: &Found) {
    let now = cx.now();
    let since = now.checked_sub(TOUCH).unwrap_or(now);
    if found.ends_at <= now || found.secret.last_used_at.is_some_and(|last| last >= since) {
        return;
    }
    if let Err(error) = touch(cx, &found.secret_hash, (now, since)).await {
        tracing::warn!(%error, account = %found.account.id, "the use of a secret was not noted");
    }
}

async fn touch(cx: &Cx, hash: &[u8; 32], (now, since): (Timestamp, Timestamp)) -> Result<()> {
    let tx = cx.store.begin().await?;
    store::client::touch(&tx, hash, now, since).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}
