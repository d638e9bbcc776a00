//! 登录: by name and password for people, by bearer token for systems.

use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use jiff::{SignedDuration, Timestamp};
use store::session::Session;
use zeroize::Zeroizing;

use super::add::hasher;
use super::token_hash;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// How long a session lasts at most.
const LASTS: SignedDuration = SignedDuration::from_hours(8);
/// How long it may stay unused.
const IDLE: SignedDuration = SignedDuration::from_mins(60);
/// How often its last use is written down.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);

/// Somebody signed in through the browser.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub actor: Actor,
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
) -> Result<(SignedIn, Zeroizing<String>)> {
    // The hash of a password that nobody has.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$\
                          tIhFxLvTLtUhCz3XvxRoLKgSAiVV2i2jcF+mkwOxJuY";
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
    let has_password = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let password = Zeroizing::new(password.to_owned());
    let fits = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
    .map_err(|_| Error::Internal("password check"))?;
    let account = account
        .filter(|account| fits && has_password && !account.is_disabled)
        .ok_or(Error::SignIn)?;

    let token = Zeroizing::new(hex::encode(cx.bytes::<32>()));
    let now = cx.now();
    let session = Session {
        token_hash: token_hash(&token),
        account: account.id,
        csrf: hex::encode(cx.bytes::<16>()),
        started_at: now,
        seen_at: now,
        ends_at: after(now, LASTS),
    };
    let tx = cx.store.begin().await?;
    store::session::remove_ended(&tx, now).await?;
    store::session::add(&tx, &session).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok((SignedIn { actor: account.into(), csrf: session.csrf }, token))
}

/// Who a cookie's token belongs to, while the session lives and the account is on.
///
/// # Errors
/// Failures of the store only.
pub async fn by_session(cx: &Cx, token: &str) -> Result<Option<SignedIn>> {
    let hash = token_hash(token);
    let now = cx.now();
    let Some(session) = store::session::by_token(cx.store.read(), &hash).await? else {
        return Ok(None);
    };
    if session.ends_at <= now || after(session.seen_at, IDLE) <= now {
        return Ok(None);
    }
    if after(session.seen_at, TOUCH) <= now {
        let tx = cx.store.begin().await?;
        store::session::touch(&tx, &hash, now).await?;
        tx.commit().await.map_err(store::StoreError::from)?;
    }
    let account = store::account::by_id(cx.store.read(), session.account).await?;
    Ok(account
        .filter(|account| !account.is_disabled)
        .map(|account| SignedIn { actor: account.into(), csrf: session.csrf }))
}

/// Who a bearer token belongs to.
///
/// # Errors
/// Failures of the store only.
pub async fn by_token(cx: &Cx, token: &str) -> Result<Option<Actor>> {
    let account = cx.caller(token_hash(token)).await?;
    Ok(account.filter(|account| !account.is_disabled).map(Actor::from))
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

fn after(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.checked_add(duration).unwrap_or(at)
}
