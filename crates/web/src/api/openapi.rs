//! The description of the API, made of the handlers and types themselves.

use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes,
    SecurityScheme,
};
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi};

use super::{batches, checks, corrections, log, mandates, reports, token};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "诚信凌源 接口",
        description = "Checks for a matter, looks by mandate, files of agencies, and proofs of the log of looks. \
                       Every refusal is application/problem+json with a stable type."
    ),
    paths(
        checks::one,
        checks::many,
        mandates::redeem,
        corrections::list,
        corrections::acknowledge,
        batches::send,
        batches::see,
        batches::rejections,
        reports::verify,
        log::head,
        log::proof,
        log::consistency,
        token::token,
    ),
    modifiers(&Schemes, &Refusals)
)]
struct Document;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let client = HttpBuilder::new().scheme(HttpAuthScheme::Basic).build();
        components.add_security_scheme("client", SecurityScheme::Http(client));
        let scopes = Scopes::from_iter([
            ("purpose:CODE", "Look at persons for this purpose of the rulebook"),
            ("item:CODE", "Send files of this item of the catalogue, and see how they fared"),
            ("mandate", "Look at persons by their mandates"),
            ("corrections", "See and acknowledge corrections of what was received"),
        ]);
        let flow = Flow::ClientCredentials(ClientCredentials::new("/oauth/token", scopes));
        components.add_security_scheme("oauth2", SecurityScheme::OAuth2(OAuth2::new([flow])));
        let session = ApiKey::Cookie(ApiKeyValue::new("__Host-cx"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    }
}

/// What any operation of its kind may answer, whichever handler stands behind it: said once, here. What is
/// particular to one stands above its handler.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        // The token endpoint answers as OAuth has it, not with problems.
        let ours = openapi.paths.paths.iter_mut().filter(|(path, _)| path.starts_with("/api/"));
        for (_, path) in ours {
            for operation in [&mut path.get, &mut path.post].into_iter().flatten() {
                for (status, says) in refusals(operation) {
                    let responses = &mut operation.responses.responses;
                    responses.entry(status.to_owned()).or_insert_with(|| problem(says));
                }
            }
        }
    }
}

fn problem(says: &str) -> RefOr<Response> {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    let response = ResponseBuilder::new().description(says);
    RefOr::T(response.content("application/problem+json", content).build())
}

fn refusals(operation: &Operation) -> Vec<(&'static str, &'static str)> {
    let mut found = vec![
        ("429", "Too many requests; `Retry-After` or the words say how long to wait"),
        ("503", "The log of looks cannot be written, so nothing is answered"),
    ];
    let has = |place: ParameterIn| {
        let is_there =
            |one: &RefOr<Parameter>| matches!(one, RefOr::T(found) if found.parameter_in == place);
        operation.parameters.iter().flatten().any(is_there)
    };
    let body = match &operation.request_body {
        Some(RefOr::T(body)) => Some(body),
        Some(RefOr::Ref(_)) | None => None,
    };
    if body.is_some() || has(ParameterIn::Query) {
        found.push(("400", "What was sent cannot be read"));
    }
    if operation.security.as_ref().is_some_and(|security| !security.is_empty()) {
        found.push(("401", "No token, or one that does not count (any more)"));
        found.push(("403", "This caller may not do this"));
    }
    if has(ParameterIn::Path) {
        found.push(("404", "There is no such thing, or it is another body's"));
    }
    if let Some(body) = body {
        found.push(("408", "What was sent came too slowly"));
        found.push(("408", "What was sent came too slowly"));
        found.push(("413", "What was sent is too large"));
        if body.content.contains_key("application/json") {
            found.push(("415", "What was sent is not called JSON"));
            found.push(("422", "Some of it cannot stand; `mistakes` names it field by field"));
        }
    }
    found
}

/// `/api/openapi.json`
pub(crate) async fn document() -> axum::Json<utoipa::openapi::OpenApi> {
    axum::Json(Document::openapi())
}

#[cfg(test)]
mod tests {
    use utoipa::OpenApi;

    /// Every address under `/api/v1` and the token endpoint are described, and nothing else.
    #[test]
    fn is_complete() {
        let document = serde_json::to_value(super::Document::openapi()).unwrap();
        let mut described: Vec<String> = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                described.push(format!("{} {path}", method.to_uppercase()));
            }
        }
        let mut routed: Vec<String> = crate::ROUTES
            .iter()
            .filter(|route| route.path.starts_with("/api/v1/") || route.path == "/oauth/token")
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        described.sort();
        routed.sort();
        assert_eq!(described, routed);
        let text = document.to_string();
        for schema in ["Problem", "CheckAnswer", "BatchView", "HeadView"] {
            assert!(text.contains(&format!("#/components/schemas/{schema}\"")), "{schema}");
        }
    }
}
