//! 核对验证码: the person proves that the address is his.

use register::contact::MOST_TRIES;

use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::myself;

/// Confirms the contact by the code that was sent to it. Each try counts before it is compared, so that
/// many at once gain nothing.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`] for a wrong or old code, [`Error::NotFound`] if nothing is to be
/// confirmed.
pub async fn confirm(cx: &Cx, actor: &Actor, typed: &str) -> Result<()> {
    let person = myself(cx, actor)?;
    let (contact, code) = super::with_code(cx, person).await?.ok_or(Error::NotFound)?;
    let refuse = |code, says: &str| Err(Error::Mistakes(vec![mistake("code", code, says)]));
    let tx = cx.store.begin().await?;
    let may_try = store::contact::count_try(&tx, person, contact.id, MOST_TRIES).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    if !may_try || contact.code_until < cx.now() {
        return refuse("code-over", "验证码已经失效，请重新填写联系方式，再发一次验证码。");
    }
    let typed: String = typed.chars().filter(|sign| !sign.is_whitespace()).collect();
    if typed != code {
        return refuse("code-wrong", "验证码不对，请核对以后再填。");
    }
    let tx = cx.store.begin().await?;
    if !store::contact::confirm(&tx, person, contact.id, cx.now()).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}
