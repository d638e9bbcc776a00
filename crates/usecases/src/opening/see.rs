//! 看启封申请: what waits for a second person, and what the two see while it is open.

use access::{Action, What};
use register::opening::{Ground, Opening, Wish};
use register::paper::Paper;
use register::record::History;
use register::{OpeningId, PaperId, PersonId, PersonName, Record, Role};

use super::{Detail, detail_place, reasons_place};
use crate::access_log::{self, Disclosed, Door, Look};
use crate::counter::may;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::paper::{self, Bytes};
use crate::seal;

/// Requests in the list.
const SHOWN: u32 = 200;

/// One request with everything that belongs to it.
#[derive(Clone)]
pub struct OpeningFile {
    /// The request.
    pub opening: Opening,
    /// Why, and who asks.
    pub detail: Detail,
    /// The reasons of the second person.
    pub reasons: String,
    /// Whose file it is.
    pub name: PersonName,
    /// The last four characters of his number, the rest masked.
    pub number: String,
    /// Papers that came with it.
    pub papers: Vec<Paper>,
    /// What was sealed, while it is open to this actor.
    pub records: Option<Vec<(Record, History)>>,
    /// Whether this actor can be the second person.
    pub may_decide: bool,
    /// How many records could not be erased yet, because a case or a correction still needs them.
    pub held: usize,
}

register::hidden!(OpeningFile);

/// What was asked, what waits first. It names nobody.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list(cx: &Cx, actor: &Actor) -> Result<Vec<Opening>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    Ok(store::opening::list(cx.store.read(), SHOWN).await?)
}

/// Whether the request may stand as far as a death goes: only relatives need one.
pub(super) async fn is_for_the_dead(db: &impl store::Db, opening: &Opening) -> Result<bool> {
    if opening.ground != Ground::Relative {
        return Ok(true);
    }
    let death = store::death::of_person(db, opening.person).await?;
    Ok(death.is_some_and(|death| death.counts()))
}

pub(super) fn permitted_to_decide(cx: &Cx, actor: &Actor, person: PersonId) -> Result<()> {
    may(cx, actor, person, Action::DecideOpening)
}

/// One request; what is open is shown with it. The look is logged, and the person sees it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn one(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    id: OpeningId,
) -> Result<Disclosed<OpeningFile>> {
    may(cx, actor, person, Action::AskOpening)?;
    let db = cx.store.read();
    let stored = store::opening::by_id(db, person, id).await?.ok_or(Error::NotFound)?;
    let plain = cx.vault.open(detail_place(&id), &stored.detail)?;
    let detail: Detail =
        serde_json::from_slice(&plain).map_err(|_| Error::Internal("a stored request"))?;
    let reasons = match &stored.reasons {
        Some(sealed) => String::from_utf8(cx.vault.open(reasons_place(&id), sealed)?.to_vec())
            .map_err(|_| Error::Internal("stored reasons"))?,
        None => String::new(),
    };
    let opening = stored.opening;
    let (name, number) = seal::masked_identity(cx, person).await?;
    let papers = paper::opened(cx, store::case::papers(db, person, id.0).await?)?;
    let mut found = Vec::new();
    for stored in store::record::of_person(db, person).await? {
        if opening.record.is_none_or(|record| record == stored.id) {
            found.push(seal::open_record(&cx.vault, stored)?);
        }
    }
    found.reverse();
    let is_open = opening.wish == Wish::See
        && opening.is_open_to(actor.account, cx.now())
        && is_for_the_dead(db, &opening).await?;
    let held =
        if opening.wish == Wish::Erase && opening.decision.is_some() { found.len() } else { 0 };
    let mut look = Look::by(actor, Door::Opening, person);
    look.matter.clone_from(&opening.number);
    if is_open {
        look.records = found.iter().map(|(record, _)| record.id).collect();
    }
    let may_decide = opening.decision.is_none()
        && actor.role == Role::OfficeLead
        && actor.account != opening.asked_by;
    let records = is_open.then_some(found);
    let file =
        OpeningFile { opening, detail, reasons, name, number, papers, records, may_decide, held };
    access_log::before(cx, look, file).await
}

/// A paper of a request, byte for byte.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn paper(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    id: OpeningId,
    paper: PaperId,
) -> Result<(Paper, Bytes)> {
    may(cx, actor, person, Action::AskOpening)?;
    let db = cx.store.read();
    let opening = store::opening::by_id(db, person, id).await?.ok_or(Error::NotFound)?;
    let papers = paper::opened(cx, store::case::papers(db, person, id.0).await?)?;
    let mut look = Look::by(actor, Door::Opening, person);
    // The person reads it in his log.
    look.matter = opening.opening.number;
    access_log::before(cx, look, ()).await?;
    paper::one_of(cx, papers, paper)
}
