//! 看我的授权: what the person allowed, to whom, and how often it was used.

use register::mandate::Mandate;

use super::opened;
use crate::cx::{Actor, Cx};
use crate::error::Result;
use crate::my::myself;

/// The person's mandates, newest first.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn mine(cx: &Cx, actor: &Actor) -> Result<Vec<Mandate>> {
    let person = myself(cx, actor)?;
    let stored = store::mandate::of_person(cx.store.read(), person).await?;
    stored.into_iter().map(|stored| opened(&cx.vault, stored)).collect()
}
