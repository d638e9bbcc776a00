//! 投递情况: what waits, what was given up and why. It names nobody.

use access::{Action, What};
use register::delivery::{Channel, Delivery, DeliveryState};
use register::{DeliveryId, PersonId};

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Failures shown at once.
const SHOWN: u32 = 200;

/// How deliveries stand.
#[derive(Clone, Debug)]
pub struct Deliveries {
    /// Counts by way and state, by code.
    pub counts: Vec<(String, String, u64)>,
    /// What was given up, the latest first.
    pub failed: Vec<Delivery>,
    /// Letters to be printed, or posted and not yet served.
    pub letters: Vec<Delivery>,
}

/// Shows how deliveries stand.
///
/// # Errors
/// [`Error::Denied`].
pub async fn deliveries(cx: &Cx, actor: &Actor) -> Result<Deliveries> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    let db = cx.store.read();
    Ok(Deliveries {
        counts: store::delivery::counts(db).await?,
        failed: store::delivery::failed(db, SHOWN).await?,
        letters: store::delivery::letters(db, SHOWN).await?,
    })
}

/// Tries again what was given up.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if it does not stand as given up.
pub async fn again(cx: &Cx, actor: &Actor, person: PersonId, id: DeliveryId) -> Result<()> {
    let whose = person.to_string();
    cx.permit(actor, Action::TendDeliveries, What { person: Some(&whose), ..What::default() })?;
    let tx = cx.store.begin().await?;
    let found = store::delivery::of_person_by_id(&tx, person, id).await?;
    let seen = found
        .filter(|seen| matches!(seen.state, DeliveryState::Failed { .. }))
        .filter(|seen| seen.channel != Channel::Letter)
        .ok_or(Error::NotFound)?;
    let again = Delivery {
        state: DeliveryState::Waiting,
        run_after: cx.now(),
        fault: None,
        attempts: 0,
        ..seen.clone()
    };
    if !store::delivery::advance(&tx, &seen, &again).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}
