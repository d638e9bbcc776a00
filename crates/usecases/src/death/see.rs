//! 看去世登记.

use access::{Action, What};
use register::death::Death;
use register::paper::Paper;
use register::{DeathId, PaperId, PersonId, PersonName, Role};

use super::detail_place;
use crate::access_log::{self, Disclosed, Door, Look};
use crate::counter::may;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::paper::{self, Bytes};
use crate::seal;

/// Notes in the list.
const SHOWN: u32 = 200;

/// One note with everything that belongs to it.
#[derive(Clone)]
pub struct DeathFile {
    /// The note.
    pub death: Death,
    /// Name and number of its document.
    pub document: String,
    /// Who died.
    pub name: PersonName,
    /// The last four characters of his number, the rest masked.
    pub number: String,
    /// The document.
    pub papers: Vec<Paper>,
    /// Whether this actor can be the second person.
    pub may_confirm: bool,
    /// Whether this actor can end it.
    pub may_end: bool,
}

register::hidden!(DeathFile);

/// What was noted, what waits first. It names nobody.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list(cx: &Cx, actor: &Actor) -> Result<Vec<Death>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    Ok(store::death::list(cx.store.read(), SHOWN).await?)
}

/// One note. The look is logged.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn one(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    id: DeathId,
) -> Result<Disclosed<DeathFile>> {
    may(cx, actor, person, Action::NoteDeath)?;
    let db = cx.store.read();
    let (death, sealed) = store::death::by_id(db, person, id).await?.ok_or(Error::NotFound)?;
    let document = String::from_utf8(cx.vault.open(detail_place(&id), &sealed)?.to_vec());
    let document = document.map_err(|_| Error::Internal("a stored document"))?;
    let (name, number) = seal::masked_identity(cx, person).await?;
    let papers = paper::opened(cx, store::case::papers(db, person, id.0).await?)?;
    let is_lead = actor.role == Role::OfficeLead;
    let may_confirm = is_lead
        && death.confirmed.is_none()
        && death.ended_at.is_none()
        && death.noted_by != actor.account;
    let may_end = is_lead && death.ended_at.is_none();
    let mut look = Look::by(actor, Door::Counter, person);
    look.matter.clone_from(&death.number);
    let file = DeathFile { death, document, name, number, papers, may_confirm, may_end };
    access_log::before(cx, look, file).await
}

/// The document of a note, byte for byte.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn paper(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    id: DeathId,
    paper: PaperId,
) -> Result<(Paper, Bytes)> {
    may(cx, actor, person, Action::NoteDeath)?;
    let db = cx.store.read();
    let (death, _) = store::death::by_id(db, person, id).await?.ok_or(Error::NotFound)?;
    let papers = paper::opened(cx, store::case::papers(db, person, id.0).await?)?;
    let mut look = Look::by(actor, Door::Counter, person);
    look.matter = death.number;
    access_log::before(cx, look, ()).await?;
    paper::one_of(cx, papers, paper)
}
