//! The identity service 身份服务: whom its subjects mean, which answers were used, and what does not agree.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::doubt::{Doubt, DoubtKind, SettledBy};
use register::{DoubtId, PersonId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{instant, timestamp, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::{Result, StoreError};

/// Whom a subject means, by its keyed hash.
///
/// # Errors
/// [`StoreError`].
pub async fn bound(db: &impl Db, subject: &[u8; 32]) -> Result<Option<PersonId>> {
    let sql = "SELECT person_id FROM identity_subject WHERE mark = $1";
    let row = one(db, sql, values![subject.to_vec()]).await?;
    row.map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?))).transpose()
}

/// Binds a subject to a person; `false` if it is bound already, to whomever.
///
/// # Errors
/// [`StoreError`].
pub async fn bind(
    db: &impl Db,
    subject: &[u8; 32],
    person: PersonId,
    at: Timestamp,
) -> Result<bool> {
    let sql = "INSERT INTO identity_subject (mark, person_id, bound_at, seen_at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let values = values![subject.to_vec(), person.0, instant(at), instant(at)];
    Ok(run(db, sql, values).await? == 1)
}

/// Keeps when a subject last signed in.
///
/// # Errors
/// [`StoreError`].
pub async fn touch(db: &impl Db, subject: &[u8; 32], at: Timestamp) -> Result<()> {
    let sql = "UPDATE identity_subject SET seen_at = $1 WHERE mark = $2";
    run(db, sql, values![instant(at), subject.to_vec()]).await?;
    Ok(())
}

/// Takes a subject from whom it was bound to.
///
/// # Errors
/// [`StoreError`].
pub async fn release(db: &impl Db, subject: &[u8; 32]) -> Result<()> {
    run(db, "DELETE FROM identity_subject WHERE mark = $1", values![subject.to_vec()]).await?;
    Ok(())
}

/// Notes that the answer to a sign-in was used; `false` if it was used before.
///
/// # Errors
/// [`StoreError`].
pub async fn spend(db: &impl Db, state: &[u8; 32], ends_at: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO identity_spent (mark, ends_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    Ok(run(db, sql, values![state.to_vec(), instant(ends_at)]).await? == 1)
}

/// Forgets answers that are too old to be used in any case.
///
/// # Errors
/// [`StoreError`].
pub async fn forget_spent(db: &impl Db, now: Timestamp) -> Result<u64> {
    run(db, "DELETE FROM identity_spent WHERE ends_at < $1", values![instant(now)]).await
}

const COLUMNS: &str = "SELECT id, number, kind, subject_mark, person_id, at FROM identity_doubt WHERE settled_at IS NULL";

/// Notes a doubt; `false` if the same is open already.
///
/// # Errors
/// [`StoreError`].
pub async fn add_doubt(db: &impl Db, doubt: &Doubt) -> Result<bool> {
    let sql = "INSERT INTO identity_doubt (id, number, kind, subject_mark, person_id, at) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let values = values![
        doubt.id.0,
        doubt.number.as_str(),
        doubt.kind.code(),
        doubt.subject.to_vec(),
        doubt.person.0,
        instant(doubt.at),
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// The open doubt of that kind about a subject and a person.
///
/// # Errors
/// [`StoreError`].
pub async fn open_doubt_about(
    db: &impl Db,
    kind: DoubtKind,
    subject: &[u8; 32],
    person: PersonId,
) -> Result<Option<Doubt>> {
    let sql = format!("{COLUMNS} AND kind = $1 AND subject_mark = $2 AND person_id = $3");
    let values = values![kind.code(), subject.to_vec(), person.0];
    one(db, &sql, values).await?.as_ref().map(doubt).transpose()
}

/// Open doubts, the oldest first, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn open_doubts(db: &impl Db, limit: u32) -> Result<Vec<Doubt>> {
    let sql = format!("{COLUMNS} ORDER BY at, id LIMIT {limit}");
    all(db, &sql, Vec::new()).await?.iter().map(doubt).collect()
}

/// One open doubt, held so that nobody else settles it before this transaction ends.
///
/// # Errors
/// [`StoreError`].
pub async fn open_doubt(db: &impl Db, id: DoubtId) -> Result<Option<Doubt>> {
    // The embedded engine lets one transaction write at a time.
    let tail = if is_postgres(db) { " FOR UPDATE" } else { "" };
    let sql = format!("{COLUMNS} AND id = $1{tail}");
    one(db, &sql, values![id.0]).await?.as_ref().map(doubt).transpose()
}

/// Keeps how a doubt was settled; `false` if it was before.
///
/// # Errors
/// [`StoreError`].
pub async fn settle(db: &impl Db, id: DoubtId, settled: SettledBy) -> Result<bool> {
    let sql = "UPDATE identity_doubt SET settled_at = $1, settled_by = $2, outcome = $3 \
               WHERE id = $4 AND settled_at IS NULL";
    let values = values![instant(settled.at), settled.by.0, settled.how.code(), id.0];
    Ok(run(db, sql, values).await? == 1)
}

fn doubt(row: &QueryResult) -> Result<Doubt> {
    let kind: String = row.try_get("", "kind")?;
    let bad = StoreError::BadRow { table: "identity_doubt", what: "kind" };
    Ok(Doubt {
        id: DoubtId(row.try_get::<Uuid>("", "id")?),
        number: row.try_get("", "number")?,
        kind: DoubtKind::from_code(&kind).ok_or(bad)?,
        subject: crate::record::hash(row, "subject_mark")?,
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        at: timestamp(row.try_get::<DateTime<Utc>>("", "at")?)?,
    })
}
