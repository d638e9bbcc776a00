//! Records 信用信息 with their documents and events.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use jiff::civil::Date;
use register::document::DocumentKind;
use register::{
    AccountId, BatchId, Document, DocumentId, Event, EventId, EventKind, PersonId, RecordId, Uscc,
};
use rulebook::Severity;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{self, Existing};
use crate::convert::{date, day, instant, timestamp, uscc, values};
use crate::db::{Db, all};
use crate::error::{Result, StoreError};

/// A record as it lies in the store: what it says is still sealed.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its identifier.
    pub id: RecordId,
    /// Whom it concerns.
    pub person: PersonId,
    /// Catalogue item.
    pub item: String,
    /// Who supplied it.
    pub source: Uscc,
    /// The file it came in.
    pub batch: Option<BatchId>,
    /// Class.
    pub severity: Option<Severity>,
    /// Keyed hash of what makes it the same fact as another.
    pub fingerprint: [u8; 32],
    /// What it says, sealed.
    pub content: Vec<u8>,
    /// The document that fixes it.
    pub document: Document,
    /// When it entered.
    pub recorded_at: jiff::Timestamp,
    /// The first day on which it is no longer kept; `None` while nothing sets its end.
    pub erase_on: Option<Date>,
    /// What happened to it, oldest first.
    pub events: Vec<Event>,
}

/// Enters records with their documents and events.
///
/// # Errors
/// [`StoreError::Database`], also where a record with the same fingerprint is there already.
pub async fn add(db: &impl Db, records: &[Stored]) -> Result<()> {
    let documents = records.iter().map(|record| {
        let document = &record.document;
        values![
            document.person.0,
            document.id.0,
            document.kind.code(),
            document.issuer.as_str(),
            day(document.decided_on),
            document.served_on.map(day),
            day(document.effective_on),
            document.digest.to_vec(),
        ]
    });
    let columns =
        ["person_id", "id", "kind", "issuer", "decided_on", "served_on", "effective_on", "digest"];
    bulk::insert(db, "document", &columns, documents.collect(), Existing::Fail).await?;

    let rows = records.iter().map(|record| {
        values![
            record.person.0,
            record.id.0,
            record.document.id.0,
            record.item.as_str(),
            record.source.as_str(),
            record.batch.map(|batch| batch.0),
            record.severity.map(Severity::code),
            record.fingerprint.to_vec(),
            record.content.clone(),
            instant(record.recorded_at),
            record.erase_on.map(day),
        ]
    });
    let columns = [
        "person_id",
        "id",
        "document_id",
        "item",
        "source",
        "batch_id",
        "severity",
        "fingerprint",
        "content",
        "recorded_at",
        "erase_on",
    ];
    bulk::insert(db, "record", &columns, rows.collect(), Existing::Fail).await?;
    let events: Vec<(PersonId, Event)> = records
        .iter()
        .flat_map(|record| record.events.iter().map(|event| (record.person, event.clone())))
        .collect();
    add_events(db, &events).await
}

/// Adds what happened to records.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn add_events(db: &impl Db, events: &[(PersonId, Event)]) -> Result<()> {
    let rows = events.iter().map(|(person, event)| {
        values![
            person.0,
            event.record.0,
            event.id.0,
            event.kind.code(),
            event.kind.day().map(day),
            instant(event.at),
            event.by.map(|account| account.0),
            event.sealed.clone(),
        ]
    });
    let columns = ["person_id", "record_id", "id", "kind", "day", "at", "account_id", "content"];
    bulk::insert(db, "record_event", &columns, rows.collect(), Existing::Fail).await?;
    Ok(())
}

/// A fact that is there already.
#[derive(Clone, Debug)]
pub struct Known {
    /// The record.
    pub record: RecordId,
    /// Whom it concerns.
    pub person: PersonId,
    /// Its fingerprint.
    pub fingerprint: [u8; 32],
    /// Digest of the row that stated it.
    pub digest: [u8; 32],
    /// Whether the person has been told.
    pub is_told: bool,
    /// Whether it was withdrawn or deleted.
    pub is_gone: bool,
    /// Whether consent to it was taken back, and not given anew.
    pub was_unallowed: bool,
}

/// The fingerprints that these persons' records have.
///
/// # Errors
/// [`StoreError`].
pub async fn known_of(db: &impl Db, persons: &[PersonId]) -> Result<Vec<Known>> {
    let values = persons.iter().map(|person| Value::from(person.0)).collect();
    let sql = "SELECT r.id AS id, r.person_id AS person_id, r.fingerprint AS fingerprint, \
               d.digest AS digest, EXISTS (SELECT 1 FROM record_event e \
               WHERE e.person_id = r.person_id AND e.record_id = r.id \
               AND e.kind IN ('entered', 'told') AND e.day IS NOT NULL) AS is_told, \
               EXISTS (SELECT 1 FROM record_event e \
               WHERE e.person_id = r.person_id AND e.record_id = r.id \
               AND e.kind IN ('deleted', 'withdrawn', 'annulled', 'repaired', 'removed')) AS is_gone, \
               EXISTS (SELECT 1 FROM record_event e \
               WHERE e.person_id = r.person_id AND e.record_id = r.id \
               AND e.kind = 'consent-ended' AND NOT EXISTS (SELECT 1 FROM record_event a \
               WHERE a.person_id = e.person_id AND a.record_id = e.record_id \
               AND a.kind = 'allowed' AND a.id > e.id)) AS was_unallowed \
               FROM record r JOIN document d ON d.person_id = r.person_id AND d.id = r.document_id \
               WHERE r.person_id";
    let rows = bulk::among(db, sql, values, "").await?;
    rows.iter()
        .map(|row| {
            Ok(Known {
                record: RecordId(row.try_get::<Uuid>("", "id")?),
                is_told: row.try_get("", "is_told")?,
                is_gone: row.try_get("", "is_gone")?,
                was_unallowed: row.try_get("", "was_unallowed")?,
                person: PersonId(row.try_get::<Uuid>("", "person_id")?),
                fingerprint: hash(row, "fingerprint")?,
                digest: hash(row, "digest")?,
            })
        })
        .collect()
}

const COLUMNS: &str = "r.person_id AS person_id, r.id AS id, r.document_id AS document_id, \
    r.item AS item, r.source AS source, r.batch_id AS batch_id, r.severity AS severity, \
    r.fingerprint AS fingerprint, r.content AS content, r.recorded_at AS recorded_at, \
    r.erase_on AS erase_on, \
    d.kind AS d_kind, d.issuer AS d_issuer, d.decided_on AS d_decided_on, \
    d.served_on AS d_served_on, d.effective_on AS d_effective_on, d.digest AS d_digest, \
    e.id AS e_id, e.kind AS e_kind, e.day AS e_day, e.at AS e_at, \
    e.account_id AS e_account, e.content AS e_content";

const JOINS: &str = "JOIN document d ON d.person_id = r.person_id AND d.id = r.document_id \
    JOIN record_event e ON e.person_id = r.person_id AND e.record_id = r.id";

/// All records of one person, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Stored>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM record r {JOINS} WHERE r.person_id = $1 \
         ORDER BY r.id, e.id"
    );
    collect(&all(db, &sql, values![person.0]).await?)
}

/// Steps after that moment and step after which whoever had received the record must be told, oldest first,
/// at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn changes_since(
    db: &impl Db,
    (since, after): (jiff::Timestamp, EventId),
    limit: u32,
) -> Result<Vec<(PersonId, Event)>> {
    let sql = format!(
        "SELECT person_id, record_id, id AS e_id, kind AS e_kind, day AS e_day, at AS e_at, \
         account_id AS e_account, content AS e_content FROM record_event \
         WHERE kind IN ('corrected', 'deleted', 'withdrawn', 'annulled', 'repaired', 'consent-ended', 'removed') \
         AND (at > $1 OR (at = $2 AND id > $3)) ORDER BY at, id LIMIT {limit}"
    );
    let rows = all(db, &sql, values![instant(since), instant(since), after.0]).await?;
    rows.iter()
        .map(|row| {
            let record = RecordId(row.try_get::<Uuid>("", "record_id")?);
            Ok((PersonId(row.try_get::<Uuid>("", "person_id")?), event(row, record)?))
        })
        .collect()
}

/// The person behind a blind index, and all his records: one question to the engine.
#[derive(Clone, Debug)]
pub struct Found {
    /// The person.
    pub person: PersonId,
    /// Keyed hash of his name.
    pub name_mark: [u8; 32],
    /// His records, oldest first.
    pub records: Vec<Stored>,
}

/// The persons behind blind indexes with all their records, in the order asked: one question to the
/// engine for all of them.
///
/// # Errors
/// [`StoreError`].
pub async fn of_blinds(db: &impl Db, blinds: &[[u8; 32]]) -> Result<Vec<Option<Found>>> {
    static SQL: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        format!(
            "SELECT k.blind AS k_blind, k.person_id AS k_person, k.name_mark AS k_mark, {COLUMNS} \
             FROM person_key k LEFT JOIN record r ON r.person_id = k.person_id \
             LEFT {} WHERE k.blind",
            JOINS.replace("JOIN record_event", "LEFT JOIN record_event")
        )
    });
    let different: BTreeSet<&[u8; 32]> = blinds.iter().collect();
    let values = different.iter().map(|blind| Value::from(blind.to_vec())).collect();
    let rows = bulk::among(db, &SQL, values, "ORDER BY k.blind, r.id, e.id").await?;
    let mut found: BTreeMap<[u8; 32], Found> = BTreeMap::new();
    for rows in rows.chunk_by(|one, next| same(one, next, "k_blind")) {
        let Some(first) = rows.first() else { continue };
        let has_records = first.try_get::<Option<Uuid>>("", "id")?.is_some();
        let person = Found {
            person: PersonId(first.try_get::<Uuid>("", "k_person")?),
            name_mark: hash(first, "k_mark")?,
            records: if has_records { collect(rows)? } else { Vec::new() },
        };
        found.insert(hash(first, "k_blind")?, person);
    }
    Ok(blinds.iter().map(|blind| found.get(blind).cloned()).collect())
}

/// Whether two rows say the same in a column.
fn same(one: &QueryResult, next: &QueryResult, column: &str) -> bool {
    matches!(
        (one.try_get::<Vec<u8>>("", column), next.try_get::<Vec<u8>>("", column)),
        (Ok(one), Ok(next)) if one == next
    )
}

fn collect(rows: &[QueryResult]) -> Result<Vec<Stored>> {
    let mut records: Vec<Stored> = Vec::new();
    for row in rows {
        let id = RecordId(row.try_get::<Uuid>("", "id")?);
        let event = event(row, id)?;
        match records.last_mut() {
            Some(last) if last.id == id => last.events.push(event),
            _ => records.push(stored(row, id, event)?),
        }
    }
    Ok(records)
}

fn stored(row: &QueryResult, id: RecordId, first: Event) -> Result<Stored> {
    let person = PersonId(row.try_get::<Uuid>("", "person_id")?);
    let severity: Option<String> = row.try_get("", "severity")?;
    let severity =
        severity.map(|code| Severity::from_code(&code).ok_or(bad("severity"))).transpose()?;
    let kind: String = row.try_get("", "d_kind")?;
    let served_on: Option<NaiveDate> = row.try_get("", "d_served_on")?;
    let erase_on: Option<NaiveDate> = row.try_get("", "erase_on")?;
    Ok(Stored {
        id,
        person,
        item: row.try_get("", "item")?,
        source: uscc("record", &row.try_get::<String>("", "source")?)?,
        batch: row.try_get::<Option<Uuid>>("", "batch_id")?.map(BatchId),
        severity,
        fingerprint: hash(row, "fingerprint")?,
        content: row.try_get("", "content")?,
        document: Document {
            id: DocumentId(row.try_get::<Uuid>("", "document_id")?),
            person,
            kind: DocumentKind::from_code(&kind).ok_or(bad("kind of document"))?,
            issuer: uscc("document", &row.try_get::<String>("", "d_issuer")?)?,
            decided_on: date(row.try_get("", "d_decided_on")?)?,
            served_on: served_on.map(date).transpose()?,
            effective_on: date(row.try_get("", "d_effective_on")?)?,
            digest: hash(row, "d_digest")?,
        },
        recorded_at: timestamp(row.try_get::<DateTime<Utc>>("", "recorded_at")?)?,
        erase_on: erase_on.map(date).transpose()?,
        events: vec![first],
    })
}

fn event(row: &QueryResult, record: RecordId) -> Result<Event> {
    let kind: String = row.try_get("", "e_kind")?;
    let day: Option<NaiveDate> = row.try_get("", "e_day")?;
    Ok(Event {
        id: EventId(row.try_get::<Uuid>("", "e_id")?),
        record,
        kind: EventKind::stored(&kind, day.map(date).transpose()?).ok_or(bad("event"))?,
        sealed: row.try_get("", "e_content")?,
        by: row.try_get::<Option<Uuid>>("", "e_account")?.map(AccountId),
        at: timestamp(row.try_get::<DateTime<Utc>>("", "e_at")?)?,
    })
}

const fn bad(what: &'static str) -> StoreError {
    StoreError::BadRow { table: "record", what }
}

pub(crate) fn hash(row: &QueryResult, column: &str) -> Result<[u8; 32]> {
    row.try_get::<Vec<u8>>("", column)?
        .try_into()
        .map_err(|_| StoreError::BadRow { table: "any", what: "hash" })
}
