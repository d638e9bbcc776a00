//! Signing in and out 登录, 退出.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use register::sign_in::Stage;
use usecases::account::SignedIn;
use usecases::account::tries::{self, Tried, Try};
use usecases::{Actor, Error, account, wording};
use zeroize::Zeroizing;

use super::{mistakes_of, query};
use crate::answer::{Answer, Refused, page, page_with};
use crate::cookies::Cookie;
use crate::extract::{Posted, Query};
use crate::knock::{self, Knock};
use crate::pages::identity::Offer;
use crate::pages::sign_in::{
    DemoAccount, EnrolPage, PasswordPage, SecondPage, SignInPage, SparePage,
};
use crate::pages::{Here, Mistakes};
use crate::session::{Midway, Visit, local, step_address};
use crate::state::WebState;

/// How long a form may lie before it is sent, in seconds.
const PRE_LASTS: u32 = 3_600;
/// How long a browser is known, in seconds: half a year.
const KNOWN_LASTS: u32 = 180 * 86_400;
/// How long a message waits for its page, in seconds.
const FLASH_LASTS: u32 = 30;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Back {
    next: String,
}

fn sign_in_page(visit: &Visit, state: &WebState, next: &str) -> SignInPage {
    SignInPage {
        shell: visit.shell(Here::SignIn),
        login: String::new(),
        next: local(next).unwrap_or_default().to_owned(),
        mistakes: Mistakes::none(),
        identity: state.identity.as_ref().map(|service| Offer {
            href: query(
                "/sign-in/identity",
                &[("next", local(next).unwrap_or_default().to_owned())],
            ),
            text: format!("用{}登录", service.title()),
        }),
        demo_accounts: state
            .demo
            .iter()
            .flatten()
            .map(|account| DemoAccount {
                login: account.login.clone(),
                password: account.password.clone(),
                who: account.who.clone(),
            })
            .collect(),
    }
}

fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// GET `/sign-in`
pub(crate) async fn form(
    visit: Visit,
    State(state): State<WebState>,
    Query(back): Query<Back>,
) -> Answer {
    if visit.actor.is_some() {
        return Ok(Redirect::to(local(&back.next).unwrap_or("/")).into_response());
    }
    let response = page(&sign_in_page(&visit, &state, &back.next))?;
    Ok(match &visit.new_pre {
        Some(pre) => {
            let cookie = Cookie::Pre.set(pre, Some(PRE_LASTS), state.secure_cookies);
            with_cookie(response, cookie)
        }
        None => response,
    })
}

/// POST `/sign-in`
pub(crate) async fn sign_in(
    visit: Visit,
    knock: Knock,
    Browser(browser): Browser,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let (login, password) = (posted.get("login"), posted.get("password"));
    let mut mistakes = Mistakes::none();
    if login.trim().is_empty() {
        mistakes = mistakes.and("login", "请填写账号。");
    }
    if password.is_empty() {
        mistakes = mistakes.and("password", "请填写密码。");
    }
    let again = |mistakes: Mistakes, status: StatusCode| {
        let page = sign_in_page(&visit, &state, posted.get("next"));
        page_with(status, &SignInPage { login: login.trim().to_owned(), mistakes, ..page })
    };
    if !mistakes.is_empty() {
        return again(mistakes, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let place = knock.place(&state.cx, login);
    // Counted before it stands in line: however many come at once, no more of them are tried.
    let tried = tries::begin(&state.cx, Tried::Password, login, &place).await?;
    let permit = state.password_checks.acquire().await;
    let signed_in = account::sign_in(&state.cx, login, password, &browser).await;
    drop(permit);
    tried.came_to(&state.cx, &signed_in).await?;
    let (signed_in, token) = match signed_in {
        Ok(signed_in) => signed_in,
        Err(error @ Error::SignIn) => {
            let said = wording::said(&error);
            let says = format!("{}{}", said.says, said.next);
            return again(Mistakes::none().and("login", &says), StatusCode::UNPROCESSABLE_ENTITY);
        }
        Err(error) => return Err(error.into()),
    };
    // A session that was open in this browser ends: one browser, one person.
    if let Some(old) = &visit.token {
        account::sign_out(&state.cx, old).await?;
    }
    let on = go_on(&state, &signed_in, &token, posted.get("next"));
    let on = with_cookie(on, Cookie::Pre.remove(state.secure_cookies));
    Ok(with_cookie(on, Cookie::ByIdentity.remove(state.secure_cookies)))
}

/// His first page, or where he wanted to go.
fn place(actor: &Actor, next: &str) -> String {
    let shell = crate::pages::SignedIn { name: String::new(), role: actor.role, agency: None };
    local(next).filter(|next| *next != "/").map_or_else(|| shell.home().href, str::to_owned)
}

/// Leads on under the new token: to the next step, or in.
fn go_on(state: &WebState, signed_in: &SignedIn, token: &str, next: &str) -> Response {
    let secure = state.secure_cookies;
    let session = Cookie::Session.set(token, None, secure);
    if signed_in.stage == Stage::In {
        let to = place(&signed_in.actor, next);
        let response = with_cookie(Redirect::to(&to).into_response(), session);
        // A browser is known once one has come in by it.
        let known = knock::known(&state.cx, &signed_in.actor.login);
        let known = Cookie::Known.set(&known, Some(KNOWN_LASTS), secure);
        let response = with_cookie(response, known);
        return with_cookie(response, Cookie::Flash.set("signed-in", Some(FLASH_LASTS), secure));
    }
    let mut to = step_address(signed_in.stage).to_owned();
    if let Some(next) = local(next).filter(|next| *next != "/") {
        to = query(&to, &[("next", next.to_owned())]);
    }
    with_cookie(Redirect::to(&to).into_response(), session)
}

/// Counts a try at what somebody shows who has come so far: his password or a code.
pub(crate) async fn begin(
    state: &WebState,
    knock: &Knock,
    (actor, tried): (&Actor, Tried),
) -> Result<Try, Error> {
    let place = knock.place(&state.cx, &actor.login);
    tries::begin(&state.cx, tried, &actor.login, &place).await
}

/// A secret in groups of four, as one types it.
pub(crate) fn grouped(secret: &str) -> String {
    let signs: Vec<char> = secret.chars().collect();
    signs.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn second_page(
    midway: &Midway,
    state: &WebState,
    next: &str,
    mistakes: Mistakes,
) -> Answer<SecondPage> {
    let demo_code = demo_code(state, &midway.actor).await?;
    // Only whoever has shown the password learns whether there are passkeys.
    let passkey = account::passkey::ask(&state.cx, &midway.actor, &midway.token).await?;
    Ok(SecondPage {
        shell: midway.visit.shell(Here::SignIn),
        next: local(next).unwrap_or_default().to_owned(),
        mistakes,
        is_demo: demo_code.is_some(),
        help: crate::view::account::lost(midway.actor.role).to_owned(),
        demo_code: demo_code.unwrap_or_default(),
        passkey: passkey.map(super::passkeys::ask),
    })
}

/// In a demonstration the code that is good now and was not used, or nothing if one must wait for the next; `None` where
/// it is no demonstration.
pub(crate) async fn demo_code(state: &WebState, actor: &Actor) -> Answer<Option<String>> {
    let known = state.demo.iter().flatten().find(|known| known.login == actor.login);
    let Some(secret) = known.and_then(|known| known.second_factor) else { return Ok(None) };
    let code = account::next_code(&state.cx, actor.account, secret).await?;
    Ok(Some(code.unwrap_or_default()))
}

/// Leads to the step that is asked of him, if it is another.
fn elsewhere(midway: &Midway, here: Stage) -> Option<Response> {
    (midway.stage != here).then(|| Redirect::to(step_address(midway.stage)).into_response())
}

/// GET `/sign-in/second`
pub(crate) async fn second(
    midway: Midway,
    State(state): State<WebState>,
    Query(back): Query<Back>,
) -> Answer {
    if let Some(elsewhere) = elsewhere(&midway, Stage::Second) {
        return Ok(elsewhere);
    }
    page(&second_page(&midway, &state, &back.next, Mistakes::none()).await?)
}

/// POST `/sign-in/second`: by a code, or by a passkey.
pub(crate) async fn show_second(
    midway: Midway,
    knock: Knock,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let tried = begin(&state, &knock, (&midway.actor, Tried::Code)).await?;
    let (cx, token) = (&state.cx, &midway.token);
    let passed = match posted.get("passkey") {
        "" => account::pass(cx, token, posted.get("code")).await,
        answer => account::passkey::pass(cx, token, (posted.get("challenge"), answer)).await,
    };
    tried.came_to(&state.cx, &passed).await?;
    match passed {
        Ok((signed_in, token)) => Ok(go_on(&state, &signed_in, &token, posted.get("next"))),
        Err(error) => {
            let mistakes = mistakes_of(error, "code")?;
            let again = second_page(&midway, &state, posted.get("next"), mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

async fn enrol_page(
    midway: &Midway,
    state: &WebState,
    next: &str,
    mistakes: Mistakes,
) -> Answer<EnrolPage> {
    let setup = account::set_up(&state.cx, &midway.actor)?;
    Ok(EnrolPage {
        shell: midway.visit.shell(Here::SignIn),
        place: "/sign-in/enrol".to_owned(),
        next: local(next).unwrap_or_default().to_owned(),
        secret: grouped(&setup.secret),
        qr: crate::view::mandate::qr(&setup.uri),
        setup: setup.sealed.clone(),
        current: String::new(),
        needs_code: account::needs_enrolment_code(&state.cx, &midway.actor).await?,
        why: crate::view::account::why(midway.actor.role).to_owned(),
        mistakes,
    })
}

/// GET `/sign-in/enrol`
pub(crate) async fn enrol(
    midway: Midway,
    State(state): State<WebState>,
    Query(back): Query<Back>,
) -> Answer {
    if let Some(elsewhere) = elsewhere(&midway, Stage::Enrol) {
        return Ok(elsewhere);
    }
    page(&enrol_page(&midway, &state, &back.next, Mistakes::none()).await?)
}

/// POST `/sign-in/enrol`
pub(crate) async fn set_second(
    midway: Midway,
    knock: Knock,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let tried = begin(&state, &knock, (&midway.actor, Tried::Code)).await?;
    let shown = (posted.get("code"), posted.get("enrolment"));
    let enrolled = account::enrol(&state.cx, &midway.token, posted.get("setup"), shown).await;
    tried.came_to(&state.cx, &enrolled).await?;
    match enrolled {
        Ok((signed_in, token, codes)) => {
            let next = match signed_in.stage {
                Stage::In => place(&signed_in.actor, posted.get("next")),
                stage @ (Stage::Second | Stage::Enrol | Stage::Password) => {
                    step_address(stage).to_owned()
                }
            };
            let spare = SparePage {
                shell: midway.visit.shell(Here::SignIn),
                codes: codes.iter().map(|code| code.to_string()).collect(),
                next,
            };
            let session = Cookie::Session.set(&token, None, state.secure_cookies);
            Ok(with_cookie(page(&spare)?, session))
        }
        Err(error) => {
            let mistakes = mistakes_of(error, "code")?;
            let again = enrol_page(&midway, &state, posted.get("next"), mistakes).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

fn password_page(midway: &Midway, next: &str, mistakes: Mistakes) -> PasswordPage {
    let next = local(next).unwrap_or_default().to_owned();
    PasswordPage { shell: midway.visit.shell(Here::SignIn), next, mistakes }
}

/// GET `/sign-in/password`
pub(crate) async fn password(
    midway: Midway,
    State(_): State<WebState>,
    Query(back): Query<Back>,
) -> Answer {
    if let Some(elsewhere) = elsewhere(&midway, Stage::Password) {
        return Ok(elsewhere);
    }
    page(&password_page(&midway, &back.next, Mistakes::none()))
}

/// POST `/sign-in/password`
pub(crate) async fn choose_password(
    midway: Midway,
    knock: Knock,
    State(state): State<WebState>,
    posted: Posted,
) -> Answer {
    let tried = begin(&state, &knock, (&midway.actor, Tried::Password)).await?;
    let permit = state.password_checks.acquire().await;
    let typed = super::account::typed(&posted);
    let chosen: Result<(SignedIn, Zeroizing<String>), Error> =
        account::choose_password(&state.cx, &midway.token, &typed).await;
    drop(permit);
    tried.came_to(&state.cx, &chosen).await?;
    match chosen {
        Ok((signed_in, token)) => Ok(go_on(&state, &signed_in, &token, posted.get("next"))),
        Err(error) => {
            let mistakes = mistakes_of(error, "current")?;
            let again = password_page(&midway, posted.get("next"), mistakes);
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// What kind of browser it says it is, in words; nothing that tells one of a kind from another.
pub(crate) struct Browser(pub(super) String);

impl axum::extract::FromRequestParts<WebState> for Browser {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &WebState,
    ) -> Result<Self, Self::Rejection> {
        let said = parts.headers.get(header::USER_AGENT).and_then(|said| said.to_str().ok());
        Ok(Self(browser(said.unwrap_or_default())))
    }
}

fn browser(said: &str) -> String {
    let one_of = |known: &[(&str, &'static str)]| {
        known.iter().find(|(sign, _)| said.contains(sign)).map(|(_, name)| *name)
    };
    let kind = one_of(&[
        ("MicroMessenger", "微信"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = one_of(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (kind, system) {
        (Some(kind), Some(system)) => format!("{kind}，{system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "其他浏览器".to_owned(),
    }
}

/// POST `/sign-out`
pub(crate) async fn sign_out(
    visit: Visit,
    State(state): State<WebState>,
    headers: HeaderMap,
    posted: Result<Posted, Refused>,
) -> Result<Response, Refused> {
    // Whose session is over has nothing to sign out of.
    let Some(actor) = &visit.actor else { return Ok(Redirect::to("/").into_response()) };
    posted?;
    if let Some(token) = &visit.token {
        account::sign_out(&state.cx, token).await?;
    }
    tracing::info!(role = actor.role.code(), "signed out");
    let secure = state.secure_cookies;
    // At the service by which he came he may still be signed in.
    let came_by = Cookie::ByIdentity.get(&headers, secure);
    let by_identity = state.identity.is_some() && came_by.is_some();
    let to = if by_identity { "/sign-in/identity/out" } else { "/" };
    let response = with_cookie(Redirect::to(to).into_response(), Cookie::Session.remove(secure));
    let response = with_cookie(response, Cookie::ByIdentity.remove(secure));
    Ok(with_cookie(response, Cookie::Flash.set("signed-out", Some(FLASH_LASTS), secure)))
}
