//! Challenges 复议和诉讼.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::civil::Date;
use register::challenge::{Challenge, Course, Ending, State};
use register::{ChallengeId, PersonId, RecordId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{date, day, instant, timestamp, uscc, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// Enters a challenge; `false` if one of the same record is open already.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, challenge: &Challenge) -> Result<bool> {
    let sql = "INSERT INTO challenge (person_id, id, record_id, number, agency, course, state, \
               received_at, is_suspended) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
               ON CONFLICT DO NOTHING";
    let values = values![
        challenge.person.0,
        challenge.id.0,
        challenge.record.0,
        challenge.number.as_str(),
        challenge.agency.as_str(),
        challenge.course.code(),
        challenge.state.code(),
        instant(challenge.received_at),
        challenge.is_suspended,
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Keeps a step that was taken from `stood`; `false` if somebody else took one meanwhile.
///
/// # Errors
/// [`StoreError`].
pub async fn save(db: &impl Db, stood: &Challenge, now: &Challenge) -> Result<bool> {
    let sql = "UPDATE challenge SET state = $1, ending = $2, due = $3, is_suspended = $4, \
               closed_at = $5 WHERE person_id = $6 AND id = $7 AND state = $8 AND is_suspended = $9";
    let values = values![
        now.state.code(),
        now.ending.map(Ending::code),
        now.due.map(day),
        now.is_suspended,
        now.closed_at.map(instant),
        now.person.0,
        now.id.0,
        stood.state.code(),
        stood.is_suspended,
    ];
    Ok(run(db, sql, values).await? == 1)
}

const COLUMNS: &str = "SELECT person_id, id, record_id, number, agency, course, state, \
                       received_at, ending, due, is_suspended, closed_at FROM challenge";

/// One challenge of a person.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person_by_id(
    db: &impl Db,
    person: PersonId,
    id: ChallengeId,
) -> Result<Option<Challenge>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 AND id = $2");
    one(db, &sql, values![person.0, id.0]).await?.as_ref().map(challenge).transpose()
}

/// A person's challenges, newest first, at most 500.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Challenge>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 ORDER BY id DESC LIMIT 500");
    all(db, &sql, values![person.0]).await?.iter().map(challenge).collect()
}

/// What is going on at a body: what it has to act on first, then what is still pending elsewhere.
///
/// # Errors
/// [`StoreError`].
pub async fn open_of_agency(db: &impl Db, agency: &str, limit: u32) -> Result<Vec<Challenge>> {
    let sql = format!(
        "{COLUMNS} WHERE agency = $1 AND closed_at IS NULL \
         ORDER BY CASE WHEN due IS NULL THEN 1 ELSE 0 END, due, id LIMIT {limit}"
    );
    all(db, &sql, values![agency]).await?.iter().map(challenge).collect()
}

/// What a body anywhere has to act on, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn due(db: &impl Db, limit: u32) -> Result<Vec<Challenge>> {
    let sql = format!(
        "{COLUMNS} WHERE closed_at IS NULL AND due IS NOT NULL ORDER BY due, id LIMIT {limit}"
    );
    all(db, &sql, Vec::new()).await?.iter().map(challenge).collect()
}

/// Reported ones whose day is over and whose record is not suspended yet.
///
/// # Errors
/// [`StoreError`].
pub async fn overdue(db: &impl Db, today: Date, limit: u32) -> Result<Vec<Challenge>> {
    let sql = format!(
        "{COLUMNS} WHERE closed_at IS NULL AND due < $1 AND is_suspended = $2 \
         ORDER BY due, id LIMIT {limit}"
    );
    all(db, &sql, values![day(today), false]).await?.iter().map(challenge).collect()
}

/// The challenge of a record that a body supplied.
///
/// # Errors
/// [`StoreError`].
pub async fn of_agency_by_id(
    db: &impl Db,
    agency: &str,
    id: ChallengeId,
) -> Result<Option<Challenge>> {
    let sql = format!("{COLUMNS} WHERE agency = $1 AND id = $2");
    one(db, &sql, values![agency, id.0]).await?.as_ref().map(challenge).transpose()
}

fn challenge(row: &QueryResult) -> Result<Challenge> {
    let text = |column: &str| row.try_get::<String>("", column);
    let bad = |what| StoreError::BadRow { table: "challenge", what };
    let closed_at: Option<DateTime<Utc>> = row.try_get("", "closed_at")?;
    let ending: Option<String> = row.try_get("", "ending")?;
    let due: Option<NaiveDate> = row.try_get("", "due")?;
    Ok(Challenge {
        id: ChallengeId(row.try_get::<Uuid>("", "id")?),
        number: text("number")?,
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        record: RecordId(row.try_get::<Uuid>("", "record_id")?),
        agency: uscc("challenge", &text("agency")?)?,
        course: Course::from_code(&text("course")?).ok_or(bad("course"))?,
        state: State::from_code(&text("state")?).ok_or(bad("state"))?,
        received_at: timestamp(row.try_get::<DateTime<Utc>>("", "received_at")?)?,
        ending: match ending {
            None => None,
            Some(code) => Some(Ending::from_code(&code).ok_or(bad("ending"))?),
        },
        due: due.map(date).transpose()?,
        is_suspended: row.try_get("", "is_suspended")?,
        closed_at: closed_at.map(timestamp).transpose()?,
    })
}
