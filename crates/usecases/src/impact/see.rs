//! 看影响评估: the office sees all of its own, everybody those that were approved.

use access::{Action, What};
use register::AssessmentId;
use register::impact::ImpactAssessment;

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// What the office wrote, what waits for a second person first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list(cx: &Cx, actor: &Actor) -> Result<Vec<ImpactAssessment>> {
    cx.permit(actor, Action::SeeAssessments, What::default())?;
    Ok(store::impact::list(cx.store.read()).await?)
}

/// One of them, and whether this actor can be its second person.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn one(cx: &Cx, actor: &Actor, id: AssessmentId) -> Result<(ImpactAssessment, bool)> {
    cx.permit(actor, Action::SeeAssessments, What::default())?;
    let found = store::impact::by_id(cx.store.read(), id).await?.ok_or(Error::NotFound)?;
    let may_decide = found.decision.is_none()
        && found.written_by != actor.account
        && cx.permit(actor, Action::DecideAssessment, What::default()).is_ok();
    Ok((found, may_decide))
}

/// Those that were approved, for everybody. They name nobody.
///
/// # Errors
/// [`Error::Store`].
pub async fn published(cx: &Cx) -> Result<Vec<ImpactAssessment>> {
    Ok(store::impact::approved(cx.store.read()).await?)
}
