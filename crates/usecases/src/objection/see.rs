//! 看异议: the person sees his own, the body those it must answer, the office all that are due.

use std::io::Read;

use access::{Action, What};
use register::correction::Correction;
use register::objection::Objection;
use register::paper::Paper;
use register::record::History;
use register::{ObjectionId, PaperId, PersonName, Record, Uscc};

use super::answer::{permitted, record_of};
use super::words;
use crate::access_log::{self, Disclosed, Door, Look};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::myself;
use crate::{paper, seal};

/// Objections in a list.
const SHOWN: u32 = 200;

/// One step of a case with what was said.
#[derive(Clone, Debug)]
pub struct Step {
    /// What was done, by code.
    pub kind: String,
    /// When.
    pub at: jiff::Timestamp,
    /// What was said.
    pub words: String,
}

/// An objection with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The objection.
    pub objection: Objection,
    /// The record that it is about.
    pub record: Record,
    /// What happened to the record.
    pub history: History,
    /// What was done, oldest first.
    pub steps: Vec<Step>,
    /// Papers of both sides.
    pub papers: Vec<Paper>,
    /// Who was told of a change since the objection, and whether he has acknowledged it.
    pub corrections: Vec<Correction>,
}

/// The same for the body that must answer: it learns who objects.
#[derive(Clone, Debug)]
pub struct DeskCase {
    /// The case.
    pub case: Case,
    /// Who objects.
    pub name: PersonName,
    /// The last four characters of his number, the rest masked.
    pub number: String,
}

/// A paper and its bytes.
pub type Bytes = Box<dyn Read + Send>;

async fn case(cx: &Cx, objection: Objection) -> Result<Case> {
    let db = cx.store.read();
    let (record, history) = record_of(cx, &objection).await?;
    let mut steps = Vec::new();
    for step in store::case::steps(db, objection.person, objection.id.0).await? {
        let words = words(cx, &step)?;
        steps.push(Step { kind: step.kind, at: step.at, words });
    }
    let papers = store::case::papers(db, objection.person, objection.id.0).await?;
    let papers = paper::opened(cx, papers)?;
    let mut corrections = store::correction::of_person(db, objection.person).await?;
    corrections.retain(|correction| {
        correction.record == objection.record && correction.sent_at >= objection.received_at
    });
    Ok(Case { objection, record, history, steps, papers, corrections })
}

/// The person's objections, newest first. They say nothing about him until one is opened.
///
/// # Errors
/// [`Error::Denied`].
pub async fn mine(cx: &Cx, actor: &Actor) -> Result<Vec<Objection>> {
    let person = myself(cx, actor)?;
    Ok(store::objection::of_person(cx.store.read(), person).await?)
}

/// One of them with everything that belongs to it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if it is not his, [`Error::Log`].
pub async fn one_of_mine(cx: &Cx, actor: &Actor, id: ObjectionId) -> Result<Disclosed<Case>> {
    let person = myself(cx, actor)?;
    let found = store::objection::of_person_by_id(cx.store.read(), person, id).await?;
    let case = case(cx, found.ok_or(Error::NotFound)?).await?;
    let mut look = Look::by(actor, Door::OwnFile, person);
    look.records = vec![case.record.id];
    access_log::before(cx, look, case).await
}

/// A paper of one of his cases, byte for byte.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Log`].
pub async fn paper_of_mine(
    cx: &Cx,
    actor: &Actor,
    id: ObjectionId,
    paper: PaperId,
) -> Result<(Paper, Bytes)> {
    let (case, _) = one_of_mine(cx, actor, id).await?.into_parts();
    one_paper(cx, case, paper)
}

fn one_paper(cx: &Cx, case: Case, id: PaperId) -> Result<(Paper, Bytes)> {
    let paper = case.papers.into_iter().find(|paper| paper.id == id).ok_or(Error::NotFound)?;
    Ok((paper, paper::bytes(cx, id)?))
}

/// What this body has to answer, soonest due first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn desk(cx: &Cx, actor: &Actor) -> Result<Vec<Objection>> {
    let own = actor.agency;
    let agency = own.as_ref().map(Uscc::as_str);
    cx.permit(actor, Action::AnswerObjection, What { agency, ..What::default() })?;
    let agency = agency.unwrap_or_default();
    Ok(store::objection::open_of_agency(cx.store.read(), agency, SHOWN).await?)
}

/// One of them with everything that belongs to it. The look is logged, and the person sees it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Log`].
pub async fn desk_one(cx: &Cx, actor: &Actor, id: ObjectionId) -> Result<Disclosed<DeskCase>> {
    let objection = permitted(cx, actor, id).await?;
    let person = objection.person;
    let mut look = Look::by(actor, Door::Objection, person);
    look.matter.clone_from(&objection.number);
    look.records = vec![objection.record];
    let case = case(cx, objection).await?;
    let sealed = store::person::sealed(cx.store.read(), person).await?;
    let (kind, sealed) = sealed.ok_or(Error::NotFound)?;
    let (document, name) = seal::open_identity(&cx.vault, person, &kind, &sealed)?;
    let number = register::mask::number(document.number());
    access_log::before(cx, look, DeskCase { case, name, number }).await
}

/// A paper of a case that this body has to answer, byte for byte.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Log`].
pub async fn desk_paper(
    cx: &Cx,
    actor: &Actor,
    id: ObjectionId,
    paper: PaperId,
) -> Result<(Paper, Bytes)> {
    let (seen, _) = desk_one(cx, actor, id).await?.into_parts();
    one_paper(cx, seen.case, paper)
}

/// All that are open, soonest due first, for the office: whose they are it does not learn here.
///
/// # Errors
/// [`Error::Denied`].
pub async fn office(cx: &Cx, actor: &Actor) -> Result<Vec<Objection>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    Ok(store::objection::open(cx.store.read(), SHOWN).await?)
}
