//! 同意: from now on bodies may bring facts of this kind, and those that are there are shown until the new day.

use register::consent::{Consent, until};
use register::record::History;
use register::retention::erase_allowed_on;
use register::{ConsentId, EventKind};

use super::{item, step};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::myself;

/// Gives consent to one kind, or gives it anew.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if this kind needs none.
///
/// # Law
/// 个人信息保护法 13, 14 — consent, informed and of one's own free will.
pub async fn give(cx: &Cx, actor: &Actor, code: &str) -> Result<Consent> {
    let person = myself(cx, actor)?;
    let item = item(cx, code)?;
    let no_rule = Error::Internal("the rulebook has no term of a consent");
    let until = until(cx.today(), &cx.rules).ok_or(no_rule)?;
    let consent = Consent {
        id: ConsentId(cx.new_id()),
        person,
        item: item.code.clone(),
        given_at: cx.now(),
        until,
        ended_at: None,
    };
    let erase_on = erase_allowed_on(until, &cx.rules);
    let tx = cx.store.begin().await?;
    store::consent::end(&tx, person, &item.code, cx.now()).await?;
    store::consent::add(&tx, &consent).await?;
    for stored in store::record::of_person(&tx, person).await? {
        let history = History::of(&stored.events);
        if stored.item != item.code || history.withdrawn_on.is_some() {
            continue;
        }
        // Held first: what is being erased in this moment is gone, and is not allowed anew.
        if store::retention::held(&tx, person, stored.id).await?.is_none() {
            continue;
        }
        step(cx, &tx, actor, (person, stored.id), EventKind::Allowed { until }).await?;
        store::retention::set_day(&tx, person, stored.id, erase_on).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(consent)
}
