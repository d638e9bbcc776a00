//! 实名疑问: what the office has to look into. The list names nobody; who it is stands at the counter with the number.

use access::{Action, What};
use register::DoubtId;
use register::doubt::{Doubt, Settled, SettledBy};

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Doubts shown at once.
const SHOWN: u32 = 200;

/// Doubts that nobody has settled yet, the oldest first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn doubts(cx: &Cx, actor: &Actor) -> Result<Vec<Doubt>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    Ok(store::identity::open_doubts(cx.store.read(), SHOWN).await?)
}

/// Settles a doubt. Released, the service's user belongs to nobody here any more, and his next sign-in says to whom.
///
/// # Errors
/// [`Error::Denied`], also about oneself (I15); [`Error::NotFound`] if it was settled before.
pub async fn settle(cx: &Cx, actor: &Actor, id: DoubtId, how: Settled) -> Result<()> {
    cx.permit(actor, Action::ManageAccounts, What::default())?;
    let tx = cx.store.begin().await?;
    let doubt = store::identity::open_doubt(&tx, id).await?.ok_or(Error::NotFound)?;
    let person = doubt.person.to_string();
    let what = What { person: Some(&person), ..What::default() };
    cx.permit(actor, Action::ManageAccounts, what)?;
    let settled = SettledBy { how, by: actor.account, at: cx.now() };
    if !store::identity::settle(&tx, id, settled).await? {
        return Err(Error::NotFound);
    }
    if how == Settled::Released {
        store::identity::release(&tx, &doubt.subject).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    tracing::info!(doubt = doubt.number, how = how.code(), "a doubt was settled");
    Ok(())
}
