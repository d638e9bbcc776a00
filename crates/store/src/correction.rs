//! Corrections 更正通知 to whoever received a fact that changed.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use register::correction::{Change, Correction};
use register::{AccountId, CorrectionId, EventId, PersonId, RecordId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::bulk::{self, Existing};
use crate::convert::{big, count, date, day, instant, timestamp, uscc, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// Adds corrections; one that was sent already for the same step and receiver stays as it is. Says how
/// many are new.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, corrections: &[Correction]) -> Result<u64> {
    let rows = corrections.iter().map(|correction| {
        values![
            correction.person.0,
            correction.id.0,
            correction.record.0,
            correction.event.0,
            correction.receiver.as_str(),
            correction.change.code(),
            big(correction.look),
            instant(correction.sent_at),
            day(correction.due),
        ]
    });
    let columns = [
        "person_id",
        "id",
        "record_id",
        "event_id",
        "receiver",
        "change",
        "look",
        "sent_at",
        "due",
    ];
    bulk::insert(db, "correction", &columns, rows.collect(), Existing::Keep).await
}

const COLUMNS: &str = "SELECT person_id, id, record_id, event_id, receiver, change, look, sent_at, \
                       due, reminded_at, acknowledged_at, acknowledged_by, is_overtaken FROM correction";

/// All corrections about a person's records, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Correction>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 ORDER BY id LIMIT 5000");
    all(db, &sql, values![person.0]).await?.iter().map(correction).collect()
}

/// What a body still has to acknowledge, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn open_of_receiver(db: &impl Db, receiver: &str, limit: u32) -> Result<Vec<Correction>> {
    let sql = format!(
        "{COLUMNS} WHERE receiver = $1 AND acknowledged_at IS NULL ORDER BY due, id LIMIT {limit}"
    );
    all(db, &sql, values![receiver]).await?.iter().map(correction).collect()
}

/// What nobody has acknowledged yet, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn open(db: &impl Db, limit: u32) -> Result<Vec<Correction>> {
    let sql = format!("{COLUMNS} WHERE acknowledged_at IS NULL ORDER BY due, id LIMIT {limit}");
    all(db, &sql, Vec::new()).await?.iter().map(correction).collect()
}

/// What nobody has acknowledged although its day is over, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn overdue(db: &impl Db, today: Date, limit: u32) -> Result<Vec<Correction>> {
    let sql = format!(
        "{COLUMNS} WHERE acknowledged_at IS NULL AND due < $1 ORDER BY due, id LIMIT {limit}"
    );
    all(db, &sql, values![day(today)]).await?.iter().map(correction).collect()
}

/// One that a body received.
///
/// # Errors
/// [`StoreError`].
pub async fn of_receiver_by_id(
    db: &impl Db,
    receiver: &str,
    id: CorrectionId,
) -> Result<Option<Correction>> {
    let sql = format!("{COLUMNS} WHERE receiver = $1 AND id = $2");
    one(db, &sql, values![receiver, id.0]).await?.as_ref().map(correction).transpose()
}

/// Keeps who acknowledged it and when (nobody: the receiver's system); `false` if somebody had before.
///
/// # Errors
/// [`StoreError`].
pub async fn acknowledge(
    db: &impl Db,
    correction: &Correction,
    by: Option<AccountId>,
    at: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE correction SET acknowledged_at = $1, acknowledged_by = $2 \
               WHERE person_id = $3 AND id = $4 AND acknowledged_at IS NULL";
    let values = values![instant(at), by.map(|by| by.0), correction.person.0, correction.id.0];
    Ok(run(db, sql, values).await? == 1)
}

/// Closes what was said of a record for the time being and nobody has acknowledged: the step `by` follows it.
///
/// # Errors
/// [`StoreError`].
pub async fn overtake(
    db: &impl Db,
    person: PersonId,
    record: RecordId,
    by: EventId,
    at: Timestamp,
) -> Result<u64> {
    let sql = "UPDATE correction SET acknowledged_at = $1, is_overtaken = TRUE \
               WHERE person_id = $2 AND record_id = $3 AND acknowledged_at IS NULL \
               AND change IN ('suspended', 'resumed') AND event_id < $4";
    run(db, sql, values![instant(at), person.0, record.0, by.0]).await
}

/// Notes that whoever has not acknowledged in time is reminded; gives those who are reminded now.
///
/// # Errors
/// [`StoreError`].
pub async fn remind(db: &impl Db, today: Date, at: Timestamp) -> Result<Vec<Correction>> {
    let sql = "UPDATE correction SET reminded_at = $1 \
               WHERE acknowledged_at IS NULL AND reminded_at IS NULL AND due < $2 \
               RETURNING person_id, id, record_id, event_id, receiver, change, look, sent_at, \
               due, reminded_at, acknowledged_at, acknowledged_by, is_overtaken";
    all(db, sql, values![instant(at), day(today)]).await?.iter().map(correction).collect()
}

fn correction(row: &QueryResult) -> Result<Correction> {
    let text = |column: &str| row.try_get::<String>("", column);
    let at = |column: &str| -> Result<Option<Timestamp>> {
        row.try_get::<Option<DateTime<Utc>>>("", column)?.map(timestamp).transpose()
    };
    Ok(Correction {
        id: CorrectionId(row.try_get::<Uuid>("", "id")?),
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        record: RecordId(row.try_get::<Uuid>("", "record_id")?),
        event: EventId(row.try_get::<Uuid>("", "event_id")?),
        receiver: uscc("correction", &text("receiver")?)?,
        change: Change::from_code(&text("change")?)
            .ok_or(StoreError::BadRow { table: "correction", what: "change" })?,
        look: count("correction", row.try_get("", "look")?)?,
        sent_at: timestamp(row.try_get::<DateTime<Utc>>("", "sent_at")?)?,
        due: date(row.try_get::<NaiveDate>("", "due")?)?,
        reminded_at: at("reminded_at")?,
        acknowledged_at: at("acknowledged_at")?,
        acknowledged_by: row.try_get::<Option<Uuid>>("", "acknowledged_by")?.map(AccountId),
        is_overtaken: row.try_get("", "is_overtaken")?,
    })
}
