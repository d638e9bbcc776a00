//! Around every answer: headers, words for what was refused, large text, counts. What the door does not bear is
//! refused here, before anything is read.

use std::net::SocketAddr;
use std::time::Instant;

use askama::Template;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http_body::Body as _;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::answer::Refused;
use crate::api::problem;
use crate::cookies::Cookie;
use crate::foreign::is_foreign;
use crate::knock::Paid;
use crate::pages::portal::{ErrorPage, Unsent};
use crate::pages::{Here, Link, Shell};
use crate::routes::{limit, page_of_form, who};
use crate::session::{Visit, local, shows};
use crate::spans::Spans;
use crate::state::WebState;
use crate::steady::{Steady, Tardy};
use crate::unsent::{shown, way_back};
use crate::{headers, knock};

/// The number of the request, as the log has it: in every answer, so that who asks can name it.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A year, for cookies that hold a taste.
const YEAR: u32 = 365 * 86_400;

/// Dresses an answer.
pub(crate) async fn dress(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "(none)".to_owned());
    let number = state.cx.new_id();
    let spans = Spans::of(number, method(request.method()), &route);
    let (lines, trace) = (spans.lines.clone(), spans.trace.clone());
    let dressed = dressed(state, request, next, (route, number)).instrument(lines);
    let mut response = dressed.instrument(trace).await;
    spans.end(response.status().as_u16());
    if let Ok(number) = HeaderValue::from_str(&number.to_string()) {
        response.headers_mut().insert(REQUEST_ID, number);
    }
    response
}

async fn dressed(
    state: WebState,
    request: Request,
    next: Next,
    (route, number): (String, Uuid),
) -> Response {
    let begun = Instant::now();
    let (mut parts, body) = request.into_parts();
    // What is needed to word a refusal: nothing of the body.
    let mut asked = head(&parts);
    let paid = Paid::default();
    asked.extensions.insert(paid.clone());
    parts.extensions.insert(paid);
    let resized = text_size(&parts, &state);
    let counted = count(&parts, &route, &state, resized.is_some());
    let barred = counted.and_then(|()| barred(&parts, &route, &state)).err();
    let mut response = match barred.map(IntoResponse::into_response).or(resized) {
        Some(response) => response,
        None => answer(Request::from_parts(parts, body), &state, next).await,
    };
    if let Some(refused) = refusal(&mut response) {
        let allow = response.headers().get(header::ALLOW).cloned();
        response = word(&mut asked, (&route, number), &state, refused, allow).await;
    }
    let status = response.status();
    let took = begun.elapsed();
    state.metrics.request(method(&asked.method), &route, status.as_u16(), took);
    // One line for each of thousands a second would cost more than the answers: the counts are in the
    // metrics, who looked is in the log of looks.
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(status = status.as_u16(), ms, "answered");
    if Cookie::Flash.get(&asked.headers, state.secure_cookies).is_some() && is_page(&response) {
        let gone = Cookie::Flash.remove(state.secure_cookies);
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    headers::put(response.headers_mut(), &route, state.secure_cookies);
    response
}

/// Counts whoever is not known by his address.
///
/// Whoever shows a session or a token where it is looked at is counted by what it turns out to be. Everywhere else
/// nobody looks, so it excuses nobody; nor where the answer is `at_once`.
fn count(parts: &Parts, route: &str, state: &WebState, at_once: bool) -> Result<(), Refused> {
    // Files of ours cost nothing and come several to a page; whoever watches over us asks from one place.
    let is_free = ["/assets/{*name}", "/healthz"].contains(&route)
        || (["/readyz", "/metrics"].contains(&route) && knock::watches(parts, state));
    let is_known_later = || who(&parts.method, route).is_some_and(|who| shows(who, parts, state));
    if is_free || (!at_once && is_known_later()) { Ok(()) } else { knock::stranger(parts, state) }
}

/// What is refused by the head of a request alone: a page of another site that wants to change something, and a body
/// that says itself that it is too large.
fn barred(parts: &Parts, route: &str, state: &WebState) -> Result<(), Refused> {
    if is_foreign(&parts.method, &parts.headers, &state.cx.channels.site) {
        return Err(Refused::csrf());
    }
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length = length.and_then(|length| length.parse::<u64>().ok()).unwrap_or(0);
    if usize::try_from(length).unwrap_or(usize::MAX) > limit(route) {
        return Err(Refused::too_large());
    }
    Ok(())
}

/// The answer of the house; a body on its way is watched.
async fn answer(request: Request, state: &WebState, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let tardy = Tardy::default();
    let request = request.map(|body| Body::new(Steady::new(body, &state.door, tardy.clone())));
    let response = next.run(request).await;
    // Whatever the handler made of the end that it met.
    if tardy.is_so() { Refused::too_slow().into_response() } else { response }
}

/// A method by one of a few names: whoever asks may invent any.
fn method(asked: &Method) -> &'static str {
    match *asked {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

fn head(parts: &Parts) -> Parts {
    let mut request = Request::new(());
    request.method_mut().clone_from(&parts.method);
    request.uri_mut().clone_from(&parts.uri);
    request.headers_mut().clone_from(&parts.headers);
    if let Some(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
        request.extensions_mut().insert(*peer);
    }
    request.into_parts().0
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

/// `?text=large` and `?text=normal` set the size and lead back to the page.
fn text_size(parts: &Parts, state: &WebState) -> Option<Response> {
    if parts.method != Method::GET {
        return None;
    }
    let query = parts.uri.query()?;
    let size = query.split('&').find_map(|pair| pair.strip_prefix("text="))?;
    let size = ["large", "normal"].into_iter().find(|known| *known == size)?;
    let rest: Vec<_> = query.split('&').filter(|pair| !pair.starts_with("text=")).collect();
    let path = local(parts.uri.path()).unwrap_or("/");
    let to = if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) };
    let mut response = Redirect::to(&to).into_response();
    let cookie = Cookie::Text.set(size, Some(YEAR), state.secure_cookies);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Some(response)
}

/// What a handler refused, or what the framework refused in its own words.
fn refusal(response: &mut Response) -> Option<Refused> {
    if let Some(refused) = response.extensions_mut().remove::<Refused>() {
        return Some(refused);
    }
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(response) {
        return None;
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().ends_with(b"json")) {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Refused::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => Refused::too_large(),
        StatusCode::METHOD_NOT_ALLOWED => Refused::new(
            status,
            "method",
            "这个地址不能用这种方式打开。",
            "请从页面上的链接或者按钮进入。",
        ),
        status if status.is_client_error() => Refused::unreadable("提交的内容看不明白。"),
        status => Refused::internal(status.as_str()),
    })
}

/// Puts a refusal into words: a problem under `/api/` and `/oauth/`, a page elsewhere.
async fn word(
    asked: &mut Parts,
    (route, id): (&str, Uuid),
    state: &WebState,
    refused: Refused,
    allow: Option<HeaderValue>,
) -> Response {
    let mut number = String::new();
    if let Some(failure) = &refused.failure {
        number = id.to_string();
        // The span around it says which request.
        tracing::error!(failure, "a request failed");
    }
    let path = asked.uri.path();
    let mut response = if path.starts_with("/api/") || path.starts_with("/oauth/") {
        problem(&refused, &number)
    } else {
        let is_counted_out = refused.status == StatusCode::TOO_MANY_REQUESTS;
        // Whoever asks too often is looked up no more.
        let known = if is_counted_out { None } else { known(asked, state).await };
        // The store is down: the page is said all the same, to nobody in particular.
        let visit = known.unwrap_or_else(|| Visit::unknown(asked, state));
        let shell = visit.shell(Here::Elsewhere);
        let form = page_of_form(route, &asked.uri);
        let way = way_back(&refused.code, form.as_deref());
        error_page(shell, &refused, &number, (shown(&refused.sent, &asked.headers), way))
    };
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    if let Some(seconds) = refused.wait {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

async fn known(asked: &mut Parts, state: &WebState) -> Option<Visit> {
    Visit::from_request_parts(asked, state).await.ok()
}

/// A page that says it; `back` is what was typed, and the way back to where.
fn error_page(
    shell: Shell,
    refused: &Refused,
    number: &str,
    back: (Vec<Unsent>, Option<Link>),
) -> Response {
    let status = refused.status;
    let page = if status == StatusCode::NOT_FOUND {
        ErrorPage::not_found(shell)
    } else if refused.failure.is_some() && status == StatusCode::INTERNAL_SERVER_ERROR {
        ErrorPage::broken(shell, number)
    } else {
        let mut page =
            ErrorPage::new(shell, status.as_u16(), refused.title(), &refused.says, &refused.next);
        number.clone_into(&mut page.request);
        (page.unsent, page.way) = back;
        page
    };
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the error page cannot be shown");
            status.into_response()
        }
    }
}
