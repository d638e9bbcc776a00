//! 同意: the person allows his honours and volunteering to be kept and shown, and takes it back at once (I11).

mod end;
mod give;
mod see;

pub use end::{end, remove};
pub use give::give;
pub use see::{Kind, mine};

use register::{Event, EventId, EventKind, PersonId, RecordId};
use rulebook::Item;
use store::Tx;

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// The item of that code, if it exists by consent and can be supplied.
fn item<'a>(cx: &'a Cx, code: &str) -> Result<&'a Item> {
    let item = cx.rules.item(code).filter(|item| item.needs_consent() && item.layout != "none");
    item.ok_or(Error::NotFound)
}

/// Adds a step to a record.
async fn step(
    cx: &Cx,
    tx: &Tx,
    actor: &Actor,
    (person, record): (PersonId, RecordId),
    kind: EventKind,
) -> Result<Event> {
    let by = Some(actor.account);
    let event = Event { id: EventId(cx.new_id()), record, kind, sealed: None, by, at: cx.now() };
    store::record::add_events(tx, &[(person, event.clone())]).await?;
    Ok(event)
}
