//! 逾期不办理: a body that does not act on a result in time may not go on using the record.

use register::EventKind;
use register::challenge::Challenge;
use register::event::Cause;

use super::of;
use crate::case::{change, step, tell};
use crate::cx::Cx;
use crate::error::Result;

/// Challenges looked at in one turn.
const PAGE: u32 = 200;

/// Suspends records whose body let its day pass. Says how many.
///
/// # Errors
/// [`crate::Error::Store`].
///
/// # Law
/// 行政处罚法 48; 个人信息保护法 8 (the suspension by our own rule O10).
pub async fn silence(cx: &Cx) -> Result<u64> {
    let today = cx.today();
    let (mut done, mut failed) = (0, None);
    for stood in store::challenge::overdue(cx.store.read(), today, PAGE).await? {
        if let Some(now) = stood.silence(today) {
            match one(cx, &stood, &now).await {
                Ok(is_done) => done += u64::from(is_done),
                // One that cannot be done keeps nobody else waiting.
                Err(error) => {
                    tracing::error!(%error, challenge = %stood.id, "silence does not count yet");
                    failed.get_or_insert(error);
                }
            }
        }
    }
    failed.map_or(Ok(done), Err)
}

/// Takes one step; `false` if the body acted at this very moment.
async fn one(cx: &Cx, stood: &Challenge, now: &Challenge) -> Result<bool> {
    let tx = cx.store.begin().await?;
    if !store::challenge::save(&tx, stood, now).await? {
        return Ok(false);
    }
    step(cx, &tx, of(now), "suspended", None, "").await?;
    change(cx, &tx, of(now), None, vec![(EventKind::Suspended { by: Cause::Challenge }, None)])
        .await?;
    tell(cx, &tx, of(now), "challenge-suspended").await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(true)
}
