//! 看修复: the person sees his own, the body those it must decide, the office all that are due.

use access::{Action, What};
use jiff::Timestamp;
use register::paper::Paper;
use register::repair::{Repair, State};
use register::{PaperId, RepairId, Uscc};

use super::decide::{self, permitted};
use super::of;
use crate::access_log::{Disclosed, Door};
use crate::case::{self, Head, Of};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::myself;
use crate::paper::{self, Bytes};

/// Repairs in a list.
const SHOWN: u32 = 200;

/// A repair with everything that belongs to it.
pub type Case = case::Case<Repair>;

/// The same for the body that must decide: it learns who asks.
pub type DeskCase = case::DeskCase<Repair>;

impl Head for Repair {
    const DOOR: Door = Door::Repair;

    fn of(&self) -> Of {
        of(self)
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn since(&self) -> Timestamp {
        self.received_at
    }

    /// The body that granted it can still revoke it.
    fn over_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Granted | State::Hearing => None,
            State::Asked | State::Accepted | State::Revoked | State::Refused | State::Withdrawn => {
                self.closed_at
            }
        }
    }
}

/// The person's repairs, newest first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn mine(cx: &Cx, actor: &Actor) -> Result<Vec<Repair>> {
    let person = myself(cx, actor)?;
    Ok(store::repair::of_person(cx.store.read(), person).await?)
}

/// One of them with everything that belongs to it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if it is not his, [`Error::Log`].
pub async fn one_of_mine(cx: &Cx, actor: &Actor, id: RepairId) -> Result<Disclosed<Case>> {
    let person = myself(cx, actor)?;
    let found = store::repair::of_person_by_id(cx.store.read(), person, id).await?;
    case::for_the_person(cx, actor, found.ok_or(Error::NotFound)?).await
}

/// The last day on which he may say what he thinks of a proposal to revoke it; `None` where nothing is proposed.
///
/// # Errors
/// [`Error::Denied`], [`Error::Store`].
pub async fn hearing_ends(
    cx: &Cx,
    actor: &Actor,
    repair: &Repair,
) -> Result<Option<rulebook::Due>> {
    if myself(cx, actor)? != repair.person {
        return Err(Error::NotFound);
    }
    decide::hearing_ends(cx, repair).await
}

/// A paper of one of his cases, byte for byte.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Log`].
pub async fn paper_of_mine(
    cx: &Cx,
    actor: &Actor,
    id: RepairId,
    paper: PaperId,
) -> Result<(Paper, Bytes)> {
    let (case, _) = one_of_mine(cx, actor, id).await?.into_parts();
    paper::one_of(cx, case.papers, paper)
}

/// What this body has to decide, soonest due first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn desk(cx: &Cx, actor: &Actor) -> Result<Vec<Repair>> {
    let own = actor.agency;
    let agency = own.as_ref().map(Uscc::as_str);
    cx.permit(actor, Action::AnswerObjection, What { agency, ..What::default() })?;
    let agency = agency.unwrap_or_default();
    Ok(store::repair::open_of_agency(cx.store.read(), agency, SHOWN).await?)
}

/// One of them with everything that belongs to it. The look is logged, and the person sees it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Log`].
pub async fn desk_one(cx: &Cx, actor: &Actor, id: RepairId) -> Result<Disclosed<DeskCase>> {
    let repair = permitted(cx, actor, id).await?;
    case::for_the_desk(cx, actor, repair).await
}

/// A paper of a case that this body has to decide, byte for byte.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Log`].
pub async fn desk_paper(
    cx: &Cx,
    actor: &Actor,
    id: RepairId,
    paper: PaperId,
) -> Result<(Paper, Bytes)> {
    let (seen, _) = desk_one(cx, actor, id).await?.into_parts();
    paper::one_of(cx, seen.case.papers, paper)
}

/// All that are open, soonest due first, for the office: whose they are it does not learn here.
///
/// # Errors
/// [`Error::Denied`].
pub async fn office(cx: &Cx, actor: &Actor) -> Result<Vec<Repair>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    Ok(store::repair::open(cx.store.read(), SHOWN).await?)
}
