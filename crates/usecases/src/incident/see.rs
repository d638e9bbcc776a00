//! 看信息安全事件: the office and whoever audits it see everything but who is affected.

use access::{Action, What};
use jiff::Timestamp;
use register::incident::{Incident, State};
use register::{AccountId, IncidentId};

use super::affected::{criteria_place, everybody};
use super::criteria::Criteria;
use super::task::{Task, open};
use super::{
    Announcement, Detail, announcement, detail_place, is_involved, may_handle, opened, words_place,
};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Incidents in the list.
const SHOWN: u32 = 200;

/// One incident with everything that belongs to it, without naming anybody affected.
#[derive(Clone)]
pub struct IncidentFile {
    /// The incident.
    pub incident: Incident,
    /// What was said when it was reported.
    pub detail: Detail,
    /// Login of who reported it; `None` if nobody was signed in.
    pub reporter: Option<String>,
    /// What authority and people are told.
    pub announcement: Option<Announcement>,
    /// What was done, oldest first.
    pub steps: Vec<Step>,
    /// Searches for those affected, oldest first.
    pub searches: Vec<Search>,
    /// How many are affected, each counted once.
    pub affected: u64,
    /// How many notices were written to them.
    pub told: u64,
    /// What is to be done, soonest due first.
    pub tasks: Vec<Task>,
    /// Whether this actor may handle it.
    pub may_handle: bool,
    /// Whether this actor may decide that the people need not be told.
    pub may_waive: bool,
    /// Whether this actor can be the second person, who closes it.
    pub may_close: bool,
    /// Whether looks of this actor were searched for, or he is affected himself: then he judges nothing in it.
    pub is_involved: bool,
}

register::hidden!(IncidentFile);

/// One step.
#[derive(Clone)]
pub struct Step {
    /// What was done, by code.
    pub kind: String,
    /// Login of who did it.
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
    /// What was said.
    pub words: String,
}

register::hidden!(Step);

/// One search for those affected.
#[derive(Clone, Debug)]
pub struct Search {
    /// When.
    pub at: Timestamp,
    /// Login of who searched.
    pub by: String,
    /// Which looks were meant.
    pub criteria: Criteria,
    /// How many it found.
    pub affected: u64,
}

/// Incidents, those that are open first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list(cx: &Cx, actor: &Actor) -> Result<Vec<Incident>> {
    cx.permit(actor, Action::SeeIncidents, What::default())?;
    Ok(store::incident::list(cx.store.read(), SHOWN).await?)
}

/// One incident.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn one(cx: &Cx, actor: &Actor, id: IncidentId) -> Result<IncidentFile> {
    cx.permit(actor, Action::SeeIncidents, What::default())?;
    let db = cx.store.read();
    let stored = store::incident::by_id(db, id).await?.ok_or(Error::NotFound)?;
    let detail: Detail = opened(cx, detail_place(&id), &stored.detail)?;
    let announcement = announcement(cx, &stored)?;
    let incident = stored.incident;
    let mut steps = Vec::new();
    for step in store::incident::steps(db, id).await? {
        let words = match &step.words {
            None => String::new(),
            Some(sealed) => {
                let plain = cx.vault.open(words_place(&step.id), sealed)?;
                String::from_utf8(plain.to_vec())
                    .map_err(|_| Error::Internal("the words of a step"))?
            }
        };
        let by = login_of(cx, step.account).await?;
        steps.push(Step { kind: step.kind, by, at: step.at, words });
    }
    let mut searches = Vec::new();
    for search in store::incident::searches(db, id).await? {
        let criteria = opened(cx, criteria_place(&search.id), &search.criteria)?;
        let by = login(cx, search.account).await?;
        searches.push(Search { at: search.at, by, criteria, affected: search.affected });
    }
    let mut tasks = Vec::new();
    for task in store::incident::tasks(db, id).await? {
        tasks.push(open(cx, actor, task).await?);
    }
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let may_handle = may_handle(cx, actor).is_ok();
    let waits_for_second = matches!(incident.state, State::Notified | State::Dismissed);
    let is_involved = is_involved(cx, actor, id).await?;
    let may_close = may_handle && waits_for_second && !is_involved;
    Ok(IncidentFile {
        is_involved,
        detail,
        reporter: login_of(cx, incident.reported_by).await?,
        announcement,
        steps,
        searches,
        affected: count(everybody(cx, id).await?.len()),
        told: count(store::notice::persons_of_incident(db, id).await?.len()),
        tasks,
        may_handle,
        may_waive: cx.permit(actor, Action::WaiveIncidentNotice, What::default()).is_ok(),
        may_close: may_close && incident.moved_by != Some(actor.account),
        incident,
    })
}

async fn login_of(cx: &Cx, account: Option<AccountId>) -> Result<Option<String>> {
    match account {
        Some(account) => Ok(Some(login(cx, account).await?)),
        None => Ok(None),
    }
}

/// The login of an account; of a person's own only that it is one, because it leads to him.
pub(super) async fn login(cx: &Cx, account: AccountId) -> Result<String> {
    let found = store::account::by_id(cx.store.read(), account).await?;
    Ok(match found {
        Some(found) if found.role == register::Role::Citizen => "本人账号".to_owned(),
        Some(found) => found.login,
        None => "已经没有的账号".to_owned(),
    })
}
