//! 查看批次: how a file fared, and why rows came back. No personal value is in either.

use access::{Action, What};
use register::BatchId;
use register::batch::{Batch, Rejection};

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// One batch; one of another body looks as if it did not exist.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn see(cx: &Cx, actor: &Actor, id: BatchId) -> Result<Batch> {
    let batch = store::batch::by_id(cx.store.read(), id).await?.ok_or(Error::NotFound)?;
    let (agency, item) = (Some(batch.agency.as_str()), Some(batch.item.as_str()));
    let what = What { agency, item, ..What::default() };
    cx.permit(actor, Action::SeeBatch, what).map_err(|_| Error::NotFound)?;
    Ok(batch)
}

/// The newest batches of the actor's body, at most 50.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list(cx: &Cx, actor: &Actor) -> Result<Vec<Batch>> {
    let agency = actor.agency.ok_or(access::Denied { action: Action::SeeBatch })?;
    let what = What { agency: Some(agency.as_str()), ..What::default() };
    cx.permit(actor, Action::SeeBatch, what)?;
    Ok(store::batch::of_agency(cx.store.read(), agency, 50).await?)
}

/// Why rows of a batch came back, from `after_row` on, at most `limit` reasons.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn rejections(
    cx: &Cx,
    actor: &Actor,
    id: BatchId,
    after_row: u64,
    limit: u32,
) -> Result<(Batch, Vec<Rejection>)> {
    let batch = see(cx, actor, id).await?;
    let rejections =
        store::batch::rejections(cx.store.read(), id, after_row, limit.min(10_000)).await?;
    Ok((batch, rejections))
}
