//! 验证码: a secret that an app on the telephone shares, a code for every half minute, each good once (RFC 6238).

use register::sign_in::Stage;
use register::{Account, AccountId};
use store::second_factor::SecondFactor;
use store::session::Session;
use totp_rs::{Builder, Secret, Totp};
use vault::Place;
use zeroize::Zeroizing;

use super::sign_in::{self, SignedIn};
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

pub(super) async fn exists(cx: &Cx, account: AccountId) -> Result<bool> {
    Ok(store::second_factor::of_account(cx.store.read(), account).await?.is_some())
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

/// Sets up the second factor that a form brought back, if its code is right. Gives the spare codes.
async fn confirm(cx: &Cx, account: AccountId, sealed: &str, code: &str) -> Result<SpareCodes> {
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
    let codes: SpareCodes =
        (0..SPARE).map(|_| Zeroizing::new(secret_code::code(cx.bytes::<16>()))).collect();
    let marks: Vec<_> = codes.iter().map(|code| secret_code::mark(&cx.vault, KIND, code)).collect();
    let tx = cx.store.begin().await?;
    store::second_factor::set(&tx, &factor).await?;
    store::second_factor::add_spare(&tx, account, &marks).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(codes)
}

/// Whether a code of the app, or a spare one, is right; each is used up by that.
///
/// # Errors
/// [`Error::Mistakes`] if it is not, without saying more.
pub(crate) async fn show(cx: &Cx, account: AccountId, code: &str) -> Result<()> {
    let found = store::second_factor::of_account(cx.store.read(), account).await?;
    let factor = found.ok_or_else(wrong)?;
    let secret = cx.vault.open(place(&account), &factor.secret)?;
    let typed = bare(code);
    let tx = cx.store.begin().await?;
    let is_right = match totp(&secret)?.check(&typed, seconds(cx)) {
        Some(step) => store::second_factor::use_step(&tx, account, step).await?,
        None => {
            let mark = secret_code::mark(&cx.vault, KIND, &typed);
            store::second_factor::use_spare(&tx, account, &mark).await?
        }
    };
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

async fn midway(cx: &Cx, token: &str, stage: Stage) -> Result<(Session, Account)> {
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

/// Goes on with signing in by setting one up.
///
/// # Errors
/// [`Error::SignIn`] if nobody waits here, [`Error::Mistakes`].
pub async fn enrol(
    cx: &Cx,
    token: &str,
    sealed: &str,
    code: &str,
) -> Result<(SignedIn, Zeroizing<String>, SpareCodes)> {
    let found = midway(cx, token, Stage::Enrol).await?;
    let spare = confirm(cx, found.1.id, sealed, code).await?;
    let (signed_in, token) = sign_in::go_on(cx, found).await?;
    Ok((signed_in, token, spare))
}

/// Sets one up, or another in its place, for somebody who is signed in: by the code before, or by his password.
///
/// # Errors
/// [`Error::Mistakes`].
pub async fn replace(
    cx: &Cx,
    actor: &Actor,
    sealed: &str,
    (code, current): (&str, &str),
) -> Result<SpareCodes> {
    if exists(cx, actor.account).await? {
        show(cx, actor.account, current).await.map_err(|_| wrong_current())?;
    } else {
        let found = store::account::credentials_of(cx.store.read(), actor.account).await?;
        let hash = found.and_then(|found| found.password_hash);
        if !sign_in::fits(hash, current).await? {
            return Err(wrong_current());
        }
    }
    confirm(cx, actor.account, sealed, code).await
}

fn wrong_current() -> Error {
    let says = "现在的验证码（还没有设置过的，填密码）不对。";
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
