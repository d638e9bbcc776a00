//! Signing in by the identity service 身份服务登录: there, back, and out.
//!
//! The way there is a link, so that no form leads to another site. What has to be known on the way back lies sealed in a
//! cookie of its own, which opens only beside the form token of the same browser and only for the answer to just this
//! sign-in. Cookies are `SameSite=Lax`: the service sends the browser back by a plain address, and they come along.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use identity::{Back, Claims, Fault, Provider, Secrets};
use usecases::account::identity::{Attempt, Claimed, Entered, MINUTES, enter};
use usecases::{account, wording};
use zeroize::Zeroizing;

use super::here;
use super::sign_in::Browser;
use crate::answer::{Answer, Refused, page, page_with};
use crate::cookies::Cookie;
use crate::extract::Query;
use crate::pages::identity::{IdentityPage, Offer};
use crate::pages::{Here, Shell};
use crate::session::{Visit, local};
use crate::state::WebState;

/// How long the form token of a browser stays, in seconds; longer than the way there and back.
const PRE_LASTS: u32 = 3_600;
/// How long a message waits for its page, in seconds.
const FLASH_LASTS: u32 = 30;
/// Longest address to go to afterwards: it lies in a cookie.
const NEXT: usize = 256;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Begin {
    next: String,
    /// Anything: the service asks once more who it is.
    again: String,
}

/// What the service sends back.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Came {
    state: String,
    code: String,
    iss: String,
    error: String,
}

/// Why somebody did not come in, as a page.
struct Stop {
    status: StatusCode,
    title: &'static str,
    says: String,
    next: String,
    number: String,
    /// Whether the service itself may know the wrong person: then somebody else is offered.
    is_other: bool,
}

impl Stop {
    fn new(status: StatusCode, title: &'static str, says: String, next: &str) -> Self {
        Self { status, title, says, next: next.to_owned(), number: String::new(), is_other: false }
    }
}

const NOT_IN: &str = "没有登录";

fn provider(state: &WebState) -> Result<&Provider, Refused> {
    state.identity.as_ref().ok_or_else(Refused::not_found)
}

/// Where we are, as the service knows us.
fn base(state: &WebState, headers: &HeaderMap) -> String {
    let site = state.cx.channels.site.trim_end_matches('/');
    if site.is_empty() { here(headers) } else { site.to_owned() }
}

fn with<const N: usize>(mut response: Response, cookies: [HeaderValue; N]) -> Response {
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// GET `/sign-in/identity`
pub(crate) async fn begin(
    visit: Visit,
    State(state): State<WebState>,
    headers: HeaderMap,
    Query(asked): Query<Begin>,
) -> Answer {
    let provider = provider(&state)?;
    if visit.actor.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    let next = local(&asked.next).filter(|next| next.len() <= NEXT).unwrap_or_default();
    let redirect = format!("{}/sign-in/identity/back", base(&state, &headers));
    let attempt = Attempt::begin(&state.cx, redirect, next.to_owned());
    let secrets = Secrets {
        state: attempt.state.clone(),
        nonce: attempt.nonce.reveal().clone(),
        verifier: attempt.verifier.reveal().clone(),
    };
    match provider.begin(&attempt.redirect, &secrets, !asked.again.is_empty()).await {
        Ok(to) => {
            let secure = state.secure_cookies;
            let sealed = attempt.seal(&state.cx, &visit.csrf);
            let lasts = u32::try_from(MINUTES * 60).unwrap_or(PRE_LASTS);
            let mut response = Redirect::to(&to).into_response();
            if visit.token.is_none() {
                let pre = Cookie::Pre.set(&visit.csrf, Some(PRE_LASTS), secure);
                response = with(response, [pre]);
            }
            Ok(with(response, [Cookie::Identity.set(&sealed, Some(lasts), secure)]))
        }
        Err(fault) => stopped(&visit, provider, of_fault(fault, provider.title())),
    }
}

/// GET `/sign-in/identity/back`
pub(crate) async fn back(
    visit: Visit,
    Browser(browser): Browser,
    State(state): State<WebState>,
    headers: HeaderMap,
    Query(came): Query<Came>,
) -> Answer {
    let provider = provider(&state)?;
    if visit.actor.is_some() {
        // The page was loaded once more after it had let him in.
        return Ok(Redirect::to("/").into_response());
    }
    let secure = state.secure_cookies;
    let sealed = Cookie::Identity.get(&headers, secure);
    let attempt =
        sealed.and_then(|sealed| Attempt::open(&state.cx, sealed, &visit.csrf, &came.state));
    let arrived = match &attempt {
        Some(attempt) => arrive(&state, provider, attempt, &came, &browser).await?,
        None => Err(lost()),
    };
    let response = match arrived {
        Ok((token, next)) => {
            // One browser, one person: what somebody began here by a password ends.
            if let Some(old) = &visit.token {
                account::sign_out(&state.cx, old).await?;
            }
            let next = local(&next).filter(|next| *next != "/").unwrap_or("/my").to_owned();
            let cookies = [
                Cookie::Session.set(&token, None, secure),
                Cookie::ByIdentity.set("1", None, secure),
                Cookie::Pre.remove(secure),
                Cookie::Flash.set("signed-in", Some(FLASH_LASTS), secure),
            ];
            with(Redirect::to(&next).into_response(), cookies)
        }
        Err(stop) => stopped(&visit, provider, stop)?,
    };
    Ok(with(response, [Cookie::Identity.remove(secure)]))
}

/// From the answer of the service to a session and where to go.
async fn arrive(
    state: &WebState,
    provider: &Provider,
    attempt: &Attempt,
    came: &Came,
    browser: &str,
) -> Result<Result<(Zeroizing<String>, String), Stop>, Refused> {
    let title = provider.title();
    if !came.error.is_empty() || came.code.is_empty() {
        return Ok(Err(not_agreed(&came.error, title)));
    }
    if !attempt.spend(&state.cx).await? {
        return Ok(Err(spent()));
    }
    let claims = provider
        .finish(Back {
            code: &came.code,
            issuer: &came.iss,
            redirect: &attempt.redirect,
            nonce: attempt.nonce.reveal(),
            verifier: attempt.verifier.reveal(),
            now: state.cx.now().as_second(),
        })
        .await;
    let claims = match claims {
        Ok(claims) => claims,
        Err(fault) => return Ok(Err(of_fault(fault, title))),
    };
    Ok(match enter(&state.cx, &claimed(claims), browser).await? {
        Entered::In { token, .. } => Ok((token, attempt.next.clone())),
        Entered::Refused(refusal) => {
            let said = wording::identity_refusal(&refusal);
            let number = refusal.number().to_owned();
            let stop = Stop::new(StatusCode::FORBIDDEN, NOT_IN, said.says, &said.next);
            Err(Stop { number, is_other: true, ..stop })
        }
    })
}

fn claimed(claims: Claims) -> Claimed {
    Claimed {
        issuer: claims.issuer,
        subject: claims.subject.into(),
        name: claims.name.into(),
        id_kind: claims.id_kind,
        id_number: claims.id_number.into(),
        birthdate: claims.birthdate.into(),
    }
}

/// GET `/sign-in/identity/out`: he has signed out here; at the service he may still be signed in.
pub(crate) async fn out(visit: Visit, State(state): State<WebState>, headers: HeaderMap) -> Answer {
    let provider = provider(&state)?;
    let Some(href) = provider.goodbye(&format!("{}/", base(&state, &headers))).await else {
        return Ok(Redirect::to("/").into_response());
    };
    let title = provider.title();
    page(&IdentityPage {
        shell: visit.shell(Here::Elsewhere),
        title: "您已退出".to_owned(),
        says: format!(
            "您在本平台已经退出。在{title}那边可能还登录着，别人用同一个浏览器就能再进来。"
        ),
        next: "用的是公共电脑或者别人的手机，请把那边也退出。".to_owned(),
        number: String::new(),
        offers: vec![Offer { href, text: format!("也退出{title}") }],
    })
}

fn stopped(visit: &Visit, provider: &Provider, stop: Stop) -> Answer {
    let title = provider.title();
    let offer = |href: &str, text: String| Offer { href: href.to_owned(), text };
    let again = if stop.is_other {
        offer("/sign-in/identity?again=1", format!("在{title}换一个人登录"))
    } else {
        offer("/sign-in/identity", format!("再用{title}登录一次"))
    };
    let offers = vec![again, offer("/sign-in", "用账号和密码登录".to_owned())];
    page_with(
        stop.status,
        &IdentityPage {
            // No link back to this address: anybody could have written words into it.
            shell: Shell { text_href: String::new(), ..visit.shell(Here::Elsewhere) },
            title: stop.title.to_owned(),
            says: stop.says,
            next: stop.next,
            number: stop.number,
            offers,
        },
    )
}

fn lost() -> Stop {
    Stop::new(
        StatusCode::BAD_REQUEST,
        NOT_IN,
        "这次登录已经过期，或者不是从这个浏览器开始的。".to_owned(),
        "请重新登录。一直这样的，请检查浏览器是否允许本网站保存小型文本（Cookie）。",
    )
}

fn spent() -> Stop {
    let says = "这次登录的结果已经用过，不能再用一次。".to_owned();
    Stop::new(StatusCode::BAD_REQUEST, NOT_IN, says, "请重新登录。")
}

/// The service came back without a code. Its own words are not passed on: anybody could write them into an address.
fn not_agreed(error: &str, title: &str) -> Stop {
    let is_denied = error == "access_denied";
    tracing::info!(is_denied, "the identity service sent somebody back without a code");
    if is_denied {
        let says = format!("您在{title}没有同意，或者取消了登录。本平台没有得到您的任何信息。");
        return Stop::new(StatusCode::FORBIDDEN, NOT_IN, says, "需要登录的，可以再试一次。");
    }
    let says = format!("{title}没有完成这次登录。");
    Stop::new(StatusCode::FORBIDDEN, NOT_IN, says, "请再试一次；一直不行，请联系信用办。")
}

/// What is the matter with the service, in words; nothing was kept.
fn of_fault(fault: Fault, title: &str) -> Stop {
    tracing::warn!(fault = fault.code(), reason = %fault, "signing in by the identity service failed");
    let tell = format!("请过一会儿再试；一直不行，请把代码 {} 告诉信用办。", fault.code());
    let (status, says) = match fault {
        Fault::Unreachable => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("{title}现在没有回应。您的账号没有变化。"))
        }
        Fault::Code => (
            StatusCode::BAD_REQUEST,
            format!("{title}不再接受这次登录的凭据，可能是等得太久，或者已经用过。"),
        ),
        Fault::Clock => (
            StatusCode::BAD_GATEWAY,
            format!("{title}给出的凭据时间不对，可能是两边的时钟不一致。为了安全，这次没有登录。"),
        ),
        Fault::Signature | Fault::Audience | Fault::Nonce => (
            StatusCode::BAD_GATEWAY,
            format!("{title}给出的凭据和这次登录对不上。为了安全，这次没有登录。"),
        ),
        Fault::Claims => {
            (StatusCode::BAD_GATEWAY, format!("{title}没有给出姓名和证件号码，不知道您是谁。"))
        }
        Fault::Answer | Fault::Client => {
            (StatusCode::BAD_GATEWAY, format!("{title}的回答看不明白，这次没有登录。"))
        }
    };
    Stop::new(status, NOT_IN, says, &tell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_said_without_its_own_words() {
        for fault in Fault::ALL {
            let stop = of_fault(fault, "省身份服务");
            assert!(!stop.status.is_success() && stop.says.contains("省身份服务"), "{fault:?}");
            assert!(!stop.says.contains(&fault.to_string()) && stop.next.contains(fault.code()));
        }
    }
}
