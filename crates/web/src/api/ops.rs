//! For the operator: alive, ready, counted. Nothing here knows a person.

use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::answer::Refused;
use crate::knock;
use crate::state::WebState;

/// The process runs.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers.
pub(crate) async fn readyz(State(state): State<WebState>) -> Response {
    match state.cx.store.read().ping().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            let kind = [(header::CONTENT_TYPE, "application/json")];
            (StatusCode::SERVICE_UNAVAILABLE, kind, "{\"ready\":false}\n").into_response()
        }
    }
}

/// Counters in the text format of Prometheus; to whoever does not watch over us they do not exist.
pub(crate) async fn metrics(State(state): State<WebState>, parts: Parts) -> Response {
    if !knock::watches(&parts, &state) {
        return Refused::not_found().into_response();
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    let figures = usecases::figures::now(&state.cx).await;
    let figures =
        figures.inspect_err(|error| tracing::warn!(%error, "figures without the database"));
    (kind, state.metrics.text(figures.as_ref().ok())).into_response()
}
