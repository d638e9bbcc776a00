//! 看更正通知: what a body has to acknowledge; what nobody acknowledged in time.

use access::{Action, What};
use jiff::Timestamp;
use register::correction::Correction;

use crate::access_log;
use crate::cx::{Actor, Cx};
use crate::error::Result;

/// Corrections shown at once.
const SHOWN: u32 = 200;

/// A correction with the receiver's own look that it is about. It names nobody: the matter is the
/// receiver's own number.
#[derive(Clone, Debug)]
pub struct Received {
    /// The correction.
    pub correction: Correction,
    /// When the receiver looked.
    pub looked_at: Option<Timestamp>,
    /// In which matter.
    pub matter: String,
}

/// What this body has to acknowledge, soonest due first.
///
/// # Errors
/// [`crate::Error::Denied`], [`crate::Error::OutsideScope`].
pub async fn received(cx: &Cx, actor: &Actor) -> Result<Vec<Received>> {
    let agency = actor.agency;
    let agency = agency.as_ref().map(register::Uscc::as_str);
    super::permit(cx, actor, agency)?;
    let db = cx.store.read();
    let open = store::correction::open_of_receiver(db, agency.unwrap_or_default(), SHOWN).await?;
    let mut found = Vec::with_capacity(open.len());
    for correction in open {
        found.push(message(cx, correction).await?);
    }
    Ok(found)
}

/// A correction with the look that it is about.
pub(crate) async fn message(cx: &Cx, correction: Correction) -> Result<Received> {
    let (db, log) = (cx.store.read(), cx.log.name());
    let entries = store::access_entry::from(db, log, correction.look, 1).await?;
    let look = entries.into_iter().find(|entry| entry.seq == correction.look);
    let (looked_at, matter) = match look {
        // A look that was touched opens no more: the correction stands all the same.
        Some(look) => {
            let detail = access_log::detail_of(&cx.vault, log, &look).unwrap_or_default();
            (Some(look.at), detail.matter)
        }
        None => (None, String::new()),
    };
    Ok(Received { correction, looked_at, matter })
}

/// What a machine reads of a correction, by whichever door it comes.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Message {
    /// Identifier, to acknowledge it by.
    pub id: String,
    /// The record, as the answer to the look named it.
    pub record: String,
    /// What became of it: `corrected`, `deleted`, `withdrawn`, `annulled`, `repaired`.
    pub change: &'static str,
    /// Position in the log of the body's last look that gave it out.
    pub log_seq: u64,
    /// Matter of that look.
    pub matter: String,
    /// When it was sent.
    pub sent_at: String,
    /// The last day to acknowledge it.
    pub due_on: String,
}

impl Received {
    /// The same for a machine.
    #[must_use]
    pub fn said(&self) -> Message {
        let Self { correction, matter, .. } = self;
        Message {
            id: correction.id.to_string(),
            record: correction.record.to_string(),
            change: correction.change.code(),
            log_seq: correction.look,
            matter: matter.clone(),
            sent_at: correction.sent_at.to_string(),
            due_on: correction.due.to_string(),
        }
    }
}

/// What nobody acknowledged in time, for the office.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn overdue(cx: &Cx, actor: &Actor) -> Result<Vec<Correction>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    Ok(store::correction::overdue(cx.store.read(), cx.today(), SHOWN).await?)
}
