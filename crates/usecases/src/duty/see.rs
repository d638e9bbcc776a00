//! 看期限: a body sees its duties, the office everybody's. No person is named.

use access::{Action, What};
use register::duty::{Duty, Kind};
use register::{Role, Uscc};
use store::duty::Reminder;

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::{challenge, correction, inquiry, objection, repair, supervision};

/// Reminders in a list.
const SHOWN: u32 = 50;

fn is_of_office(actor: &Actor) -> bool {
    matches!(actor.role, Role::OfficeClerk | Role::OfficeLead | Role::Auditor)
}

/// What this actor has to keep in sight, soonest due first: the duties of his body, or, in the office,
/// those of all.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn mine(cx: &Cx, actor: &Actor) -> Result<Vec<Duty>> {
    let mut duties = Vec::new();
    let rules = &cx.rules;
    if is_of_office(actor) {
        duties.extend(objection::office(cx, actor).await?.iter().filter_map(|one| one.duty(rules)));
        duties.extend(repair::office(cx, actor).await?.iter().filter_map(|one| one.duty(rules)));
        duties.extend(challenge::office(cx, actor).await?.iter().filter_map(|one| one.duty(rules)));
        duties.extend(inquiry::office(cx, actor).await?.iter().filter_map(|one| one.duty(rules)));
        let asked = supervision::office(cx, actor).await?;
        duties.extend(asked.iter().filter_map(|one| one.duty(rules)));
        let late = correction::overdue(cx, actor).await?;
        duties.extend(late.iter().filter_map(|one| one.duty(rules)));
    } else {
        duties.extend(objection::desk(cx, actor).await?.iter().filter_map(|one| one.duty(rules)));
        duties.extend(repair::desk(cx, actor).await?.iter().filter_map(|one| one.duty(rules)));
        duties.extend(challenge::desk(cx, actor).await?.iter().filter_map(|one| one.duty(rules)));
        duties.extend(inquiry::desk(cx, actor).await?.iter().filter_map(|one| one.duty(rules)));
        let asked = supervision::desk(cx, actor).await?;
        duties.extend(asked.iter().filter_map(|one| one.duty(rules)));
        let received = correction::received(cx, actor).await?;
        duties.extend(received.iter().filter_map(|one| one.correction.duty(rules)));
    }
    duties.sort_by_key(|duty| (duty.due, duty.case));
    Ok(duties)
}

/// What this actor's body was reminded of, newest first; in the office, what all were.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn reminders(cx: &Cx, actor: &Actor) -> Result<Vec<Reminder>> {
    let db = cx.store.read();
    if is_of_office(actor) {
        cx.permit(actor, Action::SeeOffice, What::default())?;
        return Ok(store::duty::reminders(db, SHOWN).await?);
    }
    let own = actor.agency;
    let agency = own.as_ref().map(register::Uscc::as_str);
    cx.permit(actor, Action::AnswerObjection, What { agency, ..What::default() })?;
    Ok(store::duty::reminders_of_agency(db, agency.unwrap_or_default(), SHOWN).await?)
}

/// Which of the cases of this actor's body has that number, also one that was decided long ago: its kind and its
/// identifier. What is in it is asked for there, and logged there.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn by_number(cx: &Cx, actor: &Actor, number: &str) -> Result<(Kind, uuid::Uuid)> {
    let own = actor.agency;
    let agency = own.as_ref().map(Uscc::as_str);
    cx.permit(actor, Action::AnswerObjection, What { agency, ..What::default() })?;
    let number = number.trim().to_uppercase();
    let db = cx.store.read();
    let found = store::case::by_number(db, agency.unwrap_or_default(), &number).await?;
    let (kind, id) = found.ok_or(Error::NotFound)?;
    Ok((Kind::from_code(kind).ok_or(Error::Internal("a kind of case"))?, id))
}
