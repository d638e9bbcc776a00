//! 重新核验: somebody who is signed in shows once more who he is, by password and second factor, before something that an
//! open browser alone must not open.

use register::sign_in::Happened;
use zeroize::Zeroizing;

use super::tries::{self, Place, Tried};
use super::{event, second_factor, sign_in};
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// What he shows, as it was typed.
#[derive(Clone, Default)]
pub struct Proof {
    /// His password.
    pub password: Zeroizing<String>,
    /// A code of his second factor, or a spare one; each is used up by that.
    pub code: Zeroizing<String>,
}

/// Whether he is who is signed in. Wrong tries count together with those at signing in, and wait as long.
///
/// # Errors
/// [`Error::Mistakes`] without saying which of the two was wrong, [`Error::Wait`].
pub(crate) async fn prove(cx: &Cx, actor: &Actor, place: &Place, proof: &Proof) -> Result<()> {
    let password = tries::begin(cx, Tried::Password, &actor.login, place).await?;
    let found = store::account::credentials_of(cx.store.read(), actor.account).await?;
    let hash = found.filter(|found| !found.account.is_disabled).and_then(|one| one.password_hash);
    if !sign_in::fits(hash, &proof.password).await? {
        event::wrong(cx, Some(actor.account), Happened::WrongPassword).await?;
        return Err(wrong());
    }
    // A code is used up only beside the right password.
    password.was_right(cx).await?;
    if !second_factor::exists(cx.store.read(), actor.account).await? {
        let says = "您的账号没有设置手机验证码。请先在“登录和设备”里设置，再回到这里。";
        return Err(Error::Mistakes(vec![mistake("code", "proof-none", says)]));
    }
    let code = tries::begin(cx, Tried::Code, &actor.login, place).await?;
    let shown = second_factor::show(cx, actor.account, &proof.code).await;
    code.came_to(cx, &shown).await?;
    match shown {
        Err(Error::Mistakes(_)) => Err(wrong()),
        shown => shown,
    }
}

fn wrong() -> Error {
    let says = "密码或者验证码不对，或者验证码已经用过。请核对密码，等下一个验证码出现再试。";
    Error::Mistakes(vec![mistake("password", "proof-wrong", says)])
}
