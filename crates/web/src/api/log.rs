//! The log by machine 存证接口: heads and proofs, which say nothing about anyone.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use usecases::log;

use super::types::{ConsistencyView, HeadView, InclusionView, Problem};
use crate::answer::Answer;
use crate::attachment::attachment;
use crate::extract::Query;
use crate::session::LogReader;
use crate::state::WebState;

/// The newest signed head, for everybody: nobody can say later that the log was another.
#[utoipa::path(
    get, path = "/api/v1/log/head", tag = "log",
    responses(
        (status = 200, body = HeadView),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn head(State(state): State<WebState>) -> Answer<axum::Json<HeadView>> {
    Ok(axum::Json(log::head(&state.cx).await?.into()))
}

#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Seq {
    /// Position, from 0.
    seq: u64,
}

/// Proof that a position is in the log as it stands; not what was looked at, so it is no proof file.
#[utoipa::path(
    get, path = "/api/v1/log/proof", tag = "log", params(Seq),
    security(("token" = []), ("oauth2" = []), ("session" = [])),
    responses(
        (status = 200, body = InclusionView),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn proof(
    LogReader(actor): LogReader,
    State(state): State<WebState>,
    Query(Seq { seq }): Query<Seq>,
) -> Answer {
    let found = log::inclusion(&state.cx, &actor, seq).await?;
    let name = attachment(&format!("chengxin-position-{seq}.json"));
    let view = axum::Json(InclusionView {
        seq: found.seq,
        size: found.size,
        leaf: found.leaf,
        proof: found.proof,
        root: found.root,
    });
    Ok(([(header::CONTENT_DISPOSITION, name)], view).into_response())
}

#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sizes {
    /// Size of the older log, at least 1.
    from: u64,
    /// Size of the newer log.
    to: u64,
}

/// Proof that the log of size `from` is the beginning of the log of size `to`.
#[utoipa::path(
    get, path = "/api/v1/log/consistency", tag = "log", params(Sizes),
    security(("token" = []), ("oauth2" = []), ("session" = [])),
    responses(
        (status = 200, body = ConsistencyView),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn consistency(
    LogReader(actor): LogReader,
    State(state): State<WebState>,
    Query(Sizes { from, to }): Query<Sizes>,
) -> Answer<axum::Json<ConsistencyView>> {
    let found = log::consistency(&state.cx, &actor, from, to).await?;
    Ok(axum::Json(ConsistencyView {
        from: found.from,
        to: found.to,
        from_root: found.from_root,
        to_root: found.to_root,
        proof: found.proof,
    }))
}
