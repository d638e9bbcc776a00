//! 重算期限: the holidays of a year have become known, so days that were provisional move (I16).

use crate::cx::Cx;
use crate::error::Result;

/// Works out the days of open cases by the calendar that is loaded now. Says how many moved; runs twice without
/// harm.
///
/// # Errors
/// [`crate::Error::Store`].
pub async fn recount(cx: &Cx) -> Result<u64> {
    let mut moved = 0;
    // What lies behind stays: whoever was late by the days that were told him is not in time afterwards, nor
    // the other way round.
    for one in store::duty::open(cx.store.read(), cx.today()).await? {
        let Some(now) = one.days.recounted(&cx.rules).filter(|now| *now != one.days) else {
            continue;
        };
        let tx = cx.store.begin().await?;
        moved += u64::from(store::duty::move_days(&tx, &one, &now).await?);
        tx.commit().await.map_err(store::StoreError::from)?;
    }
    Ok(moved)
}
