//! 提交证据材料: the body puts the decision, its service and the evidence beside the case, where the person sees them
//! too, and from where the bundle takes them.

use register::challenge::WORDS;
use register::objection::{NotNow, PAPERS};
use register::{ChallengeId, challenge::Challenge};

use super::of;
use super::settle::permitted;
use crate::case::{mistake, read_words, step};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::paper::{self, Received};

/// Hands in papers of the body, as long as the case is going on; more than once, if there is more.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`] without papers or words, [`Error::NotFound`], [`Error::NotNow`].
///
/// # Law
/// 行政复议法 44, 47, 48 — the body hands in evidence, basis and the rest; the person may read and copy it.
pub async fn hand_in(
    cx: &Cx,
    actor: &Actor,
    id: ChallengeId,
    about: &str,
    papers: &[Received],
) -> Result<Challenge> {
    let stood = permitted(cx, actor, id).await?;
    let mut mistakes = Vec::new();
    if papers.is_empty() {
        mistakes.push(mistake("papers", "papers-missing", "请选择要提交的材料。"));
    }
    if papers.len() > PAPERS {
        mistakes.push(mistake("papers", "papers-many", format!("一次最多交 {PAPERS} 份材料。")));
    }
    let about = read_words("about", about, WORDS, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let tx = cx.store.begin().await?;
    // Held first: nobody settles it between the look and the step.
    store::retention::held(&tx, stood.person, stood.record).await?.ok_or(Error::NotFound)?;
    let now = store::challenge::of_person_by_id(&tx, stood.person, id).await?;
    if !now.is_some_and(|now| now.is_open()) {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&stood), "handed-in", Some(actor.account), &about).await?;
    let papers = paper::of_case(cx, stood.person, id.0, true, papers);
    store::case::add_papers(&tx, &papers).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(stood)
}
