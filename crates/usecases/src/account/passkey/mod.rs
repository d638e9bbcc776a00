//! 通行密钥: a second factor beside the codes of an app, by `WebAuthn`.
//!
//! Its device makes sure of its holder and then signs for the configured address of this house alone, so that no other
//! page can ask him for it.

mod add;
mod challenge;
mod remove;
mod show;

pub use add::{add, begin};
pub use challenge::Challenge;
pub use remove::remove;
pub use show::{ask, pass};

pub(crate) use challenge::forget_spent;

use register::AccountId;
use register::passkey::Passkey;
use register::sign_in::Happened;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vault::Place;
use webauthn_rs::prelude::{Passkey as Credential, Url, Webauthn, WebauthnBuilder};

use super::{event, password, sign_in};
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// What devices call this house.
const HOUSE: &str = "诚信凌源";

/// Whom passkeys sign for: the configured address. `None` if it is none for which browsers use them: it must be a name,
/// reached by HTTPS, or this very machine.
fn house(cx: &Cx) -> Option<Webauthn> {
    let origin = Url::parse(&cx.channels.site).ok()?;
    let name = origin.domain()?;
    let is_this_machine = name == "localhost" && origin.scheme() == "http";
    if origin.scheme() != "https" && !is_this_machine {
        return None;
    }
    let builder = WebauthnBuilder::new(name, &origin).ok()?;
    builder.rp_name(HOUSE).timeout(challenge::lasts()).build().ok()
}

/// Whether this account can add one: the address is one for which browsers use them, and he signs in by a password, to
/// which a second factor belongs.
///
/// # Errors
/// [`Error::Store`].
pub async fn can_add(cx: &Cx, actor: &Actor) -> Result<bool> {
    Ok(house(cx).is_some() && password::has(cx, actor).await?)
}

/// How many spare codes are left to whoever has no app that shows codes.
///
/// # Errors
/// [`Error::Store`].
pub async fn spare_left(cx: &Cx, actor: &Actor) -> Result<u64> {
    Ok(store::second_factor::spare_left(cx.store.read(), actor.account).await?)
}

/// One's own, the oldest first.
///
/// # Errors
/// [`Error::Store`], [`Error::Vault`].
pub async fn list(cx: &Cx, actor: &Actor) -> Result<Vec<Passkey>> {
    let found = store::passkey::of_account(cx.store.read(), actor.account).await?;
    found.iter().map(|kept| seen(cx, kept)).collect()
}

/// One of one's own.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn one(cx: &Cx, actor: &Actor, id: Uuid) -> Result<Passkey> {
    list(cx, actor).await?.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)
}

fn seen(cx: &Cx, kept: &store::passkey::Passkey) -> Result<Passkey> {
    let name = cx.vault.open(place("name", &kept.id), &kept.name)?;
    Ok(Passkey {
        id: kept.id,
        name: String::from_utf8_lossy(&name).into_owned().into(),
        added_at: kept.added_at,
        used_at: kept.used_at,
    })
}

fn place<'a>(column: &'static str, id: &'a Uuid) -> Place<'a> {
    Place { table: "passkey", column, row: id.as_bytes() }
}

/// What the store keeps of what a device calls its passkey.
fn mark(cx: &Cx, device_calls_it: &[u8]) -> [u8; 32] {
    cx.vault.fingerprint("passkey", &[device_calls_it])
}

/// How a credential lies sealed: with whose it is, so that it cannot be given to another account.
#[derive(Serialize, Deserialize)]
struct Sealed<C> {
    account: String,
    credential: C,
}

fn seal(cx: &Cx, (account, id): (AccountId, &Uuid), credential: &Credential) -> Result<Vec<u8>> {
    let sealed = Sealed { account: account.to_string(), credential };
    let plain = serde_json::to_vec(&sealed).map_err(|_| Error::Internal("a passkey"))?;
    Ok(cx.vault.seal(place("credential", id), &plain, cx.bytes()))
}

fn open(cx: &Cx, kept: &store::passkey::Passkey) -> Result<Credential> {
    let plain = cx.vault.open(place("credential", &kept.id), &kept.credential)?;
    let bad = || Error::Internal("a passkey that cannot be read, or is another account's");
    let sealed: Sealed<Credential> = serde_json::from_slice(&plain).map_err(|_| bad())?;
    if sealed.account == kept.account.to_string() { Ok(sealed.credential) } else { Err(bad()) }
}

/// Looks whether it is he, before something about his passkeys changes. Gives the hash that fitted.
async fn expect_password(cx: &Cx, actor: &Actor, typed: &str) -> Result<Option<String>> {
    let found = store::account::credentials_of(cx.store.read(), actor.account).await?;
    let hash = found.and_then(|found| found.password_hash);
    if sign_in::fits(hash.clone(), typed).await? {
        return Ok(hash);
    }
    event::wrong(cx, Some(actor.account), Happened::WrongPassword).await?;
    Err(Error::Mistakes(vec![mistake("current", "current-wrong", "密码不对。")]))
}
