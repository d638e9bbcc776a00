//! Corrections by machine 更正通知接口: what this body received and has changed since.

use axum::extract::State;
use register::CorrectionId;
use usecases::correction;

use super::types::{Acknowledged, CorrectionView, Problem};
use crate::answer::{Answer, Refused};
use crate::extract::Path;
use crate::session::ApiCaller;
use crate::state::WebState;

/// What this body has still to acknowledge, soonest due first, at most 200. It names nobody: position in
/// the log and matter are those of the body's own look.
#[utoipa::path(
    get, path = "/api/v1/corrections", tag = "corrections",
    security(("token" = []), ("oauth2" = [])),
    responses(
        (status = 200, body = Vec<CorrectionView>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list(
    ApiCaller(actor): ApiCaller,
    State(state): State<WebState>,
) -> Answer<axum::Json<Vec<CorrectionView>>> {
    let received = correction::received(&state.cx, &actor).await?;
    Ok(axum::Json(received.iter().map(CorrectionView::from).collect()))
}

/// Says that this body has corrected or deleted what it took over. Said twice, the first time counts.
#[utoipa::path(
    post, path = "/api/v1/corrections/{id}/acknowledge", tag = "corrections",
    security(("token" = []), ("oauth2" = [])),
    params(("id" = String, Path, format = "uuid", description = "Identifier of the correction")),
    responses(
        (status = 200, body = Acknowledged),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn acknowledge(
    ApiCaller(actor): ApiCaller,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer<axum::Json<Acknowledged>> {
    let id: CorrectionId = id.parse().map_err(|_| Refused::not_found())?;
    let is_first = correction::acknowledge(&state.cx, &actor, id).await?;
    Ok(axum::Json(Acknowledged { is_first }))
}
