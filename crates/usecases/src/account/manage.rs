//! 账号管理: the list of accounts, and switching one off.

use access::{Action, What};
use register::sign_in::Happened;
use register::{Account, AccountId};
use store::Tx;

use super::{event, may_manage};

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// All accounts by login.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list(cx: &Cx, actor: &Actor) -> Result<Vec<Account>> {
    may_manage(cx, actor).await?;
    Ok(store::account::list(cx.store.read()).await?)
}

/// All accounts of human beings at work, by login.
///
/// # Errors
/// [`Error::Denied`].
pub async fn at_work(cx: &Cx, actor: &Actor) -> Result<Vec<Account>> {
    cx.permit(actor, Action::SeeAccounts, What::default())?;
    Ok(store::account::at_work(cx.store.read()).await?)
}

/// Switches an account off: from now on it opens nothing, also in sessions that are open.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if there is none or it is off already.
pub async fn disable(cx: &Cx, actor: &Actor, login: &str) -> Result<()> {
    may_manage(cx, actor).await?;
    let tx = cx.store.begin().await?;
    if !switch_off(cx, &tx, login, actor.account).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    cx.forget_callers();
    Ok(())
}

/// The same in the caller's transaction; `false` if there is none or it is off already.
pub(super) async fn switch_off(cx: &Cx, tx: &Tx, login: &str, by: AccountId) -> Result<bool> {
    if !store::account::disable(tx, login, cx.now()).await? {
        return Ok(false);
    }
    if let Some(found) = store::account::by_login(tx, login).await? {
        event::note(cx, tx, found.account.id, Happened::Disabled, Some(by)).await?;
    }
    Ok(true)
}

/// Which accounts have a second factor.
///
/// # Errors
/// [`Error::Denied`].
pub async fn with_second_factor(cx: &Cx, actor: &Actor) -> Result<Vec<AccountId>> {
    cx.permit(actor, Action::SeeAccounts, What::default())?;
    Ok(store::second_factor::all_accounts(cx.store.read()).await?)
}
