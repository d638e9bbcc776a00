//! 清理: tokens and secrets that have ended go.

use jiff::SignedDuration;
use register::client::MOST_DAYS;

use super::warn_days;
use crate::cx::Cx;
use crate::error::Result;

/// How long a token is kept after its end, so that whoever comes a little late is told why.
const TOKEN_KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Removes tokens soon after their end, secrets after as many days as the office was warned ahead: until
/// then its page and the machine itself are told that one has ended.
pub(crate) async fn remove_ended(cx: &Cx) -> Result<u64> {
    let now = cx.now();
    let kept = SignedDuration::from_hours(warn_days(cx).clamp(0, MOST_DAYS) * 24);
    let before = |time: SignedDuration| now.checked_sub(time).unwrap_or(now);
    let tx = cx.store.begin().await?;
    let removed = store::client::remove_ended(&tx, before(TOKEN_KEPT), before(kept)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(removed)
}
