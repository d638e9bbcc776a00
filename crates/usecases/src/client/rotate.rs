//! 更换系统密钥: a new secret beside the old one, which ends some days later.

use register::client::after_days;
use register::sign_in::Happened;

use super::{Issued, days_within, give_secret, valid_days};
use crate::account::{event, may_manage};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// For how many days; `None` is as many as the rulebook lets it be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Days {
    /// The old secret goes on; 0 if it got about and is to end now.
    pub keep: Option<i64>,
    /// The new one lasts.
    pub valid: Option<i64>,
}

/// Makes a new secret for a machine; the one that it has goes on for some days, any older one ends now.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if there is no such machine or it is switched off,
/// [`Error::Mistakes`] in the days.
pub async fn rotate(cx: &Cx, actor: &Actor, login: &str, asked: Days) -> Result<Issued> {
    may_manage(cx, actor).await?;
    let mut mistakes = Vec::new();
    let overlap = cx.rules.limit("client_secret_overlap_days");
    let keep = days_within(("keep_days", asked.keep), (0, overlap), &mut mistakes);
    let days = valid_days(cx, asked.valid, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let tx = cx.store.begin().await?;
    let account = store::account::by_login(&tx, login).await?.map(|found| found.account);
    let account = account
        .filter(|account| account.role.is_machine() && !account.is_disabled)
        .ok_or(Error::NotFound)?;
    // Of two who replace it at the same moment the second ends what the first has made: two secrets at most live.
    store::account::hold(&tx, account.id).await?;
    let now = cx.now();
    store::client::end_secrets(&tx, account.id, after_days(now, keep), now).await?;
    let (secret, expires_at) = give_secret(cx, &tx, account.id, (now, days)).await?;
    event::note(cx, &tx, account.id, Happened::SecretReplaced, Some(actor.account)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    cx.forget_callers();
    tracing::info!(account = %account.id, by = %actor.account, keep, days, "a secret was replaced");
    Ok(Issued { account, secret, expires_at })
}
