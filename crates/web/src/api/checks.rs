//! Checks by machine 核查接口.

use axum::extract::State;
use usecases::check::{self, Ask};

use super::problem_of;
use super::types::{Check, CheckAnswer, ManyAnswer, ManyChecks, Problem};
use crate::answer::{Answer, Refused};
use crate::extract::Json;
use crate::session::ApiCaller;
use crate::state::WebState;

/// Checks one person for one matter. The look is in the log before anything is answered.
#[utoipa::path(
    post, path = "/api/v1/checks", tag = "checks", request_body = Check,
    security(("token" = []), ("oauth2" = [])),
    responses(
        (status = 200, body = CheckAnswer),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn one(
    ApiCaller(actor): ApiCaller,
    State(state): State<WebState>,
    Json(asked): Json<Check>,
) -> Answer<axum::Json<CheckAnswer>> {
    let ask = Ask::from(asked);
    let answer = check::one(&state.cx, &actor, &ask).await;
    state.metrics.check(answer.is_ok());
    let (facts, position) = answer?.into_parts();
    let asked = (ask.purpose.as_str(), ask.matter.as_str());
    Ok(axum::Json(CheckAnswer::new(&facts, position, asked, &state.cx.rules)))
}

/// Checks up to 1000 persons; each question has its own purpose, matter and place in the log, and is
/// answered or refused by itself, in the order asked.
#[utoipa::path(
    post, path = "/api/v1/checks/batch", tag = "checks", request_body = ManyChecks,
    security(("token" = []), ("oauth2" = [])),
    responses(
        (status = 200, body = Vec<ManyAnswer>),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn many(
    ApiCaller(actor): ApiCaller,
    State(state): State<WebState>,
    Json(asked): Json<ManyChecks>,
) -> Answer<axum::Json<Vec<ManyAnswer>>> {
    let checks = match asked {
        ManyChecks::Object(asked) => asked.checks,
        ManyChecks::List(checks) => checks,
    };
    let asks: Vec<Ask> = checks.into_iter().map(Ask::from).collect();
    let answers = check::many(&state.cx, &actor, &asks).await?;
    let answers = answers.into_iter().zip(&asks).map(|(answer, ask)| {
        state.metrics.check(answer.is_ok());
        match answer {
            Ok(disclosed) => {
                let (facts, position) = disclosed.into_parts();
                let asked = (ask.purpose.as_str(), ask.matter.as_str());
                ManyAnswer::Answered(CheckAnswer::new(&facts, position, asked, &state.cx.rules))
            }
            Err(error) => {
                let refused = Refused::from(error);
                if let Some(failure) = &refused.failure {
                    tracing::error!(failure, "one of many checks failed");
                }
                ManyAnswer::Refused { problem: problem_of(&refused, "") }
            }
        }
    });
    Ok(axum::Json(answers.collect()))
}
