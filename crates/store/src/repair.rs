//! Repairs 信用修复.

use chrono::{DateTime, NaiveDate, Utc};
use register::repair::{Repair, State};
use register::{PersonId, RecordId, RepairId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{date, day, instant, timestamp, uscc, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// Enters a repair; `false` if one of the same record is open already.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, repair: &Repair) -> Result<bool> {
    let sql = "INSERT INTO repair (person_id, id, record_id, number, agency, state, received_at, \
               accept_due, due, is_extended, is_heard) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
               ON CONFLICT DO NOTHING";
    let values = values![
        repair.person.0,
        repair.id.0,
        repair.record.0,
        repair.number.as_str(),
        repair.agency.as_str(),
        repair.state.code(),
        instant(repair.received_at),
        day(repair.accept_due),
        day(repair.due),
        repair.is_extended,
        repair.is_heard,
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Keeps a step that was taken from `stood`; `false` if somebody else took one meanwhile.
///
/// # Errors
/// [`StoreError`].
pub async fn save(db: &impl Db, stood: &Repair, now: &Repair) -> Result<bool> {
    let sql = "UPDATE repair SET state = $1, due = $2, is_extended = $3, is_heard = $4, \
               closed_at = $5 WHERE person_id = $6 AND id = $7 AND state = $8 AND is_extended = $9";
    let values = values![
        now.state.code(),
        day(now.due),
        now.is_extended,
        now.is_heard,
        now.closed_at.map(instant),
        now.person.0,
        now.id.0,
        stood.state.code(),
        stood.is_extended,
    ];
    Ok(run(db, sql, values).await? == 1)
}

const COLUMNS: &str = "SELECT person_id, id, record_id, number, agency, state, received_at, \
                       accept_due, due, is_extended, is_heard, closed_at FROM repair";

/// One repair of a person.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person_by_id(
    db: &impl Db,
    person: PersonId,
    id: RepairId,
) -> Result<Option<Repair>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 AND id = $2");
    one(db, &sql, values![person.0, id.0]).await?.as_ref().map(repair).transpose()
}

/// A person's repairs, newest first, at most 500.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Repair>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 ORDER BY id DESC LIMIT 500");
    all(db, &sql, values![person.0]).await?.iter().map(repair).collect()
}

/// What a body has to decide, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn open_of_agency(db: &impl Db, agency: &str, limit: u32) -> Result<Vec<Repair>> {
    let sql =
        format!("{COLUMNS} WHERE agency = $1 AND closed_at IS NULL ORDER BY due, id LIMIT {limit}");
    all(db, &sql, values![agency]).await?.iter().map(repair).collect()
}

/// What is open anywhere, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn open(db: &impl Db, limit: u32) -> Result<Vec<Repair>> {
    let sql = format!("{COLUMNS} WHERE closed_at IS NULL ORDER BY due, id LIMIT {limit}");
    all(db, &sql, Vec::new()).await?.iter().map(repair).collect()
}

/// The repair that a body has to decide or has decided.
///
/// # Errors
/// [`StoreError`].
pub async fn of_agency_by_id(db: &impl Db, agency: &str, id: RepairId) -> Result<Option<Repair>> {
    let sql = format!("{COLUMNS} WHERE agency = $1 AND id = $2");
    one(db, &sql, values![agency, id.0]).await?.as_ref().map(repair).transpose()
}

fn repair(row: &QueryResult) -> Result<Repair> {
    let text = |column: &str| row.try_get::<String>("", column);
    let closed_at: Option<DateTime<Utc>> = row.try_get("", "closed_at")?;
    Ok(Repair {
        id: RepairId(row.try_get::<Uuid>("", "id")?),
        number: text("number")?,
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        record: RecordId(row.try_get::<Uuid>("", "record_id")?),
        agency: uscc("repair", &text("agency")?)?,
        state: State::from_code(&text("state")?)
            .ok_or(StoreError::BadRow { table: "repair", what: "state" })?,
        received_at: timestamp(row.try_get::<DateTime<Utc>>("", "received_at")?)?,
        accept_due: date(row.try_get::<NaiveDate>("", "accept_due")?)?,
        due: date(row.try_get::<NaiveDate>("", "due")?)?,
        is_extended: row.try_get("", "is_extended")?,
        is_heard: row.try_get("", "is_heard")?,
        closed_at: closed_at.map(timestamp).transpose()?,
    })
}
