//! 延长核查: once, before the day is over, with reasons.

use register::ObjectionId;
use register::objection::{NotNow, Objection, REASONS};

use super::answer::permitted;
use super::{read_words, step, tell};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Extends the days of an objection.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`].
pub async fn extend(cx: &Cx, actor: &Actor, id: ObjectionId, reasons: &str) -> Result<Objection> {
    let stood = permitted(cx, actor, id).await?;
    let mut mistakes = Vec::new();
    let reasons = read_words("reasons", reasons, REASONS, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let now = stood.extend(&cx.rules, cx.today())?;
    let tx = cx.store.begin().await?;
    if !store::objection::save(&tx, &stood, &now).await? {
        return Err(NotNow::ExtendedBefore.into());
    }
    step(cx, &tx, &now, "extended", Some(actor.account), &reasons).await?;
    tell(cx, &tx, &now, "objection-extended").await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}
