//! 保存期限: what must be gone by a day is sealed so that it can be, and goes by itself.
//!
//! ```text
//!   record enters ── sealed with the key of the month in which it must be gone
//!        │ its day is over: rows erased, the erasing itself logged          (erase.rs, every hour)
//!        └ nothing of a month is left: the month's key is destroyed         (keys.rs), unless the clock may have leapt (gap.rs)
//! ```

mod erase;
mod gap;
mod keys;
mod redate;

pub use erase::{Erasing, erase};
pub(crate) use erase::{decision_mark, erase_one, log_kept_from};
pub(crate) use gap::has_gap;
pub use keys::MonthKeys;
pub(crate) use redate::redate;

use jiff::civil::Date;
use register::{Event, EventKind, PersonId};
use store::Tx;
use vault::Place;

use crate::cx::Cx;
use crate::error::{Error, Result};

/// Seals what belongs to a record that is to be gone by `erase_on`, so that it goes with the key of that
/// month; what has no such day is sealed with the standing key.
pub(crate) fn seal(
    cx: &Cx,
    erase_on: Option<Date>,
    place: Place<'_>,
    plain: &[u8],
) -> Result<Vec<u8>> {
    Ok(match erase_on {
        Some(on) => {
            // What is still needed past its day keeps its month, which is then not destroyed either.
            let month = register::retention::month(on).max(cx.vault.first_month()?);
            cx.vault.seal_until(month, place, plain, cx.bytes())?
        }
        None => cx.vault.seal(place, plain, cx.bytes()),
    })
}

/// The day by which what belongs to a record goes with it, if the record itself does by its month's key. One that
/// the person may allow once more, or that entered before there were such keys, does not: then nothing of it may.
pub(crate) fn with_content(erase_on: Option<Date>, content: &[u8]) -> Option<Date> {
    erase_on.filter(|_| vault::Vault::month_of(content).is_some())
}

/// The same for a record that is not at hand. It is neither changed nor erased by others before this transaction
/// ends.
///
/// # Errors
/// [`Error::NotFound`] if it has been erased meanwhile.
pub(crate) async fn of_record(
    tx: &Tx,
    person: PersonId,
    record: register::RecordId,
) -> Result<Option<Date>> {
    let found = store::retention::held(tx, person, record).await?;
    let (on, content) = found.ok_or(Error::NotFound)?;
    Ok(with_content(on, &content))
}

/// Lets a step move the day on which its record goes, where it does.
pub(crate) async fn after(cx: &Cx, tx: &Tx, person: PersonId, event: &Event) -> Result<()> {
    if event.kind == EventKind::Corrected {
        return redate(cx, tx, person, event.record).await;
    }
    if let Some(on) = register::retention::sooner(event.kind, &cx.rules) {
        store::retention::bring_forward(tx, person, event.record, on).await?;
    }
    Ok(())
}
