//! 移除通行密钥: by somebody who has just shown his password. Everywhere else he is signed out.

use register::passkey::may_go;
use register::sign_in::Happened;
use uuid::Uuid;

use super::expect_password;
use crate::account::{event, second_factor, sign_in, token_hash};
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Removes one of one's own; `here` is the session's token.
///
/// # Errors
/// [`Error::NotFound`] if there is none; [`Error::Mistakes`] for a password that is not his, and at work for the last
/// second factor; [`Error::SignIn`] if he was reset or signed out in this moment.
pub async fn remove(cx: &Cx, actor: &Actor, here: &str, id: Uuid, password: &str) -> Result<()> {
    let (account, here) = (actor.account, token_hash(here));
    super::one(cx, actor, id).await?;
    let hash = expect_password(cx, actor, password).await?;
    let tx = cx.store.begin().await?;
    let held = sign_in::hold(&tx, account, &here).await?;
    if held.password_hash != hash {
        return Err(Error::SignIn);
    }
    // Two who remove at the same moment wait for each other: the later sees what is left.
    let kept = store::passkey::of_account(&tx, account).await?;
    let others = kept.iter().filter(|kept| kept.id != id).count();
    let has_codes = second_factor::exists(&tx, account).await?;
    if !may_go(actor.role, others, has_codes) {
        let says = "您的岗位登录时必须有第二道验证，这是最后一道。请先设置验证码，或者添加另一把通行密钥。";
        return Err(Error::Mistakes(vec![mistake("current", "passkey-last", says)]));
    }
    if !store::passkey::remove(&tx, account, id).await? {
        return Err(Error::NotFound);
    }
    if others == 0 && !has_codes {
        store::second_factor::remove_spare(&tx, account).await?;
    }
    store::session::remove_others(&tx, account, Some(&here)).await?;
    event::note(cx, &tx, account, Happened::PasskeyRemoved, None).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}
