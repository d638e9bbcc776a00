//! 看复议和诉讼: the person sees his own, the body those of its records, the office what is due.

use access::{Action, What};
use jiff::Timestamp;
use register::challenge::Challenge;
use register::paper::Paper;
use register::{ChallengeId, PaperId, Uscc};

use super::of;
use super::settle::permitted;
use crate::access_log::{Disclosed, Door};
use crate::case::{self, Head, Of};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::myself;
use crate::paper::{self, Bytes};

/// Challenges in a list.
const SHOWN: u32 = 200;

/// A challenge with everything that belongs to it.
pub type Case = case::Case<Challenge>;

/// The same for the body that supplied the record: it learns who challenges.
pub type DeskCase = case::DeskCase<Challenge>;

impl Head for Challenge {
    const DOOR: Door = Door::Challenge;

    fn of(&self) -> Of {
        of(self)
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn since(&self) -> Timestamp {
        self.received_at
    }

    fn over_at(&self) -> Option<Timestamp> {
        self.closed_at
    }
}

/// The person's challenges, newest first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn mine(cx: &Cx, actor: &Actor) -> Result<Vec<Challenge>> {
    let person = myself(cx, actor)?;
    Ok(store::challenge::of_person(cx.store.read(), person).await?)
}

/// One of them with everything that belongs to it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if it is not his, [`Error::Log`].
pub async fn one_of_mine(cx: &Cx, actor: &Actor, id: ChallengeId) -> Result<Disclosed<Case>> {
    let person = myself(cx, actor)?;
    let found = store::challenge::of_person_by_id(cx.store.read(), person, id).await?;
    case::for_the_person(cx, actor, found.ok_or(Error::NotFound)?).await
}

/// A paper of one of his cases, byte for byte.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Log`].
pub async fn paper_of_mine(
    cx: &Cx,
    actor: &Actor,
    id: ChallengeId,
    paper: PaperId,
) -> Result<(Paper, Bytes)> {
    let (case, _) = one_of_mine(cx, actor, id).await?.into_parts();
    paper::one_of(cx, case.papers, paper)
}

/// What is going on about records of this body: what it has to act on first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn desk(cx: &Cx, actor: &Actor) -> Result<Vec<Challenge>> {
    let own = actor.agency;
    let agency = own.as_ref().map(Uscc::as_str);
    cx.permit(actor, Action::AnswerObjection, What { agency, ..What::default() })?;
    let agency = agency.unwrap_or_default();
    Ok(store::challenge::open_of_agency(cx.store.read(), agency, SHOWN).await?)
}

/// One of them with everything that belongs to it. The look is logged, and the person sees it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Log`].
pub async fn desk_one(cx: &Cx, actor: &Actor, id: ChallengeId) -> Result<Disclosed<DeskCase>> {
    let challenge = permitted(cx, actor, id).await?;
    case::for_the_desk(cx, actor, challenge).await
}

/// A paper of a case about a record of this body, byte for byte.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Log`].
pub async fn desk_paper(
    cx: &Cx,
    actor: &Actor,
    id: ChallengeId,
    paper: PaperId,
) -> Result<(Paper, Bytes)> {
    let (seen, _) = desk_one(cx, actor, id).await?.into_parts();
    paper::one_of(cx, seen.case.papers, paper)
}

/// A case with the bytes of its papers, as they came: what the body puts before whoever reviews its decision. Papers
/// beyond `most` bytes are named only. The look is logged.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Log`], [`Error::Disk`] if a paper is not where it should be.
///
/// # Law
/// 行政复议法 44, 48 — the body hands in the evidence and everything else on which it decided.
pub async fn desk_bundle(
    cx: &Cx,
    actor: &Actor,
    id: ChallengeId,
    most: u64,
) -> Result<(DeskCase, Vec<Option<Bytes>>)> {
    let (mut seen, _) = desk_one(cx, actor, id).await?.into_parts();
    let challenge = &seen.case.head;
    // What the body showed when it answered an objection to the same record belongs to it too.
    for objection in store::objection::of_person(cx.store.read(), challenge.person).await? {
        if objection.record == challenge.record {
            let stored = store::case::papers(cx.store.read(), challenge.person, objection.id.0);
            let papers = paper::opened(cx, stored.await?)?;
            seen.case.papers.extend(papers.into_iter().filter(|paper| paper.is_of_agency));
        }
    }
    let papers = paper::up_to(cx, &seen.case.papers, most)?;
    Ok((seen, papers))
}

/// All that a body has to act on, soonest due first, for the office: whose they are it does not learn here.
///
/// # Errors
/// [`Error::Denied`].
pub async fn office(cx: &Cx, actor: &Actor) -> Result<Vec<Challenge>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    Ok(store::challenge::due(cx.store.read(), SHOWN).await?)
}
