//! 时钟存疑: whether the clock may have leapt ahead. What is destroyed by a wrong clock nobody brings back.

use jiff::SignedDuration;

use crate::cx::Cx;
use crate::error::{Error, Result};

/// A clock that leapt is not believed before it has gone on for so many days: looks that were logged under it prove nothing.
const DAYS: i64 = 7;

/// A register in use logs something within so many days, if only its backups.
const WEEKS: i64 = 6;

/// Whether the log was written, and then not for weeks until these last days: nobody looked, or the clock is wrong.
///
/// # Errors
/// [`Error::Store`].
pub(crate) async fn has_gap(cx: &Cx) -> Result<bool> {
    let now = cx.now();
    let ago = |days: i64| now.checked_sub(SignedDuration::from_hours(days * 24));
    let (Ok(lately), Ok(before)) = (ago(DAYS), ago(DAYS + WEEKS * 7)) else {
        return Err(Error::Internal("the clock"));
    };
    let heads = store::access_entry::heads_before(cx.store.read(), cx.log.name(), lately, 1);
    Ok(heads.await?.first().is_some_and(|head| head.at < before))
}
