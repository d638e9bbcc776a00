//! Notices 告知书.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::notice::{About, Notice, NoticeState};
use register::{DeliveryId, IncidentId, InquiryId, NoticeId, PersonId, RecordId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::bulk::{self, Existing};
use crate::convert::{big, count, instant, timestamp, values};
use crate::db::{Db, all, one, run};
use crate::error::Result;

/// Enters notices.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn add(db: &impl Db, notices: &[Notice]) -> Result<()> {
    enter(db, notices, Existing::Fail).await?;
    Ok(())
}

/// The same, where a person may have been told of the same incident already: then that notice stays. Says how many
/// are new.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn add_once(db: &impl Db, notices: &[Notice]) -> Result<u64> {
    enter(db, notices, Existing::Keep).await
}

async fn enter(db: &impl Db, notices: &[Notice], existing: Existing) -> Result<u64> {
    let rows = notices.iter().map(|notice| {
        // A notice about no record names the nil one.
        let (record, inquiry, look, incident) = match notice.about {
            About::Record(record) => (record.0, None, None, None),
            About::Inquiry(inquiry) => (Uuid::nil(), Some(inquiry.0), None, None),
            About::Look(seq) => (Uuid::nil(), None, Some(big(seq)), None),
            About::Incident(incident) => (Uuid::nil(), None, None, Some(incident.0)),
        };
        values![
            notice.person.0,
            notice.id.0,
            record,
            inquiry,
            look,
            incident,
            notice.text.as_str(),
            instant(notice.created_at),
            notice.state.delivered_at().map(instant),
            notice.state.read_at().map(instant),
            notice.delivery.map(|delivery| delivery.0),
        ]
    });
    let columns = [
        "person_id",
        "id",
        "record_id",
        "inquiry_id",
        "look",
        "incident_id",
        "text",
        "created_at",
        "delivered_at",
        "read_at",
        "delivery_id",
    ];
    bulk::insert(db, "notice", &columns, rows.collect(), existing).await
}

const COLUMNS: &str = "SELECT person_id, id, record_id, inquiry_id, look, incident_id, text, created_at, \
                       sent_at, delivered_at, read_at, delivery_id FROM notice";

/// A person's notices, newest first, at most 500.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Notice>> {
    let sql = format!("{COLUMNS} WHERE person_id = $1 ORDER BY id DESC LIMIT 500");
    all(db, &sql, values![person.0]).await?.iter().map(notice).collect()
}

/// Notices that wait for one person, at most 500.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn waiting_of(db: &impl Db, person: PersonId) -> Result<Vec<Notice>> {
    let sql =
        format!("{COLUMNS} WHERE person_id = $1 AND delivered_at IS NULL ORDER BY id LIMIT 500");
    all(db, &sql, values![person.0]).await?.iter().map(notice).collect()
}

/// Persons for whom a notice waits although they have an inbox.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn reachable(db: &impl Db, limit: u32) -> Result<Vec<PersonId>> {
    let sql = format!(
        "SELECT DISTINCT a.person_id AS person_id FROM account a JOIN notice n \
         ON n.person_id = a.person_id AND n.delivered_at IS NULL \
         WHERE a.role = 'citizen' AND a.disabled_at IS NULL LIMIT {limit}"
    );
    let rows = all(db, &sql, Vec::new()).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?))).collect()
}

/// Persons whom no notice has reached and no letter is on its way to, with how many wait and since when, the
/// longest waiting first; notices of those texts do not count.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn unreached(
    db: &impl Db,
    without: &[&str],
    limit: u32,
) -> Result<Vec<(PersonId, u64, Timestamp)>> {
    let places: Vec<String> = (1..=without.len()).map(|at| format!("${at}")).collect();
    let sql = format!(
        "SELECT person_id, COUNT(*) AS n, MIN(created_at) AS since FROM notice \
         WHERE delivered_at IS NULL AND delivery_id IS NULL AND text NOT IN ({}) \
         AND NOT EXISTS (SELECT 1 FROM death d WHERE d.person_id = notice.person_id \
         AND d.confirmed_at IS NOT NULL AND d.ended_at IS NULL) GROUP BY person_id ORDER BY since LIMIT {limit}",
        places.join(",")
    );
    let values = without.iter().map(|text| sea_orm::Value::from(*text)).collect();
    let rows = all(db, &sql, values).await?;
    rows.iter()
        .map(|row| {
            let since = timestamp(row.try_get::<DateTime<Utc>>("", "since")?)?;
            let n = count("notice", row.try_get("", "n")?)?;
            Ok((PersonId(row.try_get::<Uuid>("", "person_id")?), n, since))
        })
        .collect()
}

/// Keeps how far a notice has come.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn save_state(db: &impl Db, notice: &Notice) -> Result<()> {
    let sql = "UPDATE notice SET sent_at = $1, delivered_at = $2, read_at = $3, delivery_id = $4 \
               WHERE person_id = $5 AND id = $6";
    let sent = notice.state.sent_at().map(instant);
    let delivered = notice.state.delivered_at().map(instant);
    let read = notice.state.read_at().map(instant);
    let delivery = notice.delivery.map(|delivery| delivery.0);
    run(db, sql, values![sent, delivered, read, delivery, notice.person.0, notice.id.0]).await?;
    Ok(())
}

/// Who has been told of an incident.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn persons_of_incident(db: &impl Db, incident: IncidentId) -> Result<Vec<PersonId>> {
    let sql = "SELECT person_id FROM notice WHERE incident_id = $1";
    let rows = all(db, sql, values![incident.0]).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?))).collect()
}

/// How many notices no channel could deliver yet.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn count_waiting(db: &impl Db) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS n FROM notice WHERE delivered_at IS NULL";
    let row = one(db, sql, Vec::new()).await?;
    count("notice", row.map_or(Ok(0), |row| row.try_get("", "n"))?)
}

fn notice(row: &QueryResult) -> Result<Notice> {
    let instant_of = |column: &str| -> Result<Option<Timestamp>> {
        row.try_get::<Option<DateTime<Utc>>>("", column)?.map(timestamp).transpose()
    };
    let state = match (instant_of("delivered_at")?, instant_of("read_at")?) {
        (Some(delivered_at), Some(at)) => NoticeState::Read { delivered_at, at },
        (Some(at), None) => NoticeState::Delivered { at },
        (None, _) => match instant_of("sent_at")? {
            Some(at) => NoticeState::Sent { at },
            None => NoticeState::Created,
        },
    };
    let delivery: Option<Uuid> = row.try_get("", "delivery_id")?;
    let inquiry: Option<Uuid> = row.try_get("", "inquiry_id")?;
    let look: Option<i64> = row.try_get("", "look")?;
    let incident: Option<Uuid> = row.try_get("", "incident_id")?;
    let about = match (inquiry, look, incident) {
        (Some(inquiry), _, _) => About::Inquiry(InquiryId(inquiry)),
        (None, Some(seq), _) => About::Look(count("notice", seq)?),
        (None, None, Some(incident)) => About::Incident(IncidentId(incident)),
        (None, None, None) => About::Record(RecordId(row.try_get::<Uuid>("", "record_id")?)),
    };
    Ok(Notice {
        id: NoticeId(row.try_get::<Uuid>("", "id")?),
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        about,
        text: row.try_get("", "text")?,
        state,
        created_at: timestamp(row.try_get::<DateTime<Utc>>("", "created_at")?)?,
        delivery: delivery.map(DeliveryId),
    })
}
