//! Openings 启封 of what is sealed.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::opening::{Decision, Ground, Opening, Wish};
use register::{AccountId, OpeningId, PersonId, RecordId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{instant, timestamp, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// A request with what was said on both sides, sealed.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The request.
    pub opening: Opening,
    /// Why, and who the relative is.
    pub detail: Vec<u8>,
    /// The reasons of the second person.
    pub reasons: Option<Vec<u8>>,
}

/// Enters a request.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, opening: &Opening, detail: &[u8]) -> Result<()> {
    let sql = "INSERT INTO opening (person_id, id, record_id, number, ground, wish, detail, \
               asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = values![
        opening.person.0,
        opening.id.0,
        opening.record.map(|record| record.0),
        opening.number.as_str(),
        opening.ground.code(),
        opening.wish.code(),
        detail.to_vec(),
        opening.asked_by.0,
        instant(opening.asked_at),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Keeps the decision; `false` if somebody else decided meanwhile.
///
/// # Errors
/// [`StoreError`].
pub async fn decide(
    db: &impl Db,
    (person, id): (PersonId, OpeningId),
    decision: &Decision,
    reasons: &[u8],
) -> Result<bool> {
    let sql = "UPDATE opening SET decided_by = $1, decided_at = $2, is_granted = $3, \
               open_until = $4, reasons = $5 \
               WHERE person_id = $6 AND id = $7 AND decided_at IS NULL";
    let values = values![
        decision.by.0,
        instant(decision.at),
        decision.open_until.is_some(),
        decision.open_until.map(instant),
        reasons.to_vec(),
        person.0,
        id.0,
    ];
    Ok(run(db, sql, values).await? == 1)
}

const COLUMNS: &str = "SELECT person_id, id, record_id, number, ground, wish, detail, asked_by, \
                       asked_at, decided_by, decided_at, open_until, reasons FROM opening";

/// One request.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(db: &impl Db, person: PersonId, id: OpeningId) -> Result<Option<Stored>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 AND id = $2");
    one(db, &sql, values![person.0, id.0]).await?.as_ref().map(stored).transpose()
}

/// Requests, those that wait first, then the newest, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn list(db: &impl Db, limit: u32) -> Result<Vec<Opening>> {
    let sql = format!(
        "{COLUMNS} ORDER BY CASE WHEN decided_at IS NULL THEN 0 ELSE 1 END, asked_at DESC \
         LIMIT {limit}"
    );
    let rows = all(db, &sql, Vec::new()).await?;
    rows.iter().map(|row| stored(row).map(|stored| stored.opening)).collect()
}

/// What was asked about a person, newest first, at most 500.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Opening>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 ORDER BY id DESC LIMIT 500");
    let rows = all(db, &sql, values![person.0]).await?;
    rows.iter().map(|row| stored(row).map(|stored| stored.opening)).collect()
}

fn stored(row: &QueryResult) -> Result<Stored> {
    let bad = |what| StoreError::BadRow { table: "opening", what };
    let ground: String = row.try_get("", "ground")?;
    let wish: String = row.try_get("", "wish")?;
    let at = |column: &str| -> Result<Option<Timestamp>> {
        row.try_get::<Option<DateTime<Utc>>>("", column)?.map(timestamp).transpose()
    };
    let decided_by = row.try_get::<Option<Uuid>>("", "decided_by")?.map(AccountId);
    let decision = match (decided_by, at("decided_at")?) {
        (Some(by), Some(decided_at)) => {
            Some(Decision { by, at: decided_at, open_until: at("open_until")? })
        }
        _ => None,
    };
    let opening = Opening {
        id: OpeningId(row.try_get::<Uuid>("", "id")?),
        number: row.try_get("", "number")?,
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        record: row.try_get::<Option<Uuid>>("", "record_id")?.map(RecordId),
        ground: Ground::from_code(&ground).ok_or(bad("ground"))?,
        wish: Wish::from_code(&wish).ok_or(bad("wish"))?,
        asked_by: AccountId(row.try_get::<Uuid>("", "asked_by")?),
        asked_at: at("asked_at")?.ok_or(bad("asked_at"))?,
        decision,
    };
    Ok(Stored { opening, detail: row.try_get("", "detail")?, reasons: row.try_get("", "reasons")? })
}

/// Whether relatives were granted that everything about a person is erased.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn is_to_be_erased(db: &impl Db, person: PersonId) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM opening WHERE person_id = $1 AND wish = 'erase' \
               AND is_granted = TRUE LIMIT 1";
    Ok(one(db, sql, values![person.0]).await?.is_some())
}
