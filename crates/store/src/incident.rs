//! Incidents 信息安全事件, with what was said, whom they concern, and what is to be done.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use register::incident::{Incident, Kind, People, State};
use register::{AccountId, BatchId, IncidentId, PersonId};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::access_entry::{ENTRY, Entry};
use crate::convert::{big, count, date, day, instant, timestamp, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::{Result, StoreError};

/// An incident with what was said when it was reported, and what people are told, both sealed.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The incident.
    pub incident: Incident,
    /// What was said when it was reported.
    pub detail: Vec<u8>,
    /// What authority and people are told; `None` until it is written.
    pub announcement: Option<Vec<u8>>,
}

/// Enters an incident.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, incident: &Incident, detail: &[u8]) -> Result<()> {
    let sql = "INSERT INTO incident (id, number, kind, state, is_drill, detail, reported_at, \
               reported_by, notice_due, people) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = values![
        incident.id.0,
        incident.number.as_str(),
        incident.kind.code(),
        incident.state.code(),
        incident.is_drill,
        detail.to_vec(),
        instant(incident.reported_at),
        incident.reported_by.map(|by| by.0),
        instant(incident.notice_due),
        incident.people.code(),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Keeps a move from `was`; `false` if somebody else was quicker.
///
/// # Errors
/// [`StoreError`].
pub async fn advance(db: &impl Db, was: &Incident, now: &Incident) -> Result<bool> {
    let sql = "UPDATE incident SET state = $1, people = $2, people_by = $3, people_at = $4, \
               authority_at = $5, moved_by = $6, closed_at = $7 \
               WHERE id = $8 AND state = $9 AND people = $10 AND closed_at IS NULL";
    let values = values![
        now.state.code(),
        now.people.code(),
        now.people_by.map(|(by, _)| by.0),
        now.people_by.map(|(_, at)| instant(at)),
        now.authority_at.map(instant),
        now.moved_by.map(|by| by.0),
        now.closed_at.map(instant),
        was.id.0,
        was.state.code(),
        was.people.code(),
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Keeps what authority and people are told; `false` once either is.
///
/// # Errors
/// [`StoreError`].
pub async fn announce(db: &impl Db, id: IncidentId, announcement: &[u8]) -> Result<bool> {
    let sql = "UPDATE incident SET announcement = $1 \
               WHERE id = $2 AND people <> $3 AND authority_at IS NULL AND closed_at IS NULL";
    let values = values![announcement.to_vec(), id.0, People::Told.code()];
    Ok(run(db, sql, values).await? == 1)
}

/// Keeps what was announced with what stood when the authority was told; `false` if it was told before.
///
/// # Errors
/// [`StoreError`].
pub async fn announce_as_sent(db: &impl Db, id: IncidentId, announcement: &[u8]) -> Result<bool> {
    let sql = "UPDATE incident SET announcement = $1 \
               WHERE id = $2 AND authority_at IS NULL AND closed_at IS NULL";
    Ok(run(db, sql, values![announcement.to_vec(), id.0]).await? == 1)
}

/// Takes it upon itself to tell the people until that moment; `false` while another does.
///
/// # Errors
/// [`StoreError`].
pub async fn begin_telling(
    db: &impl Db,
    id: IncidentId,
    by: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE incident SET telling_by = $1, telling_until = $2 \
               WHERE id = $3 AND (telling_by IS NULL OR telling_by = $4 OR telling_until < $5)";
    let values = values![by, instant(until), id.0, by, instant(now)];
    Ok(run(db, sql, values).await? == 1)
}

/// Leaves it to others again.
///
/// # Errors
/// [`StoreError`].
pub async fn end_telling(db: &impl Db, id: IncidentId, by: Uuid) -> Result<()> {
    let sql = "UPDATE incident SET telling_by = NULL, telling_until = NULL \
               WHERE id = $1 AND telling_by = $2";
    run(db, sql, values![id.0, by]).await?;
    Ok(())
}

const COLUMNS: &str = "SELECT id, number, kind, state, is_drill, detail, announcement, reported_at, \
                       reported_by, notice_due, people, people_by, people_at, authority_at, \
                       moved_by, closed_at FROM incident";

/// One incident.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(db: &impl Db, id: IncidentId) -> Result<Option<Stored>> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    one(db, &sql, values![id.0]).await?.as_ref().map(stored).transpose()
}

/// One incident, held: until this transaction ends nobody else moves it.
///
/// # Errors
/// [`StoreError`].
pub async fn held(db: &impl Db, id: IncidentId) -> Result<Option<Stored>> {
    // The embedded engine lets one transaction write at a time.
    let lock = if is_postgres(db) { " FOR UPDATE" } else { "" };
    let sql = format!("{COLUMNS} WHERE id = $1{lock}");
    one(db, &sql, values![id.0]).await?.as_ref().map(stored).transpose()
}

/// Incidents, those that are open first, then the newest, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn list(db: &impl Db, limit: u32) -> Result<Vec<Incident>> {
    let sql = format!(
        "{COLUMNS} ORDER BY CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END, reported_at DESC \
         LIMIT {limit}"
    );
    let rows = all(db, &sql, Vec::new()).await?;
    rows.iter().map(|row| stored(row).map(|stored| stored.incident)).collect()
}

/// Incidents whose people are being told: real ones that are not closed.
///
/// # Errors
/// [`StoreError`].
pub async fn telling(db: &impl Db) -> Result<Vec<Incident>> {
    let sql = format!(
        "{COLUMNS} WHERE people = $1 AND is_drill = FALSE AND closed_at IS NULL \
         ORDER BY reported_at LIMIT 100"
    );
    let rows = all(db, &sql, values![People::Told.code()]).await?;
    rows.iter().map(|row| stored(row).map(|stored| stored.incident)).collect()
}

/// How many real incidents are open; drills never count.
///
/// # Errors
/// [`StoreError`].
pub async fn count_open(db: &impl Db) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS n FROM incident WHERE is_drill = FALSE AND closed_at IS NULL";
    let row = one(db, sql, Vec::new()).await?;
    count("incident", row.map_or(Ok(0), |row| row.try_get("", "n"))?)
}

/// Erases incidents that were closed before `at`, with everything that belongs to them and what people were told of
/// them, at most 100; says how many.
///
/// # Errors
/// [`StoreError`].
pub async fn erase(db: &impl Db, at: Timestamp) -> Result<u64> {
    let sql = "SELECT id FROM incident WHERE closed_at < $1 LIMIT 100";
    let mut done = 0;
    for row in all(db, sql, values![instant(at)]).await? {
        let id: Uuid = row.try_get("", "id")?;
        let sql =
            "DELETE FROM outbox WHERE about IN (SELECT id FROM notice WHERE incident_id = $1)";
        run(db, sql, values![id]).await?;
        for table in ["notice", "incident_step", "incident_search", "incident_task"] {
            run(db, &format!("DELETE FROM {table} WHERE incident_id = $1"), values![id]).await?;
        }
        done += run(db, "DELETE FROM incident WHERE id = $1", values![id]).await?;
    }
    Ok(done)
}

fn stored(row: &QueryResult) -> Result<Stored> {
    let bad = |what| StoreError::BadRow { table: "incident", what };
    let text = |column: &str| row.try_get::<String>("", column);
    let at = |column: &str| -> Result<Option<Timestamp>> {
        row.try_get::<Option<DateTime<Utc>>>("", column)?.map(timestamp).transpose()
    };
    let account = |column: &str| row.try_get::<Option<Uuid>>("", column);
    let people_by = account("people_by")?.map(AccountId).zip(at("people_at")?);
    let incident = Incident {
        id: IncidentId(row.try_get::<Uuid>("", "id")?),
        number: text("number")?,
        kind: Kind::from_code(&text("kind")?).ok_or(bad("kind"))?,
        state: State::from_code(&text("state")?).ok_or(bad("state"))?,
        is_drill: row.try_get("", "is_drill")?,
        reported_at: at("reported_at")?.ok_or(bad("reported_at"))?,
        reported_by: account("reported_by")?.map(AccountId),
        notice_due: at("notice_due")?.ok_or(bad("notice_due"))?,
        people: People::from_code(&text("people")?).ok_or(bad("people"))?,
        people_by,
        authority_at: at("authority_at")?,
        moved_by: account("moved_by")?.map(AccountId),
        closed_at: at("closed_at")?,
    };
    let detail = row.try_get("", "detail")?;
    Ok(Stored { incident, detail, announcement: row.try_get("", "announcement")? })
}

/// One step with its words sealed.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its identifier; later steps have greater ones.
    pub id: Uuid,
    /// What was done, by code.
    pub kind: String,
    /// By which account; `None` if nobody was signed in.
    pub account: Option<AccountId>,
    /// When.
    pub at: Timestamp,
    /// What was said, sealed.
    pub words: Option<Vec<u8>>,
}

/// Adds a step.
///
/// # Errors
/// [`StoreError`].
pub async fn add_step(db: &impl Db, incident: IncidentId, step: &Step) -> Result<()> {
    let sql = "INSERT INTO incident_step (incident_id, id, kind, account_id, at, words) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = values![
        incident.0,
        step.id,
        step.kind.as_str(),
        step.account.map(|account| account.0),
        instant(step.at),
        step.words.clone(),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// The steps of an incident, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn steps(db: &impl Db, incident: IncidentId) -> Result<Vec<Step>> {
    let sql = "SELECT id, kind, account_id, at, words FROM incident_step \
               WHERE incident_id = $1 ORDER BY id";
    let rows = all(db, sql, values![incident.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(Step {
                id: row.try_get("", "id")?,
                kind: row.try_get("", "kind")?,
                account: row.try_get::<Option<Uuid>>("", "account_id")?.map(AccountId),
                at: timestamp(row.try_get::<DateTime<Utc>>("", "at")?)?,
                words: row.try_get("", "words")?,
            })
        })
        .collect()
}

/// One search of the log for those affected.
#[derive(Clone, Debug)]
pub struct Search {
    /// Its identifier.
    pub id: Uuid,
    /// Who searched.
    pub account: AccountId,
    /// When.
    pub at: Timestamp,
    /// What for, sealed.
    pub criteria: Vec<u8>,
    /// Who was found, sealed.
    pub persons: Vec<u8>,
    /// How many.
    pub affected: u64,
}

/// Adds a search.
///
/// # Errors
/// [`StoreError`].
pub async fn add_search(db: &impl Db, incident: IncidentId, search: &Search) -> Result<()> {
    let sql = "INSERT INTO incident_search (incident_id, id, account_id, at, criteria, persons, \
               affected) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = values![
        incident.0,
        search.id,
        search.account.0,
        instant(search.at),
        search.criteria.clone(),
        search.persons.clone(),
        big(search.affected),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// The searches of an incident, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn searches(db: &impl Db, incident: IncidentId) -> Result<Vec<Search>> {
    let sql = "SELECT id, account_id, at, criteria, persons, affected FROM incident_search \
               WHERE incident_id = $1 ORDER BY id";
    let rows = all(db, sql, values![incident.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(Search {
                id: row.try_get("", "id")?,
                account: AccountId(row.try_get::<Uuid>("", "account_id")?),
                at: timestamp(row.try_get::<DateTime<Utc>>("", "at")?)?,
                criteria: row.try_get("", "criteria")?,
                persons: row.try_get("", "persons")?,
                affected: count("incident_search", row.try_get("", "affected")?)?,
            })
        })
        .collect()
}

/// Which looks of the log are meant; what is not set does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looks<'a> {
    /// Who looked.
    pub account: Option<AccountId>,
    /// For which body.
    pub agency: Option<&'a str>,
    /// Whether looks for no body are of that one too: the office's own name none.
    pub or_none: bool,
    /// For which purpose.
    pub purpose: Option<&'a str>,
    /// From that moment on.
    pub from: Option<Timestamp>,
    /// Before that moment.
    pub to: Option<Timestamp>,
    /// Before that position.
    pub before: Option<u64>,
}

/// Answered looks from position `after` on, in order, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn looks(
    db: &impl Db,
    log: &str,
    of: &Looks<'_>,
    after: u64,
    limit: u32,
) -> Result<Vec<Entry>> {
    let mut sql = format!("{ENTRY} WHERE log = $1 AND outcome = 'answered' AND seq >= $2");
    let mut bound = values![log, big(after)];
    if let Some(agency) = of.agency {
        bound.push(Value::from(agency));
        let or_none = if of.or_none { " OR agency IS NULL" } else { "" };
        sql.push_str(&format!(" AND (agency = ${}{or_none})", bound.len()));
    }
    let conditions: [(&str, Option<Value>); 5] = [
        ("seq <", of.before.map(|before| big(before).into())),
        ("account_id =", of.account.map(|account| account.0.into())),
        ("purpose =", of.purpose.map(Value::from)),
        ("at >=", of.from.map(|from| instant(from).into())),
        ("at <", of.to.map(|to| instant(to).into())),
    ];
    for (condition, value) in conditions {
        let Some(value) = value else { continue };
        bound.push(value);
        sql.push_str(&format!(" AND {condition} ${}", bound.len()));
    }
    sql.push_str(&format!(" ORDER BY seq LIMIT {limit}"));
    all(db, &sql, bound).await?.iter().map(crate::access_entry::entry).collect()
}

/// Persons after that one, in the order of their identifiers, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn persons_after(db: &impl Db, after: PersonId, limit: u32) -> Result<Vec<PersonId>> {
    let sql = format!(
        "SELECT person_id FROM person WHERE person_id > $1 ORDER BY person_id LIMIT {limit}"
    );
    let rows = all(db, &sql, values![after.0]).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?))).collect()
}

/// Which records are meant; what is not set does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Records<'a> {
    /// Of which item.
    pub item: Option<&'a str>,
    /// From which body.
    pub source: Option<&'a str>,
    /// From which batch.
    pub batch: Option<BatchId>,
    /// Entered from that moment on.
    pub from: Option<Timestamp>,
    /// Entered before that moment.
    pub to: Option<Timestamp>,
}

/// Whose such records are, after that person, in the order of their identifiers, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn persons_of_records(
    db: &impl Db,
    of: &Records<'_>,
    after: PersonId,
    limit: u32,
) -> Result<Vec<PersonId>> {
    let mut sql = "SELECT DISTINCT person_id FROM record WHERE person_id > $1".to_owned();
    let mut bound = values![after.0];
    let conditions: [(&str, Option<Value>); 5] = [
        ("item =", of.item.map(Value::from)),
        ("source =", of.source.map(Value::from)),
        ("batch_id =", of.batch.map(|batch| batch.0.into())),
        ("recorded_at >=", of.from.map(|from| instant(from).into())),
        ("recorded_at <", of.to.map(|to| instant(to).into())),
    ];
    for (condition, value) in conditions {
        let Some(value) = value else { continue };
        bound.push(value);
        sql.push_str(&format!(" AND {condition} ${}", bound.len()));
    }
    sql.push_str(&format!(" ORDER BY person_id LIMIT {limit}"));
    let rows = all(db, &sql, bound).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?))).collect()
}

/// Something that somebody does about an incident by a day.
#[derive(Clone, Debug)]
pub struct Task {
    /// Of which incident.
    pub incident: IncidentId,
    /// Its identifier.
    pub id: Uuid,
    /// What, sealed.
    pub what: Vec<u8>,
    /// Who has to.
    pub owner: AccountId,
    /// Whether it is for those who keep the machine running.
    pub is_technical: bool,
    /// Whether its incident is a drill; that stands with the incident.
    pub is_drill: bool,
    /// By when.
    pub due: Date,
    /// Who asked for it.
    pub set_by: AccountId,
    /// When.
    pub set_at: Timestamp,
    /// Who did it, and when.
    pub done: Option<(AccountId, Timestamp)>,
}

/// Adds a task.
///
/// # Errors
/// [`StoreError`].
pub async fn add_task(db: &impl Db, task: &Task) -> Result<()> {
    let sql = "INSERT INTO incident_task (incident_id, id, what, owner, is_technical, due, set_by, \
               set_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = values![
        task.incident.0,
        task.id,
        task.what.clone(),
        task.owner.0,
        task.is_technical,
        day(task.due),
        task.set_by.0,
        instant(task.set_at),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Notes that a task is done; `false` if it was, or there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn finish_task(
    db: &impl Db,
    (incident, id): (IncidentId, Uuid),
    by: AccountId,
    at: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE incident_task SET done_by = $1, done_at = $2 \
               WHERE incident_id = $3 AND id = $4 AND done_at IS NULL";
    Ok(run(db, sql, values![by.0, instant(at), incident.0, id]).await? == 1)
}

const TASK: &str = "SELECT t.incident_id AS incident_id, t.id AS id, t.what AS what, t.owner AS owner, \
                    t.is_technical AS is_technical, i.is_drill AS is_drill, t.due AS due, \
                    t.set_by AS set_by, t.set_at AS set_at, t.done_by AS done_by, \
                    t.done_at AS done_at FROM incident_task t JOIN incident i ON i.id = t.incident_id";

/// The tasks of an incident, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn tasks(db: &impl Db, incident: IncidentId) -> Result<Vec<Task>> {
    let sql = format!("{TASK} WHERE t.incident_id = $1 ORDER BY t.due, t.id");
    all(db, &sql, values![incident.0]).await?.iter().map(task).collect()
}

/// Technical tasks that are not done yet, soonest due first, at most 200.
///
/// # Errors
/// [`StoreError`].
pub async fn technical_tasks(db: &impl Db) -> Result<Vec<Task>> {
    let sql = format!(
        "{TASK} WHERE t.is_technical = TRUE AND t.done_at IS NULL ORDER BY t.due, t.id LIMIT 200"
    );
    all(db, &sql, Vec::new()).await?.iter().map(task).collect()
}

fn task(row: &QueryResult) -> Result<Task> {
    let done_by = row.try_get::<Option<Uuid>>("", "done_by")?.map(AccountId);
    let done_at = row.try_get::<Option<DateTime<Utc>>>("", "done_at")?;
    Ok(Task {
        incident: IncidentId(row.try_get::<Uuid>("", "incident_id")?),
        id: row.try_get("", "id")?,
        what: row.try_get("", "what")?,
        owner: AccountId(row.try_get::<Uuid>("", "owner")?),
        is_technical: row.try_get("", "is_technical")?,
        is_drill: row.try_get("", "is_drill")?,
        due: date(row.try_get::<NaiveDate>("", "due")?)?,
        set_by: AccountId(row.try_get::<Uuid>("", "set_by")?),
        set_at: timestamp(row.try_get::<DateTime<Utc>>("", "set_at")?)?,
        done: done_by.zip(done_at.map(timestamp).transpose()?),
    })
}
