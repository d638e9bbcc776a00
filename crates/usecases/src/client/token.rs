//! 换取访问令牌: with its secret a machine asks for a token that lasts minutes, for what it may or for less.

use jiff::{SignedDuration, Timestamp};
use register::client::Scope;
use store::client::{Found, NewToken};
use zeroize::Zeroizing;

use super::bearer::may_come;
use super::{Kind, made, scope};
use crate::account::token_hash;
use crate::cx::Cx;
use crate::error::{Error, Result};

/// A token that was given.
#[derive(Debug)]
pub struct AccessToken {
    /// The token; it exists nowhere else.
    pub token: Zeroizing<String>,
    /// For how many seconds it holds.
    pub seconds: i64,
    /// What it is for, one by one.
    pub scope: Scope,
}

/// Gives a token for `asked`, or for all that the machine may.
///
/// That there is no such machine, that the secret is another's and that the account is off are one answer
/// after one look-up by the secret, so that nobody finds out which machines there are.
///
/// # Errors
/// [`Error::SignIn`] without saying what was wrong; [`Error::SecretEnded`] if the secret was right and its
/// time is over; [`Error::OutsideScope`] if more was asked for than the machine may.
pub async fn token(
    cx: &Cx,
    login: &str,
    secret: &str,
    asked: Option<&Scope>,
) -> Result<AccessToken> {
    let found = store::client::by_secret(cx.store.read(), &token_hash(secret)).await?;
    let found = found
        .filter(|found| found.account.login == login && may_come(found))
        .ok_or(Error::SignIn)?;
    let now = cx.now();
    if found.ends_at <= now {
        return Err(Error::SecretEnded);
    }
    let whole = whole(cx, &found);
    let given = match asked {
        Some(asked) if asked.is_within(&whole) => asked.clone(),
        Some(_) => {
            tracing::info!(account = %found.account.id, "a token for more than the scope was refused");
            return Err(Error::OutsideScope);
        }
        None => whole,
    };
    let token = made(cx, Kind::AccessToken);
    let minutes = SignedDuration::from_mins(cx.rules.limit("access_token_minutes").clamp(1, 1_440));
    let expires_at = now.checked_add(minutes).unwrap_or(now).min(found.ends_at);
    keep(cx, &found, (token_hash(&token), asked), (now, expires_at)).await?;
    let seconds = (expires_at.as_millisecond() - now.as_millisecond()) / 1_000;
    Ok(AccessToken { token, seconds, scope: given })
}

/// All that a machine may today, one by one.
fn whole(cx: &Cx, found: &Found) -> Scope {
    match found.account.agency {
        Some(agency) => scope::of_body(cx, agency).and(&found.scope),
        None => {
            Scope { purposes: Some(Vec::new()), items: Some(Vec::new()), also: Some(Vec::new()) }
        }
    }
}

async fn keep(
    cx: &Cx,
    found: &Found,
    (hash, asked): ([u8; 32], Option<&Scope>),
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<()> {
    let token = NewToken {
        hash,
        secret_hash: found.secret_hash,
        account: found.account.id,
        scope: asked.cloned().unwrap_or_default(),
        made_at: now,
        expires_at,
    };
    let tx = cx.store.begin().await?;
    store::client::add_token(&tx, &token).await?;
    let hour_ago = now.checked_sub(SignedDuration::from_hours(1)).unwrap_or(now);
    store::client::touch(&tx, &found.secret_hash, now, hour_ago).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}
