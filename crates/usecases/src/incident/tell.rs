//! 告知本人: what they are told is written once; then everybody affected gets a notice, the way he is told of everything.
//!
//! A drill goes as far as the texts: nobody is told anything.

use std::collections::BTreeSet;

use access::{Action, What};
use jiff::SignedDuration;
use jiff::civil::Date;
use register::incident::{Incident, Kind, People, SHORT, WORDS};
use register::notice::{About, Notice, NoticeState};
use register::{IncidentId, NoticeId, PersonId};
use uuid::Uuid;

use super::affected::{everybody, matter};
use super::report::read_day;
use super::{
    Announcement, Detail, advance, announcement, announcement_place, detail_place,
    expect_no_number, expect_uninvolved, found, found_out, may_handle, misplaced, opened, sealed,
    step,
};
use crate::access_log::{self, Door, Look};
use crate::case::{mistake, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::notice;

/// Persons told in one transaction.
const PERSONS: usize = 200;

/// How long one process has to itself to tell so many: one that dies holds the others up no longer.
const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// Most characters of the authority's name: it stands in the window of an envelope.
const RECIPIENT: usize = 60;

/// The text of the rulebook that tells a person.
const TEXT: &str = "incident-told";

/// What authority and people are told, as it was typed.
#[derive(Clone, Default)]
pub struct NewAnnouncement {
    /// Kinds of information that are in it.
    pub information: String,
    /// Why it happened.
    pub causes: String,
    /// What harm may follow.
    pub harm: String,
    /// What has been done against it.
    pub measures: String,
    /// What the person himself can do.
    pub advice: String,
    /// Whom to ask.
    pub contact: String,
    /// The authority that it is reported to.
    pub recipient: String,
    /// What happened, by code, as it was found out.
    pub kind: String,
    /// Since which day; may be empty.
    pub since: String,
    /// Until which day; may be empty.
    pub until: String,
}

register::hidden!(NewAnnouncement);

/// Writes what authority and people are told; as long as neither is told it can be written anew.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`].
///
/// # Law
/// 个人信息保护法 57 — kinds of information, causes, possible harm, measures taken, what the person can do, contact.
pub async fn announce(cx: &Cx, actor: &Actor, id: IncidentId, new: NewAnnouncement) -> Result<()> {
    may_handle(cx, actor)?;
    let mut mistakes = Vec::new();
    let mut read = |field: &'static str, text: &str, most: usize| {
        let words = read_words(field, text, most, &mut mistakes);
        // How the office is reached may be a number.
        if field != "contact" {
            expect_no_number(field, &words, &mut mistakes);
        }
        words
    };
    let said = Announcement {
        information: read("information", &new.information, WORDS),
        causes: read("causes", &new.causes, WORDS),
        harm: read("harm", &new.harm, WORDS),
        measures: read("measures", &new.measures, WORDS),
        advice: read("advice", &new.advice, WORDS),
        contact: read("contact", &new.contact, SHORT),
        recipient: read("recipient", &new.recipient, RECIPIENT),
        kind: new.kind,
        since: read_day(cx, "since", &new.since, &mut mistakes),
        until: read_day(cx, "until", &new.until, &mut mistakes),
        sent: None,
    };
    if Kind::from_code(&said.kind).is_none() {
        mistakes.push(mistake("kind", "choice-missing", "请选择查明的是什么事件。"));
    }
    if said.since.zip(said.until).is_some_and(|(since, until)| until < since) {
        mistakes.push(mistake("until", "until-before", "结束的日期不能早于开始的日期。"));
    }
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let sealed = sealed(cx, announcement_place(&id), &said)?;
    let tx = cx.store.begin().await?;
    let stored = found(&tx, id).await?;
    let may = stored.incident.may_announce();
    if !may || !store::incident::announce(&tx, id, &sealed).await? {
        return Err(misplaced(register::incident::Misplaced));
    }
    step(cx, &tx, id, "announced", Some(actor.account), "").await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// Decides that everybody affected is told, and begins to. Cut off, a job goes on; whoever is found later is told
/// too.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`] if nothing is written or nobody has searched, [`Error::NotFound`],
/// [`Error::NotNow`].
pub async fn tell(cx: &Cx, actor: &Actor, id: IncidentId) -> Result<Incident> {
    may_handle(cx, actor)?;
    let tx = cx.store.begin().await?;
    let stored = found(&tx, id).await?;
    let mut mistakes = Vec::new();
    if stored.announcement.is_none() {
        let says = "请先写好告知的内容。";
        mistakes.push(mistake("tell", "announcement-missing", says));
    }
    if store::incident::searches(&tx, id).await?.is_empty() {
        mistakes.push(mistake("tell", "search-missing", "请先在存证里查找受影响的人。"));
    }
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let was = stored.incident;
    let now = was.clone().decide_people(People::Told, actor.account, cx.now());
    let now = now.map_err(misplaced)?;
    advance(cx, &tx, (&was, &now), ("telling", actor.account, "")).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    if let Err(error) = carry_on(cx, &now).await {
        tracing::error!(%error, incident = %now.id, "those affected are told later, by the job");
    }
    Ok(now)
}

/// Decides, with reasons, that the people need not be told: the measures keep harm away.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`] without reasons, [`Error::NotFound`], [`Error::NotNow`].
///
/// # Law
/// 个人信息保护法 57 (2) — the authority may want them told all the same; then [`tell`] still can.
pub async fn waive(cx: &Cx, actor: &Actor, id: IncidentId, words: &str) -> Result<Incident> {
    may_handle(cx, actor)?;
    cx.permit(actor, Action::WaiveIncidentNotice, What::default())?;
    let mut mistakes = Vec::new();
    let words = read_words("waive_words", words, WORDS, &mut mistakes);
    expect_no_number("waive_words", &words, &mut mistakes);
    expect_uninvolved(cx, actor, id, "waive_words", &mut mistakes).await?;
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let tx = cx.store.begin().await?;
    let was = found(&tx, id).await?.incident;
    let now = was.clone().decide_people(People::Waived, actor.account, cx.now());
    let now = now.map_err(misplaced)?;
    advance(cx, &tx, (&was, &now), ("waived", actor.account, &words)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// Goes on telling those affected by any incident; says how many notices are new. Runs twice, or in two processes,
/// without telling twice.
///
/// # Errors
/// [`Error::Store`], [`Error::Log`], of the first incident that could not be gone on with; no other waits for it.
pub async fn tell_waiting(cx: &Cx) -> Result<u64> {
    let (mut done, mut failed) = (0, None);
    for incident in store::incident::telling(cx.store.read()).await? {
        match carry_on(cx, &incident).await {
            // Nothing to say where another process is at it.
            Ok(told) => done += told.unwrap_or(0),
            Err(error) => {
                tracing::error!(%error, incident = %incident.id, "those affected are not all told yet");
                failed.get_or_insert(error);
            }
        }
    }
    failed.map_or(Ok(done), Err)
}

/// Tells whoever is affected and was not told yet; `None` while another process does. That the office looked at him in this
/// matter is logged first, and he sees it: once, because one process at a time tells.
pub(super) async fn carry_on(cx: &Cx, incident: &Incident) -> Result<Option<u64>> {
    if incident.is_drill || incident.people != People::Told {
        return Ok(Some(0));
    }
    let by = cx.new_id();
    if !hold(cx, incident.id, by).await? {
        return Ok(None);
    }
    let done = tell_rest(cx, incident, by).await;
    let tx = cx.store.begin().await?;
    store::incident::end_telling(&tx, incident.id, by).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    done
}

/// Takes it upon this process, or goes on holding it; `false` if another has it.
async fn hold(cx: &Cx, id: IncidentId, by: Uuid) -> Result<bool> {
    let now = cx.now();
    let until = now.checked_add(LEASE).map_err(|_| Error::Internal("the clock"))?;
    let tx = cx.store.begin().await?;
    let is_held = store::incident::begin_telling(&tx, id, by, now, until).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(is_held)
}

async fn tell_rest(cx: &Cx, incident: &Incident, by: Uuid) -> Result<Option<u64>> {
    let told = store::notice::persons_of_incident(cx.store.read(), incident.id).await?;
    let told: BTreeSet<PersonId> = told.into_iter().collect();
    let all = everybody(cx, incident.id).await?;
    let rest: Vec<PersonId> = all.difference(&told).copied().collect();
    let mut done = 0;
    for some in rest.chunks(PERSONS) {
        if !hold(cx, incident.id, by).await? {
            return Ok(None);
        }
        done += tell_some(cx, incident, some).await?;
    }
    Ok(Some(done))
}

async fn tell_some(cx: &Cx, incident: &Incident, some: &[PersonId]) -> Result<u64> {
    let db = cx.store.read();
    let mut alive = Vec::with_capacity(some.len());
    for person in store::person::existing(db, some).await? {
        // Nobody writes to the dead.
        let death = store::death::of_person(db, person).await?;
        if !death.is_some_and(|death| death.counts()) {
            alive.push(person);
        }
    }
    if alive.is_empty() {
        return Ok(0);
    }
    // Two who tell at once go in the same order, so that neither waits for the other for ever.
    alive.sort_unstable();
    let look = |person: &PersonId| {
        let mut look = Look::by_itself(Door::Incident, *person);
        look.matter = matter(incident);
        if let Some((by, _)) = incident.people_by {
            look.account = by;
        }
        (look, ())
    };
    access_log::before_many(cx, alive.iter().map(look).collect()).await?;
    let new = |person: &PersonId| Notice {
        id: NoticeId(cx.new_id()),
        person: *person,
        about: About::Incident(incident.id),
        text: TEXT.to_owned(),
        state: NoticeState::Created,
        created_at: cx.now(),
        delivery: None,
    };
    let notices: Vec<Notice> = alive.iter().map(new).collect();
    let tx = cx.store.begin().await?;
    let done = store::notice::add_once(&tx, &notices).await?;
    for person in store::person::with_inbox(&tx, &alive).await? {
        notice::deliver(cx, &tx, person).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(done)
}

/// What a person is told of an incident.
#[derive(Clone)]
pub struct Told {
    /// The incident.
    pub incident: Incident,
    /// What happened, as it was found out.
    pub kind: Kind,
    /// Since when, as far as is known.
    pub since: Option<Date>,
    /// Until when.
    pub until: Option<Date>,
    /// What is said of it.
    pub announcement: Announcement,
}

register::hidden!(Told);

/// What is said of an incident in a notice, if it is still there.
pub(crate) async fn told_of(cx: &Cx, id: IncidentId) -> Result<Option<Told>> {
    let Some(stored) = store::incident::by_id(cx.store.read(), id).await? else { return Ok(None) };
    let Some(announcement) = announcement(cx, &stored)? else { return Ok(None) };
    let detail: Detail = opened(cx, detail_place(&id), &stored.detail)?;
    let (kind, since, until) = found_out(&stored.incident, &detail, Some(&announcement));
    Ok(Some(Told { incident: stored.incident, kind, since, until, announcement }))
}
