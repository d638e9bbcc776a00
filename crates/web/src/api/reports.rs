//! Reports by machine 报告核验接口. Open to everybody; the answer names nobody.

use axum::extract::State;
use usecases::report;

use super::types::{Problem, ReportVerdict, VerifyReport};
use crate::answer::{Answer, Refused};
use crate::extract::Json;
use crate::state::WebState;

/// Whether a report was issued here and still holds; with its `sha256`, whether the file is the one that was issued.
#[utoipa::path(
    post, path = "/api/v1/reports/verify", tag = "reports", request_body = VerifyReport,
    responses(
        (status = 200, body = ReportVerdict),
        (status = 400, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn verify(
    State(state): State<WebState>,
    Json(asked): Json<VerifyReport>,
) -> Answer<axum::Json<ReportVerdict>> {
    let file = match asked.sha256.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(digest) => {
            let mut bytes = [0; 32];
            hex::decode_to_slice(digest, &mut bytes)
                .map_err(|_| Refused::unreadable("sha256 应当是64个十六进制字符。"))?;
            Some(bytes)
        }
    };
    let checked = report::verify(&state.cx, &asked.code, file).await?;
    let (number, issued_at) = checked.report.unzip();
    Ok(axum::Json(ReportVerdict {
        verdict: checked.verdict.code().to_owned(),
        number,
        issued_at: issued_at.map(|at| at.to_string()),
    }))
}
