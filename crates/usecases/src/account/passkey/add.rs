//! 添加通行密钥: by somebody who has just shown his password. Everywhere else he is signed out.

use register::passkey::{BadName, MOST, NAME, checked_name};
use register::sign_in::Happened;
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential, WebauthnError};

use super::challenge::{self, Challenge, For};
use super::{expect_password, house, mark, open, place, seal};
use crate::account::second_factor::{self, SpareCodes};
use crate::account::{event, sign_in, token_hash};
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};

/// What must be known when the new one comes.
#[derive(Serialize, Deserialize)]
struct Adding {
    name: String,
    registration: PasskeyRegistration,
}

/// Begins: asks the browser for a new one, which will have that name. `here` is the session's token.
///
/// # Errors
/// [`Error::Mistakes`] for a name that cannot stand and a password that is not his, [`Error::NotFound`] at an address
/// for which browsers use no passkeys.
pub async fn begin(
    cx: &Cx,
    actor: &Actor,
    here: &str,
    (name, password): (&str, &str),
) -> Result<Challenge> {
    let house = house(cx).ok_or(Error::NotFound)?;
    let name = checked_name(name).map_err(|bad| Error::Mistakes(vec![says(bad)]))?;
    expect_password(cx, actor, password).await?;
    let known = store::passkey::of_account(cx.store.read(), actor.account).await?;
    if known.len() >= MOST {
        return Err(full());
    }
    let device_calls_it = |kept| open(cx, kept).map(|known| known.cred_id().clone());
    let known: Vec<_> = known.iter().map(device_calls_it).collect::<Result<_>>()?;
    let (options, registration) = house
        .start_passkey_registration(actor.account.0, &actor.login, &actor.login, Some(known))
        .map_err(|_| Error::Internal("a challenge for a new passkey"))?;
    let adding = Adding { name, registration };
    challenge::made(cx, For::Adding, &token_hash(here), (&options, &adding))
}

/// Ends: keeps what the browser made. Gives spare codes if he had no second factor before.
///
/// # Errors
/// [`Error::Mistakes`]; [`Error::SignIn`] if he was reset or signed out in this moment.
pub async fn add(
    cx: &Cx,
    actor: &Actor,
    here: &str,
    (sealed, answer): (&str, &str),
) -> Result<SpareCodes> {
    let (account, here) = (actor.account, token_hash(here));
    let house = house(cx).ok_or(Error::NotFound)?;
    let adding: Adding = challenge::spend(cx, For::Adding, &here, sealed).await?;
    let answer: RegisterPublicKeyCredential =
        serde_json::from_str(answer).map_err(|_| refused())?;
    let credential = house
        .finish_passkey_registration(&answer, &adding.registration)
        .map_err(|error| if is_unverified(&error) { unverified() } else { refused() })?;
    let id = cx.new_id();
    let passkey = store::passkey::Passkey {
        id,
        account,
        mark: mark(cx, credential.cred_id()),
        name: cx.vault.seal(place("name", &id), adding.name.as_bytes(), cx.bytes()),
        credential: seal(cx, (account, &id), &credential)?,
        counter: 0,
        added_at: cx.now(),
        used_at: None,
    };
    let tx = cx.store.begin().await?;
    sign_in::hold(&tx, account, &here).await?;
    if store::passkey::of_account(&tx, account).await?.len() >= MOST {
        return Err(full());
    }
    let had_one = second_factor::any(&tx, account).await?;
    if !store::passkey::add(&tx, &passkey).await? {
        let says = "这把通行密钥已经添加过了，请换一把。";
        return Err(Error::Mistakes(vec![mistake("passkey", "passkey-known", says)]));
    }
    let codes = if had_one {
        SpareCodes::new()
    } else {
        second_factor::give_spare(cx, &tx, account).await?
    };
    store::session::remove_others(&tx, account, Some(&here)).await?;
    event::note(cx, &tx, account, Happened::PasskeyAdded, None).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(codes)
}

fn says(bad: BadName) -> Mistake {
    match bad {
        BadName::Missing => {
            mistake("name", "name-missing", "请给它取个名字，例如“办公电脑”“我的手机”。")
        }
        BadName::Long => mistake("name", "name-long", format!("名字最多 {NAME} 个字。")),
        BadName::Signs => {
            mistake("name", "name-signs", "名字里有无法显示的字符，请删去以后再提交。")
        }
    }
}

fn full() -> Error {
    let says = format!("一个账号最多 {MOST} 把通行密钥，请先移除不用的。");
    Error::Mistakes(vec![mistake("name", "passkeys-full", says)])
}

fn refused() -> Error {
    let says = "这把通行密钥没有通过核对，没有添加。请再试一次；还是不行的，换一台设备。";
    Error::Mistakes(vec![mistake("passkey", "passkey-refused", says)])
}

/// Whether the device did not make sure that it was he.
pub(super) const fn is_unverified(error: &WebauthnError) -> bool {
    matches!(error, WebauthnError::UserNotVerified | WebauthnError::UserNotPresent)
}

pub(super) fn unverified() -> Error {
    let says = "设备没有核对是不是您本人。请先在设备上设置指纹、面容或者 PIN，再来一次。";
    Error::Mistakes(vec![mistake("passkey", "passkey-unverified", says)])
}
