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
/// [`crate::Error::Denied`].
pub async fn received(cx: &Cx, actor: &Actor) -> Result<Vec<Received>> {
    let agency = actor.agency;
    let agency = agency.as_ref().map(register::Uscc::as_str);
    cx.permit(actor, Action::AcknowledgeCorrection, What { agency, ..What::default() })?;
    let (db, log) = (cx.store.read(), cx.log.name());
    let open = store::correction::open_of_receiver(db, agency.unwrap_or_default(), SHOWN).await?;
    let mut found = Vec::with_capacity(open.len());
    for correction in open {
        let entries = store::access_entry::from(db, log, correction.look, 1).await?;
        let look = entries.into_iter().find(|entry| entry.seq == correction.look);
        let (looked_at, matter) = match look {
            Some(look) => (Some(look.at), access_log::detail_of(&cx.vault, log, &look)?.matter),
            None => (None, String::new()),
        };
        found.push(Received { correction, looked_at, matter });
    }
    Ok(found)
}

/// What nobody acknowledged in time, for the office.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn overdue(cx: &Cx, actor: &Actor) -> Result<Vec<Correction>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    Ok(store::correction::overdue(cx.store.read(), cx.today(), SHOWN).await?)
}
