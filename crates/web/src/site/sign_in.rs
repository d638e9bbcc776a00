//! Signing in and out 登录, 退出.

use std::time::Instant;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use usecases::{Error, account, wording};

use crate::answer::{Answer, Refused, page, page_with};
use crate::cookies::Cookie;
use crate::extract::{Posted, Query};
use crate::knock::{self, Knock};
use crate::pages::sign_in::{DemoAccount, SignInPage};
use crate::pages::{Here, Mistakes};
use crate::session::{Visit, local};
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
    let may_try = || match state.throttle.wait(login, &place, Instant::now()) {
        0 => Ok(()),
        seconds => Err(Error::Wait { seconds }),
    };
    may_try()?;
    let permit = state.password_checks.acquire().await;
    // Asked again: others may have been wrong while this one stood in line.
    may_try()?;
    let signed_in = account::sign_in(&state.cx, login, password).await;
    drop(permit);
    let (signed_in, token) = match signed_in {
        Ok(signed_in) => signed_in,
        Err(error @ Error::SignIn) => {
            state.throttle.wrong(login, &place, Instant::now());
            let said = wording::said(&error);
            let says = format!("{}{}", said.says, said.next);
            return again(Mistakes::none().and("login", &says), StatusCode::UNPROCESSABLE_ENTITY);
        }
        Err(error) => return Err(error.into()),
    };
    state.throttle.right(login, &place);
    // A session that was open in this browser ends: one browser, one person.
    if let Some(old) = &visit.token {
        account::sign_out(&state.cx, old).await?;
    }
    let shell =
        crate::pages::SignedIn { name: String::new(), role: signed_in.actor.role, agency: None };
    let home = shell.home().href;
    let to = local(posted.get("next")).filter(|next| *next != "/").unwrap_or(&home);
    let secure = state.secure_cookies;
    let response = Redirect::to(to).into_response();
    let response = with_cookie(response, Cookie::Session.set(&token, None, secure));
    let known = knock::known(&state.cx, login);
    let response = with_cookie(response, Cookie::Known.set(&known, Some(KNOWN_LASTS), secure));
    let response = with_cookie(response, Cookie::Pre.remove(secure));
    Ok(with_cookie(response, Cookie::Flash.set("signed-in", Some(FLASH_LASTS), secure)))
}

/// POST `/sign-out`
pub(crate) async fn sign_out(
    visit: Visit,
    State(state): State<WebState>,
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
    let response = with_cookie(Redirect::to("/").into_response(), Cookie::Session.remove(secure));
    Ok(with_cookie(response, Cookie::Flash.set("signed-out", Some(FLASH_LASTS), secure)))
}
