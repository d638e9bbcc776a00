//! 查找受影响的人: from the log of looks, not from memory. The list is sealed in the case; what is shown is a number.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, tz};
use register::incident::SHORT;
use register::{IncidentId, PersonId, RecordId};
use serde::{Deserialize, Serialize};
use store::access_entry::Entry;
use store::incident::Looks;
use uuid::Uuid;
use vault::Place;

use super::{found, may_handle, misplaced, opened, sealed, step};
use crate::access_log::{self, Door, Look, detail_of};
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};

/// Looks read at once.
const PAGE: u32 = 2_000;

/// Which looks are meant, as it was typed; what is empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criteria {
    /// Login of who looked.
    pub login: String,
    /// Code of the body for which it was looked.
    pub agency: String,
    /// The purpose, by code.
    pub purpose: String,
    /// From that day on.
    pub from: String,
    /// Up to that day, itself included.
    pub to: String,
    /// From that position of the log on.
    pub first: String,
    /// Up to that position, itself included.
    pub last: String,
}

impl Criteria {
    fn is_empty(&self) -> bool {
        [&self.login, &self.agency, &self.purpose, &self.from, &self.to, &self.first, &self.last]
            .iter()
            .all(|one| one.trim().is_empty())
    }

    fn trimmed(&self) -> Self {
        let trimmed = |text: &str| text.trim().to_owned();
        Self {
            login: trimmed(&self.login),
            agency: trimmed(&self.agency),
            purpose: trimmed(&self.purpose),
            from: trimmed(&self.from),
            to: trimmed(&self.to),
            first: trimmed(&self.first),
            last: trimmed(&self.last),
        }
    }
}

/// Doors through which nothing of anybody goes out where no record does.
const EMPTY_WITHOUT_RECORDS: [Door; 2] = [Door::Check, Door::Mandate];
/// Doors through which nobody gets anything about one person: what is over is erased, a sealed copy is taken, the
/// office searches.
const OF_NOBODY: [Door; 5] =
    [Door::Erasure, Door::Backup, Door::Restore, Door::Incident, Door::Returned];

/// Searches the log for those whose facts went out in these looks, and keeps the list sealed in the case.
///
/// Says how many they are. The search itself is logged. Whoever is told already stays told; who is found later is told too.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`], [`Error::Log`].
///
/// # Law
/// 个人信息保护法 57 — whom it concerns must be known before he can be told.
pub async fn search(cx: &Cx, actor: &Actor, id: IncidentId, criteria: &Criteria) -> Result<u64> {
    may_handle(cx, actor)?;
    let criteria = criteria.trimmed();
    let mut mistakes = Vec::new();
    let window = read(cx, &criteria, &mut mistakes).await?;
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let stored = store::incident::by_id(cx.store.read(), id).await?.ok_or(Error::NotFound)?;
    expect_work(&stored.incident)?;
    let mut look = Look::by(actor, Door::Incident, PersonId(Uuid::nil()));
    look.matter = matter(&stored.incident);
    access_log::before(cx, look, ()).await?;

    let found_persons = persons(cx, &criteria, &window).await?;
    let affected = u64::try_from(found_persons.len()).unwrap_or(u64::MAX);
    let search = cx.new_id();
    let list: Vec<String> = found_persons.iter().map(ToString::to_string).collect();
    let kept = store::incident::Search {
        id: search,
        account: actor.account,
        at: cx.now(),
        criteria: sealed(cx, criteria_place(&search), &criteria)?,
        persons: sealed(cx, persons_place(&search), &list)?,
        affected,
    };
    let tx = cx.store.begin().await?;
    expect_work(&found(&tx, id).await?.incident)?;
    store::incident::add_search(&tx, id, &kept).await?;
    step(cx, &tx, id, "searched", Some(actor.account), "").await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(affected)
}

fn expect_work(incident: &register::incident::Incident) -> Result<()> {
    if incident.is_worked_on() { Ok(()) } else { Err(misplaced(register::incident::Misplaced)) }
}

/// What the log says of a look in the course of an incident; a drill says so wherever it shows.
pub(super) fn matter(incident: &register::incident::Incident) -> String {
    let drill = if incident.is_drill { "（演练）" } else { "" };
    format!("{}{drill}", incident.number)
}

pub(super) fn criteria_place(search: &Uuid) -> Place<'_> {
    Place { table: "incident_search", column: "criteria", row: search.as_bytes() }
}

fn persons_place(search: &Uuid) -> Place<'_> {
    Place { table: "incident_search", column: "persons", row: search.as_bytes() }
}

/// Everybody whom a search of this incident has found, each once.
pub(super) async fn everybody(cx: &Cx, id: IncidentId) -> Result<BTreeSet<PersonId>> {
    let mut all = BTreeSet::new();
    for search in store::incident::searches(cx.store.read(), id).await? {
        let list: Vec<String> = opened(cx, persons_place(&search.id), &search.persons)?;
        all.extend(list.iter().filter_map(|person| person.parse::<PersonId>().ok()));
    }
    Ok(all)
}

/// Which looks are meant, as the store takes it.
#[derive(Default)]
struct Window {
    account: Option<register::AccountId>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    first: u64,
    before: Option<u64>,
}

async fn read(cx: &Cx, criteria: &Criteria, mistakes: &mut Vec<Mistake>) -> Result<Window> {
    let mut window = Window::default();
    if criteria.is_empty() {
        let says = "请至少填写一项：谁查的、哪个单位、什么用途、哪几天，或者存证位置。";
        mistakes.push(mistake("login", "criteria-missing", says));
        return Ok(window);
    }
    if !criteria.login.is_empty() {
        let known = criteria.login.chars().count() <= SHORT;
        let account = if known {
            store::account::by_login(cx.store.read(), &criteria.login).await?
        } else {
            None
        };
        match account {
            Some(account) => window.account = Some(account.account.id),
            None => mistakes.push(mistake("login", "login-unknown", "没有这个账号名。")),
        }
    }
    if !criteria.agency.is_empty() && cx.rules.agency(&criteria.agency).is_none() {
        mistakes.push(mistake("agency", "agency-unknown", "请选择规则库里的单位。"));
    }
    if !criteria.purpose.is_empty() && cx.rules.purpose(&criteria.purpose).is_none() {
        mistakes.push(mistake("purpose", "purpose-unknown", "请选择规则库里的用途。"));
    }
    let from = day("from", &criteria.from, mistakes);
    let to = day("to", &criteria.to, mistakes);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        mistakes.push(mistake("to", "until-before", "结束的日期不能早于开始的日期。"));
    }
    window.from = from.and_then(begins);
    window.to = to.and_then(|day| day.tomorrow().ok()).and_then(begins);
    window.first = position("first", &criteria.first, mistakes).unwrap_or(0);
    window.before = position("last", &criteria.last, mistakes).map(|last| last.saturating_add(1));
    if window.before.is_some_and(|before| before <= window.first) {
        mistakes.push(mistake("last", "last-before", "结束的位置不能早于开始的位置。"));
    }
    Ok(window)
}

fn day(field: &'static str, typed: &str, mistakes: &mut Vec<Mistake>) -> Option<Date> {
    if typed.is_empty() {
        return None;
    }
    let day = intake::read_day(typed);
    if day.is_none() {
        mistakes.push(mistake(field, "date-unreadable", "请按 2026-11-24 这样填写日期。"));
    }
    day
}

/// The first moment of a day in China.
fn begins(day: Date) -> Option<Timestamp> {
    let zoned = day.at(0, 0, 0, 0).to_zoned(tz::TimeZone::fixed(tz::offset(8))).ok()?;
    Some(zoned.timestamp())
}

fn position(field: &'static str, typed: &str, mistakes: &mut Vec<Mistake>) -> Option<u64> {
    if typed.is_empty() {
        return None;
    }
    let plain = typed.replace([',', '，', ' '], "");
    let position = plain.parse().ok();
    if position.is_none() {
        mistakes.push(mistake(field, "position-unreadable", "存证位置是一个数，例如 1024。"));
    }
    position
}

/// Whose facts went out in these looks.
async fn persons(cx: &Cx, criteria: &Criteria, window: &Window) -> Result<BTreeSet<PersonId>> {
    let of = Looks {
        account: window.account,
        agency: some(&criteria.agency),
        purpose: some(&criteria.purpose),
        from: window.from,
        to: window.to,
        before: window.before,
    };
    let (db, log) = (cx.store.read(), cx.log.name());
    let mut found = BTreeSet::new();
    let mut after = window.first;
    loop {
        let page = store::incident::looks(db, log, &of, after, PAGE).await?;
        let Some(last) = page.last().map(|entry| entry.seq) else { break };
        let is_last = page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
        for entry in page {
            if went_out(cx, &entry)? {
                found.insert(entry.person);
            }
        }
        if is_last {
            break;
        }
        after = last + 1;
    }
    // Whoever was asked for and is unknown here, or is gone since, cannot be told.
    let found: Vec<PersonId> = found.into_iter().collect();
    Ok(store::person::existing(db, &found).await?.into_iter().collect())
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// Whether anything about the person of this look went out with it. A look whose sealed part no longer opens was
/// touched: then it is taken for one in which something did.
fn went_out(cx: &Cx, entry: &Entry) -> Result<bool> {
    let is_through = |doors: &[Door]| doors.iter().any(|door| door.code() == entry.door);
    if entry.person.0.is_nil() || is_through(&OF_NOBODY) {
        return Ok(false);
    }
    if !is_through(&EMPTY_WITHOUT_RECORDS) {
        return Ok(true);
    }
    match detail_of(&cx.vault, cx.log.name(), entry) {
        Ok(detail) => Ok(detail.records.iter().any(|id| id.parse::<RecordId>().is_ok())),
        Err(Error::Vault(_)) => Ok(true),
        Err(error) => Err(error),
    }
}
