//! 到期销毁: records whose time is over are erased, looks too, and the keys of months of which nothing is
//! left are destroyed. The log keeps its leaves: it still verifies, and says nothing any more.

use jiff::ToSpan;
use jiff::civil::Date;
use register::mask::bare;
use register::record::History;
use register::retention::{held, month};
use register::{EventKind, Field, PaperId, PersonId, Record, RecordId};
use rulebook::Rules;
use store::Tx;
use store::retention::{Due, Tombstone};
use uuid::Uuid;
use vault::Vault;

use super::has_gap;
use crate::access_log::{self, Door, Look, Outcome};
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::seal;

/// Records and looks taken at once.
const PAGE: u32 = 500;

/// What one round erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erasing {
    /// Records.
    pub records: u64,
    /// Records whose time is over and that a case or a correction still needs.
    pub held: u64,
    /// Looks.
    pub looks: u64,
    /// Persons of whom nothing is left.
    pub persons: u64,
    /// Whether keys were destroyed.
    pub keys: bool,
}

/// Erases what is to be gone by today. Runs twice without harm, and killed half-way it goes on the next time. What
/// cannot be erased keeps nothing else waiting.
///
/// # Errors
/// [`Error::Store`], [`Error::Log`]: what could not be logged is not erased. The first of several.
///
/// # Law
/// 个人信息保护法 19, 47 — no longer than needed, erased without being asked; 征信业管理条例 16.
pub async fn erase(cx: &Cx) -> Result<Erasing> {
    let mut done = Erasing::default();
    let mut failed = None;
    date_old(cx).await?;
    records(cx, &mut done, &mut failed).await?;
    let before = crate::log::kept_from(cx).await?;
    loop {
        let tx = cx.store.begin().await?;
        let (looks, papers) =
            store::retention::erase_looks(&tx, cx.log.name(), before, PAGE).await?;
        tx.commit().await.map_err(store::StoreError::from)?;
        remove_papers(cx, &papers)?;
        if looks == 0 {
            break;
        }
        done.looks += looks;
    }
    let tx = cx.store.begin().await?;
    store::retention::forget(&tx, cx.today()).await?;
    store::contact::forget_codes(&tx, cx.today()).await?;
    let kept_from = log_kept_from(&cx.rules, cx.now())?;
    let papers = store::retention::erase_openings(&tx, kept_from).await?;
    // As long as the looks of those whom they are about.
    store::account_request::erase(&tx, kept_from).await?;
    // As long as the looks with which they were made.
    store::report::erase_asked(&tx, kept_from).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    remove_papers(cx, &papers)?;
    account_events(cx).await?;
    persons(cx, &mut done, &mut failed).await?;
    done.keys = destroy_keys(cx, cx.today()).await?;
    failed.map_or(Ok(done), Err)
}

/// Erases what happened to accounts and is kept no longer, a page at a time: sign-ins are many.
async fn account_events(cx: &Cx) -> Result<()> {
    let before = days_ago(cx, "account_event_days")?;
    loop {
        let tx = cx.store.begin().await?;
        let gone = store::account_event::erase(&tx, before, PAGE).await?;
        tx.commit().await.map_err(store::StoreError::from)?;
        if gone < u64::from(PAGE) {
            return Ok(());
        }
    }
}

/// Erases the records whose day has come.
async fn records(cx: &Cx, done: &mut Erasing, failed: &mut Option<Error>) -> Result<()> {
    let mut after = None;
    loop {
        let due = store::retention::due(cx.store.read(), cx.today(), after, PAGE).await?;
        let Some(last) = due.last().copied() else { return Ok(()) };
        after = Some(last);
        for Due { person, record, .. } in due {
            match erase_one(cx, person, record, Look::by_itself(Door::Erasure, person)).await {
                Ok(Some(())) => done.records += 1,
                Ok(None) => done.held += 1,
                Err(error) => {
                    tracing::error!(%error, %record, "a record whose time is over is not erased yet");
                    failed.get_or_insert(error);
                }
            }
        }
    }
}

/// Erases the persons of whom nothing is left, among those of whom something was erased.
async fn persons(cx: &Cx, done: &mut Erasing, failed: &mut Option<Error>) -> Result<()> {
    let mut after = PersonId(Uuid::nil());
    loop {
        let leaving = store::retention::leaving(cx.store.read(), after, PAGE).await?;
        let Some(last) = leaving.last().copied() else { return Ok(()) };
        after = last;
        for person in leaving {
            match erase_person(cx, person).await {
                Ok(is_gone) => done.persons += u64::from(is_gone),
                Err(error) => {
                    tracing::error!(%error, %person, "a person is not erased yet");
                    failed.get_or_insert(error);
                }
            }
        }
    }
}

async fn erase_person(cx: &Cx, person: PersonId) -> Result<bool> {
    let tx = cx.store.begin().await?;
    let looks_from = log_kept_from(&cx.rules, cx.now())?;
    let papers = store::retention::erase_person(&tx, person, looks_from).await?;
    store::retention::stays(&tx, person).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    remove_papers(cx, papers.as_deref().unwrap_or_default())?;
    Ok(papers.is_some())
}

/// The moment from which on looks are kept.
///
/// # Errors
/// [`Error::Internal`] if the clock stands before all time.
pub(crate) fn log_kept_from(rules: &Rules, now: jiff::Timestamp) -> Result<jiff::Timestamp> {
    let years = i32::try_from(rules.limit("query_log_years")).unwrap_or(0);
    now.to_zoned(jiff::tz::TimeZone::UTC)
        .checked_sub(years.years())
        .map(|at| at.timestamp())
        .map_err(|_| Error::Internal("the clock"))
}

/// The moment from which on something is kept that lasts so many days.
fn days_ago(cx: &Cx, limit: &str) -> Result<jiff::Timestamp> {
    let days = cx.rules.limit(limit).clamp(0, register::client::MOST_DAYS);
    let kept = jiff::SignedDuration::from_hours(days * 24);
    cx.now().checked_sub(kept).map_err(|_| Error::Internal("the clock"))
}

/// Erases one record whose day has come; `None` if it has not, or something still needs the record. That it is
/// erased is logged before.
pub(crate) async fn erase_one(
    cx: &Cx,
    person: PersonId,
    record: RecordId,
    mut look: Look,
) -> Result<Option<()>> {
    let tx = cx.store.begin().await?;
    let first = goes(cx, &tx, person, record).await?;
    tx.rollback().await.map_err(store::StoreError::from)?;
    match first {
        Goes::Gone => return Ok(Some(())),
        Goes::Not => return Ok(None),
        Goes::Leaves(_) => {}
    }
    look.records = vec![record];
    access_log::before(cx, look, ()).await?;
    let tx = cx.store.begin().await?;
    // Asked again: somebody may have opened a case, or allowed it once more, in between.
    let stays = match goes(cx, &tx, person, record).await? {
        Goes::Gone => return Ok(Some(())),
        Goes::Not => return Ok(None),
        Goes::Leaves(stays) => stays,
    };
    let now = cx.now();
    let papers = store::retention::erase(&tx, person, record, stays.as_ref(), now).await?;
    store::retention::leaves(&tx, person).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    remove_papers(cx, &papers)?;
    Ok(Some(()))
}

/// Whether a record goes.
enum Goes {
    /// It is gone already.
    Gone,
    /// Its day has not come, or something needs it.
    Not,
    /// It goes, and leaves this.
    Leaves(Option<Tombstone>),
}

/// Whether a record goes today. Until the transaction ends nobody changes that.
async fn goes(cx: &Cx, tx: &Tx, person: PersonId, record: RecordId) -> Result<Goes> {
    let Some((on, _)) = store::retention::held(tx, person, record).await? else {
        return Ok(Goes::Gone);
    };
    if on.is_none_or(|on| on > cx.today()) {
        return Ok(Goes::Not);
    }
    let stored = store::record::of_person(tx, person).await?;
    let Some(stored) = stored.into_iter().find(|stored| stored.id == record) else {
        return Ok(Goes::Gone);
    };
    let (has_case, has_correction) = store::retention::needed(tx, person, record).await?;
    let history = History::of(&stored.events);
    if held(&history, has_case, has_correction).is_some() {
        return Ok(Goes::Not);
    }
    let is_removed =
        stored.events.iter().any(|event| matches!(event.kind, EventKind::Removed { .. }));
    // What no longer opens, because its key is destroyed already, is erased without a trace of its words.
    match seal::open_record(&cx.vault, stored) {
        Ok((opened, history)) => Ok(Goes::Leaves(stays(cx, person, &opened, &history, is_removed))),
        Err(Error::Vault(vault::VaultError::Destroyed(_))) => Ok(Goes::Leaves(None)),
        Err(error) => Err(error),
    }
}

/// Papers whose rows are gone; what is cut off here is swept with the papers that no case took.
fn remove_papers(cx: &Cx, papers: &[PaperId]) -> Result<()> {
    for paper in papers {
        cx.files.remove(&cx.files.paper(*paper))?;
    }
    Ok(())
}

/// What stays of a record that could otherwise come in again though it was taken back, was wrong, or the person
/// removed it (I17). What merely came to its end leaves nothing: it is too old to enter, or may with consent.
fn stays(
    cx: &Cx,
    person: PersonId,
    record: &Record,
    history: &History,
    is_removed: bool,
) -> Option<Tombstone> {
    let today = cx.today();
    // What he no longer allows may come again as soon as he does; what he removed may not.
    if history.withdrawn_on.is_none() || history.is_unallowed {
        return None;
    }
    let outer = i32::try_from(cx.rules.limit("negative_outer_years")).unwrap_or(0);
    let forget_on = match record.severity {
        Some(class) => cx.rules.display(class, record.document.decided_on).ends_on,
        // Honours have no age at which they could not be sent any more.
        None if is_removed => Date::MAX,
        None => match record.content.day(Field::ValidUntil) {
            Some(last) => last.tomorrow().ok()?,
            None => today.checked_add(outer.years()).ok()?,
        },
    };
    let number = bare(record.content.text(Field::DocumentNo).unwrap_or_default());
    let mark = || {
        let issuer = record.document.issuer.as_str();
        decision_mark(&cx.vault, person, &record.item, issuer, &number)
    };
    let decision = (history.is_deleted && !number.is_empty()).then(mark);
    (forget_on > today).then_some(Tombstone { decision, forget_on })
}

/// The keyed hash of a person's decision, by which it is known again when all else of it is gone.
pub(crate) fn decision_mark(
    vault: &Vault,
    person: PersonId,
    item: &str,
    issuer: &str,
    number: &str,
) -> [u8; 32] {
    let parts: [&[u8]; 4] =
        [person.0.as_bytes(), item.as_bytes(), issuer.as_bytes(), number.as_bytes()];
    vault.fingerprint("erased decision", &parts)
}

/// Gives a day to adverse records that entered before each had one.
async fn date_old(cx: &Cx) -> Result<()> {
    loop {
        let old = store::retention::undated(cx.store.read(), PAGE).await?;
        if old.is_empty() {
            return Ok(());
        }
        let tx = cx.store.begin().await?;
        for (person, record, decided_on) in old {
            let none = register::Content::default();
            // Which class it is does not matter: whatever speaks against a person is kept that long.
            let class = Some(rulebook::Severity::General);
            let on = register::retention::erase_on(class, decided_on, &none, &cx.rules);
            let on = on.ok_or(Error::Internal("the day of a decision"))?;
            store::retention::bring_forward(&tx, person, record, on).await?;
        }
        tx.commit().await.map_err(store::StoreError::from)?;
    }
}

/// Destroys the keys of the months of which nothing is left.
async fn destroy_keys(cx: &Cx, today: Date) -> Result<bool> {
    let first = store::retention::first(cx.store.read()).await?;
    // What must be gone on the first of a month was sealed with that month's key.
    let first = month(first.map_or(today, |first| first.min(today)));
    if cx.vault.first_month()? < first && has_gap(cx).await? {
        tracing::warn!(
            "keys of months that are over are kept: the log is silent for the weeks before these days, so the clock may \
             have leapt ahead. If it is right, they go within days by themselves"
        );
        return Ok(false);
    }
    cx.months.forget_before(&cx.vault, first)
}

impl Look {
    /// A look that no account makes: time does.
    pub(crate) fn by_itself(door: Door, person: PersonId) -> Self {
        Self {
            person,
            door,
            outcome: Outcome::Answered,
            account: register::AccountId(Uuid::nil()),
            agency: None,
            purpose: None,
            matter: String::new(),
            records: Vec::new(),
            corrections: Vec::new(),
            reason: None,
        }
    }
}
