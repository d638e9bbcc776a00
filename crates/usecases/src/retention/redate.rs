//! 重定销毁日期: what set the day on which a record goes was wrong, or was set right.

use register::{PersonId, RecordId};
use store::Tx;
use store::retention::Part;
use vault::Vault;

use super::{seal, with_content};
use crate::case::words_place;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::seal as sealing;

/// Works out anew on which day a record goes, and seals what belongs to it with the key of that month: the key of
/// the month before might be destroyed while the record is still needed.
///
/// # Errors
/// [`Error::NotFound`] if it is gone already.
pub(crate) async fn redate(cx: &Cx, tx: &Tx, person: PersonId, record: RecordId) -> Result<()> {
    let stored = store::record::of_person(tx, person).await?;
    let stored = stored.into_iter().find(|stored| stored.id == record).ok_or(Error::NotFound)?;
    let (was, events) = (stored.erase_on, stored.events.clone());
    let is_by_month = with_content(was, &stored.content).is_some();
    let (record, _) = sealing::open_record(&cx.vault, stored)?;
    let (class, decided_on) = (record.severity, record.document.decided_on);
    let content = &record.content;
    let mut on = register::retention::last_day(class, decided_on, content, &events, &cx.rules);
    // What relatives of the dead were granted stays so.
    if store::opening::is_to_be_erased(tx, person).await?
        && store::death::counts(tx, person).await?
    {
        on = on.into_iter().chain(was).min();
    }
    if on == was {
        return Ok(());
    }
    store::retention::set_day(tx, person, record.id, on).await?;
    if is_by_month {
        for (part, sealed) in store::retention::parts(tx, person, record.id).await? {
            let plain = open(&cx.vault, part, &sealed)?;
            store::retention::put_part(tx, person, part, anew(cx, on, part, &plain)?).await?;
        }
    }
    Ok(())
}

fn open(vault: &Vault, part: Part, sealed: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>> {
    Ok(match part {
        Part::Content(id) => vault.open(sealing::content_place(&id), sealed)?,
        Part::Event(id) => vault.open(sealing::event_place(&id), sealed)?,
        Part::Words(id) => vault.open(words_place(&id), sealed)?,
    })
}

fn anew(cx: &Cx, on: Option<jiff::civil::Date>, part: Part, plain: &[u8]) -> Result<Vec<u8>> {
    match part {
        Part::Content(id) => seal(cx, on, sealing::content_place(&id), plain),
        Part::Event(id) => seal(cx, on, sealing::event_place(&id), plain),
        Part::Words(id) => seal(cx, on, words_place(&id), plain),
    }
}
