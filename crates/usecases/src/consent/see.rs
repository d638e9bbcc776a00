//! 看我同意了什么.

use register::consent::Consent;
use rulebook::Item;

use crate::cx::{Actor, Cx};
use crate::error::Result;
use crate::my::myself;

/// One kind of fact that exists by consent.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The item of the catalogue.
    pub item: Item,
    /// The consent that was not taken back; it may be over.
    pub consent: Option<Consent>,
}

/// Every kind, with the person's consent to it.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn mine(cx: &Cx, actor: &Actor) -> Result<Vec<Kind>> {
    let person = myself(cx, actor)?;
    let consents = store::consent::of_person(cx.store.read(), person).await?;
    let of = |item: &Item| {
        let stands = |one: &&Consent| one.item == item.code && one.ended_at.is_none();
        consents.iter().find(stands).cloned()
    };
    let kinds = cx.rules.items().iter();
    let kinds = kinds.filter(|item| item.needs_consent() && item.layout != "none");
    Ok(kinds.map(|item| Kind { item: item.clone(), consent: of(item) }).collect())
}
