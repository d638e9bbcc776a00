//! Objections 异议.

use chrono::{DateTime, NaiveDate, Utc};
use register::objection::{Ground, Objection, Outcome, Request, State};
use register::{ObjectionId, PersonId, RecordId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{date, day, instant, timestamp, uscc, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// Enters an objection; `false` if one to the same record is open already.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, objection: &Objection) -> Result<bool> {
    let sql = "INSERT INTO objection (person_id, id, record_id, number, agency, ground, request, \
               state, received_at, answer_due, due, is_extended) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";
    let values = values![
        objection.person.0,
        objection.id.0,
        objection.record.0,
        objection.number.as_str(),
        objection.agency.as_str(),
        objection.ground.code(),
        objection.request.code(),
        objection.state.code(),
        instant(objection.received_at),
        day(objection.answer_due),
        day(objection.due),
        objection.is_extended,
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Keeps a step that was taken from `stood`; `false` if somebody else took one meanwhile.
///
/// # Errors
/// [`StoreError`].
pub async fn save(db: &impl Db, stood: &Objection, now: &Objection) -> Result<bool> {
    let sql = "UPDATE objection SET state = $1, answer_due = $2, due = $3, is_extended = $4, \
               outcome = $5, closed_at = $6 \
               WHERE person_id = $7 AND id = $8 AND state = $9 AND is_extended = $10";
    let values = values![
        now.state.code(),
        day(now.answer_due),
        day(now.due),
        now.is_extended,
        now.outcome.map(Outcome::code),
        now.closed_at.map(instant),
        now.person.0,
        now.id.0,
        stood.state.code(),
        stood.is_extended,
    ];
    Ok(run(db, sql, values).await? == 1)
}

const COLUMNS: &str = "SELECT person_id, id, record_id, number, agency, ground, request, state, \
                       received_at, answer_due, due, is_extended, outcome, closed_at FROM objection";

/// One objection of a person.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person_by_id(
    db: &impl Db,
    person: PersonId,
    id: ObjectionId,
) -> Result<Option<Objection>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 AND id = $2");
    one(db, &sql, values![person.0, id.0]).await?.as_ref().map(objection).transpose()
}

/// A person's objections, newest first, at most 500.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Objection>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 ORDER BY id DESC LIMIT 500");
    all(db, &sql, values![person.0]).await?.iter().map(objection).collect()
}

/// What a body has to answer, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn open_of_agency(db: &impl Db, agency: &str, limit: u32) -> Result<Vec<Objection>> {
    let sql = format!(
        "{COLUMNS} WHERE agency = $1 AND closed_at IS NULL ORDER BY answer_due, id LIMIT {limit}"
    );
    all(db, &sql, values![agency]).await?.iter().map(objection).collect()
}

/// What is open anywhere, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn open(db: &impl Db, limit: u32) -> Result<Vec<Objection>> {
    let sql = format!("{COLUMNS} WHERE closed_at IS NULL ORDER BY answer_due, id LIMIT {limit}");
    all(db, &sql, Vec::new()).await?.iter().map(objection).collect()
}

/// What is open although the body's day is over, after the objection `after`.
///
/// # Errors
/// [`StoreError`].
pub async fn overdue(
    db: &impl Db,
    today: jiff::civil::Date,
    after: Uuid,
    limit: u32,
) -> Result<Vec<Objection>> {
    let sql = format!(
        "{COLUMNS} WHERE closed_at IS NULL AND answer_due < $1 AND id > $2 ORDER BY id LIMIT {limit}"
    );
    all(db, &sql, values![day(today), after]).await?.iter().map(objection).collect()
}

/// The objection of that number that a body has to answer or has answered.
///
/// # Errors
/// [`StoreError`].
pub async fn of_agency_by_id(
    db: &impl Db,
    agency: &str,
    id: ObjectionId,
) -> Result<Option<Objection>> {
    let sql = format!("{COLUMNS} WHERE agency = $1 AND id = $2");
    one(db, &sql, values![agency, id.0]).await?.as_ref().map(objection).transpose()
}

fn objection(row: &QueryResult) -> Result<Objection> {
    let bad = |what| StoreError::BadRow { table: "objection", what };
    let text = |column: &str| row.try_get::<String>("", column);
    let outcome: Option<String> = row.try_get("", "outcome")?;
    let outcome =
        outcome.map(|code| Outcome::from_code(&code).ok_or(bad("outcome"))).transpose()?;
    let closed_at: Option<DateTime<Utc>> = row.try_get("", "closed_at")?;
    Ok(Objection {
        id: ObjectionId(row.try_get::<Uuid>("", "id")?),
        number: text("number")?,
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        record: RecordId(row.try_get::<Uuid>("", "record_id")?),
        agency: uscc("objection", &text("agency")?)?,
        ground: Ground::from_code(&text("ground")?).ok_or(bad("ground"))?,
        request: Request::from_code(&text("request")?).ok_or(bad("request"))?,
        state: State::from_code(&text("state")?).ok_or(bad("state"))?,
        received_at: timestamp(row.try_get::<DateTime<Utc>>("", "received_at")?)?,
        answer_due: date(row.try_get::<NaiveDate>("", "answer_due")?)?,
        due: date(row.try_get::<NaiveDate>("", "due")?)?,
        is_extended: row.try_get("", "is_extended")?,
        outcome,
        closed_at: closed_at.map(timestamp).transpose()?,
    })
}
