//! 看查询疑问: the person sees his own, the body those it must explain, the office all that are due.

use access::{Action, What};
use register::InquiryId;
use register::inquiry::Inquiry;

use super::answer::{explains, permit, permitted};
use super::of;
use crate::access_log::{self, Disclosed, Door, Look};
use crate::case::{Step, steps};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::{self, MyLook, myself};

/// Inquiries in a list.
const SHOWN: u32 = 200;

/// An inquiry with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The inquiry.
    pub inquiry: Inquiry,
    /// The look that it is about.
    pub look: MyLook,
    /// What was said, oldest first.
    pub steps: Vec<Step>,
}

/// The same for the body that must explain it.
#[derive(Clone, Debug)]
pub struct DeskCase {
    /// The case.
    pub case: Case,
    /// The account that looked; `None` if it is gone.
    pub login: Option<String>,
}

/// The person's inquiries, newest first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn mine(cx: &Cx, actor: &Actor) -> Result<Vec<Inquiry>> {
    let person = myself(cx, actor)?;
    Ok(store::inquiry::of_person(cx.store.read(), person).await?)
}

/// What the person asked about one look, if he did.
///
/// # Errors
/// [`Error::Denied`].
pub async fn about_look(cx: &Cx, actor: &Actor, look: u64) -> Result<Option<Inquiry>> {
    let person = myself(cx, actor)?;
    Ok(store::inquiry::of_person_by_look(cx.store.read(), person, look).await?)
}

/// One of them with what was said.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if it is not his, [`Error::Log`].
pub async fn one_of_mine(cx: &Cx, actor: &Actor, id: InquiryId) -> Result<Disclosed<Case>> {
    let person = myself(cx, actor)?;
    let found = store::inquiry::of_person_by_id(cx.store.read(), person, id).await?;
    let inquiry = found.ok_or(Error::NotFound)?;
    let look = my::look(cx, actor, inquiry.look).await?;
    let steps = steps(cx, of(&inquiry)).await?;
    let own = Look::by(actor, Door::OwnFile, person);
    access_log::before(cx, own, Case { inquiry, look, steps }).await
}

/// What this actor's body has to explain, soonest due first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn desk(cx: &Cx, actor: &Actor) -> Result<Vec<Inquiry>> {
    let agency = explains(cx, actor)?;
    permit(cx, actor, agency, None)?;
    Ok(store::inquiry::open_of_agency(cx.store.read(), agency.as_str(), SHOWN).await?)
}

/// One of them. The person's own words are his: the look at them is logged, and he sees it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Log`].
pub async fn desk_one(cx: &Cx, actor: &Actor, id: InquiryId) -> Result<Disclosed<DeskCase>> {
    let inquiry = permitted(cx, actor, id).await?;
    let (db, log) = (cx.store.read(), cx.log.name());
    let entries = store::access_entry::from(db, log, inquiry.look, 1).await?;
    let entry = entries.into_iter().find(|entry| entry.seq == inquiry.look);
    let entry = entry.ok_or(Error::NotFound)?;
    let account = store::account::by_id(db, entry.account).await?;
    let login = account.map(|account| account.login);
    let look = my::my_look(cx, entry);
    let steps = steps(cx, of(&inquiry)).await?;
    let mut own = Look::by(actor, Door::Inquiry, inquiry.person);
    inquiry.number.clone_into(&mut own.matter);
    let case = Case { inquiry, look, steps };
    access_log::before(cx, own, DeskCase { case, login }).await
}

/// All that are open, soonest due first, for the office: whose they are it does not learn here.
///
/// # Errors
/// [`Error::Denied`].
pub async fn office(cx: &Cx, actor: &Actor) -> Result<Vec<Inquiry>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    Ok(store::inquiry::open(cx.store.read(), SHOWN).await?)
}

/// Looks that their body says it should not have made, newest first, for the office.
///
/// # Errors
/// [`Error::Denied`].
pub async fn mistaken(cx: &Cx, actor: &Actor) -> Result<Vec<Inquiry>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    Ok(store::inquiry::mistaken(cx.store.read(), SHOWN).await?)
}
