//! Around every answer: headers, words for what was refused, large text, counts.

use std::time::Instant;

use askama::Template;
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::answer::Refused;
use crate::api::problem;
use crate::cookies::Cookie;
use crate::pages::portal::{ErrorPage, Unsent};
use crate::pages::{Here, Link, Shell};
use crate::routes::page_of_form;
use crate::session::{Visit, local};
use crate::state::WebState;
use crate::unsent::{shown, way_back};

/// What every answer carries.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// A year, for cookies that hold a taste.
const YEAR: u32 = 365 * 86_400;

/// Dresses an answer.
pub(crate) async fn dress(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "(none)".to_owned());
    let (parts, body) = request.into_parts();
    // What is needed to word a refusal: nothing of the body.
    let mut asked = head(&parts);
    let mut response = match text_size(&parts, &state) {
        Some(response) => response,
        None => next.run(Request::from_parts(parts, body)).await,
    };
    if let Some(refused) = refusal(&mut response) {
        let allow = response.headers().get(header::ALLOW).cloned();
        response = word(&mut asked, &route, &state, refused, allow).await;
    }
    let status = response.status();
    state.metrics.request(method(&asked.method), &route, status.as_u16());
    // One line for each of thousands a second would cost more than the answers: the counts are in the
    // metrics, who looked is in the log of looks.
    tracing::debug!(
        method = %asked.method,
        route,
        status = status.as_u16(),
        ms = begun.elapsed().as_millis(),
        "request"
    );
    if Cookie::Flash.get(&asked.headers, state.secure_cookies).is_some() && is_page(&response) {
        let gone = Cookie::Flash.remove(state.secure_cookies);
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, value);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
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

/// Puts a refusal into words: a problem under `/api/`, a page elsewhere.
async fn word(
    asked: &mut Parts,
    route: &str,
    state: &WebState,
    refused: Refused,
    allow: Option<HeaderValue>,
) -> Response {
    let mut number = String::new();
    if let Some(failure) = &refused.failure {
        number = state.cx.new_id().to_string();
        tracing::error!(request = number, failure, "a request failed");
    }
    let path = asked.uri.path();
    let mut response = if path.starts_with("/api/") {
        problem(&refused, &number)
    } else {
        let shell = match Visit::from_request_parts(asked, state).await {
            Ok(visit) => visit.shell(Here::Elsewhere),
            // The store is down: the page is said all the same, to nobody in particular.
            Err(_) => Shell::default(),
        };
        let form = page_of_form(route, &asked.uri);
        let way = way_back(&refused.code, form.as_deref());
        error_page(shell, &refused, &number, (shown(&refused.sent, &asked.headers), way))
    };
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
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
