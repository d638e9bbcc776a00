//! 登录的设备: where one is signed in, and signing out there.

use register::sign_in::Device;

use super::token_hash;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Where one is signed in, last used first.
///
/// # Errors
/// [`Error::Store`].
pub async fn devices(cx: &Cx, actor: &Actor, token: &str) -> Result<Vec<Device>> {
    let here = token_hash(token);
    let found = store::session::of_account(cx.store.read(), actor.account, cx.now()).await?;
    let device = |session: store::session::Session| Device {
        id: session.id,
        browser: session.browser,
        started_at: session.started_at,
        seen_at: session.seen_at,
        is_this: session.token_hash == here,
    };
    Ok(found.into_iter().map(device).collect())
}

/// Signs out in one other place.
///
/// # Errors
/// [`Error::NotFound`] if one is not signed in there.
pub async fn end(cx: &Cx, actor: &Actor, id: uuid::Uuid) -> Result<()> {
    let tx = cx.store.begin().await?;
    if !store::session::remove_one(&tx, actor.account, id).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// Signs out everywhere else. Says in how many places.
///
/// # Errors
/// [`Error::Store`].
pub async fn end_others(cx: &Cx, actor: &Actor, token: &str) -> Result<u64> {
    let tx = cx.store.begin().await?;
    // The account first, like everybody who ends several sessions of one.
    store::account::hold(&tx, actor.account).await?;
    let ended = store::session::remove_others(&tx, actor.account, Some(&token_hash(token))).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(ended)
}
