//! 账号记录: what happens to an account is written down in the transaction that does it, with who did it. No address, no
//! browser: only that it was, and when.

use std::collections::{BTreeMap, BTreeSet};

use access::{Action, What};
use register::AccountId;
use register::sign_in::{AccountEvent, Happened};
use store::Tx;

use crate::cx::{Actor, Cx};
use crate::error::Result;

/// Of one's own account, shown at once.
const OWN: u32 = 20;
/// Of all accounts at work, shown at once.
const ALL: u32 = 100;

fn new(cx: &Cx, account: AccountId, kind: Happened, by: Option<AccountId>) -> AccountEvent {
    AccountEvent { id: cx.new_id(), account, kind, by, at: cx.now() }
}

/// Notes what is done to an account in this transaction; `by` is somebody else than its owner.
pub(crate) async fn note(
    cx: &Cx,
    tx: &Tx,
    account: AccountId,
    kind: Happened,
    by: Option<AccountId>,
) -> Result<()> {
    store::account_event::add(tx, &new(cx, account, kind, by)).await?;
    tracing::info!(%account, kind = kind.code(), "an account");
    Ok(())
}

/// Notes that something was wrong which an account was tried with.
///
/// Of a name that is no account's nothing is kept; that takes as long, so that names cannot be found out.
pub(super) async fn wrong(cx: &Cx, account: Option<AccountId>, kind: Happened) -> Result<()> {
    let tx = cx.store.begin().await?;
    match account {
        Some(account) => note(cx, &tx, account, kind, None).await?,
        None => {
            let nobody = new(cx, AccountId(cx.new_id()), kind, None);
            store::account_event::add(&tx, &nobody).await?;
            store::account_event::take_back(&tx, &nobody).await?;
        }
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// One thing that happened, as it is shown.
#[derive(Clone, Debug)]
pub struct SeenEvent {
    /// What.
    pub event: AccountEvent,
    /// Name of the account, if it is there.
    pub login: Option<String>,
    /// Name of the account that did it, if another did and it is there.
    pub by: Option<String>,
}

/// What happened to one's own account, the newest first.
///
/// # Errors
/// [`crate::Error::Store`].
pub async fn own_events(cx: &Cx, actor: &Actor) -> Result<Vec<SeenEvent>> {
    let db = cx.store.read();
    named(cx, store::account_event::of_account(db, actor.account, OWN).await?).await
}

/// What happened to accounts at work, the newest first. A person's own account is his.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn events(cx: &Cx, actor: &Actor) -> Result<Vec<SeenEvent>> {
    cx.permit(actor, Action::SeeAccounts, What::default())?;
    named(cx, store::account_event::at_work(cx.store.read(), ALL).await?).await
}

async fn named(cx: &Cx, events: Vec<AccountEvent>) -> Result<Vec<SeenEvent>> {
    let ids: BTreeSet<AccountId> =
        events.iter().flat_map(|event| [Some(event.account), event.by]).flatten().collect();
    let mut logins = BTreeMap::new();
    for id in ids {
        if let Some(account) = store::account::by_id(cx.store.read(), id).await? {
            logins.insert(id, account.login);
        }
    }
    let login = |id: AccountId| logins.get(&id).cloned();
    let seen = |event: AccountEvent| SeenEvent {
        login: login(event.account),
        by: event.by.and_then(login),
        event,
    };
    Ok(events.into_iter().map(seen).collect())
}
