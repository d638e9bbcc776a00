//! Inquiries 查询疑问.

use chrono::{DateTime, NaiveDate, Utc};
use register::inquiry::{Inquiry, State};
use register::{InquiryId, PersonId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{big, count, date, day, instant, timestamp, uscc, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// Enters an inquiry; `false` if this look was asked about before.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, inquiry: &Inquiry) -> Result<bool> {
    let sql = "INSERT INTO inquiry (person_id, id, look, number, agency, state, asked_at, due) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let values = values![
        inquiry.person.0,
        inquiry.id.0,
        big(inquiry.look),
        inquiry.number.as_str(),
        inquiry.agency.as_str(),
        inquiry.state.code(),
        instant(inquiry.asked_at),
        day(inquiry.due),
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Keeps the answer; `false` if somebody else answered meanwhile.
///
/// # Errors
/// [`StoreError`].
pub async fn save(db: &impl Db, now: &Inquiry) -> Result<bool> {
    let sql = "UPDATE inquiry SET state = $1, closed_at = $2 \
               WHERE person_id = $3 AND id = $4 AND closed_at IS NULL";
    let values = values![now.state.code(), now.closed_at.map(instant), now.person.0, now.id.0];
    Ok(run(db, sql, values).await? == 1)
}

const COLUMNS: &str =
    "SELECT person_id, id, look, number, agency, state, asked_at, due, closed_at FROM inquiry";

/// One inquiry of a person.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person_by_id(
    db: &impl Db,
    person: PersonId,
    id: InquiryId,
) -> Result<Option<Inquiry>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 AND id = $2");
    one(db, &sql, values![person.0, id.0]).await?.as_ref().map(inquiry).transpose()
}

/// What a person asked about one look.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person_by_look(
    db: &impl Db,
    person: PersonId,
    look: u64,
) -> Result<Option<Inquiry>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 AND look = $2");
    one(db, &sql, values![person.0, big(look)]).await?.as_ref().map(inquiry).transpose()
}

/// A person's inquiries, newest first, at most 500.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Inquiry>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 ORDER BY id DESC LIMIT 500");
    all(db, &sql, values![person.0]).await?.iter().map(inquiry).collect()
}

/// What a body has to explain, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn open_of_agency(db: &impl Db, agency: &str, limit: u32) -> Result<Vec<Inquiry>> {
    let sql =
        format!("{COLUMNS} WHERE agency = $1 AND closed_at IS NULL ORDER BY due, id LIMIT {limit}");
    all(db, &sql, values![agency]).await?.iter().map(inquiry).collect()
}

/// What is open anywhere, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn open(db: &impl Db, limit: u32) -> Result<Vec<Inquiry>> {
    let sql = format!("{COLUMNS} WHERE closed_at IS NULL ORDER BY due, id LIMIT {limit}");
    all(db, &sql, Vec::new()).await?.iter().map(inquiry).collect()
}

/// Looks that their body says it should not have made, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn mistaken(db: &impl Db, limit: u32) -> Result<Vec<Inquiry>> {
    let sql = format!("{COLUMNS} WHERE state = $1 ORDER BY closed_at DESC, id LIMIT {limit}");
    all(db, &sql, values![State::Mistaken.code()]).await?.iter().map(inquiry).collect()
}

/// The inquiry that a body has to explain or has explained.
///
/// # Errors
/// [`StoreError`].
pub async fn of_agency_by_id(db: &impl Db, agency: &str, id: InquiryId) -> Result<Option<Inquiry>> {
    let sql = format!("{COLUMNS} WHERE agency = $1 AND id = $2");
    one(db, &sql, values![agency, id.0]).await?.as_ref().map(inquiry).transpose()
}

fn inquiry(row: &QueryResult) -> Result<Inquiry> {
    let text = |column: &str| row.try_get::<String>("", column);
    let closed_at: Option<DateTime<Utc>> = row.try_get("", "closed_at")?;
    Ok(Inquiry {
        id: InquiryId(row.try_get::<Uuid>("", "id")?),
        number: text("number")?,
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        look: count("inquiry", row.try_get::<i64>("", "look")?)?,
        agency: uscc("inquiry", &text("agency")?)?,
        state: State::from_code(&text("state")?)
            .ok_or(StoreError::BadRow { table: "inquiry", what: "state" })?,
        asked_at: timestamp(row.try_get::<DateTime<Utc>>("", "asked_at")?)?,
        due: date(row.try_get::<NaiveDate>("", "due")?)?,
        closed_at: closed_at.map(timestamp).transpose()?,
    })
}
