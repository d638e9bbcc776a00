//! The description of the API, made of the handlers and types themselves.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{batches, checks, corrections, log, mandates, reports};

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
    ),
    modifiers(&Schemes)
)]
struct Document;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let session = ApiKey::Cookie(ApiKeyValue::new("__Host-cx"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    }
}

/// `/api/openapi.json`
pub(crate) async fn document() -> axum::Json<utoipa::openapi::OpenApi> {
    axum::Json(Document::openapi())
}

#[cfg(test)]
mod tests {
    use utoipa::OpenApi;

    /// Every address under `/api/v1` is described, and nothing else.
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
            .filter(|route| route.path.starts_with("/api/v1/"))
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
