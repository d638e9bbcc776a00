//! Sessions 登录会话: kept by the hash of their token, so a stolen database signs nobody in.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::AccountId;
use uuid::Uuid;

use crate::convert::{instant, timestamp, values};
use crate::db::{Db, one, run};
use crate::error::Result;

/// One sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's token.
    pub token_hash: [u8; 32],
    /// Who signed in.
    pub account: AccountId,
    /// What every form must carry.
    pub csrf: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// When it ends, whatever happens.
    pub ends_at: Timestamp,
}

/// Enters a session.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn add(db: &impl Db, session: &Session) -> Result<()> {
    let sql = "INSERT INTO session (token_hash, account_id, csrf, started_at, seen_at, ends_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = values![
        session.token_hash.to_vec(),
        session.account.0,
        session.csrf.as_str(),
        instant(session.started_at),
        instant(session.seen_at),
        instant(session.ends_at),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// The session of that token.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn by_token(db: &impl Db, token_hash: &[u8; 32]) -> Result<Option<Session>> {
    let sql = "SELECT account_id, csrf, started_at, seen_at, ends_at FROM session \
               WHERE token_hash = $1";
    let Some(row) = one(db, sql, values![token_hash.to_vec()]).await? else { return Ok(None) };
    let at = |column: &str| timestamp(row.try_get::<DateTime<Utc>>("", column)?);
    Ok(Some(Session {
        token_hash: *token_hash,
        account: AccountId(row.try_get::<Uuid>("", "account_id")?),
        csrf: row.try_get("", "csrf")?,
        started_at: at("started_at")?,
        seen_at: at("seen_at")?,
        ends_at: at("ends_at")?,
    }))
}

/// Keeps when a session was last used.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn touch(db: &impl Db, token_hash: &[u8; 32], at: Timestamp) -> Result<()> {
    let sql = "UPDATE session SET seen_at = $1 WHERE token_hash = $2";
    run(db, sql, values![instant(at), token_hash.to_vec()]).await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn remove(db: &impl Db, token_hash: &[u8; 32]) -> Result<()> {
    run(db, "DELETE FROM session WHERE token_hash = $1", values![token_hash.to_vec()]).await?;
    Ok(())
}

/// Removes the sessions that have ended.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn remove_ended(db: &impl Db, now: Timestamp) -> Result<u64> {
    run(db, "DELETE FROM session WHERE ends_at < $1", values![instant(now)]).await
}
