//! Wrong tries 试错: counts of what was guessed, by keyed hashes; every server process sees the same.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::tries::Tries;
use sea_orm::QueryResult;

use crate::convert::{count, instant, timestamp, values};
use crate::db::{Db, is_postgres, one, run};
use crate::error::Result;

const COLUMNS: &str = "SELECT wrong, first_at, last_at, free_at FROM wrong_try WHERE mark = $1";

/// A count as it stands; none yet if nothing is known.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn of(db: &impl Db, mark: &[u8; 32], now: Timestamp) -> Result<Tries> {
    let row = one(db, COLUMNS, values![mark.to_vec()]).await?;
    row.as_ref().map_or(Ok(Tries::none(now)), tries)
}

/// The same, held so that nobody else counts before this transaction ends: of many tries at the same moment each sees
/// those before it.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn hold(db: &impl Db, mark: &[u8; 32], now: Timestamp) -> Result<Tries> {
    // The embedded engine lets one transaction write at a time.
    if !is_postgres(db) {
        return of(db, mark, now).await;
    }
    let sql = "INSERT INTO wrong_try (mark, wrong, first_at, last_at, free_at) \
               VALUES ($1, 0, $2, $3, $4) ON CONFLICT DO NOTHING";
    let none = values![mark.to_vec(), instant(now), instant(now), instant(now)];
    run(db, sql, none).await?;
    let row = one(db, &format!("{COLUMNS} FOR UPDATE"), values![mark.to_vec()]).await?;
    row.as_ref().map_or(Ok(Tries::none(now)), tries)
}

/// Keeps a count.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn keep(db: &impl Db, mark: &[u8; 32], tries: &Tries) -> Result<()> {
    let sql = "INSERT INTO wrong_try (mark, wrong, first_at, last_at, free_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (mark) DO UPDATE \
               SET wrong = excluded.wrong, first_at = excluded.first_at, \
               last_at = excluded.last_at, free_at = excluded.free_at";
    let values = values![
        mark.to_vec(),
        i64::from(tries.wrong),
        instant(tries.first_at),
        instant(tries.last_at),
        instant(tries.free_at),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Forgets a count.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn forget(db: &impl Db, mark: &[u8; 32]) -> Result<()> {
    run(db, "DELETE FROM wrong_try WHERE mark = $1", values![mark.to_vec()]).await?;
    Ok(())
}

/// Forgets counts whose last try was made before that moment, at most `limit`; says how many.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn forget_old(db: &impl Db, before: Timestamp, limit: u32) -> Result<u64> {
    // Whoever tries just now holds his own: it is not old.
    let tail = if is_postgres(db) { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "DELETE FROM wrong_try WHERE mark IN \
         (SELECT mark FROM wrong_try WHERE last_at < $1 ORDER BY last_at LIMIT {limit}{tail})"
    );
    run(db, &sql, values![instant(before)]).await
}

fn tries(row: &QueryResult) -> Result<Tries> {
    let at = |column: &str| timestamp(row.try_get::<DateTime<Utc>>("", column)?);
    let wrong = count("wrong_try", row.try_get("", "wrong")?)?;
    Ok(Tries {
        wrong: u32::try_from(wrong).unwrap_or(u32::MAX),
        first_at: at("first_at")?,
        last_at: at("last_at")?,
        free_at: at("free_at")?,
    })
}
