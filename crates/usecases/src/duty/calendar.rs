//! 日历订阅: an officer's duties in the calendar that he uses anyway, at an address that only he knows.

use access::{Action, What};
use jiff::Timestamp;
use register::Role;
use register::duty::Duty;
use zeroize::Zeroizing;

use super::mine;
use crate::account::token_hash;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Who may subscribe: whoever has duties or watches over them.
fn permit(cx: &Cx, actor: &Actor) -> Result<()> {
    let own = actor.agency;
    let agency = own.as_ref().map(register::Uscc::as_str);
    match actor.role {
        Role::AgencyClerk | Role::AgencyLead => {
            cx.permit(actor, Action::AnswerObjection, What { agency, ..What::default() })
        }
        Role::OfficeClerk
        | Role::OfficeLead
        | Role::Auditor
        | Role::Operator
        | Role::Citizen
        | Role::System
        | Role::Institution => cx.permit(actor, Action::SeeOffice, What::default()),
    }
}

/// Makes an address, shown once; one made before no longer opens anything.
///
/// # Errors
/// [`Error::Denied`].
pub async fn make(cx: &Cx, actor: &Actor) -> Result<Zeroizing<String>> {
    permit(cx, actor)?;
    let token = Zeroizing::new(hex::encode(cx.bytes::<32>()));
    let tx = cx.store.begin().await?;
    store::duty::set_calendar(&tx, actor.account, &token_hash(&token), cx.now()).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(token)
}

/// Takes the address away; says whether there was one.
///
/// # Errors
/// [`Error::Denied`].
pub async fn remove(cx: &Cx, actor: &Actor) -> Result<bool> {
    permit(cx, actor)?;
    let tx = cx.store.begin().await?;
    let removed = store::duty::remove_calendar(&tx, actor.account).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(removed)
}

/// Since when this actor has an address.
///
/// # Errors
/// [`Error::Denied`].
pub async fn since(cx: &Cx, actor: &Actor) -> Result<Option<Timestamp>> {
    permit(cx, actor)?;
    Ok(store::duty::calendar_since(cx.store.read(), actor.account).await?)
}

/// The duties behind an address: numbers, kinds and days, never a person.
///
/// # Errors
/// [`Error::NotFound`] if no such address opens anything.
pub async fn subscribed(cx: &Cx, token: &str) -> Result<Vec<Duty>> {
    let db = cx.store.read();
    let account = store::duty::of_calendar(db, &token_hash(token)).await?;
    let account = account.ok_or(Error::NotFound)?;
    let account = store::account::by_id(db, account).await?;
    let account = account.filter(|account| !account.is_disabled).ok_or(Error::NotFound)?;
    mine(cx, &Actor::from(account)).await
}
