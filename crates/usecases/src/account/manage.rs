//! 账号管理: the list of accounts, and switching one off.

use access::{Action, What};
use register::Account;

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// All accounts by login.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list(cx: &Cx, actor: &Actor) -> Result<Vec<Account>> {
    cx.permit(actor, Action::ManageAccounts, What::default())?;
    Ok(store::account::list(cx.store.read()).await?)
}

/// Switches an account off: from now on it opens nothing, also in sessions that are open.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if there is none or it is off already.
pub async fn disable(cx: &Cx, actor: &Actor, login: &str) -> Result<()> {
    cx.permit(actor, Action::ManageAccounts, What::default())?;
    let tx = cx.store.begin().await?;
    if !store::account::disable(&tx, login, cx.now()).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    cx.forget_callers();
    Ok(())
}

/// Which accounts have a second factor.
///
/// # Errors
/// [`Error::Denied`].
pub async fn with_second_factor(cx: &Cx, actor: &Actor) -> Result<Vec<register::AccountId>> {
    cx.permit(actor, Action::ManageAccounts, What::default())?;
    Ok(store::second_factor::all_accounts(cx.store.read()).await?)
}
