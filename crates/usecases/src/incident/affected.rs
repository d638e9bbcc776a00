//! 查找受影响的人: from the log of looks and from the register, not from memory. The list is sealed in the case; what is
//! shown is a number.

use std::collections::BTreeSet;

use register::{IncidentId, PersonId, RecordId};
use store::access_entry::Entry;
use store::incident::{Looks, Records};
use uuid::Uuid;
use vault::Place;

use super::criteria::{Criteria, Window, read};
use super::{found, may_handle, misplaced, opened, sealed, step};
use crate::access_log::{self, Door, Look, detail_of};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Looks, or persons, read at once.
const PAGE: u32 = 2_000;

/// Doors through which nothing of anybody goes out where no record does.
const EMPTY_WITHOUT_RECORDS: [Door; 2] = [Door::Check, Door::Mandate];
/// Doors through which nobody gets anything about one person: what is over is erased, a sealed copy is taken, the
/// office searches.
const OF_NOBODY: [Door; 6] =
    [Door::Erasure, Door::Backup, Door::Restore, Door::Keys, Door::Incident, Door::Returned];

/// Doors through which a person himself looks at what is his.
const HIS_OWN: [Door; 2] = [Door::OwnFile, Door::Report];

/// Searches for those affected, and keeps the list sealed in the case: those whose facts went out in looks, those whose
/// records are meant, or everybody in the register.
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
    let criteria = criteria.clean();
    let mut mistakes = Vec::new();
    let window = read(cx, &criteria, &mut mistakes).await?;
    let Some(window) = window.filter(|_| mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let stored = store::incident::by_id(cx.store.read(), id).await?.ok_or(Error::NotFound)?;
    expect_work(&stored.incident)?;
    let mut look = Look::by(actor, Door::Incident, PersonId(Uuid::nil()));
    look.matter = matter(&stored.incident);
    access_log::before(cx, look, ()).await?;

    let found_persons = match &window {
        Window::Looks(looks) => of_looks(cx, looks).await?,
        Window::Records(records) => of_records(cx, records).await?,
        Window::Everybody => everybody_there(cx).await?,
    };
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
        all.append(&mut persons_of(cx, &search)?);
    }
    Ok(all)
}

/// Whom one search has found.
pub(super) fn persons_of(cx: &Cx, search: &store::incident::Search) -> Result<BTreeSet<PersonId>> {
    let list: Vec<String> = opened(cx, persons_place(&search.id), &search.persons)?;
    Ok(list.iter().filter_map(|person| person.parse::<PersonId>().ok()).collect())
}

/// Whose facts went out in these looks.
async fn of_looks(cx: &Cx, window: &super::criteria::LooksWindow) -> Result<BTreeSet<PersonId>> {
    let of = Looks {
        account: window.account,
        agency: window.agency.as_deref(),
        or_none: window.is_of_office,
        purpose: window.purpose.as_deref(),
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
            let is_meant = window.with_own || !is_through(&entry, &HIS_OWN);
            if is_meant && went_out(cx, &entry)? {
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

/// Whose records are meant, whether or not anybody has looked at them: what was changed or lost.
async fn of_records(
    cx: &Cx,
    window: &super::criteria::RecordsWindow,
) -> Result<BTreeSet<PersonId>> {
    let of = Records {
        item: window.item.as_deref(),
        source: window.source.as_deref(),
        batch: window.batch,
        from: window.from,
        to: window.to,
    };
    let mut found = BTreeSet::new();
    let mut after = PersonId(Uuid::nil());
    loop {
        let db = cx.store.read();
        let page = store::incident::persons_of_records(db, &of, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = *last;
        found.extend(page);
    }
}

/// Everybody in the register: the database itself, or a backup with its keys, was taken.
async fn everybody_there(cx: &Cx) -> Result<BTreeSet<PersonId>> {
    let mut found = BTreeSet::new();
    let mut after = PersonId(Uuid::nil());
    loop {
        let page = store::incident::persons_after(cx.store.read(), after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = *last;
        found.extend(page);
    }
}

fn is_through(entry: &Entry, doors: &[Door]) -> bool {
    doors.iter().any(|door| door.code() == entry.door)
}

/// Whether anything about the person of this look went out with it. A look whose sealed part no longer opens was
/// touched: then it is taken for one in which something did.
fn went_out(cx: &Cx, entry: &Entry) -> Result<bool> {
    if entry.person.0.is_nil() || is_through(entry, &OF_NOBODY) {
        return Ok(false);
    }
    if !is_through(entry, &EMPTY_WITHOUT_RECORDS) {
        return Ok(true);
    }
    match detail_of(&cx.vault, cx.log.name(), entry) {
        Ok(detail) => Ok(detail.records.iter().any(|id| id.parse::<RecordId>().is_ok())),
        Err(Error::Vault(_)) => Ok(true),
        Err(error) => Err(error),
    }
}
