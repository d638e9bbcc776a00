//! 账号申请: one person asks, another grants (I12): opening, resetting and switching off an account at work.
//!
//! ```text
//!   ask (for a human being, by number and name) ─▶ setup code, for who asked
//!     └─ decide: another human being, and not about himself ─▶ password, for who granted
//!          └─ first sign-in: password, setup code, second factor, a password of one's own
//! ```

use access::{Action, What};
use register::opening::{NotSecond, second_of_two};
use register::sign_in::{AccountRequest, Happened, Wish};
use register::{Account, AccountId, IdDocument, PersonId, PersonName, Role, Uscc, mask};
use store::Tx;
use store::account_request::Kept;
use vault::Place;
use zeroize::Zeroizing;

use super::add::{hash_password, readable, who};
use super::{enrolment, event, may_manage, sign_in};
use crate::case::{mistake, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};
use crate::opening::expect_second;
use crate::seal;

/// Requests in the list.
const SHOWN: u32 = 100;
/// Most characters of the reasons.
const REASONS: usize = 200;
/// Most characters of an account's name.
const LOGIN: usize = 40;

/// A request as it was typed.
#[derive(Clone, Default)]
pub struct NewRequest {
    /// What, by code.
    pub wish: String,
    /// The account's name.
    pub login: String,
    /// In which role, by code.
    pub role: String,
    /// For which body, by code.
    pub agency: String,
    /// Kind of document of the human being whom the account is for, by code; empty for a citizen's card.
    pub id_kind: String,
    /// Its number.
    pub id_number: String,
    /// His name.
    pub name: String,
    /// Why.
    pub reasons: String,
}

register::hidden!(NewRequest);

/// A request in the list.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The request.
    pub request: AccountRequest,
    /// Whom the account is for, masked: for whoever may decide, while it waits.
    pub human: Option<(String, String)>,
    /// Whether this actor may decide it, as far as can be said before.
    pub may_decide: bool,
}

/// Asks for something about an account at work.
///
/// For a new one, or one of which that is not known yet, it says which
/// human being it is for. Gives the code without which the second factor is not set up then, where one will be.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`].
pub async fn ask(
    cx: &Cx,
    actor: &Actor,
    new: NewRequest,
) -> Result<(AccountRequest, Option<Zeroizing<String>>)> {
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
        (Some(known), false) if wish == Some(Wish::Reset) && !known.role.needs_second_factor() => {
            let says = "这里只办理工作账号。本人的账号请本人带证件到窗口；业务系统更换密钥由运维人员办理。";
            mistakes.push(mistake("login", "login-not-at-work", says));
        }
        (Some(_), false) | (None, true | false) => {}
    }
    // Who it is for is said once, and never changed by a request.
    let is_nobody = known.as_ref().is_some_and(|known| known.person.is_none());
    let needs_human = is_open || (wish == Some(Wish::Reset) && is_nobody);
    let (role, agency) = match (is_open, &known) {
        (false, Some(account)) => (Some(account.role), account.agency),
        (true, _) | (false, None) => read_role(cx, &new, is_open, &mut mistakes),
    };
    let typed = (new.id_number.as_str(), new.name.as_str());
    let human = if needs_human {
        seal::read_person(&new.id_kind, typed, cx.today(), &mut mistakes)
    } else {
        None
    };
    let adulthood = cx.rules.adulthood();
    let is_minor = |born| !adulthood.is_adult_on(born, cx.today());
    if human.as_ref().and_then(|(document, _)| document.birth_date()).is_some_and(is_minor) {
        mistakes.push(mistake(
            "id_number",
            "under-age",
            "未成年人不能有工作账号，请核对证件号码。",
        ));
    }
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
    let human = human.map(|(document, name)| {
        let place = human_place(&request.id);
        let sealed = seal::identity_at(&cx.vault, place, (&document, &name), cx.bytes());
        (document.kind().code().to_owned(), sealed)
    });
    let (code, code_mark) = match wish {
        Wish::Open | Wish::Reset => Some(enrolment::made(cx)).unzip(),
        Wish::Disable => (None, None),
    };
    let tx = cx.store.begin().await?;
    if !store::account_request::add(&tx, &request, &Kept { human, code_mark }).await? {
        let says = "同样的申请已经有了，还在等待另一个人决定。";
        return Err(Error::Mistakes(vec![mistake("login", "asked-before", says)]));
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok((request, code))
}

fn human_place(request: &uuid::Uuid) -> Place<'_> {
    Place { table: "account_request", column: "sealed", row: request.as_bytes() }
}

/// Whom a request is for that waits.
fn human_of(
    cx: &Cx,
    request: &AccountRequest,
    kept: &Kept,
) -> Result<Option<(IdDocument, PersonName)>> {
    let Some((kind, sealed)) = &kept.human else { return Ok(None) };
    seal::open_identity_at(&cx.vault, human_place(&request.id), kind, sealed).map(Some)
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

/// Grants or refuses, as another human being than who asked, and not about himself.
///
/// What a new or reset account signs in
/// by is given once; it must be changed at the first sign-in, where the code is asked for that whoever asked has.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotSecond`], [`Error::NotFound`], [`Error::LoginTaken`], [`Error::Mistakes`] if the
/// human being whom it is for does not agree with the register.
pub async fn decide(
    cx: &Cx,
    actor: &Actor,
    id: uuid::Uuid,
    grants: bool,
) -> Result<(AccountRequest, Option<Zeroizing<String>>)> {
    cx.permit(actor, Action::ManageAccounts, What::default())?;
    let db = cx.store.read();
    let request = store::account_request::by_id(db, id).await?.ok_or(Error::NotFound)?;
    if request.decided.is_some() {
        return Err(NotSecond::Decided.into());
    }
    let kept = store::account_request::kept(db, id).await?;
    let human = if grants { human_of(cx, &request, &kept)? } else { None };
    let (tx, person) = match &human {
        Some((document, name)) => {
            let found = who(cx, document, name).await;
            let why = |error| if matches!(error, Error::NotFound) { differs() } else { error };
            let (tx, person) = found.map_err(why)?;
            (tx, Some(person))
        }
        None => (cx.store.begin().await?, None),
    };
    expect_second(&tx, request.asked_by, actor).await?;
    expect_not_his_own(cx, &tx, actor, (&request.login, person)).await?;
    if !store::account_request::decide(&tx, id, (actor.account, cx.now(), grants)).await? {
        return Err(NotSecond::Decided.into());
    }
    let granted = Granted { request: &request, by: actor.account, person, code: kept.code_mark };
    let secret = match (grants, request.wish) {
        (false, _) => None,
        (true, Wish::Open) => Some(open(cx, &tx, &granted).await?),
        (true, Wish::Reset) => Some(reset_as_asked(cx, &tx, &granted).await?),
        (true, Wish::Disable) => {
            super::manage::switch_off(cx, &tx, &request.login, actor.account).await?;
            None
        }
    };
    tx.commit().await.map_err(store::StoreError::from)?;
    cx.forget_callers();
    let decided = Some((actor.account, cx.now(), grants));
    Ok((AccountRequest { decided, ..request }, secret))
}

/// Refuses who decides about his own account, or about one for himself (I15).
async fn expect_not_his_own(
    cx: &Cx,
    tx: &Tx,
    actor: &Actor,
    (login, person): (&str, Option<PersonId>),
) -> Result<()> {
    let found = store::account::by_login(tx, login).await?.map(|found| found.account);
    if let Some(account) = &found {
        second_of_two((account.id, account.person), (actor.account, actor.person))?;
    }
    let whose = person.or(found.and_then(|account| account.person));
    let whose = whose.map(|person| person.to_string());
    let what = What { person: whose.as_deref(), ..What::default() };
    cx.permit(actor, Action::ManageAccounts, what)
}

fn differs() -> Error {
    let says = "证件号码在登记里是另一个姓名，或者这个人已经去世。请不同意这份申请，核对证件以后重新提出。";
    Error::Mistakes(vec![mistake("requests", "person-differs", says)])
}

/// What cannot be granted because it was asked for before whom it is for was asked for too.
fn too_old() -> Mistake {
    let says =
        "这份申请没有写明是谁的账号，也没有设置码（系统更新以前提出的）。请不同意，再重新提出。";
    mistake("requests", "request-old", says)
}

/// What was granted, by whom, for which human being.
struct Granted<'a> {
    request: &'a AccountRequest,
    by: AccountId,
    person: Option<PersonId>,
    code: Option<[u8; 32]>,
}

async fn open(cx: &Cx, tx: &Tx, granted: &Granted<'_>) -> Result<Zeroizing<String>> {
    let request = granted.request;
    let (Some(person), Some(code)) = (granted.person, granted.code) else {
        return Err(Error::Mistakes(vec![too_old()]));
    };
    let password = Zeroizing::new(readable(&cx.bytes::<16>()));
    let hash = hash_password(&password, &cx.bytes::<16>())?;
    let account = Account {
        id: AccountId(cx.new_id()),
        login: request.login.clone(),
        role: request.role,
        agency: request.agency,
        person: Some(person),
        is_disabled: false,
    };
    if !store::account::add(tx, &account, Some(&hash), cx.now()).await? {
        return Err(Error::LoginTaken);
    }
    store::account::set_password(tx, account.id, &hash, true).await?;
    enrolment::set(cx, tx, account.id, Some(&code)).await?;
    event::note(cx, tx, account.id, Happened::Opened, Some(granted.by)).await?;
    Ok(password)
}

/// Resets an account at work, and notes whose it is if that was not known.
async fn reset_as_asked(cx: &Cx, tx: &Tx, granted: &Granted<'_>) -> Result<Zeroizing<String>> {
    let login = &granted.request.login;
    let found = store::account::by_login(tx, login).await?.ok_or(Error::NotFound)?;
    let account = found.account;
    let whose = account.person.or(granted.person);
    let (Some(person), Some(code)) = (whose, granted.code) else {
        return Err(Error::Mistakes(vec![too_old()]));
    };
    if !account.role.needs_second_factor() {
        return Err(Error::NotFound);
    }
    if store::account::bind(tx, account.id, person).await? {
        event::note(cx, tx, account.id, Happened::Bound, Some(granted.by)).await?;
    }
    reset_in(cx, tx, login, (granted.by, Some(&code))).await
}

/// Gives an account a new password and takes its second factor away: it is signed out everywhere. With a code, its
/// second factor is set up by that only.
async fn reset_in(
    cx: &Cx,
    tx: &Tx,
    login: &str,
    (by, code): (AccountId, Option<&[u8; 32]>),
) -> Result<Zeroizing<String>> {
    let found = store::account::by_login(tx, login).await?.ok_or(Error::NotFound)?;
    if found.account.role.is_machine() {
        return Err(Error::NotFound);
    }
    let password = Zeroizing::new(readable(&cx.bytes::<16>()));
    let hash = hash_password(&password, &cx.bytes::<16>())?;
    store::account::set_password(tx, found.account.id, &hash, true).await?;
    store::second_factor::remove(tx, found.account.id).await?;
    store::passkey::remove_all(tx, found.account.id).await?;
    enrolment::set(cx, tx, found.account.id, code).await?;
    sign_in::end_all(tx, found.account.id).await?;
    event::note(cx, tx, found.account.id, Happened::Reset, Some(by)).await?;
    Ok(password)
}

/// The same at the command line, on the word of a lead; where there is none yet, whoever sets the register up.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn reset(cx: &Cx, actor: &Actor, login: &str) -> Result<Zeroizing<String>> {
    may_manage(cx, actor).await?;
    let tx = cx.store.begin().await?;
    let password = reset_in(cx, &tx, login, (actor.account, None)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(password)
}

/// What was asked, what waits first: for whoever asks, whoever decides, and whoever audits.
///
/// # Errors
/// [`Error::Denied`].
pub async fn requests(cx: &Cx, actor: &Actor) -> Result<Vec<Asked>> {
    let may = |action| cx.permit(actor, action, What::default());
    may(Action::AskAccount).or_else(|_| may(Action::SeeAccounts))?;
    let is_lead = may(Action::ManageAccounts).is_ok();
    let db = cx.store.read();
    let requests = store::account_request::list(db, SHOWN).await?;
    let mut asked = Vec::with_capacity(requests.len());
    for request in requests {
        let is_open = is_lead && request.decided.is_none();
        let (mut human, mut may_decide) = (None, false);
        if is_open {
            let kept = store::account_request::kept(db, request.id).await?;
            let found = human_of(cx, &request, &kept)?;
            human = found.map(|(document, name)| {
                (mask::name(name.as_str()), mask::number(document.number()))
            });
            may_decide =
                request.asked_by != actor.account && !is_his_own(cx, actor, &request).await?;
        }
        asked.push(Asked { request, human, may_decide });
    }
    Ok(asked)
}

/// Whether a request is about an account of this actor's.
async fn is_his_own(cx: &Cx, actor: &Actor, request: &AccountRequest) -> Result<bool> {
    let found = store::account::by_login(cx.store.read(), &request.login).await?;
    let Some(account) = found.map(|found| found.account) else { return Ok(false) };
    let (his, own) = ((account.id, account.person), (actor.account, actor.person));
    Ok(second_of_two(his, own).is_err())
}
