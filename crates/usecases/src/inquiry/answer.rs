//! 说明查询: the body says why it looked, or that it should not have.

use access::{Action, What};
use register::inquiry::{Inquiry, State, WORDS};
use register::notice::About;
use register::objection::NotNow;
use register::{InquiryId, Uscc};

use super::{OFFICE, credit_office, of};
use crate::case::{mistake, read_words, step, tell_about};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::supervision;

/// Answers; the person reads it at once, and a mistaken look becomes a case of supervision by itself.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`] if it was answered.
///
/// # Law
/// 个人信息保护法 48, 51 — whoever handles personal information explains it and answers for it.
pub async fn answer(
    cx: &Cx,
    actor: &Actor,
    id: InquiryId,
    state: &str,
    words: &str,
) -> Result<Inquiry> {
    let stood = permitted(cx, actor, id).await?;
    let mut mistakes = Vec::new();
    let look = look_of(cx, &stood).await?;
    if look.as_ref().is_some_and(|look| look.account == actor.account) {
        let says = "这次查询是您自己作出的，请由本单位的其他人说明。";
        mistakes.push(mistake("state", "own-look", says));
    }
    let state = State::from_code(state).filter(|state| *state != State::Asked);
    if state.is_none() {
        mistakes.push(mistake("state", "choice-missing", "请选择这次查询是不是应该。"));
    }
    let words = read_words("words", words, WORDS, &mut mistakes);
    let (Some(state), true) = (state, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let now = stood.answer(state, cx.now()).ok_or(NotNow::Closed)?;
    let tx = cx.store.begin().await?;
    if !store::inquiry::save(&tx, &now).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), state.code(), Some(actor.account), &words).await?;
    // Whatever the look showed, and whether or not any of it is left.
    let is_of_the_office = credit_office(&cx.rules).is_ok_and(|office| office == now.agency);
    if let Some(text) = text_of(state, is_of_the_office) {
        tell_about(cx, &tx, now.person, About::Inquiry(now.id), text).await?;
    }
    if state == State::Mistaken {
        supervision::from_inquiry(cx, &tx, &now, look.as_ref(), actor.account, &words).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// The look that was asked about.
async fn look_of(cx: &Cx, inquiry: &Inquiry) -> Result<Option<store::access_entry::Entry>> {
    let entries =
        store::access_entry::from(cx.store.read(), cx.log.name(), inquiry.look, 1).await?;
    Ok(entries.into_iter().find(|entry| entry.seq == inquiry.look))
}

/// The text that tells the person of this answer. Of its own looks the office does not answer to itself: there the
/// auditor is named, who sees what it says it should not have looked at.
const fn text_of(state: State, is_of_the_office: bool) -> Option<&'static str> {
    match (state, is_of_the_office) {
        (State::Asked, _) => None,
        (State::Explained, false) => Some("inquiry-explained"),
        (State::Explained, true) => Some("inquiry-explained-office"),
        (State::Mistaken, false) => Some("inquiry-mistaken"),
        (State::Mistaken, true) => Some("inquiry-mistaken-office"),
    }
}

/// For which body this actor explains looks.
pub(super) fn explains(cx: &Cx, actor: &Actor) -> Result<Uscc> {
    match actor.agency {
        Some(agency) => Ok(agency),
        None => credit_office(&cx.rules),
    }
}

/// The inquiry, if this actor's body has to explain the look.
pub(super) async fn permitted(cx: &Cx, actor: &Actor, id: InquiryId) -> Result<Inquiry> {
    let agency = explains(cx, actor)?;
    permit(cx, actor, agency, None)?;
    let found = store::inquiry::of_agency_by_id(cx.store.read(), agency.as_str(), id).await?;
    let found = found.ok_or(Error::NotFound)?;
    permit(cx, actor, agency, Some(&found.person.to_string()))?;
    Ok(found)
}

/// Whether this actor may explain looks of that body, at that person.
pub(super) fn permit(cx: &Cx, actor: &Actor, agency: Uscc, person: Option<&str>) -> Result<()> {
    let office = [OFFICE.to_owned()];
    let is_office = credit_office(&cx.rules).is_ok_and(|office| office == agency);
    let allowed_kinds = is_office.then_some(office.as_slice());
    let what = What { agency: Some(agency.as_str()), person, allowed_kinds, ..What::default() };
    cx.permit(actor, Action::AnswerInquiry, what)
}
