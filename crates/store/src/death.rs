//! Deaths 去世登记.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use register::death::Death;
use register::{AccountId, DeathId, PersonId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{date, day, instant, timestamp, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::Result;

/// Notes a death; `false` if one is noted for this person already. `detail` names its document, sealed.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn add(db: &impl Db, death: &Death, detail: &[u8]) -> Result<bool> {
    let sql = "INSERT INTO death (person_id, id, number, died_on, detail, noted_by, noted_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let values = values![
        death.person.0,
        death.id.0,
        death.number.as_str(),
        day(death.died_on),
        detail.to_vec(),
        death.noted_by.0,
        instant(death.noted_at),
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Confirms it; `false` if it was confirmed or ended meanwhile.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn confirm(
    db: &impl Db,
    (person, id): (PersonId, DeathId),
    by: AccountId,
    at: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE death SET confirmed_by = $1, confirmed_at = $2 WHERE person_id = $3 \
               AND id = $4 AND confirmed_at IS NULL AND ended_at IS NULL";
    Ok(run(db, sql, values![by.0, instant(at), person.0, id.0]).await? == 1)
}

/// Ends it because it was wrong, and says when it was confirmed, if it was; `None` if it was ended meanwhile.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn end(
    db: &impl Db,
    (person, id): (PersonId, DeathId),
    at: Timestamp,
) -> Result<Option<Option<Timestamp>>> {
    let sql = "UPDATE death SET ended_at = $1 WHERE person_id = $2 AND id = $3 AND ended_at IS NULL \
               RETURNING confirmed_at";
    let Some(row) = one(db, sql, values![instant(at), person.0, id.0]).await? else {
        return Ok(None);
    };
    let confirmed_at: Option<DateTime<Utc>> = row.try_get("", "confirmed_at")?;
    Ok(Some(confirmed_at.map(timestamp).transpose()?))
}

const COLUMNS: &str = "SELECT person_id, id, number, died_on, detail, noted_by, noted_at, \
                       confirmed_by, confirmed_at, ended_at FROM death";

/// One note, and its document, sealed.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn by_id(
    db: &impl Db,
    person: PersonId,
    id: DeathId,
) -> Result<Option<(Death, Vec<u8>)>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 AND id = $2");
    let Some(row) = one(db, &sql, values![person.0, id.0]).await? else { return Ok(None) };
    Ok(Some((death(&row)?, row.try_get("", "detail")?)))
}

/// Whether a person's death counts; if it does, nobody ends the note before this transaction ends.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn counts(db: &impl Db, person: PersonId) -> Result<bool> {
    // The embedded engine lets one transaction write at a time.
    let lock = if is_postgres(db) { " FOR SHARE" } else { "" };
    let sql = format!("{COLUMNS} WHERE person_id = $1 AND ended_at IS NULL{lock}");
    let found = one(db, &sql, values![person.0]).await?.as_ref().map(death).transpose()?;
    Ok(found.is_some_and(|death| death.counts()))
}

/// What stands about a person and has not ended.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Option<Death>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 AND ended_at IS NULL");
    one(db, &sql, values![person.0]).await?.as_ref().map(death).transpose()
}

/// Notes, those that wait for the second person first, then the newest, at most `limit`.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn list(db: &impl Db, limit: u32) -> Result<Vec<Death>> {
    let sql = format!(
        "{COLUMNS} ORDER BY CASE WHEN confirmed_at IS NULL AND ended_at IS NULL THEN 0 ELSE 1 END, \
         noted_at DESC LIMIT {limit}"
    );
    all(db, &sql, Vec::new()).await?.iter().map(death).collect()
}

fn death(row: &QueryResult) -> Result<Death> {
    let at = |column: &str| -> Result<Option<Timestamp>> {
        row.try_get::<Option<DateTime<Utc>>>("", column)?.map(timestamp).transpose()
    };
    let by = row.try_get::<Option<Uuid>>("", "confirmed_by")?.map(AccountId);
    Ok(Death {
        id: DeathId(row.try_get::<Uuid>("", "id")?),
        number: row.try_get("", "number")?,
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        died_on: date(row.try_get::<NaiveDate>("", "died_on")?)?,
        noted_by: AccountId(row.try_get::<Uuid>("", "noted_by")?),
        noted_at: timestamp(row.try_get::<DateTime<Utc>>("", "noted_at")?)?,
        confirmed: by.zip(at("confirmed_at")?),
        ended_at: at("ended_at")?,
    })
}
