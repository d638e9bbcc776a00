//! Sessions 登录会话: kept by the hash of their token, so a stolen database signs nobody in.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::AccountId;
use register::sign_in::Stage;
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{instant, timestamp, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::{Result, StoreError};

/// One sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its identifier, by which it is ended from elsewhere; opens nothing.
    pub id: Uuid,
    /// SHA-256 of the cookie's token.
    pub token_hash: [u8; 32],
    /// Who signed in.
    pub account: AccountId,
    /// How far he has come.
    pub stage: Stage,
    /// What kind of browser it said it is.
    pub browser: String,
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
/// [`StoreError`].
pub async fn add(db: &impl Db, session: &Session) -> Result<()> {
    let sql = "INSERT INTO session (id, token_hash, account_id, stage, browser, csrf, started_at, \
               seen_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = values![
        session.id,
        session.token_hash.to_vec(),
        session.account.0,
        session.stage.code(),
        session.browser.as_str(),
        session.csrf.as_str(),
        instant(session.started_at),
        instant(session.seen_at),
        instant(session.ends_at),
    ];
    run(db, sql, values).await?;
    Ok(())
}

const COLUMNS: &str = "SELECT id, token_hash, account_id, stage, browser, csrf, started_at, seen_at, \
                       ends_at FROM session";

/// The session of that token.
///
/// # Errors
/// [`StoreError`].
pub async fn by_token(db: &impl Db, token_hash: &[u8; 32]) -> Result<Option<Session>> {
    let sql = format!("{COLUMNS} WHERE token_hash = $1");
    one(db, &sql, values![token_hash.to_vec()]).await?.as_ref().map(session).transpose()
}

/// Whether the session of that token is still there; if so, it stays until this transaction ends.
///
/// # Errors
/// [`StoreError`].
pub async fn hold(db: &impl Db, token_hash: &[u8; 32]) -> Result<bool> {
    // The embedded engine lets one transaction write at a time.
    let tail = if is_postgres(db) { " FOR UPDATE" } else { "" };
    let sql = format!("SELECT 1 AS one FROM session WHERE token_hash = $1{tail}");
    Ok(one(db, &sql, values![token_hash.to_vec()]).await?.is_some())
}

/// Where an account is signed in, last used first, at most 100.
///
/// # Errors
/// [`StoreError`].
pub async fn of_account(db: &impl Db, account: AccountId, now: Timestamp) -> Result<Vec<Session>> {
    let sql =
        format!("{COLUMNS} WHERE account_id = $1 AND ends_at > $2 ORDER BY seen_at DESC LIMIT 100");
    all(db, &sql, values![account.0, instant(now)]).await?.iter().map(session).collect()
}

/// Keeps when a session was last used.
///
/// # Errors
/// [`StoreError`].
pub async fn touch(db: &impl Db, token_hash: &[u8; 32], at: Timestamp) -> Result<()> {
    let sql = "UPDATE session SET seen_at = $1 WHERE token_hash = $2";
    run(db, sql, values![instant(at), token_hash.to_vec()]).await?;
    Ok(())
}

/// Ends a session; `false` if it had ended.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(db: &impl Db, token_hash: &[u8; 32]) -> Result<bool> {
    let sql = "DELETE FROM session WHERE token_hash = $1";
    Ok(run(db, sql, values![token_hash.to_vec()]).await? == 1)
}

/// Ends one session of an account by its identifier; `false` if there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_one(db: &impl Db, account: AccountId, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM session WHERE account_id = $1 AND id = $2";
    Ok(run(db, sql, values![account.0, id]).await? == 1)
}

/// Ends the sessions of an account, except the one of that token. Says how many.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_others(
    db: &impl Db,
    account: AccountId,
    except: Option<&[u8; 32]>,
) -> Result<u64> {
    let sql = "DELETE FROM session WHERE account_id = $1 AND token_hash <> $2";
    let except = except.map_or_else(Vec::new, |hash| hash.to_vec());
    run(db, sql, values![account.0, except]).await
}

/// Removes the sessions that have ended.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_ended(db: &impl Db, now: Timestamp) -> Result<u64> {
    run(db, "DELETE FROM session WHERE ends_at < $1", values![instant(now)]).await
}

fn session(row: &QueryResult) -> Result<Session> {
    let at = |column: &str| timestamp(row.try_get::<DateTime<Utc>>("", column)?);
    let stage: String = row.try_get("", "stage")?;
    Ok(Session {
        id: row.try_get::<Option<Uuid>>("", "id")?.unwrap_or_default(),
        token_hash: crate::record::hash(row, "token_hash")?,
        account: AccountId(row.try_get::<Uuid>("", "account_id")?),
        stage: Stage::from_code(&stage)
            .ok_or(StoreError::BadRow { table: "session", what: "stage" })?,
        browser: row.try_get("", "browser")?,
        csrf: row.try_get("", "csrf")?,
        started_at: at("started_at")?,
        seen_at: at("seen_at")?,
        ends_at: at("ends_at")?,
    })
}
