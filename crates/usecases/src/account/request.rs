//! 账号申请: one person asks, another grants (I12): opening, resetting and switching off an account at work.

use access::{Action, What};
use register::sign_in::{AccountRequest, Wish};
use register::{Account, AccountId, Role, Uscc};
use zeroize::Zeroizing;

use super::add::{hash_password, readable};
use super::sign_in;
use crate::case::{mistake, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::opening::expect_second;

/// Requests in the list.
const SHOWN: u32 = 100;
/// Most characters of the reasons.
const REASONS: usize = 200;
/// Most characters of an account's name.
const LOGIN: usize = 40;

/// A request as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewRequest {
    /// What, by code.
    pub wish: String,
    /// The account's name.
    pub login: String,
    /// In which role, by code.
    pub role: String,
    /// For which body, by code.
    pub agency: String,
    /// Why.
    pub reasons: String,
}

/// Asks for something about an account.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`].
pub async fn ask(cx: &Cx, actor: &Actor, new: NewRequest) -> Result<AccountRequest> {
    cx.permit(actor, Action::AskAccount, What::default())?;
    let mut mistakes = Vec::new();
    let wish = Wish::from_code(&new.wish);
    if wish.is_none() {
        mistakes.push(mistake("wish", "choice-missing", "请选择办什么。"));
    }
    let login = new.login.trim().to_owned();
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "-_.".contains(sign);
    if login.is_empty() || login.chars().count() > LOGIN || !login.chars().all(is_plain) {
        let says = format!("账号名用字母、数字、点、横线，最多 {LOGIN} 个字符。");
        mistakes.push(mistake("login", "login-form", says));
    }
    let known = if mistakes.is_empty() {
        store::account::by_login(cx.store.read(), &login).await?.map(|found| found.account)
    } else {
        None
    };
    let is_open = wish == Some(Wish::Open);
    match (&known, is_open) {
        (Some(_), true) => {
            mistakes.push(mistake("login", "login-taken", "这个账号名已经有了，请换一个。"));
        }
        (None, false) if mistakes.is_empty() => {
            mistakes.push(mistake("login", "login-unknown", "没有这个账号，请核对。"));
        }
        (Some(_), false) | (None, true | false) => {}
    }
    let (role, agency) = match (is_open, &known) {
        (false, Some(account)) => (Some(account.role), account.agency),
        (true, _) | (false, None) => read_role(cx, &new, is_open, &mut mistakes),
    };
    let reasons = read_words("reasons", &new.reasons, REASONS, &mut mistakes);
    let (Some(wish), Some(role), true) = (wish, role, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let request = AccountRequest {
        id: cx.new_id(),
        wish,
        login,
        role,
        agency,
        asked_by: actor.account,
        reasons,
        asked_at: cx.now(),
        decided: None,
    };
    let tx = cx.store.begin().await?;
    if !store::account_request::add(&tx, &request).await? {
        let says = "同样的申请已经有了，还在等待另一个人决定。";
        return Err(Error::Mistakes(vec![mistake("login", "asked-before", says)]));
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(request)
}

/// Role and body of a new account at work.
fn read_role(
    cx: &Cx,
    new: &NewRequest,
    is_open: bool,
    mistakes: &mut Vec<crate::Mistake>,
) -> (Option<Role>, Option<Uscc>) {
    if !is_open {
        return (None, None);
    }
    let role = new.role.parse::<Role>().ok().filter(|role| role.needs_second_factor());
    let Some(role) = role else {
        mistakes.push(mistake("role", "choice-missing", "请选择岗位。"));
        return (None, None);
    };
    if !role.needs_agency() {
        return (Some(role), None);
    }
    let agency = cx.rules.agency(new.agency.trim()).map(|agency| agency.uscc.clone());
    let agency = agency.and_then(|code| Uscc::parse(&code).ok());
    if agency.is_none() {
        mistakes.push(mistake("agency", "choice-missing", "请选择单位。"));
    }
    (Some(role), agency)
}

/// Grants or refuses, as another human being than who asked. What a new or reset account signs in by is given once; it
/// must be changed at the first sign-in.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotSecond`], [`Error::NotFound`], [`Error::LoginTaken`].
pub async fn decide(
    cx: &Cx,
    actor: &Actor,
    id: uuid::Uuid,
    grants: bool,
) -> Result<(AccountRequest, Option<Zeroizing<String>>)> {
    cx.permit(actor, Action::ManageAccounts, What::default())?;
    let tx = cx.store.begin().await?;
    let request = store::account_request::by_id(&tx, id).await?.ok_or(Error::NotFound)?;
    expect_second(&tx, request.asked_by, actor).await?;
    if !store::account_request::decide(&tx, id, (actor.account, cx.now(), grants)).await? {
        return Err(register::opening::NotSecond::Decided.into());
    }
    let secret = match (grants, request.wish) {
        (false, _) => None,
        (true, Wish::Open) => Some(open(cx, &tx, &request).await?),
        (true, Wish::Reset) => Some(reset_in(cx, &tx, &request.login).await?),
        (true, Wish::Disable) => {
            store::account::disable(&tx, &request.login, cx.now()).await?;
            None
        }
    };
    tx.commit().await.map_err(store::StoreError::from)?;
    cx.forget_callers();
    let decided = Some((actor.account, cx.now(), grants));
    Ok((AccountRequest { decided, ..request }, secret))
}

async fn open(cx: &Cx, tx: &store::Tx, request: &AccountRequest) -> Result<Zeroizing<String>> {
    let password = Zeroizing::new(readable(&cx.bytes::<16>()));
    let hash = hash_password(&password, &cx.bytes::<16>())?;
    let account = Account {
        id: AccountId(cx.new_id()),
        login: request.login.clone(),
        role: request.role,
        agency: request.agency,
        person: None,
        is_disabled: false,
    };
    if !store::account::add(tx, &account, Some(&hash), cx.now()).await? {
        return Err(Error::LoginTaken);
    }
    store::account::set_password(tx, account.id, &hash, true).await?;
    Ok(password)
}

/// Gives an account a new password and takes its second factor away: it is signed out everywhere.
async fn reset_in(cx: &Cx, tx: &store::Tx, login: &str) -> Result<Zeroizing<String>> {
    let found = store::account::by_login(tx, login).await?.ok_or(Error::NotFound)?;
    if found.account.role.is_machine() {
        return Err(Error::NotFound);
    }
    let password = Zeroizing::new(readable(&cx.bytes::<16>()));
    let hash = hash_password(&password, &cx.bytes::<16>())?;
    store::account::set_password(tx, found.account.id, &hash, true).await?;
    store::second_factor::remove(tx, found.account.id).await?;
    sign_in::end_all(tx, found.account.id).await?;
    Ok(password)
}

/// The same at the command line, where whoever holds the keys acts for the office.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn reset(cx: &Cx, actor: &Actor, login: &str) -> Result<Zeroizing<String>> {
    cx.permit(actor, Action::ManageAccounts, What::default())?;
    let tx = cx.store.begin().await?;
    let password = reset_in(cx, &tx, login).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(password)
}

/// What was asked, what waits first, each with the logins of who asked.
///
/// # Errors
/// [`Error::Denied`].
pub async fn requests(cx: &Cx, actor: &Actor) -> Result<Vec<AccountRequest>> {
    cx.permit(actor, Action::AskAccount, What::default())?;
    Ok(store::account_request::list(cx.store.read(), SHOWN).await?)
}
