//! Supervision of look-ups 查询监督: cases, the looks they are about, and what an account does on a usual day.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use register::supervision::{
    Asked, Done, Finding, Origin, Pile, Rule, State, Supervision, Telling,
};
use register::{AccountId, PersonId, SupervisionId};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk::{self, Existing};
use crate::convert::{big, count, date, day, instant, timestamp, uscc, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::{Result, StoreError};

/// Enters a case with the positions of its looks; `false` if the same was found before.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, case: &Supervision, looks: &[u64]) -> Result<bool> {
    let sql = "INSERT INTO supervision (id, number, found_by, origin, rule, agency, account_id, first_at, \
               last_at, looks, persons, found_at, state, answered_by, answered_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
               ON CONFLICT DO NOTHING";
    let values = values![
        case.id.0,
        case.number.as_str(),
        case.key.as_str(),
        case.origin.code(),
        case.rule.map(|rule| rule.code().to_owned()),
        case.agency.as_str(),
        case.account.map(|account| account.0),
        instant(case.from),
        instant(case.to),
        big(case.looks),
        big(case.persons),
        instant(case.found_at),
        case.state.code(),
        case.answered.map(|done| done.by.0),
        case.answered.map(|done| instant(done.at)),
    ];
    if run(db, sql, values).await? == 0 {
        return Ok(false);
    }
    let rows = looks.iter().map(|seq| values![case.id.0, big(*seq), false]).collect();
    bulk::insert(db, "supervision_look", &["case_id", "seq", "is_wrongful"], rows, Existing::Fail)
        .await?;
    Ok(true)
}

/// Keeps a step of a case that still stood where it was; `false` if somebody else was faster.
///
/// # Errors
/// [`StoreError`].
pub async fn save(db: &impl Db, now: &Supervision, was: State) -> Result<bool> {
    let sql = "UPDATE supervision SET state = $1, asked_by = $2, asked_at = $3, due = $4, answered_by = $5, \
               answered_at = $6, closed_by = $7, closed_at = $8, finding = $9 \
               WHERE id = $10 AND state = $11";
    let closed = now.closed;
    let values = values![
        now.state.code(),
        now.asked.map(|asked| asked.done.by.0),
        now.asked.map(|asked| instant(asked.done.at)),
        now.asked.map(|asked| day(asked.due)),
        now.answered.map(|done| done.by.0),
        now.answered.map(|done| instant(done.at)),
        closed.map(|(done, _)| done.by.0),
        closed.map(|(done, _)| instant(done.at)),
        closed.map(|(_, finding)| finding.code().to_owned()),
        now.id.0,
        was.code(),
    ];
    Ok(run(db, sql, values).await? == 1)
}

const COLUMNS: &str = "SELECT id, number, found_by, origin, rule, agency, account_id, first_at, last_at, looks, \
                       persons, found_at, state, asked_by, asked_at, due, answered_by, answered_at, closed_by, \
                       closed_at, finding FROM supervision";

/// One case.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(db: &impl Db, id: SupervisionId) -> Result<Option<Supervision>> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    one(db, &sql, values![id.0]).await?.as_ref().map(supervision).transpose()
}

/// What holds of the cases of a list, and their order.
const fn in_pile(pile: Pile) -> (&'static str, &'static str) {
    match pile {
        // What a body has admitted stands before what it has explained.
        Pile::Answered => (
            "closed_at IS NULL AND state = 'answered'",
            "CASE WHEN origin = 'inquiry' THEN 0 ELSE 1 END, found_at, id",
        ),
        Pile::Patterns => {
            ("closed_at IS NULL AND state = 'found' AND origin <> 'sample'", "found_at, id")
        }
        Pile::Samples => {
            ("closed_at IS NULL AND state = 'found' AND origin = 'sample'", "found_at, id")
        }
        Pile::Asked => ("closed_at IS NULL AND state = 'asked'", "due, id"),
        Pile::Closed => ("closed_at IS NOT NULL", "closed_at DESC, id DESC"),
    }
}

/// Cases of a list, without the first `skipped`, at most `limit`: the oldest or soonest due first, of those that are
/// closed the newest.
///
/// # Errors
/// [`StoreError`].
pub async fn pile(db: &impl Db, of: Pile, skipped: u64, limit: u32) -> Result<Vec<Supervision>> {
    let (condition, order) = in_pile(of);
    let sql =
        format!("{COLUMNS} WHERE {condition} ORDER BY {order} LIMIT {limit} OFFSET {skipped}");
    all(db, &sql, Vec::new()).await?.iter().map(supervision).collect()
}

/// How many cases stand in a list.
///
/// # Errors
/// [`StoreError`].
pub async fn size_of_pile(db: &impl Db, of: Pile) -> Result<u64> {
    let (condition, _) = in_pile(of);
    let sql = format!("SELECT COUNT(*) AS n FROM supervision WHERE {condition}");
    let row = one(db, &sql, Vec::new()).await?;
    count("supervision", row.map_or(Ok(0), |row| row.try_get("", "n"))?)
}

/// Samples about which nobody has asked yet, by their identifier, those after `after`.
///
/// # Errors
/// [`StoreError`].
pub async fn samples_after(
    db: &impl Db,
    after: SupervisionId,
    limit: u32,
) -> Result<Vec<Supervision>> {
    let (condition, _) = in_pile(Pile::Samples);
    let sql = format!("{COLUMNS} WHERE {condition} AND id > $1 ORDER BY id LIMIT {limit}");
    all(db, &sql, values![after.0]).await?.iter().map(supervision).collect()
}

/// Other cases that name some of the same looks, the oldest first, at most 20.
///
/// # Errors
/// [`StoreError`].
pub async fn beside(db: &impl Db, id: SupervisionId) -> Result<Vec<Supervision>> {
    let sql = format!(
        "{COLUMNS} WHERE id <> $1 AND id IN (SELECT o.case_id FROM supervision_look l \
         JOIN supervision_look o ON o.seq = l.seq WHERE l.case_id = $2) \
         ORDER BY found_at, id LIMIT 20"
    );
    all(db, &sql, values![id.0, id.0]).await?.iter().map(supervision).collect()
}

/// What bodies have to explain, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn asked(db: &impl Db, limit: u32) -> Result<Vec<Supervision>> {
    let sql = format!("{COLUMNS} WHERE state = $1 ORDER BY due, id LIMIT {limit}");
    all(db, &sql, values![State::Asked.code()]).await?.iter().map(supervision).collect()
}

/// What one body has to explain, soonest due first.
///
/// # Errors
/// [`StoreError`].
pub async fn asked_of_agency(db: &impl Db, agency: &str, limit: u32) -> Result<Vec<Supervision>> {
    let sql = format!("{COLUMNS} WHERE agency = $1 AND state = $2 ORDER BY due, id LIMIT {limit}");
    let values = values![agency, State::Asked.code()];
    all(db, &sql, values).await?.iter().map(supervision).collect()
}

/// Cases whose looks end, or that were found by lot, within these moments; at most 10,000.
///
/// # Errors
/// [`StoreError`].
pub async fn about(db: &impl Db, since: Timestamp, until: Timestamp) -> Result<Vec<Supervision>> {
    let sql = format!("{COLUMNS} WHERE last_at >= $1 AND last_at < $2 ORDER BY id LIMIT 10000");
    let values = values![instant(since), instant(until)];
    all(db, &sql, values).await?.iter().map(supervision).collect()
}

/// One look that a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseLook {
    /// Its position in the log.
    pub seq: u64,
    /// Whether the office found that it should not have been.
    pub is_wrongful: bool,
}

/// The looks that a case names, in the order of the log.
///
/// # Errors
/// [`StoreError`].
pub async fn looks(db: &impl Db, id: SupervisionId) -> Result<Vec<CaseLook>> {
    looks_to(db, id, "").await
}

/// The first of them, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn first_looks(db: &impl Db, id: SupervisionId, limit: u32) -> Result<Vec<CaseLook>> {
    looks_to(db, id, &format!("LIMIT {limit}")).await
}

async fn looks_to(db: &impl Db, id: SupervisionId, limit: &str) -> Result<Vec<CaseLook>> {
    let sql = format!(
        "SELECT seq, is_wrongful FROM supervision_look WHERE case_id = $1 ORDER BY seq {limit}"
    );
    let rows = all(db, &sql, values![id.0]).await?;
    rows.iter()
        .map(|row| {
            Ok(CaseLook {
                seq: count("supervision_look", row.try_get("", "seq")?)?,
                is_wrongful: row.try_get("", "is_wrongful")?,
            })
        })
        .collect()
}

/// The entries of the looks that a case names, and nothing else.
const ENTRIES: &str = "supervision_look l JOIN access_entry e ON e.log = $1 AND e.seq = l.seq \
                       WHERE l.case_id = $2";

/// Whether a case is about a look at this person.
///
/// # Errors
/// [`StoreError`].
pub async fn is_about(
    db: &impl Db,
    log: &str,
    id: SupervisionId,
    person: PersonId,
) -> Result<bool> {
    let sql = format!("SELECT l.seq AS seq FROM {ENTRIES} AND e.person_id = $3 LIMIT 1");
    Ok(one(db, &sql, values![log, id.0, person.0]).await?.is_some())
}

/// The accounts that made the looks of a case, each once.
///
/// # Errors
/// [`StoreError`].
pub async fn lookers(db: &impl Db, log: &str, id: SupervisionId) -> Result<Vec<AccountId>> {
    let sql = format!("SELECT DISTINCT e.account_id AS account_id FROM {ENTRIES}");
    let rows = all(db, &sql, values![log, id.0]).await?;
    rows.iter().map(|row| Ok(AccountId(row.try_get::<Uuid>("", "account_id")?))).collect()
}

/// Everybody at whom a look of a case was made, each once.
///
/// # Errors
/// [`StoreError`].
pub async fn persons(db: &impl Db, log: &str, id: SupervisionId) -> Result<Vec<PersonId>> {
    let sql = format!("SELECT DISTINCT e.person_id AS person_id FROM {ENTRIES}");
    let rows = all(db, &sql, values![log, id.0]).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?))).collect()
}

/// Notes that none of its looks should have been.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_all_wrongful(db: &impl Db, id: SupervisionId) -> Result<()> {
    let sql = "UPDATE supervision_look SET is_wrongful = $1 WHERE case_id = $2";
    run(db, sql, values![true, id.0]).await?;
    Ok(())
}

/// Notes which of its looks should not have been.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_wrongful(db: &impl Db, id: SupervisionId, seqs: &[u64]) -> Result<()> {
    let sql = "UPDATE supervision_look SET is_wrongful = $1 WHERE case_id = $2 AND seq = $3";
    for seq in seqs {
        run(db, sql, values![true, id.0, big(*seq)]).await?;
    }
    Ok(())
}

/// A look that should not have been, and the case that found so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrongful {
    /// Its position in the log.
    pub seq: u64,
    /// Number of the case.
    pub number: String,
    /// When the office found so.
    pub at: Timestamp,
}

/// Which of these looks should not have been.
///
/// # Errors
/// [`StoreError`].
pub async fn wrongful(db: &impl Db, seqs: &[u64]) -> Result<Vec<Wrongful>> {
    let bound: Vec<Value> = seqs.iter().map(|seq| Value::from(big(*seq))).collect();
    let sql = "SELECT l.seq AS seq, s.number AS number, s.closed_at AS closed_at FROM supervision_look l \
               JOIN supervision s ON s.id = l.case_id WHERE l.seq";
    let yes = if is_postgres(db) { "TRUE" } else { "1" };
    let tail =
        format!("AND l.is_wrongful = {yes} AND s.closed_at IS NOT NULL ORDER BY s.closed_at");
    let rows = bulk::among(db, sql, bound, &tail).await?;
    rows.iter()
        .map(|row| {
            Ok(Wrongful {
                seq: count("supervision_look", row.try_get("", "seq")?)?,
                number: row.try_get("", "number")?,
                at: timestamp(row.try_get::<DateTime<Utc>>("", "closed_at")?)?,
            })
        })
        .collect()
}

/// The looks at this person that one notice names together with the look at this position.
///
/// # Errors
/// [`StoreError`].
pub async fn told_with(db: &impl Db, log: &str, person: PersonId, seq: u64) -> Result<Vec<u64>> {
    let sql = "SELECT DISTINCT o.seq AS seq FROM supervision_look l \
               JOIN supervision_look o ON o.case_id = l.case_id \
               JOIN access_entry e ON e.log = $1 AND e.seq = o.seq \
               WHERE e.person_id = $2 AND l.seq = $3 AND l.told = 'told' AND o.told = 'told' \
               ORDER BY o.seq LIMIT 500";
    let rows = all(db, sql, values![log, person.0, big(seq)]).await?;
    rows.iter().map(|row| count("supervision_look", row.try_get("", "seq")?)).collect()
}

/// Cases in which looks were found wrongful of which nobody was told yet, at most 100.
///
/// # Errors
/// [`StoreError`].
pub async fn untold(db: &impl Db) -> Result<Vec<SupervisionId>> {
    let sql = "SELECT DISTINCT case_id FROM supervision_look \
               WHERE is_wrongful = TRUE AND told IS NULL LIMIT 100";
    let rows = all(db, sql, Vec::new()).await?;
    rows.iter().map(|row| Ok(SupervisionId(row.try_get::<Uuid>("", "case_id")?))).collect()
}

/// Whom such looks of one case were at, in the order of their identifiers, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn persons_untold(
    db: &impl Db,
    log: &str,
    id: SupervisionId,
    limit: u32,
) -> Result<Vec<PersonId>> {
    let sql = format!(
        "SELECT DISTINCT e.person_id AS person_id FROM {ENTRIES} \
         AND l.is_wrongful = TRUE AND l.told IS NULL ORDER BY e.person_id LIMIT {limit}"
    );
    let rows = all(db, &sql, values![log, id.0]).await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?))).collect()
}

/// A wrongful look in one of the cases that found it so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToTell {
    /// Its position in the log.
    pub seq: u64,
    /// The case.
    pub case: SupervisionId,
    /// What became of telling it there; `None` if nobody was told yet.
    pub told: Option<Telling>,
}

/// The looks of one case at one person of which he was not told yet, as every case has them that found them wrongful,
/// held: of two who tell at once the second sees what the first has done.
///
/// # Errors
/// [`StoreError`].
pub async fn to_tell(
    db: &impl Db,
    log: &str,
    id: SupervisionId,
    person: PersonId,
) -> Result<Vec<ToTell>> {
    // The embedded engine lets one transaction write at a time.
    let lock = if is_postgres(db) { " FOR UPDATE" } else { "" };
    let sql = format!(
        "SELECT seq, case_id, told FROM supervision_look WHERE is_wrongful = TRUE \
         AND seq IN (SELECT l.seq FROM {ENTRIES} AND e.person_id = $3 \
         AND l.is_wrongful = TRUE AND l.told IS NULL) ORDER BY seq, case_id{lock}"
    );
    let rows = all(db, &sql, values![log, id.0, person.0]).await?;
    let telling = |code: String| {
        let bad = StoreError::BadRow { table: "supervision_look", what: "told" };
        Telling::from_code(&code).ok_or(bad)
    };
    rows.iter()
        .map(|row| {
            Ok(ToTell {
                seq: count("supervision_look", row.try_get("", "seq")?)?,
                case: SupervisionId(row.try_get::<Uuid>("", "case_id")?),
                told: row.try_get::<Option<String>>("", "told")?.map(telling).transpose()?,
            })
        })
        .collect()
}

/// Notes what became of telling these looks of a case.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_told(db: &impl Db, id: SupervisionId, seqs: &[u64], told: Telling) -> Result<()> {
    let sql = "UPDATE supervision_look SET told = $1 WHERE case_id = $2 AND seq = $3";
    for seq in seqs {
        run(db, sql, values![told.code(), id.0, big(*seq)]).await?;
    }
    Ok(())
}

/// Notes that there is nobody to tell of looks of a case whose entries are gone.
///
/// # Errors
/// [`StoreError`].
pub async fn forget_untold(db: &impl Db, id: SupervisionId) -> Result<()> {
    let sql = "UPDATE supervision_look SET told = $1 \
               WHERE case_id = $2 AND is_wrongful = TRUE AND told IS NULL";
    run(db, sql, values![Telling::NotNeeded.code(), id.0]).await?;
    Ok(())
}

/// The last day up to which something was done.
///
/// # Errors
/// [`StoreError`].
pub async fn mark(db: &impl Db, name: &str) -> Result<Option<Date>> {
    let sql = "SELECT day FROM supervision_mark WHERE name = $1";
    let row = one(db, sql, values![name]).await?;
    row.map(|row| date(row.try_get::<NaiveDate>("", "day")?)).transpose()
}

/// Notes that it was done up to `to`, if the mark still stands where it was; `false` if another process was faster.
///
/// # Errors
/// [`StoreError`].
pub async fn move_mark(db: &impl Db, name: &str, was: Option<Date>, to: Date) -> Result<bool> {
    let moved = match was {
        None => {
            let sql =
                "INSERT INTO supervision_mark (name, day) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            run(db, sql, values![name, day(to)]).await?
        }
        Some(was) => {
            let sql = "UPDATE supervision_mark SET day = $1 WHERE name = $2 AND day = $3";
            run(db, sql, values![day(to), name, day(was)]).await?
        }
    };
    Ok(moved == 1)
}

/// What one account did on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountDay {
    /// The account.
    pub account: AccountId,
    /// Looks.
    pub looks: u64,
    /// Of them, those that were refused or found nobody.
    pub fruitless: u64,
}

/// Keeps what accounts did on a day; what is kept already stays.
///
/// # Errors
/// [`StoreError`].
pub async fn add_days(db: &impl Db, on: Date, days: &[AccountDay]) -> Result<()> {
    let row =
        |one: &AccountDay| values![one.account.0, day(on), big(one.looks), big(one.fruitless)];
    let columns = ["account_id", "day", "looks", "fruitless"];
    let rows = days.iter().map(row).collect();
    bulk::insert(db, "supervision_day", &columns, rows, Existing::Keep).await?;
    Ok(())
}

/// Of each account that looked in the days from `from` to before `to`: on how many days, and what in all.
///
/// # Errors
/// [`StoreError`].
pub async fn days(db: &impl Db, from: Date, to: Date) -> Result<Vec<(u64, AccountDay)>> {
    let sql = "SELECT account_id, COUNT(*) AS days, CAST(SUM(looks) AS BIGINT) AS looks, \
               CAST(SUM(fruitless) AS BIGINT) AS fruitless FROM supervision_day \
               WHERE day >= $1 AND day < $2 GROUP BY account_id";
    let rows = all(db, sql, values![day(from), day(to)]).await?;
    rows.iter()
        .map(|row| {
            let number = |column: &str| -> Result<u64> {
                count("supervision_day", row.try_get::<i64>("", column)?)
            };
            let account = AccountId(row.try_get::<Uuid>("", "account_id")?);
            let sum =
                AccountDay { account, looks: number("looks")?, fruitless: number("fruitless")? };
            Ok((number("days")?, sum))
        })
        .collect()
}

/// Forgets what accounts did before that day.
///
/// # Errors
/// [`StoreError`].
pub async fn forget_days(db: &impl Db, before: Date) -> Result<()> {
    run(db, "DELETE FROM supervision_day WHERE day < $1", values![day(before)]).await?;
    Ok(())
}

/// Accounts that were switched off within these moments.
///
/// # Errors
/// [`StoreError`].
pub async fn switched_off(
    db: &impl Db,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<AccountId>> {
    let sql = "SELECT id FROM account WHERE disabled_at >= $1 AND disabled_at < $2";
    let rows = all(db, sql, values![instant(since), instant(until)]).await?;
    rows.iter().map(|row| Ok(AccountId(row.try_get::<Uuid>("", "id")?))).collect()
}

/// By what looks are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The body that looked; nothing stands for the office.
    Agency,
    /// The purpose; nothing stands for a mandate or the office's own work.
    Purpose,
    /// What became of it.
    Outcome,
}

/// Looks that have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What they have in common, by code; empty where nothing is named.
    pub of: String,
    /// How many.
    pub looks: u64,
    /// At how many people.
    pub persons: u64,
}

/// Which looks: from that position of the log on, within these moments, through these doors.
#[derive(Clone, Copy, Debug)]
pub struct Within<'a> {
    /// The log.
    pub log: &'a str,
    /// The position.
    pub from: u64,
    /// From this moment on.
    pub since: Timestamp,
    /// Before this one.
    pub until: Timestamp,
    /// The doors, by code.
    pub doors: &'a [&'a str],
}

impl Within<'_> {
    /// What must hold of an entry, with the values that belong to it.
    pub(crate) fn condition(&self) -> (String, Vec<Value>) {
        let places: Vec<String> = (5..).take(self.doors.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "WHERE log = $1 AND seq >= $2 AND at >= $3 AND at < $4 AND door IN ({})",
            places.join(", ")
        );
        let mut bound = values![self.log, big(self.from), instant(self.since), instant(self.until)];
        bound.extend(self.doors.iter().map(|door| Value::from(*door)));
        (sql, bound)
    }
}

/// Looks counted by something, the most first.
///
/// # Errors
/// [`StoreError`].
pub async fn figures(db: &impl Db, within: Within<'_>, by: By) -> Result<Vec<Figure>> {
    let column = match by {
        By::Agency => "agency",
        By::Purpose => "purpose",
        By::Outcome => "outcome",
    };
    let (condition, bound) = within.condition();
    let sql = format!(
        "SELECT COALESCE({column}, '') AS of_it, COUNT(*) AS looks, COUNT(DISTINCT person_id) AS persons \
         FROM access_entry {condition} GROUP BY COALESCE({column}, '') ORDER BY 2 DESC, 1"
    );
    let rows = all(db, &sql, bound).await?;
    rows.iter()
        .map(|row| {
            Ok(Figure {
                of: row.try_get("", "of_it")?,
                looks: count("access_entry", row.try_get("", "looks")?)?,
                persons: count("access_entry", row.try_get("", "persons")?)?,
            })
        })
        .collect()
}

fn supervision(row: &QueryResult) -> Result<Supervision> {
    let text = |column: &str| row.try_get::<String>("", column);
    let bad = |what| StoreError::BadRow { table: "supervision", what };
    let at = |column: &str| -> Result<Timestamp> {
        timestamp(row.try_get::<DateTime<Utc>>("", column)?)
    };
    let done = |by: &str, at: &str| -> Result<Option<Done>> {
        let by: Option<Uuid> = row.try_get("", by)?;
        let at: Option<DateTime<Utc>> = row.try_get("", at)?;
        by.zip(at).map(|(by, at)| Ok(Done { by: AccountId(by), at: timestamp(at)? })).transpose()
    };
    let due: Option<NaiveDate> = row.try_get("", "due")?;
    let asked = match (done("asked_by", "asked_at")?, due) {
        (Some(done), Some(due)) => Some(Asked { done, due: date(due)? }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(bad("due")),
    };
    let finding: Option<String> = row.try_get("", "finding")?;
    let closed = match (done("closed_by", "closed_at")?, finding) {
        (Some(done), Some(code)) => Some((done, Finding::from_code(&code).ok_or(bad("finding"))?)),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(bad("finding")),
    };
    let rule: Option<String> = row.try_get("", "rule")?;
    Ok(Supervision {
        id: SupervisionId(row.try_get::<Uuid>("", "id")?),
        number: text("number")?,
        key: text("found_by")?,
        origin: Origin::from_code(&text("origin")?).ok_or(bad("origin"))?,
        rule: rule.map(|code| Rule::from_code(&code).ok_or(bad("rule"))).transpose()?,
        agency: uscc("supervision", &text("agency")?)?,
        account: row.try_get::<Option<Uuid>>("", "account_id")?.map(AccountId),
        from: at("first_at")?,
        to: at("last_at")?,
        looks: count("supervision", row.try_get("", "looks")?)?,
        persons: count("supervision", row.try_get("", "persons")?)?,
        found_at: at("found_at")?,
        state: State::from_code(&text("state")?).ok_or(bad("state"))?,
        asked,
        answered: done("answered_by", "answered_at")?,
        closed,
    })
}
