//! Retention 保存期限: what must be gone, what still needs it, and erasing it.
//!
//! Erasing leaves the leaves of the log, and of what was taken back or wrong a keyed hash that keeps it
//! from coming back (I17), until it would be too old to enter anyway.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use register::{EventId, PaperId, PersonId, RecordId};
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk;
use crate::convert::{big, date, day, instant, timestamp, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::Result;

/// A record whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first day on which it is to be gone.
    pub on: Date,
    /// Whose it is.
    pub person: PersonId,
    /// The record.
    pub record: RecordId,
}

/// The mark of the month keys with which this database is sealed: `mark` from now on, if it has none yet.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn claim_months(db: &impl Db, mark: &[u8; 32]) -> Result<[u8; 32]> {
    let sql = "INSERT INTO key_mark (name, mark) VALUES ('months', $1) ON CONFLICT DO NOTHING";
    run(db, sql, values![mark.to_vec()]).await?;
    months_mark(db).await.map(|known| known.unwrap_or(*mark))
}

/// The mark of the month keys with which this database is sealed, if it is sealed with any.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn months_mark(db: &impl Db) -> Result<Option<[u8; 32]>> {
    let row = one(db, "SELECT mark FROM key_mark WHERE name = 'months'", Vec::new()).await?;
    row.map(|row| crate::record::hash(&row, "mark")).transpose()
}

/// Records that are to be gone by `today`, after `after` in the order of their days, at most `limit`.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn due(db: &impl Db, today: Date, after: Option<Due>, limit: u32) -> Result<Vec<Due>> {
    let mut sql =
        "SELECT erase_on, person_id, id FROM record WHERE erase_on IS NOT NULL AND erase_on <= $1"
            .to_owned();
    let mut bound = values![day(today)];
    if let Some(after) = after {
        sql.push_str(" AND (erase_on > $2 OR (erase_on = $3 AND id > $4))");
        bound.extend(values![day(after.on), day(after.on), after.record.0]);
    }
    let rows = all(db, &format!("{sql} ORDER BY erase_on, id LIMIT {limit}"), bound).await?;
    rows.iter()
        .map(|row| {
            Ok(Due {
                on: date(row.try_get::<NaiveDate>("", "erase_on")?)?,
                person: PersonId(row.try_get::<Uuid>("", "person_id")?),
                record: RecordId(row.try_get::<Uuid>("", "id")?),
            })
        })
        .collect()
}

/// The first day on which any record that is here is to be gone; it may be over where one is still needed.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn first(db: &impl Db) -> Result<Option<Date>> {
    let sql = "SELECT erase_on FROM record WHERE erase_on IS NOT NULL ORDER BY erase_on LIMIT 1";
    let Some(row) = one(db, sql, Vec::new()).await? else { return Ok(None) };
    Ok(Some(date(row.try_get::<NaiveDate>("", "erase_on")?)?))
}

/// The first day on which one record is to be gone, if anything sets one, and what it says, sealed; `None` if it is
/// not here. Until this transaction ends nobody else adds to the record or erases it.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn held(
    db: &impl Db,
    person: PersonId,
    record: RecordId,
) -> Result<Option<(Option<Date>, Vec<u8>)>> {
    // The embedded engine lets one transaction write at a time.
    let lock = if is_postgres(db) { " FOR UPDATE" } else { "" };
    let sql =
        format!("SELECT erase_on, content FROM record WHERE person_id = $1 AND id = $2{lock}");
    let Some(row) = one(db, &sql, values![person.0, record.0]).await? else { return Ok(None) };
    let erase_on: Option<NaiveDate> = row.try_get("", "erase_on")?;
    Ok(Some((erase_on.map(date).transpose()?, row.try_get("", "content")?)))
}

/// Brings forward the day on which a record is to be gone; never puts it off.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn bring_forward(
    db: &impl Db,
    person: PersonId,
    record: RecordId,
    on: Date,
) -> Result<()> {
    let sql = "UPDATE record SET erase_on = $1 WHERE person_id = $2 AND id = $3 \
               AND (erase_on IS NULL OR erase_on > $4)";
    run(db, sql, values![day(on), person.0, record.0, day(on)]).await?;
    Ok(())
}

/// Sets the day on which a record is to be gone, earlier or later than it was; `None` if nothing sets its end any
/// more.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn set_day(
    db: &impl Db,
    person: PersonId,
    record: RecordId,
    on: Option<Date>,
) -> Result<()> {
    let sql = "UPDATE record SET erase_on = $1 WHERE person_id = $2 AND id = $3";
    run(db, sql, values![on.map(day), person.0, record.0]).await?;
    Ok(())
}

/// Something sealed that belongs to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the record says.
    Content(RecordId),
    /// What belongs to one of its steps.
    Event(EventId),
    /// What was said in a case about it.
    Words(Uuid),
}

/// Everything sealed that belongs to a record and goes with the key of its month.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn parts(
    db: &impl Db,
    person: PersonId,
    record: RecordId,
) -> Result<Vec<(Part, Vec<u8>)>> {
    let mut parts = Vec::new();
    let sql = "SELECT content FROM record WHERE person_id = $1 AND id = $2";
    if let Some(row) = one(db, sql, values![person.0, record.0]).await? {
        parts.push((Part::Content(record), row.try_get("", "content")?));
    }
    let sql = "SELECT id, content FROM record_event \
               WHERE person_id = $1 AND record_id = $2 AND content IS NOT NULL";
    for row in all(db, sql, values![person.0, record.0]).await? {
        parts.push((Part::Event(EventId(row.try_get("", "id")?)), row.try_get("", "content")?));
    }
    for kind in CASES {
        let sql = format!(
            "SELECT s.id AS id, s.words AS words FROM case_step s JOIN {kind} c \
             ON c.person_id = s.person_id AND c.id = s.case_id \
             WHERE c.person_id = $1 AND c.record_id = $2 AND s.words IS NOT NULL"
        );
        for row in all(db, &sql, values![person.0, record.0]).await? {
            parts.push((Part::Words(row.try_get("", "id")?), row.try_get("", "words")?));
        }
    }
    Ok(parts)
}

/// Puts a part in the place of the same part that was sealed with another key.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn put_part(db: &impl Db, person: PersonId, part: Part, sealed: Vec<u8>) -> Result<()> {
    let (table, column, id) = match part {
        Part::Content(RecordId(id)) => ("record", "content", id),
        Part::Event(EventId(id)) => ("record_event", "content", id),
        Part::Words(id) => ("case_step", "words", id),
    };
    let sql = format!("UPDATE {table} SET {column} = $1 WHERE person_id = $2 AND id = $3");
    run(db, &sql, values![sealed, person.0, id]).await?;
    Ok(())
}

/// Whether a case about the record is open, and whether a receiver has not acknowledged a correction of it.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn needed(db: &impl Db, person: PersonId, record: RecordId) -> Result<(bool, bool)> {
    let mut has_case = false;
    for kind in CASES {
        let sql = format!(
            "SELECT 1 AS one FROM {kind} WHERE person_id = $1 AND record_id = $2 AND closed_at IS NULL"
        );
        has_case |= one(db, &sql, values![person.0, record.0]).await?.is_some();
    }
    let sql = "SELECT 1 AS one FROM correction WHERE person_id = $1 AND record_id = $2 \
               AND acknowledged_at IS NULL LIMIT 1";
    Ok((has_case, one(db, sql, values![person.0, record.0]).await?.is_some()))
}

/// Kinds of case that are about a record.
const CASES: [&str; 3] = ["objection", "repair", "challenge"];

/// What stays of a record that was taken back or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// Keyed hash of the decision that may not come back in other words; `None` if it was merely taken
    /// back.
    pub decision: Option<[u8; 32]>,
    /// The first day on which not even this is kept.
    pub forget_on: Date,
}

/// Erases a record with its document, its steps, its notices, its cases and its corrections. Gives the
/// papers, whose files are to go too. A record that is gone already is no failure.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn erase(
    db: &impl Db,
    person: PersonId,
    record: RecordId,
    stays: Option<&Tombstone>,
    now: Timestamp,
) -> Result<Vec<PaperId>> {
    if let Some(stays) = stays {
        let sql = "INSERT INTO erased (person_id, record_id, fingerprint, decision, erased_at, \
                   forget_on) SELECT person_id, id, fingerprint, $1, $2, $3 FROM record \
                   WHERE person_id = $4 AND id = $5";
        let decision = stays.decision.map(|mark| mark.to_vec());
        let bound = values![decision, instant(now), day(stays.forget_on), person.0, record.0];
        run(db, sql, bound).await?;
    }
    let mut papers = Vec::new();
    for kind in CASES {
        let sql = format!("SELECT id FROM {kind} WHERE person_id = $1 AND record_id = $2");
        for row in all(db, &sql, values![person.0, record.0]).await? {
            papers.extend(erase_case(db, person, row.try_get("", "id")?).await?);
        }
        let sql = format!("DELETE FROM {kind} WHERE person_id = $1 AND record_id = $2");
        run(db, &sql, values![person.0, record.0]).await?;
    }
    let sql = "SELECT id FROM opening WHERE person_id = $1 AND record_id = $2";
    for row in all(db, sql, values![person.0, record.0]).await? {
        papers.extend(erase_case(db, person, row.try_get("", "id")?).await?);
    }
    for about in ["notice", "correction"] {
        let sql = format!(
            "DELETE FROM outbox WHERE person_id = $1 AND about IN \
             (SELECT id FROM {about} WHERE person_id = $2 AND record_id = $3)"
        );
        run(db, &sql, values![person.0, person.0, record.0]).await?;
    }
    let sql = "DELETE FROM document WHERE person_id = $1 AND id IN \
               (SELECT document_id FROM record WHERE person_id = $2 AND id = $3)";
    run(db, sql, values![person.0, person.0, record.0]).await?;
    for table in ["notice", "correction", "record_event", "opening"] {
        let sql = format!("DELETE FROM {table} WHERE person_id = $1 AND record_id = $2");
        run(db, &sql, values![person.0, record.0]).await?;
    }
    run(db, "DELETE FROM record WHERE person_id = $1 AND id = $2", values![person.0, record.0])
        .await?;
    Ok(papers)
}

/// Erases what belongs to a case, the case itself aside.
async fn erase_case(db: &impl Db, person: PersonId, case: Uuid) -> Result<Vec<PaperId>> {
    let sql = "SELECT id FROM paper WHERE person_id = $1 AND case_id = $2";
    let rows = all(db, sql, values![person.0, case]).await?;
    let papers = rows
        .iter()
        .map(|row| Ok(PaperId(row.try_get::<Uuid>("", "id")?)))
        .collect::<Result<Vec<_>>>()?;
    for table in ["paper", "case_step"] {
        let sql = format!("DELETE FROM {table} WHERE person_id = $1 AND case_id = $2");
        run(db, &sql, values![person.0, case]).await?;
    }
    run(db, "DELETE FROM reminder WHERE case_id = $1", values![case]).await?;
    Ok(papers)
}

/// Adverse records that entered before each had its day, with the day of their decision, at most `limit`.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn undated(db: &impl Db, limit: u32) -> Result<Vec<(PersonId, RecordId, Date)>> {
    let sql = format!(
        "SELECT r.person_id AS person_id, r.id AS id, d.decided_on AS decided_on FROM record r \
         JOIN document d ON d.person_id = r.person_id AND d.id = r.document_id \
         WHERE r.erase_on IS NULL AND r.severity IS NOT NULL LIMIT {limit}"
    );
    let rows = all(db, &sql, Vec::new()).await?;
    rows.iter()
        .map(|row| {
            let person = PersonId(row.try_get::<Uuid>("", "person_id")?);
            let decided_on = date(row.try_get::<NaiveDate>("", "decided_on")?)?;
            Ok((person, RecordId(row.try_get::<Uuid>("", "id")?), decided_on))
        })
        .collect()
}

/// What is left of an erased record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Whose it was.
    pub person: PersonId,
    /// The record.
    pub record: RecordId,
    /// Its fingerprint.
    pub fingerprint: [u8; 32],
    /// Keyed hash of its decision.
    pub decision: Option<[u8; 32]>,
}

/// What is left of records of these persons that may not come back.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn erased_of(db: &impl Db, persons: &[PersonId]) -> Result<Vec<Erased>> {
    let bound = persons.iter().map(|person| Value::from(person.0)).collect();
    let sql = "SELECT person_id, record_id, fingerprint, decision FROM erased WHERE person_id";
    let rows = bulk::among(db, sql, bound, "").await?;
    rows.iter()
        .map(|row| {
            let decision: Option<Vec<u8>> = row.try_get("", "decision")?;
            Ok(Erased {
                person: PersonId(row.try_get::<Uuid>("", "person_id")?),
                record: RecordId(row.try_get::<Uuid>("", "record_id")?),
                fingerprint: crate::record::hash(row, "fingerprint")?,
                decision: decision.and_then(|mark| mark.try_into().ok()),
            })
        })
        .collect()
}

/// Forgets what was left of records that could not enter any more today.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn forget(db: &impl Db, today: Date) -> Result<u64> {
    let sql = "SELECT DISTINCT person_id FROM erased WHERE forget_on <= $1";
    for row in all(db, sql, values![day(today)]).await? {
        leaves(db, PersonId(row.try_get::<Uuid>("", "person_id")?)).await?;
    }
    run(db, "DELETE FROM erased WHERE forget_on <= $1", values![day(today)]).await
}

/// Erases looks before a position, oldest first, at most `limit`, with the questions that were asked about them; their
/// leaves stay. Says how many, and gives the papers, whose files are to go too.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn erase_looks(
    db: &impl Db,
    log: &str,
    before: u64,
    limit: u32,
) -> Result<(u64, Vec<PaperId>)> {
    let sql = format!(
        "SELECT person_id, seq FROM access_entry WHERE log = $1 AND seq < $2 ORDER BY seq LIMIT {limit}"
    );
    let rows = all(db, &sql, values![log, big(before)]).await?;
    let Some(last) = rows.last() else { return Ok((0, Vec::new())) };
    let last: i64 = last.try_get("", "seq")?;
    let mut persons = rows
        .iter()
        .map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?)))
        .collect::<Result<Vec<_>>>()?;
    let mut papers = Vec::new();
    let sql = "SELECT person_id, id FROM inquiry WHERE look <= $1";
    for row in all(db, sql, values![last]).await? {
        let person = PersonId(row.try_get::<Uuid>("", "person_id")?);
        let inquiry: Uuid = row.try_get("", "id")?;
        papers.extend(erase_case(db, person, inquiry).await?);
        let sql = "DELETE FROM outbox WHERE person_id = $1 AND about IN \
                   (SELECT id FROM notice WHERE person_id = $2 AND inquiry_id = $3)";
        run(db, sql, values![person.0, person.0, inquiry]).await?;
        let sql = "DELETE FROM notice WHERE person_id = $1 AND inquiry_id = $2";
        run(db, sql, values![person.0, inquiry]).await?;
        persons.push(person);
    }
    run(db, "DELETE FROM inquiry WHERE look <= $1", values![last]).await?;
    let sql = "SELECT person_id, id FROM notice WHERE look <= $1";
    for row in all(db, sql, values![last]).await? {
        let person = PersonId(row.try_get::<Uuid>("", "person_id")?);
        let notice: Uuid = row.try_get("", "id")?;
        let sql = "DELETE FROM outbox WHERE person_id = $1 AND about = $2";
        run(db, sql, values![person.0, notice]).await?;
        persons.push(person);
    }
    run(db, "DELETE FROM notice WHERE look <= $1", values![last]).await?;
    papers.extend(erase_supervision(db, last).await?);
    persons.sort_unstable_by_key(|person| person.0);
    persons.dedup();
    for person in persons {
        leaves(db, person).await?;
    }
    let sql = "DELETE FROM access_entry WHERE log = $1 AND seq <= $2";
    Ok((run(db, sql, values![log, last]).await?, papers))
}

/// Erases cases of supervision of which every look is gone. A case that has looks left stays whole.
async fn erase_supervision(db: &impl Db, last: i64) -> Result<Vec<PaperId>> {
    run(db, "DELETE FROM supervision_look WHERE seq <= $1", values![last]).await?;
    let sql = "SELECT id FROM supervision WHERE NOT EXISTS \
               (SELECT 1 FROM supervision_look l WHERE l.case_id = supervision.id)";
    let mut papers = Vec::new();
    for row in all(db, sql, Vec::new()).await? {
        let case: Uuid = row.try_get("", "id")?;
        // In the place of the person stands the case itself.
        papers.extend(erase_case(db, PersonId(case), case).await?);
        run(db, "DELETE FROM supervision WHERE id = $1", values![case]).await?;
    }
    Ok(papers)
}

/// Notes that something of a person is gone, so that the job looks whether anything is left.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn leaves(db: &impl Db, person: PersonId) -> Result<()> {
    let sql = "INSERT INTO leaving (person_id) VALUES ($1) ON CONFLICT DO NOTHING";
    run(db, sql, values![person.0]).await?;
    Ok(())
}

/// Takes that note away: he is gone, or stays until something more of him goes. Who had an account at work is looked at
/// again and again, until that may go too.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn stays(db: &impl Db, person: PersonId) -> Result<()> {
    let sql = "DELETE FROM leaving WHERE person_id = $1 AND NOT EXISTS \
               (SELECT 1 FROM account a WHERE a.person_id = leaving.person_id \
               AND a.role <> 'citizen' AND a.disabled_at IS NOT NULL)";
    run(db, sql, values![person.0]).await?;
    Ok(())
}

/// Persons of whom something is gone, after `after`, at most `limit`.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn leaving(db: &impl Db, after: PersonId, limit: u32) -> Result<Vec<PersonId>> {
    let sql = format!(
        "SELECT person_id FROM leaving WHERE person_id > $1 ORDER BY person_id LIMIT {limit}"
    );
    let rows = all(db, &sql, values![after.0]).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?))).collect()
}

/// Erases requests to open what was sealed that were made before `at`. Gives the papers, whose files are to
/// go too.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn erase_openings(db: &impl Db, at: Timestamp) -> Result<Vec<PaperId>> {
    let sql = "SELECT person_id, id FROM opening WHERE asked_at < $1 LIMIT 500";
    let mut papers = Vec::new();
    for row in all(db, sql, values![instant(at)]).await? {
        let person = PersonId(row.try_get::<Uuid>("", "person_id")?);
        let id: Uuid = row.try_get("", "id")?;
        papers.extend(erase_case(db, person, id).await?);
        let sql = "DELETE FROM opening WHERE person_id = $1 AND id = $2";
        run(db, sql, values![person.0, id]).await?;
        leaves(db, person).await?;
    }
    Ok(papers)
}

/// Tables that hold something of a person as long as he has anything here.
const OF_PERSON: [&str; 7] =
    ["record", "access_entry", "objection", "repair", "challenge", "inquiry", "opening"];

/// What belongs to an account and goes with it.
const OF_ACCOUNT: [&str; 7] = [
    "second_factor",
    "spare_code",
    "passkey",
    "session",
    "enrolment",
    "account_event",
    "calendar_key",
];

/// Erases a person of whom nothing is left: no record, no look, no case, no account.
///
/// An account at work that was switched off at `looks_from` or later stays, and he with it: looks that he made are in the
/// books, and they are to say who made them. Says whether he was such a one, and if so which papers'
/// files are to go too.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn erase_person(
    db: &impl Db,
    person: PersonId,
    looks_from: Timestamp,
) -> Result<Option<Vec<PaperId>>> {
    // Nobody enters anything about him between the look around and the end.
    crate::person::hold(db, person).await?;
    for table in OF_PERSON {
        let sql = format!("SELECT 1 AS one FROM {table} WHERE person_id = $1 LIMIT 1");
        if one(db, &sql, values![person.0]).await?.is_some() {
            return Ok(None);
        }
    }
    // What he himself removed keeps nobody here for ever: with him goes the consent without which it cannot return.
    let sql = "SELECT 1 AS one FROM erased WHERE person_id = $1 AND forget_on < $2 LIMIT 1";
    if one(db, sql, values![person.0, day(Date::MAX)]).await?.is_some() {
        return Ok(None);
    }
    let sql = "SELECT 1 AS one FROM account WHERE person_id = $1 \
               AND (disabled_at IS NULL OR (role <> 'citizen' AND disabled_at >= $2)) LIMIT 1";
    if one(db, sql, values![person.0, instant(looks_from)]).await?.is_some() {
        return Ok(None);
    }
    let rows = all(db, "SELECT id FROM paper WHERE person_id = $1", values![person.0]).await?;
    let papers = rows
        .iter()
        .map(|row| Ok(PaperId(row.try_get::<Uuid>("", "id")?)))
        .collect::<Result<Vec<_>>>()?;
    for table in OF_ACCOUNT {
        let sql = format!(
            "DELETE FROM {table} WHERE account_id IN (SELECT id FROM account WHERE person_id = $1)"
        );
        run(db, &sql, values![person.0]).await?;
    }
    let mut gone = 0;
    for table in [
        "person_key",
        "contact",
        "code_sent",
        "identity_subject",
        "identity_doubt",
        "consent",
        "erased",
        // A step of what was erased in the moment in which it was added.
        "record_event",
        "mandate_code",
        "mandate",
        "report_code",
        "report",
        "outbox",
        "notice",
        "death",
        "paper",
        "case_step",
        "account",
        "person",
    ] {
        let sql = format!("DELETE FROM {table} WHERE person_id = $1");
        gone += run(db, &sql, values![person.0]).await?;
    }
    Ok((gone > 0).then_some(papers))
}

/// When a record was erased by our books, of those whose hash stays; for tests and audits.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn erased_at(
    db: &impl Db,
    person: PersonId,
    record: RecordId,
) -> Result<Option<Timestamp>> {
    let sql = "SELECT erased_at FROM erased WHERE person_id = $1 AND record_id = $2";
    let Some(row) = one(db, sql, values![person.0, record.0]).await? else { return Ok(None) };
    Ok(Some(timestamp(row.try_get::<DateTime<Utc>>("", "erased_at")?)?))
}
