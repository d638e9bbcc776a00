//! 信息安全事件: reported by anybody, judged, contained, told to the authority and to those affected, closed by two.
//!
//! Who is affected is found in the log, not remembered: which looks went out, and whose facts were in them. The list
//! stays sealed in the case; a name is opened only where a letter is written, through the door of letters.

mod affected;
mod authority;
mod close;
mod criteria;
mod erase;
mod report;
mod see;
mod task;
mod tell;
mod triage;

pub use affected::search;
pub use authority::{Sent, authority};
pub use close::{close, notify};
pub use criteria::Criteria;
pub use erase::erase;
pub use report::{NewIncident, report};
pub use see::{IncidentFile, Search, Step, list, one};
pub use task::{NewTask, Task, add_task, finish_task, technical_tasks};
pub(crate) use tell::told_of;
pub use tell::{NewAnnouncement, Told, announce, tell, tell_waiting, waive};
pub use triage::{contain, triage, withdraw};

use access::{Action, What};
use jiff::civil::Date;
use register::incident::{Incident, Kind, Misplaced, People};
use register::objection::NotNow;
use register::{AccountId, IncidentId};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::incident::Stored;
use uuid::Uuid;
use vault::Place;

use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};

/// What was said when it was reported; sealed in the store.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// What happened.
    pub what: String,
    /// Since when, as far as is known.
    pub since: Option<Date>,
    /// Until when.
    pub until: Option<Date>,
    /// In which systems or places.
    pub systems: String,
    /// What has been done already.
    pub measures: String,
    /// Whom to ask; nobody asks whoever is not signed in.
    pub contact: String,
}

register::hidden!(Detail);

/// What authority and people are told (个人信息保护法 57); sealed in the store.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
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
    /// What happened, by code, as it was found out: whoever reported it may have been wrong. Empty in what was written
    /// before it was asked for.
    #[serde(default)]
    pub kind: String,
    /// Since when, as was found out.
    #[serde(default)]
    pub since: Option<Date>,
    /// Until when.
    #[serde(default)]
    pub until: Option<Date>,
    /// What stood when the authority was told: printed again, the report says the same.
    #[serde(default)]
    pub sent: Option<AsSent>,
}

register::hidden!(Announcement);

/// What stood when the authority was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsSent {
    /// On which day.
    pub on: Date,
    /// How many were affected, as far as was known.
    pub affected: u64,
    /// How many notices had been written.
    pub told: u64,
    /// What had been decided about telling the people, by code.
    pub people: String,
}

impl AsSent {
    /// What had been decided about telling the people.
    #[must_use]
    pub fn people(&self) -> People {
        People::from_code(&self.people).unwrap_or(People::Open)
    }
}

/// What happened and when: as it was found out, or, as long as nothing is written, as it was reported.
#[must_use]
pub fn found_out(
    incident: &Incident,
    detail: &Detail,
    said: Option<&Announcement>,
) -> (Kind, Option<Date>, Option<Date>) {
    let found = said.and_then(|said| Some((Kind::from_code(&said.kind)?, said.since, said.until)));
    found.unwrap_or((incident.kind, detail.since, detail.until))
}

fn detail_place(id: &IncidentId) -> Place<'_> {
    Place { table: "incident", column: "detail", row: id.0.as_bytes() }
}

fn announcement_place(id: &IncidentId) -> Place<'_> {
    Place { table: "incident", column: "announcement", row: id.0.as_bytes() }
}

fn words_place(step: &Uuid) -> Place<'_> {
    Place { table: "incident_step", column: "words", row: step.as_bytes() }
}

/// Seals a value of one of the types above.
fn sealed<T: Serialize>(cx: &Cx, place: Place<'_>, value: &T) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(value).map_err(|_| Error::Internal("an incident"))?;
    Ok(cx.vault.seal(place, &plain, cx.bytes()))
}

/// The value again.
fn opened<T: serde::de::DeserializeOwned>(cx: &Cx, place: Place<'_>, sealed: &[u8]) -> Result<T> {
    let plain = cx.vault.open(place, sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Error::Internal("a stored incident"))
}

/// What the authority and the people are told, if it is written.
fn announcement(cx: &Cx, stored: &Stored) -> Result<Option<Announcement>> {
    let place = announcement_place(&stored.incident.id);
    stored.announcement.as_ref().map(|sealed| opened(cx, place, sealed)).transpose()
}

fn may_handle(cx: &Cx, actor: &Actor) -> Result<()> {
    cx.permit(actor, Action::HandleIncident, What::default())
}

/// Whether this actor has to keep out of judging an incident (I15): looks of his were searched for, by this account or
/// another of the same human being, or he was himself found to be affected. Everybody in the register is found by a search
/// for everybody; that keeps nobody out.
async fn is_involved(cx: &Cx, actor: &Actor, id: IncidentId) -> Result<bool> {
    for search in store::incident::searches(cx.store.read(), id).await? {
        let criteria: Criteria =
            opened(cx, affected::criteria_place(&search.id), &search.criteria)?;
        if !criteria.login.is_empty() {
            let looked = store::account::by_login(cx.store.read(), &criteria.login).await?;
            let looked = looked.map(|found| found.account);
            let is_his = looked.is_some_and(|account| {
                account.id == actor.account
                    || (account.person.is_some() && account.person == actor.person)
            });
            if is_his {
                return Ok(true);
            }
        }
        let Some(own) = actor.person.filter(|_| !criteria.is_of_everybody()) else { continue };
        if affected::persons_of(cx, &search)?.contains(&own) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses whoever has to keep out.
async fn expect_uninvolved(
    cx: &Cx,
    actor: &Actor,
    id: IncidentId,
    field: &'static str,
    mistakes: &mut Vec<Mistake>,
) -> Result<()> {
    if is_involved(cx, actor, id).await? {
        let says = "这件事里有您自己作出的查询，或者您自己受到影响，请由别人来办。";
        mistakes.push(mistake(field, "own-incident", says));
    }
    Ok(())
}

/// The incident, held by a transaction that goes on with it.
async fn found(tx: &Tx, id: IncidentId) -> Result<Stored> {
    store::incident::held(tx, id).await?.ok_or(Error::NotFound)
}

/// Keeps a move with what was said; somebody else who was quicker makes it impossible.
async fn advance(
    cx: &Cx,
    tx: &Tx,
    (was, now): (&Incident, &Incident),
    (kind, by, words): (&str, AccountId, &str),
) -> Result<()> {
    if !store::incident::advance(tx, was, now).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, tx, now.id, kind, Some(by), words).await
}

/// Adds a step with what was said.
async fn step(
    cx: &Cx,
    tx: &Tx,
    incident: IncidentId,
    kind: &str,
    account: Option<AccountId>,
    words: &str,
) -> Result<()> {
    let id = cx.new_id();
    let sealed = cx.vault.seal(words_place(&id), words.as_bytes(), cx.bytes());
    let words = (!words.is_empty()).then_some(sealed);
    let step = store::incident::Step { id, kind: kind.to_owned(), account, at: cx.now(), words };
    Ok(store::incident::add_step(tx, incident, &step).await?)
}

/// A move that cannot be made from here.
fn misplaced(_: Misplaced) -> Error {
    NotNow::Early.into()
}

/// Words of an incident name nobody: a number in them is refused, a name we cannot know.
fn expect_no_number(field: &'static str, text: &str, mistakes: &mut Vec<Mistake>) {
    if register::mask::text(text).is_some() {
        let says = "请不要写证件号码或者手机号码。要找到是谁，信用办会查询存证。";
        mistakes.push(mistake(field, "words-personal", says));
    }
}

/// A field that may stay empty, and is not long.
fn read_short(field: &'static str, text: &str, most: usize, mistakes: &mut Vec<Mistake>) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    expect_no_number(field, text, mistakes);
    crate::case::read_words(field, text, most, mistakes)
}
