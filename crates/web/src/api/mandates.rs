//! Looks by mandate 授权查询接口.

use axum::extract::State;
use usecases::mandate;

use super::types::{CheckAnswer, Problem, Redeem};
use crate::answer::Answer;
use crate::extract::Json;
use crate::session::ApiCaller;
use crate::state::WebState;

/// Uses a mandate once: what the person allowed this body to see, and nothing else. The use is counted
/// and the look is in the log before anything is answered.
#[utoipa::path(
    post, path = "/api/v1/mandates/redeem", tag = "mandates", request_body = Redeem,
    security(("token" = []), ("oauth2" = [])),
    responses(
        (status = 200, body = CheckAnswer),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 410, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn redeem(
    ApiCaller(actor): ApiCaller,
    State(state): State<WebState>,
    Json(asked): Json<Redeem>,
) -> Answer<axum::Json<CheckAnswer>> {
    let seen = mandate::redeem(&state.cx, &actor, &asked.code, &asked.matter).await?;
    let (seen, position) = seen.into_parts();
    let asked = (seen.mandate.purpose.as_str(), asked.matter.as_str());
    Ok(axum::Json(CheckAnswer::new(&seen.facts, position, asked, &state.cx.rules)))
}
