//! 确认收到更正: the receiver has corrected or deleted what it took over.

use register::CorrectionId;

use super::permit;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Acknowledges; says whether it was the first time.
///
/// # Errors
/// [`Error::Denied`], [`Error::OutsideScope`], [`Error::NotFound`] if this body received no such correction.
pub async fn acknowledge(cx: &Cx, actor: &Actor, id: CorrectionId) -> Result<bool> {
    let agency = actor.agency;
    let agency = agency.as_ref().map(register::Uscc::as_str);
    permit(cx, actor, agency)?;
    let tx = cx.store.begin().await?;
    let found = store::correction::of_receiver_by_id(&tx, agency.unwrap_or_default(), id).await?;
    let correction = found.ok_or(Error::NotFound)?;
    let by = Some(actor.account);
    let is_first = store::correction::acknowledge(&tx, &correction, by, cx.now()).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(is_first)
}

/// The same, said by the receiver's system; says whether it was the first time.
///
/// It says so in its answer to what was carried to it, or by a receipt that it left. What names no
/// correction of this receiver changes nothing.
///
/// # Errors
/// [`Error::Store`].
pub async fn acknowledged_by_system(
    cx: &Cx,
    receiver: &register::Uscc,
    id: CorrectionId,
) -> Result<bool> {
    let tx = cx.store.begin().await?;
    let found = store::correction::of_receiver_by_id(&tx, receiver.as_str(), id).await?;
    let Some(correction) = found else { return Ok(false) };
    let is_first = store::correction::acknowledge(&tx, &correction, None, cx.now()).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(is_first)
}
