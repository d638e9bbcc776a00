//! The API 接口: the same use cases as the pages, for machines of agencies.

pub(crate) mod batches;
pub(crate) mod checks;
pub(crate) mod corrections;
pub(crate) mod log;
pub(crate) mod mandates;
pub(crate) mod openapi;
pub(crate) mod ops;
pub(crate) mod reports;
pub(crate) mod token;
pub(crate) mod types;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::answer::Refused;
use types::{FieldMistake, Problem};

/// A refusal as RFC 9457 has it.
pub(crate) fn problem_of(refused: &Refused, request: &str) -> Problem {
    Problem {
        kind: format!("/problems/{}", refused.code),
        title: refused.title().to_owned(),
        status: refused.status.as_u16(),
        detail: refused.says.clone(),
        next: refused.next.clone(),
        mistakes: refused
            .mistakes
            .iter()
            .map(|mistake| FieldMistake {
                field: mistake.field.to_owned(),
                code: mistake.code.to_owned(),
                says: mistake.says.clone(),
            })
            .collect(),
        request: (!request.is_empty()).then(|| request.to_owned()),
    }
}

/// A refusal as a response.
pub(crate) fn problem(refused: &Refused, request: &str) -> Response {
    let mut response = (refused.status, axum::Json(problem_of(refused, request))).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    // RFC 6750, section 3.
    let how = match (refused.status, refused.code.as_str()) {
        (StatusCode::UNAUTHORIZED, "token-expired") => Some("Bearer error=\"invalid_token\""),
        (StatusCode::UNAUTHORIZED, _) => Some("Bearer"),
        (StatusCode::FORBIDDEN, "outside-scope") => Some("Bearer error=\"insufficient_scope\""),
        _ => None,
    };
    if let Some(how) = how {
        let how = HeaderValue::from_static(how);
        response.headers_mut().insert(header::WWW_AUTHENTICATE, how);
    }
    response
}
