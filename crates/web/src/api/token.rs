//! Access tokens 访问令牌: the token endpoint of OAuth 2.0 for machines (RFC 6749, section 4.4).
//!
//! Refusals speak as section 5.2 has it, in English, because the RFC allows nothing else. An unknown client
//! and a wrong secret are one answer.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use register::client::Scope;
use serde::{Deserialize, Serialize};
use usecases::account::tries::{self, Tried};
use usecases::{Error, client};
use utoipa::ToSchema;

use super::types::Problem;
use crate::knock::Knock;
use crate::state::WebState;

/// How a client is to say who it is.
const BASIC: &str = "Basic realm=\"chengxin\", charset=\"UTF-8\"";

/// What a machine asks for.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct TokenRequest {
    /// `client_credentials`.
    #[schema(required = true, example = "client_credentials")]
    grant_type: Option<String>,
    /// Login of the system; with HTTP Basic it stands there.
    client_id: Option<String>,
    /// Its secret (`cx_…`); with HTTP Basic it stands there.
    client_secret: Option<String>,
    /// `purpose:CODE item:CODE`, for less than the system may; all of it if left out.
    #[schema(example = "purpose:licence-review")]
    scope: Option<String>,
}

/// A token.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenAnswer {
    /// To be sent as `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// For how many seconds it holds.
    expires_in: i64,
    /// What it is for, one by one; left out if that is nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
}

/// Why there is none (RFC 6749, section 5.2).
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenError {
    /// Stable code.
    error: &'static str,
    /// What is wrong and what to do, for the developer.
    error_description: String,
}

/// A refusal of this endpoint.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// The request cannot be read.
    Request(StatusCode, &'static str),
    /// The client is not known by what it sent.
    Client(&'static str),
    /// Another grant than ours.
    Grant,
    /// A scope that cannot be read, or is more than the client's.
    Scope,
    /// Too many wrong tries.
    Wait(u64),
    /// We failed.
    Broken,
}

/// What was asked, once it could be read.
struct Asked {
    client: String,
    secret: String,
    scope: Option<Scope>,
}

/// Gives a machine an access token for some minutes, by its client identifier and secret.
#[utoipa::path(
    post, path = "/oauth/token", tag = "token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    security((), ("client" = [])),
    responses(
        (status = 200, body = TokenAnswer),
        (status = 400, body = TokenError, description = "invalid_request, unsupported_grant_type, invalid_scope"),
        (status = 401, body = TokenError, description = "invalid_client"),
        (status = 413, body = TokenError, description = "invalid_request"),
        (
            status = 429, description = "too many tries, see Retry-After",
            content((TokenError = "application/json"), (Problem = "application/problem+json"))
        ),
        (status = 500, body = TokenError, description = "server_error"),
    ),
)]
pub(crate) async fn token(
    knock: Knock,
    State(state): State<WebState>,
    parts: Parts,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let given = match read(&parts.headers, body) {
        Ok(asked) => give(&state, &knock, &asked).await,
        Err(refusal) => Err(refusal),
    };
    let mut response = match given {
        Ok(given) => axum::Json(given).into_response(),
        Err(refusal) => refusal.into_response(),
    };
    for (name, value) in [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn give(state: &WebState, knock: &Knock, asked: &Asked) -> Result<TokenAnswer, Refusal> {
    // A count of its own: guessing here keeps nobody from signing in under the same name.
    let place = knock.place(&state.cx, &format!("client {}", asked.client));
    let tried = match tries::begin(&state.cx, Tried::Secret, &asked.client, &place).await {
        Ok(tried) => tried,
        Err(Error::Wait { seconds }) => return Err(Refusal::Wait(seconds)),
        Err(error) => return Err(broken(state, &error)),
    };
    let given = client::token(&state.cx, &asked.client, &asked.secret, asked.scope.as_ref()).await;
    tried.came_to(&state.cx, &given).await.map_err(|error| broken(state, &error))?;
    match given {
        Ok(given) => Ok(TokenAnswer {
            access_token: given.token.to_string(),
            token_type: "Bearer",
            expires_in: given.seconds,
            scope: given.scope.words(),
        }),
        Err(Error::SignIn) => Err(Refusal::Client("unknown client, wrong secret, or switched off")),
        // Only whoever holds the secret itself is told.
        Err(Error::SecretEnded) => {
            Err(Refusal::Client("the secret has ended: ask the credit office for a new one"))
        }
        Err(Error::OutsideScope) => Err(Refusal::Scope),
        Err(error) => Err(broken(state, &error)),
    }
}

fn broken(state: &WebState, error: &Error) -> Refusal {
    let request = state.cx.new_id();
    tracing::error!(%request, failure = %error, "a token could not be given");
    Refusal::Broken
}

fn read(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Asked, Refusal> {
    let unreadable = |says| Refusal::Request(StatusCode::BAD_REQUEST, says);
    let body = body.map_err(|rejection| {
        Refusal::Request(rejection.status(), "the body is too large or did not arrive")
    })?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(unreadable("send application/x-www-form-urlencoded"));
    }
    // A parameter that comes twice is refused here too.
    let sent: TokenRequest = serde_urlencoded::from_bytes(&body)
        .map_err(|_| unreadable("the form cannot be read, or holds a parameter twice"))?;
    let some = |value: Option<String>| value.filter(|value| !value.is_empty());
    match some(sent.grant_type).as_deref() {
        Some("client_credentials") => {}
        Some(_) => return Err(Refusal::Grant),
        None => return Err(unreadable("grant_type is missing: client_credentials")),
    }
    let scope = some(sent.scope).map(|words| Scope::parse(&words)).transpose();
    let scope = scope.map_err(|_| Refusal::Scope)?;
    let (id, secret) = (some(sent.client_id), some(sent.client_secret));
    let (client, secret) = match (headers.get(header::AUTHORIZATION), id, secret) {
        (Some(_), _, Some(_)) => {
            return Err(unreadable("authenticate in one way: HTTP Basic or the form, not both"));
        }
        (Some(basic), id, None) => {
            let (client, secret) = read_basic(basic)
                .ok_or(Refusal::Client("the Authorization header is no HTTP Basic"))?;
            if id.is_some_and(|id| id != client) {
                return Err(unreadable("client_id is another than that of HTTP Basic"));
            }
            (client, secret)
        }
        (None, Some(client), Some(secret)) => (client, secret),
        (None, _, _) => {
            return Err(Refusal::Client("send client_id and client_secret, best by HTTP Basic"));
        }
    };
    Ok(Asked { client, secret, scope })
}

/// Identifier and secret, each encoded like a value of a form before both were put together (section
/// 2.3.1).
fn read_basic(value: &HeaderValue) -> Option<(String, String)> {
    let (scheme, packed) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(packed.trim()).ok()?).ok()?;
    let (client, secret) = pair.split_once(':')?;
    Some((unpack(client)?, unpack(secret)?))
        .filter(|(client, secret)| !client.is_empty() && !secret.is_empty())
}

fn unpack(part: &str) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&format!("v={part}")).ok()?;
    match pairs.as_slice() {
        [(_, value)] => Some(value.clone()),
        _ => None,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error, says) = match self {
            Self::Request(status, says) => (status, "invalid_request", says.to_owned()),
            Self::Client(says) => (StatusCode::UNAUTHORIZED, "invalid_client", says.to_owned()),
            Self::Grant => {
                let says = "only client_credentials".to_owned();
                (StatusCode::BAD_REQUEST, "unsupported_grant_type", says)
            }
            Self::Scope => {
                let says = "purpose:CODE and item:CODE, one space between two, and no more than \
                            the system was let in for";
                (StatusCode::BAD_REQUEST, "invalid_scope", says.to_owned())
            }
            Self::Wait(seconds) => {
                let says = format!("too many wrong tries: wait {seconds} seconds");
                (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable", says)
            }
            Self::Broken => {
                let says = "nothing was given; try again later".to_owned();
                (StatusCode::INTERNAL_SERVER_ERROR, "server_error", says)
            }
        };
        let how: Option<(HeaderName, HeaderValue)> = match self {
            Self::Client(_) => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static(BASIC))),
            Self::Wait(seconds) => Some((header::RETRY_AFTER, seconds.into())),
            Self::Request(..) | Self::Grant | Self::Scope | Self::Broken => None,
        };
        let body = axum::Json(TokenError { error, error_description: says });
        let mut response = (status, body).into_response();
        if let Some((name, value)) = how {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(pair: &str) -> HeaderValue {
        HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair))).unwrap()
    }

    #[test]
    fn basic_is_read_as_the_rfc_packs_it() {
        let read = |value: &HeaderValue| read_basic(value);
        let both = |client: &str, secret: &str| Some((client.to_owned(), secret.to_owned()));
        assert_eq!(read(&basic("system-1:cx_ab")), both("system-1", "cx_ab"));
        assert_eq!(read(&basic("a%3Ab+c:x%26y:z")), both("a:b c", "x&y:z"));
        assert_eq!(read(&basic("%E7%B3%BB:x")), both("系", "x"));
        for bad in ["no-colon", ":x", "a:", "a&b:x"] {
            assert_eq!(read(&basic(bad)), None, "{bad}");
        }
        for bad in ["Basic", "Basic !", "Bearer abc"] {
            assert_eq!(read(&HeaderValue::from_static(bad)), None, "{bad}");
        }
    }
}
