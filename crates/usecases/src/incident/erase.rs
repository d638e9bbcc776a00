//! 到期删除: an incident is kept some years after it was closed, with everything that belongs to it.

use jiff::ToSpan;

use crate::cx::Cx;
use crate::error::{Error, Result};

/// Erases incidents whose time is over, and the notices about them; says how many. Runs twice without harm.
///
/// # Errors
/// [`Error::Store`].
///
/// # Law
/// 个人信息保护法 19, 47 — no longer than needed; 56 — records of handling at least three years.
pub async fn erase(cx: &Cx) -> Result<u64> {
    let years = i32::try_from(cx.rules.limit("incident_kept_years")).unwrap_or(0);
    let from = cx.now().to_zoned(jiff::tz::TimeZone::UTC).checked_sub(years.years());
    let from = from.map_err(|_| Error::Internal("the clock"))?.timestamp();
    let mut done = 0;
    loop {
        let tx = cx.store.begin().await?;
        let erased = store::incident::erase(&tx, from).await?;
        tx.commit().await.map_err(store::StoreError::from)?;
        if erased == 0 {
            return Ok(done);
        }
        done += erased;
    }
}
