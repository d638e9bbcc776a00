//! 看查询监督: the office all cases, a body those that it was asked about. Nobody is named; whoever opens papers, or words
//! that were written to the person, is logged.

use std::collections::BTreeMap;

use access::{Action, What};
use jiff::Timestamp;
use register::paper::Paper;
use register::supervision::{Finding, LISTED, Origin, Pile, State, Supervision};
use register::{AccountId, PaperId, PersonId, SupervisionId};

use super::{Sides, is_his_own, of, permit, permit_with};
use crate::access_log::{self, Detail, Door, Look};
use crate::case::{Step, steps};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::inquiry::credit_office;
use crate::paper::{self as papers, Bytes};

/// Cases in a list of duties.
const SHOWN: u32 = 200;
/// Cases of a list on one page.
const ON_A_PAGE: u32 = 50;

/// One look of a case, as the office and the body see it.
#[derive(Clone)]
pub struct SeenLook {
    /// Its position in the log.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Which account; `None` if it is gone.
    pub login: Option<String>,
    /// Through which door, by code.
    pub door: String,
    /// Purpose, by code.
    pub purpose: Option<String>,
    /// Matter.
    pub matter: String,
    /// Whether it was refused.
    pub is_refused: bool,
    /// How many records went out.
    pub records: usize,
    /// Whether the office found that it should not have been.
    pub is_wrongful: bool,
}

register::hidden!(SeenLook);

/// A case with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// The case.
    pub case: Supervision,
    /// Its looks, in the order of the log; of many only the first.
    pub looks: Vec<SeenLook>,
    /// Other cases about some of the same looks, for the office.
    pub beside: Vec<Supervision>,
    /// Whether words in it were written to the person, so that this reading was logged.
    pub is_logged: bool,
    /// What was said, oldest first.
    pub steps: Vec<Step>,
    /// Papers of the body.
    pub papers: Vec<Paper>,
    /// Whether this actor may ask the body now.
    pub may_ask: bool,
    /// Whether this actor may explain now.
    pub may_answer: bool,
    /// What this actor may find now; empty if nothing.
    pub findings: Vec<Finding>,
}

/// A page of one of the office's lists.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which list.
    pub pile: Pile,
    /// Number of this page, from 1.
    pub number: u32,
    /// How many cases stand before it.
    pub skipped: u64,
    /// The cases of this page.
    pub cases: Vec<Supervision>,
    /// How many stand in the list in all.
    pub in_all: u64,
}

/// The page of that number, from 1, of one list.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list(cx: &Cx, actor: &Actor, pile: Pile, number: u32) -> Result<Listed> {
    cx.permit(actor, Action::SuperviseLooks, What::default())?;
    let db = cx.store.read();
    let number = number.max(1);
    let skipped = u64::from(number - 1) * u64::from(ON_A_PAGE);
    let cases = store::supervision::pile(db, pile, skipped, ON_A_PAGE).await?;
    let in_all = store::supervision::size_of_pile(db, pile).await?;
    Ok(Listed { pile, number, skipped, cases, in_all })
}

/// The first page of every list, in the order in which they are shown.
///
/// # Errors
/// [`Error::Denied`].
pub async fn lists(cx: &Cx, actor: &Actor) -> Result<Vec<Listed>> {
    let mut all = Vec::with_capacity(Pile::ALL.len());
    for pile in Pile::ALL {
        all.push(list(cx, actor, *pile, 1).await?);
    }
    Ok(all)
}

/// What bodies have to explain, soonest due first, for the office.
///
/// # Errors
/// [`Error::Denied`].
pub async fn office(cx: &Cx, actor: &Actor) -> Result<Vec<Supervision>> {
    cx.permit(actor, Action::SuperviseLooks, What::default())?;
    Ok(store::supervision::asked(cx.store.read(), SHOWN).await?)
}

/// One case for the office. What a body has written to the person may name him: then the reading is logged at him, and
/// he sees it.
///
/// # Errors
/// [`Error::Denied`], also if one of the looks was at him (I15); [`Error::NotFound`]; [`Error::Log`].
pub async fn one(cx: &Cx, actor: &Actor, id: SupervisionId) -> Result<CaseFile> {
    cx.permit(actor, Action::SuperviseLooks, What::default())?;
    let case = store::supervision::by_id(cx.store.read(), id).await?.ok_or(Error::NotFound)?;
    let sides = permit(cx, actor, Action::SuperviseLooks, &case).await?;
    let mut file = gather(cx, actor, case, &sides).await?;
    file.beside = store::supervision::beside(cx.store.read(), id).await?;
    let has_words = file.steps.iter().any(|step| !step.words.is_empty());
    if file.case.origin == Origin::Inquiry && has_words {
        log(cx, actor, &file.case).await?;
        file.is_logged = true;
    }
    Ok(file)
}

/// Logs at everybody who was looked at that this actor sees what may name him.
async fn log(cx: &Cx, actor: &Actor, case: &Supervision) -> Result<()> {
    let persons = store::supervision::persons(cx.store.read(), cx.log.name(), case.id).await?;
    let look = |person: PersonId| {
        let mut look = Look::by(actor, Door::Supervision, person);
        case.number.clone_into(&mut look.matter);
        (look, ())
    };
    access_log::before_many(cx, persons.into_iter().map(look).collect()).await?;
    Ok(())
}

/// What this actor's body has to explain, soonest due first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn desk(cx: &Cx, actor: &Actor) -> Result<Vec<Supervision>> {
    let own = actor.agency;
    let agency = own.as_ref().map(register::Uscc::as_str);
    cx.permit(actor, Action::AnswerSupervision, What { agency, ..What::default() })?;
    let agency = agency.unwrap_or_default();
    Ok(store::supervision::asked_of_agency(cx.store.read(), agency, SHOWN).await?)
}

/// One of them, or one that was explained.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if it is another body's, or nobody has asked.
pub async fn desk_one(cx: &Cx, actor: &Actor, id: SupervisionId) -> Result<CaseFile> {
    let case = of_desk(cx, actor, id).await?;
    let sides = permit(cx, actor, Action::AnswerSupervision, &case).await?;
    gather(cx, actor, case, &sides).await
}

/// The case, if this actor's body was asked about it.
pub(super) async fn of_desk(cx: &Cx, actor: &Actor, id: SupervisionId) -> Result<Supervision> {
    let agency = match actor.agency {
        Some(agency) => agency,
        None => credit_office(&cx.rules)?,
    };
    let found = store::supervision::by_id(cx.store.read(), id).await?;
    let found = found.filter(|case| case.agency == agency && case.asked.is_some());
    found.ok_or(Error::NotFound)
}

/// A paper with its bytes, for the office or for the body that handed it in. It shows whom the look was at, so the
/// reading is logged at each of them, and they see it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Log`].
pub async fn paper(
    cx: &Cx,
    actor: &Actor,
    id: SupervisionId,
    paper: PaperId,
) -> Result<(Paper, Bytes)> {
    let is_of_body = actor.agency.is_some();
    let (case, action) = if is_of_body {
        (of_desk(cx, actor, id).await?, Action::AnswerSupervision)
    } else {
        cx.permit(actor, Action::SuperviseLooks, What::default())?;
        let case = store::supervision::by_id(cx.store.read(), id).await?;
        (case.ok_or(Error::NotFound)?, Action::SuperviseLooks)
    };
    permit(cx, actor, action, &case).await?;
    let of = of(&case);
    let stored = store::case::papers(cx.store.read(), of.person, of.case).await?;
    let all = papers::opened(cx, stored)?;
    let found = papers::one_of(cx, all, paper)?;
    log(cx, actor, &case).await?;
    Ok(found)
}

async fn gather(cx: &Cx, actor: &Actor, case: Supervision, sides: &Sides) -> Result<CaseFile> {
    let of = of(&case);
    let db = cx.store.read();
    let named = store::supervision::first_looks(db, case.id, LISTED).await?;
    let seqs: Vec<u64> = named.iter().map(|look| look.seq).collect();
    let entries = store::access_entry::at(db, cx.log.name(), &seqs).await?;
    let mut logins: BTreeMap<AccountId, Option<String>> = BTreeMap::new();
    let mut looks = Vec::with_capacity(entries.len());
    for entry in &entries {
        if let std::collections::btree_map::Entry::Vacant(place) = logins.entry(entry.account) {
            let account = store::account::by_id(db, entry.account).await?;
            place.insert(account.map(|account| account.login));
        }
        let Detail { matter, records, .. } =
            access_log::detail_of(&cx.vault, cx.log.name(), entry).unwrap_or_default();
        looks.push(SeenLook {
            seq: entry.seq,
            at: entry.at,
            login: logins.get(&entry.account).cloned().flatten(),
            door: entry.door.clone(),
            purpose: entry.purpose.clone(),
            matter,
            is_refused: entry.outcome == access_log::Outcome::Refused.code(),
            records: records.len(),
            is_wrongful: named.iter().any(|look| look.seq == entry.seq && look.is_wrongful),
        });
    }
    let is_own = is_his_own(cx, actor, sides).await?;
    let may = |action| !is_own && permit_with(cx, actor, action, &case, sides).is_ok();
    let may_find = may(Action::RecordFinding);
    let is_second = {
        let by = [case.asked.map(|asked| asked.done.by), case.answered.map(|done| done.by)];
        !by.contains(&Some(actor.account))
    };
    Ok(CaseFile {
        looks,
        beside: Vec::new(),
        is_logged: false,
        steps: steps(cx, of).await?,
        papers: papers::opened(cx, store::case::papers(db, of.person, of.case).await?)?,
        may_ask: case.state == State::Found && may(Action::AskExplanation),
        may_answer: case.state == State::Asked && may(Action::AnswerSupervision),
        findings: if may_find && is_second { case.findings(cx.today()) } else { Vec::new() },
        case,
    })
}
