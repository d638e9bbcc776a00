//! 出示通行密钥: signing in by one after the password.

use register::AccountId;
use register::sign_in::{Happened, Stage};
use webauthn_rs::prelude::{PasskeyAuthentication, PublicKeyCredential, WebauthnError};
use zeroize::Zeroizing;

use super::add::{is_unverified, unverified};
use super::challenge::{self, Challenge, For};
use super::{house, mark, open, seal};
use crate::account::sign_in::{self, SignedIn};
use crate::account::{event, second_factor, token_hash};
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Asks the browser for one of his; `None` if he has none, or browsers use none at this address. `here` is the session's
/// token.
///
/// # Errors
/// [`Error::Store`], [`Error::Vault`].
pub async fn ask(cx: &Cx, actor: &Actor, here: &str) -> Result<Option<Challenge>> {
    let Some(house) = house(cx) else { return Ok(None) };
    let kept = store::passkey::of_account(cx.store.read(), actor.account).await?;
    if kept.is_empty() {
        return Ok(None);
    }
    let known: Vec<_> = kept.iter().map(|kept| open(cx, kept)).collect::<Result<_>>()?;
    let (options, state) = house
        .start_passkey_authentication(&known)
        .map_err(|_| Error::Internal("a challenge for a passkey"))?;
    challenge::made(cx, For::Showing, &token_hash(here), (&options, &state)).map(Some)
}

/// Goes on with signing in by a passkey.
///
/// # Errors
/// [`Error::SignIn`] if nobody waits here, [`Error::Mistakes`] for a passkey that is not right.
pub async fn pass(
    cx: &Cx,
    token: &str,
    (sealed, answer): (&str, &str),
) -> Result<(SignedIn, Zeroizing<String>)> {
    let found = second_factor::midway(cx, token, Stage::Second).await?;
    let (account, here) = (found.1.id, found.0.token_hash);
    let shown = show(cx, account, &here, (sealed, answer)).await;
    // Somebody who was slow, or pressed twice, was not wrong.
    if let Err(Error::Mistakes(all)) = &shown
        && all.iter().all(|one| one.code != challenge::STALE)
    {
        event::wrong(cx, Some(account), Happened::WrongCode).await?;
    }
    shown?;
    sign_in::go_on(cx, found).await
}

/// Whether a passkey of this account signed the challenge, with its holder made sure of; it is counted by that.
async fn show(
    cx: &Cx,
    account: AccountId,
    here: &[u8; 32],
    (sealed, answer): (&str, &str),
) -> Result<()> {
    let house = house(cx).ok_or_else(challenge::stale)?;
    let state: PasskeyAuthentication = challenge::spend(cx, For::Showing, here, sealed).await?;
    let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| wrong())?;
    let result = house
        .finish_passkey_authentication(&answer, &state)
        .map_err(|error| why(account, &error))?;
    // What was asked for may have been removed since.
    let mark = mark(cx, result.cred_id());
    let kept = store::passkey::of_account(cx.store.read(), account).await?;
    let kept = kept.into_iter().find(|kept| kept.mark == mark).ok_or_else(wrong)?;
    let mut credential = open(cx, &kept)?;
    credential.update_credential(&result);
    let used = store::passkey::Use {
        id: kept.id,
        credential: seal(cx, (account, &kept.id), &credential)?,
        counter: result.counter(),
        at: cx.now(),
    };
    let tx = cx.store.begin().await?;
    let counts_on = store::passkey::used(&tx, account, &used).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    if counts_on { Ok(()) } else { Err(copied(account)) }
}

fn why(account: AccountId, error: &WebauthnError) -> Error {
    if matches!(error, WebauthnError::CredentialPossibleCompromise) {
        copied(account)
    } else if is_unverified(error) {
        unverified()
    } else {
        wrong()
    }
}

fn wrong() -> Error {
    let says = "这把通行密钥没有通过核对。请再试一次，或者用验证码登录。";
    Error::Mistakes(vec![mistake("passkey", "passkey-wrong", says)])
}

/// It counts no further than before: somebody else may have its key too.
fn copied(account: AccountId) -> Error {
    tracing::warn!(%account, "a passkey counts no further than before: its key may be in two devices");
    let says = "这把通行密钥的使用次数对不上，可能有人复制了它，这次没有让它通过。\
                请用验证码登录，再到“登录和设备”里移除它。";
    Error::Mistakes(vec![mistake("passkey", "passkey-copied", says)])
}
