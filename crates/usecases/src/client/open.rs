//! 开通业务系统: an account for a machine; its secret is shown once.

use jiff::Timestamp;
use register::client::Scope;
use register::sign_in::Happened;
use register::{Account, AccountId, Role, Uscc};
use zeroize::Zeroizing;

use super::{give_secret, scope, valid_days};
use crate::account::{event, may_manage};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// A machine that is to be let in.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// What the log calls it; its client identifier.
    pub login: String,
    /// [`Role::System`] or [`Role::Institution`].
    pub role: Role,
    /// For which body.
    pub agency: Uscc,
    /// For what; the default is all that its body may.
    pub scope: Scope,
    /// How many days its secret lasts; `None`: as long as the rulebook lets it.
    pub valid_days: Option<i64>,
}

/// A secret that was made, with the account that it belongs to.
pub struct Issued {
    /// The machine's account.
    pub account: Account,
    /// The secret; it exists nowhere else.
    pub secret: Zeroizing<String>,
    /// From when on it opens nothing.
    pub expires_at: Timestamp,
}

register::hidden!(Issued);

/// Lets a machine in.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] for a body that the rulebook lacks or a role that is no
/// machine's, [`Error::Mistakes`] in scope or days, [`Error::LoginTaken`].
///
/// # Law
/// 个人信息保护法 6, 51 — no more than needed; rights of whoever handles personal data are set sensibly.
pub async fn open(cx: &Cx, actor: &Actor, new: NewClient) -> Result<Issued> {
    may_manage(cx, actor).await?;
    if !new.role.is_machine() || cx.rules.agency(new.agency.as_str()).is_none() {
        return Err(Error::NotFound);
    }
    let mut mistakes = scope::mistakes(cx, new.agency, &new.scope);
    let days = valid_days(cx, new.valid_days, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let account = Account {
        id: AccountId(cx.new_id()),
        login: new.login,
        role: new.role,
        agency: Some(new.agency),
        person: None,
        is_disabled: false,
    };
    let now = cx.now();
    let tx = cx.store.begin().await?;
    if !store::account::add(&tx, &account, None, now).await? {
        return Err(Error::LoginTaken);
    }
    event::note(cx, &tx, account.id, Happened::Opened, Some(actor.account)).await?;
    store::client::set_scope(&tx, account.id, &new.scope).await?;
    let (secret, expires_at) = give_secret(cx, &tx, account.id, (now, days)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    tracing::info!(account = %account.id, by = %actor.account, days, "a machine was let in");
    Ok(Issued { account, secret, expires_at })
}
