//! 追送和催办: looks that were under way while a fact changed, and receivers that keep silent.

use jiff::SignedDuration;

use super::send;
use crate::cx::Cx;
use crate::error::Result;

/// How far back changes are looked at again. A look is answered within seconds of reading its facts;
/// a day leaves room for a machine that slept.
const BACK: SignedDuration = SignedDuration::from_hours(24);

/// Changes looked at in one turn.
const CHANGES: u32 = 2_000;

/// Sends what a look under way would have missed: it read the fact before the change, and its entry
/// came after. And reminds whoever has not acknowledged in time.
///
/// # Errors
/// [`crate::Error::Store`].
pub async fn chase(cx: &Cx) -> Result<u64> {
    let now = cx.now();
    let since = now.checked_sub(BACK).unwrap_or(now);
    let mut done = 0;
    for (person, event) in store::record::changes_since(cx.store.read(), since, CHANGES).await? {
        let tx = cx.store.begin().await?;
        done += send(cx, &tx, person, &event).await?;
        tx.commit().await.map_err(store::StoreError::from)?;
    }
    let tx = cx.store.begin().await?;
    done += store::correction::remind(&tx, cx.today(), now).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(done)
}
