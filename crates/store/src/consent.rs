//! Consents 同意.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use register::consent::Consent;
use register::{ConsentId, PersonId};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk;
use crate::convert::{date, day, instant, timestamp, values};
use crate::db::{Db, all, run};
use crate::error::Result;

/// Keeps a consent; [`end`] the one before first.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn add(db: &impl Db, consent: &Consent) -> Result<()> {
    let sql = "INSERT INTO consent (person_id, id, item, given_at, until) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = values![
        consent.person.0,
        consent.id.0,
        consent.item.as_str(),
        instant(consent.given_at),
        day(consent.until),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Ends the consent to an item; `false` if there is none. Whoever enters facts by it has finished or comes too
/// late.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn end(db: &impl Db, person: PersonId, item: &str, at: Timestamp) -> Result<bool> {
    let sql = "UPDATE consent SET ended_at = $1 \
               WHERE person_id = $2 AND item = $3 AND ended_at IS NULL";
    Ok(run(db, sql, values![instant(at), person.0, item]).await? == 1)
}

/// The consents of these persons that have not been taken back, held so that nobody takes one back before this
/// transaction ends.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn held(db: &impl Db, persons: &[PersonId]) -> Result<Vec<Consent>> {
    let bound = persons.iter().map(|person| Value::from(person.0)).collect();
    let sql = "UPDATE consent SET ended_at = NULL WHERE ended_at IS NULL AND person_id";
    let returning = "RETURNING person_id, id, item, given_at, until, ended_at";
    bulk::among(db, sql, bound, returning).await?.iter().map(consent).collect()
}

/// A person's consents, newest first.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Consent>> {
    let sql = "SELECT person_id, id, item, given_at, until, ended_at FROM consent \
               WHERE person_id = $1 ORDER BY id DESC LIMIT 500";
    all(db, sql, values![person.0]).await?.iter().map(consent).collect()
}

fn consent(row: &QueryResult) -> Result<Consent> {
    let ended_at: Option<DateTime<Utc>> = row.try_get("", "ended_at")?;
    Ok(Consent {
        id: ConsentId(row.try_get::<Uuid>("", "id")?),
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        item: row.try_get("", "item")?,
        given_at: timestamp(row.try_get::<DateTime<Utc>>("", "given_at")?)?,
        until: date(row.try_get::<NaiveDate>("", "until")?)?,
        ended_at: ended_at.map(timestamp).transpose()?,
    })
}
