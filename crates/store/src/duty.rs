//! Reminders of duties 提醒, and calendar addresses 日历订阅.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use register::duty::{Days, Duty, Kind, Stage};
use register::{AccountId, PersonId, Uscc};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{date, day, instant, timestamp, uscc, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// One reminder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Of what.
    pub kind: Kind,
    /// Number of the case; empty for a correction.
    pub number: String,
    /// Who was reminded.
    pub agency: Uscc,
    /// How far it had come.
    pub stage: Stage,
    /// The day that it was about.
    pub due: Date,
    /// When.
    pub at: Timestamp,
}

/// Keeps a reminder; `false` if this stage was reminded of before.
///
/// # Errors
/// [`StoreError`].
pub async fn remind(db: &impl Db, duty: &Duty, stage: Stage, at: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO reminder (case_id, due, stage, kind, number, agency, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let values = values![
        duty.case,
        day(duty.due),
        stage.code(),
        duty.kind.code(),
        duty.number.as_str(),
        duty.agency.as_str(),
        instant(at),
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// A case that is open with its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// Whose.
    pub person: PersonId,
    /// The case.
    pub case: Uuid,
    /// Its days.
    pub days: Days,
}

/// Table, when it began, the earlier day, who has to act, when it ended, what else must hold.
const DATED: [(Kind, &str, &str, &str, &str, &str, &str); 6] = [
    (Kind::Objection, "objection", "received_at", "answer_due", "agency", "closed_at", ""),
    (
        Kind::Repair,
        "repair",
        "received_at",
        "accept_due",
        "agency",
        "closed_at",
        "AND state <> 'hearing'",
    ),
    // Its day runs from the result, which is told later than it began.
    (
        Kind::Challenge,
        "challenge",
        "(SELECT at FROM case_step WHERE case_step.person_id = challenge.person_id \
         AND case_id = challenge.id AND kind LIKE 'reported-%' ORDER BY at DESC LIMIT 1)",
        "",
        "agency",
        "closed_at",
        "AND state = 'reported'",
    ),
    (Kind::Inquiry, "inquiry", "asked_at", "", "agency", "closed_at", ""),
    (Kind::Correction, "correction", "sent_at", "", "receiver", "acknowledged_at", ""),
    (
        Kind::Supervision,
        "supervision",
        "asked_at",
        "",
        "agency",
        "answered_at",
        "AND state = 'asked'",
    ),
];

/// In which column it stands whose case it is: one of supervision is nobody's but its own.
const fn whose(kind: Kind) -> &'static str {
    match kind {
        Kind::Supervision => "id",
        Kind::Objection | Kind::Repair | Kind::Challenge | Kind::Inquiry | Kind::Correction => {
            "person_id"
        }
    }
}

/// Cases that are open and end after `after`, because what is behind moves no more.
///
/// # Errors
/// [`StoreError`].
pub async fn open(db: &impl Db, after: Date) -> Result<Vec<Open>> {
    let mut found = Vec::new();
    for (kind, table, since, first, agency, closed, also) in DATED {
        let has_first = !first.is_empty();
        let first = if has_first { first } else { "due" };
        let extended = if has_first { "is_extended" } else { "due IS NULL" };
        let whose = whose(kind);
        let sql = format!(
            "SELECT {whose} AS person_id, id, {since} AS since, {first} AS first, due, {agency} AS agency, \
             {extended} AS is_extended FROM {table} WHERE {closed} IS NULL AND due >= $1 {also}"
        );
        for row in all(db, &sql, values![day(after)]).await? {
            let earlier = date(row.try_get::<NaiveDate>("", "first")?)?;
            let days = Days {
                kind,
                agency: uscc("duty", &row.try_get::<String>("", "agency")?)?,
                since: timestamp(row.try_get::<DateTime<Utc>>("", "since")?)?,
                is_extended: row.try_get("", "is_extended")?,
                first: has_first.then_some(earlier),
                last: date(row.try_get::<NaiveDate>("", "due")?)?,
            };
            let person = PersonId(row.try_get::<Uuid>("", "person_id")?);
            found.push(Open { person, case: row.try_get("", "id")?, days });
        }
    }
    Ok(found)
}

/// Moves the days of a case that is still open, if they are what they were.
///
/// # Errors
/// [`StoreError`].
pub async fn move_days(db: &impl Db, was: &Open, now: &Days) -> Result<bool> {
    let Some((_, table, _, first, _, closed, _)) =
        DATED.into_iter().find(|(kind, ..)| *kind == was.days.kind)
    else {
        return Ok(false);
    };
    let mut bound = values![day(now.last)];
    let mut set = "due = $1".to_owned();
    if let Some(earlier) = now.first {
        set = format!("due = $1, {first} = $2");
        bound.extend(values![day(earlier)]);
    }
    let n = bound.len();
    let sql = format!(
        "UPDATE {table} SET {set} WHERE {} = ${} AND id = ${} AND due = ${} \
         AND {closed} IS NULL",
        whose(was.days.kind),
        n + 1,
        n + 2,
        n + 3
    );
    bound.extend(values![was.person.0, was.case, day(was.days.last)]);
    Ok(run(db, &sql, bound).await? == 1)
}

const COLUMNS: &str = "SELECT kind, number, agency, stage, due, at FROM reminder";

/// What a body was reminded of, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn reminders_of_agency(db: &impl Db, agency: &str, limit: u32) -> Result<Vec<Reminder>> {
    let sql = format!("{COLUMNS} WHERE agency = $1 ORDER BY at DESC, case_id LIMIT {limit}");
    all(db, &sql, values![agency]).await?.iter().map(reminder).collect()
}

/// What any body was reminded of, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn reminders(db: &impl Db, limit: u32) -> Result<Vec<Reminder>> {
    let sql = format!("{COLUMNS} ORDER BY at DESC, case_id LIMIT {limit}");
    all(db, &sql, Vec::new()).await?.iter().map(reminder).collect()
}

fn reminder(row: &QueryResult) -> Result<Reminder> {
    let text = |column: &str| row.try_get::<String>("", column);
    let bad = |what| StoreError::BadRow { table: "reminder", what };
    Ok(Reminder {
        kind: Kind::from_code(&text("kind")?).ok_or(bad("kind"))?,
        number: text("number")?,
        agency: uscc("reminder", &text("agency")?)?,
        stage: Stage::from_code(&text("stage")?).ok_or(bad("stage"))?,
        due: date(row.try_get::<NaiveDate>("", "due")?)?,
        at: timestamp(row.try_get::<DateTime<Utc>>("", "at")?)?,
    })
}

/// Gives an account a calendar address, in place of any before.
///
/// # Errors
/// [`StoreError`].
pub async fn set_calendar(
    db: &impl Db,
    account: AccountId,
    token_hash: &[u8; 32],
    at: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO calendar_key (account_id, token_hash, made_at) VALUES ($1, $2, $3) \
               ON CONFLICT (account_id) DO UPDATE \
               SET token_hash = excluded.token_hash, made_at = excluded.made_at";
    run(db, sql, values![account.0, token_hash.to_vec(), instant(at)]).await?;
    Ok(())
}

/// Takes the calendar address away; `false` if there was none.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_calendar(db: &impl Db, account: AccountId) -> Result<bool> {
    let sql = "DELETE FROM calendar_key WHERE account_id = $1";
    Ok(run(db, sql, values![account.0]).await? == 1)
}

/// Since when an account has a calendar address.
///
/// # Errors
/// [`StoreError`].
pub async fn calendar_since(db: &impl Db, account: AccountId) -> Result<Option<Timestamp>> {
    let sql = "SELECT made_at FROM calendar_key WHERE account_id = $1";
    let row = one(db, sql, values![account.0]).await?;
    row.map(|row| timestamp(row.try_get::<DateTime<Utc>>("", "made_at")?)).transpose()
}

/// Whose calendar address that is.
///
/// # Errors
/// [`StoreError`].
pub async fn of_calendar(db: &impl Db, token_hash: &[u8; 32]) -> Result<Option<AccountId>> {
    let sql = "SELECT account_id FROM calendar_key WHERE token_hash = $1";
    let row = one(db, sql, values![token_hash.to_vec()]).await?;
    row.map(|row| Ok(AccountId(row.try_get::<Uuid>("", "account_id")?))).transpose()
}
