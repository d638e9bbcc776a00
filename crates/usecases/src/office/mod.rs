//! Office 信用办: counts and what is still to be confirmed, never a fact about a person.

use access::{Action, What};
use register::batch::Batch;
use rulebook::{Item, Rules, Unconfirmed};

use crate::cx::{Actor, Cx};
use crate::error::Result;

/// The office's overview.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Newest batches.
    pub batches: Vec<Batch>,
    /// Notices that no channel could deliver yet.
    pub waiting_notices: u64,
    /// Rules that somebody must still confirm.
    pub unconfirmed: usize,
    /// Entries in the log of looks.
    pub looks: u64,
}

/// Shows the overview.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn overview(cx: &Cx, actor: &Actor) -> Result<Overview> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    let db = cx.store.read();
    let head = store::access_entry::head(db, cx.log.name()).await?;
    Ok(Overview {
        batches: store::batch::latest(db, 20).await?,
        waiting_notices: store::notice::count_waiting(db).await?,
        unconfirmed: cx.rules.unconfirmed().len(),
        looks: head.map_or(0, |head| head.size),
    })
}

/// The rulebook as loaded, with what is still to be confirmed.
///
/// # Errors
/// [`crate::Error::Denied`].
pub fn rules<'a>(cx: &'a Cx, actor: &Actor) -> Result<(&'a Rules, &'a [Item], Vec<Unconfirmed>)> {
    cx.permit(actor, Action::SeeRules, What::default())?;
    Ok((&cx.rules, cx.rules.items(), cx.rules.unconfirmed()))
}
