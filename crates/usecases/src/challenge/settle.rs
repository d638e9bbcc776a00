//! 按复议、诉讼结果办理: a decision that no longer stands takes its record with it, and every receiver
//! is told why.

use access::{Action, What};
use register::challenge::{Challenge, Ending, WORDS};
use register::event::Cause;
use register::objection::NotNow;
use register::{ChallengeId, EventKind, Uscc};

use super::of;
use crate::case::{change, is_gone, mistake, read_words, step, tell};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Settles a challenge.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`].
///
/// # Law
/// 行政处罚法 48, 85 — withdrawn within three working days, with the reason made known.
pub async fn settle(
    cx: &Cx,
    actor: &Actor,
    id: ChallengeId,
    ending: &str,
    words: &str,
) -> Result<Challenge> {
    let stood = permitted(cx, actor, id).await?;
    let mut mistakes = Vec::new();
    let ending = Ending::from_code(ending);
    if ending.is_none() {
        mistakes.push(mistake("ending", "choice-missing", "请按文书选择结果。"));
    }
    let words = read_words("words", words, WORDS, &mut mistakes);
    let (Some(ending), true) = (ending, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let now = stood.settle(ending, cx.now()).ok_or(NotNow::Closed)?;
    let tx = cx.store.begin().await?;
    // The record before the case: whoever hands in papers, or erases, takes them in this order too.
    store::retention::held(&tx, stood.person, stood.record).await?.ok_or(Error::NotFound)?;
    if !store::challenge::save(&tx, &stood, &now).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), ending.code(), Some(actor.account), &words).await?;
    let mut steps = Vec::new();
    if ending.annuls() && !is_gone(&tx, of(&now)).await? {
        steps.push((EventKind::Annulled { on: cx.today() }, None));
    }
    steps.push((EventKind::ChallengeEnded, None));
    // What others keep from use stays so.
    if stood.is_suspended {
        steps.push((EventKind::Resumed { by: Cause::Challenge }, None));
    }
    change(cx, &tx, of(&now), Some(actor.account), steps).await?;
    let text = if ending.annuls() { "challenge-annulled" } else { "challenge-upheld" };
    tell(cx, &tx, of(&now), text).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// The challenge, if this actor's body supplied the record.
pub(crate) async fn permitted(cx: &Cx, actor: &Actor, id: ChallengeId) -> Result<Challenge> {
    let own = actor.agency;
    let agency = own.as_ref().map(Uscc::as_str);
    cx.permit(actor, Action::AnswerObjection, What { agency, ..What::default() })?;
    let agency = agency.unwrap_or_default();
    let found = store::challenge::of_agency_by_id(cx.store.read(), agency, id).await?;
    let found = found.ok_or(Error::NotFound)?;
    let person = found.person.to_string();
    let what = What { agency: Some(agency), person: Some(&person), ..What::default() };
    cx.permit(actor, Action::AnswerObjection, what)?;
    Ok(found)
}
