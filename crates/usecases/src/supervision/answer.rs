//! 说明: the body shows the office for which matter it looked, in words and with papers.

use access::Action;
use register::SupervisionId;
use register::objection::{NotNow, PAPERS};
use register::supervision::{Done, Supervision, WORDS};

use super::see::of_desk;
use super::{expect_no_number, is_his_own, of, own_look, permit};
use crate::case::{mistake, read_words, step};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::paper::{self, Received};

/// Explains. Whoever looked does not explain it himself (I15); best the lead of the unit does. Late is late, and is
/// taken all the same.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`] if nobody asked this body, [`Error::NotNow`].
pub async fn answer(
    cx: &Cx,
    actor: &Actor,
    id: SupervisionId,
    words: &str,
    papers: &[Received],
) -> Result<Supervision> {
    let stood = of_desk(cx, actor, id).await?;
    let sides = permit(cx, actor, Action::AnswerSupervision, &stood).await?;
    let mut mistakes = Vec::new();
    if is_his_own(cx, actor, &sides).await? {
        mistakes.push(own_look("words"));
    }
    let words = read_words("words", words, WORDS, &mut mistakes);
    expect_no_number("words", &words, &mut mistakes);
    if papers.len() > PAPERS {
        let says = format!("最多交 {PAPERS} 份材料，请选最要紧的。");
        mistakes.push(mistake("papers", "papers-many", says));
    }
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let was = stood.state;
    let now = stood.answer(Done { by: actor.account, at: cx.now() })?;
    let case = of(&now);
    let papers = paper::of_case(cx, case.person, case.case, true, papers);
    let tx = cx.store.begin().await?;
    if !store::supervision::save(&tx, &now, was).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, case, "answered", Some(actor.account), &words).await?;
    store::case::add_papers(&tx, &papers).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}
