//! 登录: by name and password, then by the second factor where one is needed; each step under a new token.

use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use jiff::{SignedDuration, Timestamp};
use register::sign_in::{Happened, Stage, Standing};
use register::{Account, AccountId};
use store::account::Credentials;
use store::session::Session;
use zeroize::Zeroizing;

use super::add::hasher;
use super::{event, second_factor, token_hash};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// How long a session lasts at most.
const LASTS: SignedDuration = SignedDuration::from_hours(8);
/// How long it may stay unused.
const IDLE: SignedDuration = SignedDuration::from_mins(60);
/// How long somebody may take who has shown only a part of what he signs in by.
const MIDWAY: SignedDuration = SignedDuration::from_mins(15);
/// How often its last use is written down.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);

/// Somebody who signs in, or has signed in, through the browser.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who; he may do nothing before he is [`Stage::In`].
    pub actor: Actor,
    /// How far he has come.
    pub stage: Stage,
    /// What every form of this session must carry.
    pub csrf: String,
}

/// Signs in; gives the token for the cookie.
///
/// An unknown name takes as long as a wrong password, so that names cannot be found out.
///
/// # Errors
/// [`Error::SignIn`] without saying what was wrong.
pub async fn sign_in(
    cx: &Cx,
    login: &str,
    password: &str,
    browser: &str,
) -> Result<(SignedIn, Zeroizing<String>)> {
    // A sign that no login can have is not even asked for: not every engine takes it.
    let login = login.trim();
    let found = if login.chars().any(char::is_control) {
        None
    } else {
        store::account::by_login(cx.store.read(), login).await?
    };
    let (account, hash) = match found {
        Some(found) => (Some(found.account), found.password_hash),
        None => (None, None),
    };
    let fits = fits(hash.clone(), password).await?;
    let tried = account.as_ref().map(|account| account.id);
    let Some(account) = account.filter(|account| fits && !account.is_disabled) else {
        event::wrong(cx, tried, Happened::WrongPassword).await?;
        return Err(Error::SignIn);
    };
    let tx = cx.store.begin().await?;
    // Reset, changed or switched off while it was looked at: what was typed is what was so before.
    let held = store::account::hold(&tx, account.id).await?;
    let is_still = |held: &Credentials| held.password_hash == hash && !held.account.is_disabled;
    let is_temporary = held.filter(is_still).ok_or(Error::SignIn)?.is_temporary;
    let has_second_factor = second_factor::any(&tx, account.id).await?;
    let (role, has_shown_it) = (account.role, false);
    let standing = Standing { role, has_second_factor, has_shown_it, is_temporary };
    let begun = begin_in(cx, &tx, account, (standing.stage(), browser), None).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(begun)
}

/// Whether a password fits a hash; one that there is none of takes as long.
pub(super) async fn fits(hash: Option<String>, password: &str) -> Result<bool> {
    // The hash of a password that nobody has.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$\
                          tIhFxLvTLtUhCz3XvxRoLKgSAiVV2i2jcF+mkwOxJuY";
    let has_password = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let password = Zeroizing::new(password.to_owned());
    let fits = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
    .map_err(|_| Error::Internal("password check"))?;
    Ok(fits && has_password)
}

/// Begins a session under a new token, in place of the one before: whoever knew that one knows nothing.
pub(crate) async fn begin(
    cx: &Cx,
    account: Account,
    stage: Stage,
    browser: &str,
    before: Option<&Session>,
) -> Result<(SignedIn, Zeroizing<String>)> {
    let tx = cx.store.begin().await?;
    let begun = begin_in(cx, &tx, account, (stage, browser), before).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(begun)
}

/// The same in the caller's transaction.
async fn begin_in(
    cx: &Cx,
    tx: &store::Tx,
    account: Account,
    (stage, browser): (Stage, &str),
    before: Option<&Session>,
) -> Result<(SignedIn, Zeroizing<String>)> {
    let token = Zeroizing::new(hex::encode(cx.bytes::<32>()));
    let now = cx.now();
    let session = Session {
        id: cx.new_id(),
        token_hash: token_hash(&token),
        account: account.id,
        stage,
        browser: browser.chars().take(60).collect(),
        csrf: hex::encode(cx.bytes::<16>()),
        started_at: now,
        seen_at: now,
        ends_at: after(now, if stage == Stage::In { LASTS } else { MIDWAY }),
    };
    store::session::remove_ended(tx, now).await?;
    if let Some(before) = before
        && !store::session::remove(tx, &before.token_hash).await?
    {
        // Somebody went on with it at the same moment.
        return Err(Error::SignIn);
    }
    store::session::add(tx, &session).await?;
    if stage == Stage::In {
        event::note(cx, tx, account.id, Happened::SignedIn, None).await?;
    }
    Ok((SignedIn { actor: account.into(), stage, csrf: session.csrf }, token))
}

/// The session of a token, while it lives and its account is on.
pub(super) async fn alive(cx: &Cx, token: &str) -> Result<Option<(Session, Account)>> {
    let now = cx.now();
    let found = store::session::by_token(cx.store.read(), &token_hash(token)).await?;
    let Some(session) = found else { return Ok(None) };
    if session.ends_at <= now || after(session.seen_at, IDLE) <= now {
        return Ok(None);
    }
    let account = store::account::by_id(cx.store.read(), session.account).await?;
    Ok(account.filter(|account| !account.is_disabled).map(|account| (session, account)))
}

/// Who a cookie's token belongs to, while the session lives and the account is on.
///
/// # Errors
/// Failures of the store only.
pub async fn by_session(cx: &Cx, token: &str) -> Result<Option<SignedIn>> {
    let Some((session, account)) = alive(cx, token).await? else { return Ok(None) };
    let now = cx.now();
    if after(session.seen_at, TOUCH) <= now {
        let tx = cx.store.begin().await?;
        store::session::touch(&tx, &session.token_hash, now).await?;
        tx.commit().await.map_err(store::StoreError::from)?;
    }
    Ok(Some(SignedIn { actor: account.into(), stage: session.stage, csrf: session.csrf }))
}

/// Holds an account and a session of it by which something is done that others did not undo meanwhile: it was not
/// switched off, and nobody signed this one out by resetting it.
///
/// # Errors
/// [`Error::SignIn`] if somebody did.
pub(super) async fn hold(
    tx: &store::Tx,
    account: AccountId,
    here: &[u8; 32],
) -> Result<Credentials> {
    let found = store::account::hold(tx, account).await?;
    let found = found.filter(|found| !found.account.is_disabled).ok_or(Error::SignIn)?;
    if store::session::hold(tx, here).await? { Ok(found) } else { Err(Error::SignIn) }
}

/// Goes on after a step was taken: by what is known of the account now.
pub(super) async fn go_on(
    cx: &Cx,
    found: (Session, Account),
) -> Result<(SignedIn, Zeroizing<String>)> {
    let tx = cx.store.begin().await?;
    let gone_on = go_on_in(cx, &tx, found).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(gone_on)
}

/// The same in the caller's transaction.
pub(super) async fn go_on_in(
    cx: &Cx,
    tx: &store::Tx,
    (session, account): (Session, Account),
) -> Result<(SignedIn, Zeroizing<String>)> {
    let is_temporary = hold(tx, account.id, &session.token_hash).await?.is_temporary;
    let has_second_factor = second_factor::any(tx, account.id).await?;
    // Whoever comes here has shown his second factor, set one up, or needs none.
    let (role, has_shown_it) = (account.role, true);
    let standing = Standing { role, has_second_factor, has_shown_it, is_temporary };
    let browser = session.browser.clone();
    begin_in(cx, tx, account, (standing.stage(), &browser), Some(&session)).await
}

/// Ends a session.
///
/// # Errors
/// Failures of the store only.
pub async fn sign_out(cx: &Cx, token: &str) -> Result<()> {
    let tx = cx.store.begin().await?;
    store::session::remove(&tx, &token_hash(token)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// Ends every session of an account; in the caller's transaction.
pub(super) async fn end_all(tx: &store::Tx, account: AccountId) -> Result<()> {
    store::session::remove_others(tx, account, None).await?;
    Ok(())
}

fn after(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_add(duration).unwrap_or(at)
}
