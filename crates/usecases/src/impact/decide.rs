//! 批准影响评估: the second of two people decides, with reasons.

use access::{Action, What};
use register::AssessmentId;
use register::impact::{Decision, ImpactAssessment, WORDS};
use register::opening::NotSecond;

use super::refresh;
use crate::case::{mistake, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::opening::expect_second;

/// Approves an assessment, or does not. Approved, it counts at once in this process, and within a minute in every
/// other.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotSecond`], [`Error::Mistakes`], [`Error::NotFound`].
pub async fn decide(
    cx: &Cx,
    actor: &Actor,
    id: AssessmentId,
    approves: Option<bool>,
    reasons: &str,
) -> Result<ImpactAssessment> {
    cx.permit(actor, Action::DecideAssessment, What::default())?;
    let tx = cx.store.begin().await?;
    let found = store::impact::by_id(&tx, id).await?.ok_or(Error::NotFound)?;
    expect_second(&tx, found.written_by, actor).await?;
    if found.decision.is_some() {
        return Err(NotSecond::Decided.into());
    }
    let mut mistakes = Vec::new();
    match approves {
        None => mistakes.push(mistake("decision", "choice-missing", "请选择批准还是不批准。")),
        Some(true) if !found.is_fit => {
            let says = "评估认为措施和风险不相适应，不能批准。请补充措施以后重新评估。";
            mistakes.push(mistake("decision", "not-fit", says));
        }
        Some(_) => {}
    }
    let reasons = read_words("reasons", reasons, WORDS, &mut mistakes);
    let (Some(is_approved), true) = (approves, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let decision = Decision { by: actor.account, at: cx.now(), is_approved, reasons };
    if !store::impact::decide(&tx, id, &decision).await? {
        return Err(NotSecond::Decided.into());
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    refresh(cx).await?;
    Ok(ImpactAssessment { decision: Some(decision), ..found })
}
