//! 验证码: a secret that an app on the telephone shares, a code for every half minute, each good once (RFC 6238).

use register::sign_in::{Happened, Stage};
use register::{Account, AccountId};
use store::second_factor::SecondFactor;
use store::session::Session;
use totp_rs::{Builder, Secret, Totp};
use vault::Place;
use zeroize::Zeroizing;

use super::sign_in::{self, SignedIn};
use super::{enrolment, event, token_hash};
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::secret_code;

/// Bytes of a secret, as the standard advises for its hash.
pub const SECRET: usize = 20;
/// Seconds that a code is good for.
const STEP: u64 = 30;
/// Spare codes that are given out at once.
const SPARE: usize = 8;
/// What a mark of a spare code is of.
const KIND: &str = "spare code";

/// A second factor that is being set up: nothing is kept of it before its first code was right.
pub struct Setup {
    /// The secret as one types it into an app.
    pub secret: Zeroizing<String>,
    /// The same for a camera.
    pub uri: Zeroizing<String>,
    /// The same, sealed to the account, for the form that brings it back.
    pub sealed: String,
}

/// What was right for an account: codes to be written down, each good once, where the app is not at hand.
pub type SpareCodes = Vec<Zeroizing<String>>;

/// Whether an account has an app that shows codes.
pub(super) async fn exists(db: &impl store::Db, account: AccountId) -> Result<bool> {
    Ok(store::second_factor::of_account(db, account).await?.is_some())
}

/// Whether an account has one of any kind: codes of an app, or a passkey.
pub(super) async fn any(db: &impl store::Db, account: AccountId) -> Result<bool> {
    Ok(exists(db, account).await? || store::passkey::exists(db, account).await?)
}

fn place(account: &AccountId) -> Place<'_> {
    Place { table: "second_factor", column: "secret", row: account.0.as_bytes() }
}

fn setup_place(account: &AccountId) -> Place<'_> {
    Place { table: "second_factor", column: "setup", row: account.0.as_bytes() }
}

fn totp(secret: &[u8]) -> Result<Totp> {
    let secret = Secret::from(secret);
    Builder::new().with_secret(secret).build().map_err(|_| Error::Internal("a second factor"))
}

fn seconds(cx: &Cx) -> u64 {
    u64::try_from(cx.now().as_second()).unwrap_or(0)
}

/// A new secret for this account.
///
/// # Errors
/// [`Error::Internal`] only.
pub fn set_up(cx: &Cx, actor: &Actor) -> Result<Setup> {
    let secret = Zeroizing::new(cx.bytes::<SECRET>());
    let typed = Zeroizing::new(Secret::from(*secret).to_base32());
    let login: String = actor.login.chars().map(plain).collect();
    let uri = format!(
        "otpauth://totp/Chengxin:{login}?secret={}&issuer=Chengxin&algorithm=SHA1&digits=6&period={STEP}",
        typed.as_str()
    );
    let sealed = cx.vault.seal(setup_place(&actor.account), &*secret, cx.bytes());
    Ok(Setup { secret: typed, uri: Zeroizing::new(uri), sealed: hex::encode(sealed) })
}

/// A sign that may stand in an address as it is.
fn plain(sign: char) -> char {
    if sign.is_ascii_alphanumeric() || "-_.".contains(sign) { sign } else { '-' }
}

/// A second factor whose first code was right; nothing is kept of it yet.
struct Ready {
    factor: SecondFactor,
    codes: SpareCodes,
    marks: Vec<[u8; 32]>,
}

/// The second factor that a form brought back, if its code is right.
fn ready(cx: &Cx, account: AccountId, sealed: &str, code: &str) -> Result<Ready> {
    let stale = || {
        let says = "这一页已经过期，请用新的二维码再来一次。";
        Error::Mistakes(vec![mistake("code", "setup-stale", says)])
    };
    let sealed = hex::decode(sealed).map_err(|_| stale())?;
    let secret = cx.vault.open(setup_place(&account), &sealed).map_err(|_| stale())?;
    let step = totp(&secret)?.check(&bare(code), seconds(cx)).ok_or_else(wrong)?;
    let factor = SecondFactor {
        account,
        secret: cx.vault.seal(place(&account), &secret, cx.bytes()),
        used_step: step,
        added_at: cx.now(),
    };
    let (codes, marks) = spare(cx);
    Ok(Ready { factor, codes, marks })
}

/// Spare codes with their marks.
fn spare(cx: &Cx) -> (SpareCodes, Vec<[u8; 32]>) {
    let codes: SpareCodes =
        (0..SPARE).map(|_| Zeroizing::new(secret_code::code(cx.bytes::<16>()))).collect();
    let marks = codes.iter().map(|code| secret_code::mark(&cx.vault, KIND, code)).collect();
    (codes, marks)
}

/// Gives spare codes in place of any before. The account is held by the caller.
pub(super) async fn give_spare(cx: &Cx, tx: &store::Tx, account: AccountId) -> Result<SpareCodes> {
    let (codes, marks) = spare(cx);
    store::second_factor::remove_spare(tx, account).await?;
    store::second_factor::add_spare(tx, account, &marks).await?;
    Ok(codes)
}

/// Keeps it in place of any before, and signs the account out everywhere else. Gives the spare codes. The account and the
/// session are held by the caller.
async fn keep(cx: &Cx, tx: &store::Tx, ready: Ready, here: &[u8; 32]) -> Result<SpareCodes> {
    let account = ready.factor.account;
    store::second_factor::set(tx, &ready.factor).await?;
    store::second_factor::add_spare(tx, account, &ready.marks).await?;
    store::session::remove_others(tx, account, Some(here)).await?;
    event::note(cx, tx, account, Happened::FactorSet, None).await?;
    Ok(ready.codes)
}

/// Whether a code of the app, or a spare one, is right; each is used up by that.
///
/// # Errors
/// [`Error::Mistakes`] if it is not, without saying more.
pub(crate) async fn show(cx: &Cx, account: AccountId, code: &str) -> Result<()> {
    let found = store::second_factor::of_account(cx.store.read(), account).await?;
    let typed = bare(code);
    // Whoever has passkeys alone has spare codes beside them.
    let step = match found {
        Some(factor) => {
            let secret = cx.vault.open(place(&account), &factor.secret)?;
            totp(&secret)?.check(&typed, seconds(cx))
        }
        None => None,
    };
    let tx = cx.store.begin().await?;
    let is_right = match step {
        Some(step) => store::second_factor::use_step(&tx, account, step).await?,
        None => {
            let mark = secret_code::mark(&cx.vault, KIND, &typed);
            store::second_factor::use_spare(&tx, account, &mark).await?
        }
    };
    if !is_right {
        event::note(cx, &tx, account, Happened::WrongCode, None).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    if is_right { Ok(()) } else { Err(wrong()) }
}

fn bare(code: &str) -> String {
    code.chars().filter(|sign| sign.is_ascii_alphanumeric()).collect()
}

fn wrong() -> Error {
    let says = "验证码不对，或者已经用过。请等下一个验证码出现再试；手机不在身边的，可以用备用码。";
    Error::Mistakes(vec![mistake("code", "code-wrong", says)])
}

pub(super) async fn midway(cx: &Cx, token: &str, stage: Stage) -> Result<(Session, Account)> {
    let found = sign_in::alive(cx, token).await?;
    found.filter(|(session, _)| session.stage == stage).ok_or(Error::SignIn)
}

/// Goes on with signing in by a code.
///
/// # Errors
/// [`Error::SignIn`] if nobody waits here, [`Error::Mistakes`] for a code that is not right.
pub async fn pass(cx: &Cx, token: &str, code: &str) -> Result<(SignedIn, Zeroizing<String>)> {
    let found = midway(cx, token, Stage::Second).await?;
    show(cx, found.1.id, code).await?;
    sign_in::go_on(cx, found).await
}

/// Goes on with signing in by setting one up; where two people opened or reset the account, with the code that whoever
/// asked for it has. One that was set up meanwhile stays.
///
/// # Errors
/// [`Error::SignIn`] if nobody waits here, [`Error::Mistakes`].
pub async fn enrol(
    cx: &Cx,
    token: &str,
    sealed: &str,
    (code, enrolment_code): (&str, &str),
) -> Result<(SignedIn, Zeroizing<String>, SpareCodes)> {
    let found = midway(cx, token, Stage::Enrol).await?;
    let (here, account) = (found.0.token_hash, found.1.id);
    let ready = ready(cx, account, sealed, code)?;
    let tx = cx.store.begin().await?;
    sign_in::hold(&tx, account, &here).await?;
    if any(&tx, account).await? {
        return Err(Error::SignIn);
    }
    if let Err(error) = enrolment::spend(cx, &tx, account, enrolment_code).await {
        tx.rollback().await.map_err(store::StoreError::from)?;
        event::wrong(cx, Some(account), Happened::WrongCode).await?;
        return Err(error);
    }
    let spare = keep(cx, &tx, ready, &here).await?;
    let (signed_in, token) = sign_in::go_on_in(cx, &tx, found).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok((signed_in, token, spare))
}

/// Sets one up, or another in its place, for somebody who is signed in `here`: by the code before, or by his password.
/// Everywhere else he is signed out.
///
/// # Errors
/// [`Error::Mistakes`]; [`Error::SignIn`] if he was reset, or one was set up, in this moment.
pub async fn replace(
    cx: &Cx,
    actor: &Actor,
    here: &str,
    sealed: &str,
    (code, current): (&str, &str),
) -> Result<SpareCodes> {
    let account = actor.account;
    let found = store::account::credentials_of(cx.store.read(), account).await?;
    let hash = found.and_then(|found| found.password_hash);
    let had_one = exists(cx.store.read(), account).await?;
    if had_one {
        show(cx, account, current).await.map_err(wrong_current)?;
    } else if !sign_in::fits(hash.clone(), current).await? {
        event::wrong(cx, Some(account), Happened::WrongPassword).await?;
        let says = "密码不对。";
        return Err(Error::Mistakes(vec![mistake("current", "current-wrong", says)]));
    }
    let ready = ready(cx, account, sealed, code)?;
    let (tx, here) = (cx.store.begin().await?, token_hash(here));
    let held = sign_in::hold(&tx, account, &here).await?;
    if exists(&tx, account).await? != had_one || held.password_hash != hash {
        return Err(Error::SignIn);
    }
    let spare = keep(cx, &tx, ready, &here).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(spare)
}

/// The same of the code before.
fn wrong_current(error: Error) -> Error {
    if !matches!(error, Error::Mistakes(_)) {
        return error;
    }
    let says = "现在这部手机上的验证码不对，或者已经用过。手机不在身边的，可以用备用码。";
    Error::Mistakes(vec![mistake("current", "current-wrong", says)])
}

/// Since when an account has one, and how many spare codes are left.
///
/// # Errors
/// [`Error::Store`].
pub async fn state(cx: &Cx, actor: &Actor) -> Result<Option<(jiff::Timestamp, u64)>> {
    let db = cx.store.read();
    let Some(factor) = store::second_factor::of_account(db, actor.account).await? else {
        return Ok(None);
    };
    Ok(Some((factor.added_at, store::second_factor::spare_left(db, actor.account).await?)))
}

/// Gives an account a second factor whose secret is known: for the demonstration and for tests.
///
/// # Errors
/// [`Error::Store`].
pub async fn give(cx: &Cx, account: AccountId, secret: [u8; SECRET]) -> Result<()> {
    let secret = cx.vault.seal(place(&account), &secret, cx.bytes());
    let factor = SecondFactor { account, secret, used_step: 0, added_at: cx.now() };
    let tx = cx.store.begin().await?;
    store::second_factor::set(&tx, &factor).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// The next code that is good now and was not used, of an account whose secret is known; `None` if one must wait for
/// the next half minute. For the demonstration and for tests.
///
/// # Errors
/// [`Error::Store`].
pub async fn next_code(
    cx: &Cx,
    account: AccountId,
    secret: [u8; SECRET],
) -> Result<Option<String>> {
    let found = store::second_factor::of_account(cx.store.read(), account).await?;
    let used = found.map_or(0, |factor| factor.used_step);
    let now = seconds(cx) / STEP;
    let step = now.saturating_sub(1).max(used + 1);
    if step > now + 1 {
        return Ok(None);
    }
    Ok(Some(totp(&secret)?.generate(step * STEP).to_string()))
}
