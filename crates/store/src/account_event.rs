//! What happened to accounts 账号记录: rows are added, never changed, and go when their time is over.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::AccountId;
use register::sign_in::{AccountEvent, Happened};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{instant, timestamp, values};
use crate::db::{Db, all, run};
use crate::error::{Result, StoreError};

/// Adds one.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, event: &AccountEvent) -> Result<()> {
    let sql = "INSERT INTO account_event (account_id, id, kind, by_account, at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = values![
        event.account.0,
        event.id,
        event.kind.code(),
        event.by.map(|by| by.0),
        instant(event.at),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Takes back what was added in the same transaction about an account that is none.
///
/// # Errors
/// [`StoreError`].
pub async fn take_back(db: &impl Db, event: &AccountEvent) -> Result<()> {
    let sql = "DELETE FROM account_event WHERE account_id = $1 AND id = $2";
    run(db, sql, values![event.account.0, event.id]).await?;
    Ok(())
}

const COLUMNS: &str = "SELECT e.account_id, e.id, e.kind, e.by_account, e.at FROM account_event e";

/// The newest of one account: of what was done, and of what somebody tried in vain, at most `limit` each, so that
/// many tries push nothing out.
///
/// # Errors
/// [`StoreError`].
pub async fn of_account(db: &impl Db, account: AccountId, limit: u32) -> Result<Vec<AccountEvent>> {
    let sql = |which: &str| {
        format!(
            "{COLUMNS} WHERE e.account_id = $1 AND e.kind {which} {IN_VAIN} \
             ORDER BY e.at DESC, e.id DESC LIMIT {limit}"
        )
    };
    let mut rows = all(db, &sql("NOT IN"), values![account.0]).await?;
    rows.extend(all(db, &sql("IN"), values![account.0]).await?);
    newest_first(&rows)
}

const IN_VAIN: &str = "('wrong-password', 'wrong-code')";

fn newest_first(rows: &[QueryResult]) -> Result<Vec<AccountEvent>> {
    let mut events = rows.iter().map(event).collect::<Result<Vec<_>>>()?;
    events.sort_by_key(|event| std::cmp::Reverse((event.at, event.id)));
    Ok(events)
}

/// The newest of accounts that are no person's own, at most `limit` of what was done and of what was tried in vain.
///
/// # Errors
/// [`StoreError`].
pub async fn at_work(db: &impl Db, limit: u32) -> Result<Vec<AccountEvent>> {
    let sql = |which: &str| {
        format!(
            "{COLUMNS} JOIN account a ON a.id = e.account_id \
             WHERE a.role <> 'citizen' AND e.kind {which} {IN_VAIN} \
             ORDER BY e.at DESC, e.id DESC LIMIT {limit}"
        )
    };
    let mut rows = all(db, &sql("NOT IN"), Vec::new()).await?;
    rows.extend(all(db, &sql("IN"), Vec::new()).await?);
    newest_first(&rows)
}

/// Erases those that happened before that moment, at most `limit`; says how many.
///
/// # Errors
/// [`StoreError`].
pub async fn erase(db: &impl Db, before: Timestamp, limit: u32) -> Result<u64> {
    let sql =
        format!("SELECT account_id, id FROM account_event WHERE at < $1 ORDER BY at LIMIT {limit}");
    let rows = all(db, &sql, values![instant(before)]).await?;
    let mut gone = 0;
    for row in rows {
        let (account, id): (Uuid, Uuid) = (row.try_get("", "account_id")?, row.try_get("", "id")?);
        let sql = "DELETE FROM account_event WHERE account_id = $1 AND id = $2";
        gone += run(db, sql, values![account, id]).await?;
    }
    Ok(gone)
}

fn event(row: &QueryResult) -> Result<AccountEvent> {
    let kind: String = row.try_get("", "kind")?;
    let bad = StoreError::BadRow { table: "account_event", what: "kind" };
    Ok(AccountEvent {
        account: AccountId(row.try_get::<Uuid>("", "account_id")?),
        id: row.try_get("", "id")?,
        kind: Happened::from_code(&kind).ok_or(bad)?,
        by: row.try_get::<Option<Uuid>>("", "by_account")?.map(AccountId),
        at: timestamp(row.try_get::<DateTime<Utc>>("", "at")?)?,
    })
}
