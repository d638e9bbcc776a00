//! 谁来管账号: the lead of the office; before there is one, whoever sets the register up. And on whose word the command line
//! does what is a lead's or a clerk's to do.

use access::{Action, What};
use register::Role;

use super::operator;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Whether the actor may manage accounts. The operator may as long as the office has no lead: somebody must open the first.
///
/// # Errors
/// [`Error::Denied`].
pub(crate) async fn may_manage(cx: &Cx, actor: &Actor) -> Result<()> {
    let sets_up =
        actor.role == Role::Operator && !store::account::has_lead(cx.store.read()).await?;
    let action = if sets_up { Action::SetUpAccounts } else { Action::ManageAccounts };
    cx.permit(actor, action, What::default())
}

/// The operator, at the command line, on the word of a member of staff.
///
/// He has the rights of that account and no others, and does nothing about records of the person behind it (I15). Accounts
/// are not kept from that yet: an only lead who lost his telephone is reset on his own word. Whatever is written down names
/// the operator: nobody has shown that he was asked, so no act of his stands in another's name.
///
/// # Errors
/// [`Error::NotFound`] if nobody at work has that account, or it is switched off.
pub async fn on_the_word_of(cx: &Cx, login: &str) -> Result<Actor> {
    let found = store::account::by_login(cx.store.read(), login).await?.map(|one| one.account);
    let account = found
        .filter(|account| !account.is_disabled && account.role.needs_second_factor())
        .ok_or(Error::NotFound)?;
    tracing::info!(account = %account.id, "a command acts on the word of an account");
    let (role, agency, person) = (account.role, account.agency, account.person);
    Ok(Actor { role, agency, person, ..operator(None) })
}
