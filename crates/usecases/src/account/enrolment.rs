//! 设置码: whoever asks for an account at work gets it, whoever grants gets the password. Neither alone can set up the
//! second factor, so neither alone becomes the human being whom the account is for (I12).

use register::AccountId;
use register::client::after_days;
use store::Tx;
use zeroize::Zeroizing;

use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::secret_code;

/// What a mark of such a code is of.
const KIND: &str = "enrolment code";

/// A code and its mark.
pub(super) fn made(cx: &Cx) -> (Zeroizing<String>, [u8; 32]) {
    let code = Zeroizing::new(secret_code::code(cx.bytes::<16>()));
    let mark = secret_code::mark(&cx.vault, KIND, &code);
    (code, mark)
}

/// From now on this account sets up no second factor without the code of that mark; without one, it needs none.
pub(super) async fn set(
    cx: &Cx,
    tx: &Tx,
    account: AccountId,
    mark: Option<&[u8; 32]>,
) -> Result<()> {
    match mark {
        Some(mark) => {
            let ends_at = after_days(cx.now(), cx.rules.limit("enrolment_code_days"));
            store::enrolment::set(tx, account, mark, ends_at).await?;
        }
        None => store::enrolment::remove(tx, account).await?,
    }
    Ok(())
}

/// Uses the code of an account up that needs one. The account is held by the caller.
///
/// # Errors
/// [`Error::Mistakes`] if it is not right, or too late.
pub(super) async fn spend(cx: &Cx, tx: &Tx, account: AccountId, typed: &str) -> Result<()> {
    let Some((mark, ends_at)) = store::enrolment::of_account(tx, account).await? else {
        return Ok(());
    };
    // By their marks: what differs is not told by the time that it takes.
    if secret_code::mark(&cx.vault, KIND, typed) != mark {
        let says = "设置码不对。请向替您申请账号的人要；临时密码是另一个人给的，不能代替。";
        return Err(Error::Mistakes(vec![mistake("enrolment", "code-wrong", says)]));
    }
    if ends_at <= cx.now() {
        let says = "这个设置码已经过期，请替您申请账号的人重新申请“重置密码和验证码”。";
        return Err(Error::Mistakes(vec![mistake("enrolment", "enrolment-ended", says)]));
    }
    store::enrolment::remove(tx, account).await?;
    Ok(())
}

/// Whether an account needs such a code to set up its second factor.
///
/// # Errors
/// [`Error::Store`].
pub async fn needs_enrolment_code(cx: &Cx, actor: &Actor) -> Result<bool> {
    Ok(store::enrolment::of_account(cx.store.read(), actor.account).await?.is_some())
}
