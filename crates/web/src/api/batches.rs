//! Files by machine 报送接口.

use std::io::Read;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use http_body::Frame;
use register::BatchId;
use tokio::sync::mpsc;
use usecases::{Actor, Cx, Error, Mistake, batch};
use utoipa::ToSchema;

use super::types::{BatchView, Problem, RejectionView, Rejections};
use crate::answer::{Answer, Refused};
use crate::attachment::attachment;
use crate::extract::{Path, Query};
use crate::receive::{begin, receive};
use crate::session::ApiCaller;
use crate::state::WebState;

/// Reasons in one answer.
const PAGE: u32 = 1_000;
/// Bytes sent at once.
const PIECE: usize = 64 << 10;

/// A file; `item` must come before `file`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that is read field by field")]
pub(crate) struct SentFile {
    /// Catalogue item of all its rows.
    item: String,
    /// The table: CSV, XLSX or JSON Lines.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Sends a file; it is read in the background. The same file sent twice is one batch or all
/// duplicates.
#[utoipa::path(
    post, path = "/api/v1/intake/batches", tag = "intake",
    request_body(content = SentFile, content_type = "multipart/form-data"),
    security(("token" = []), ("oauth2" = [])),
    responses(
        (status = 202, body = BatchView, headers(("location" = String))),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn send(
    ApiCaller(actor): ApiCaller,
    State(state): State<WebState>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let form =
        form.map_err(|_| Refused::unreadable("请用 multipart/form-data 发送 item 和 file。"))?;
    let received = receive(&state.cx, &actor, form, None).await?;
    if received.item.is_empty() {
        let says = "没有写明报送的事项；item 要在 file 之前。".to_owned();
        let mistake = Mistake { field: "item", code: "item-missing", says };
        return Err(Error::Mistakes(vec![mistake]).into());
    }
    let Some(file) = received.file else {
        let says = "没有文件，或者文件是空的。".to_owned();
        let mistake = Mistake { field: "file", code: "file-missing", says };
        return Err(Error::Mistakes(vec![mistake]).into());
    };
    let batch = begin(&state, &actor, &received.item, file).await?;
    let at = format!("/api/v1/intake/batches/{}", batch.id);
    let body = axum::Json(BatchView::from(&batch));
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, at)], body).into_response())
}

/// How a file fared.
#[utoipa::path(
    get, path = "/api/v1/intake/batches/{id}", tag = "intake",
    params(("id" = String, Path, format = "uuid", description = "Identifier of the batch")),
    security(("token" = []), ("oauth2" = [])),
    responses(
        (status = 200, body = BatchView),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn see(
    ApiCaller(actor): ApiCaller,
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Answer<axum::Json<BatchView>> {
    let id: BatchId = id.parse().map_err(|_| Refused::not_found())?;
    Ok(axum::Json(BatchView::from(&batch::see(&state.cx, &actor, id).await?)))
}

#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct After {
    /// Only rows after this one.
    after_row: u64,
}

/// Why rows came back; with `accept: text/csv` the rows themselves with the reasons beside them.
#[utoipa::path(
    get, path = "/api/v1/intake/batches/{id}/rejections", tag = "intake",
    params(("id" = String, Path, format = "uuid", description = "Identifier of the batch"), After),
    security(("token" = []), ("oauth2" = [])),
    responses(
        (status = 200, content((Rejections = "application/json"), (String = "text/csv"))),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn rejections(
    ApiCaller(actor): ApiCaller,
    State(state): State<WebState>,
    Path(id): Path<String>,
    Query(After { after_row }): Query<After>,
    headers: HeaderMap,
) -> Answer {
    let id: BatchId = id.parse().map_err(|_| Refused::not_found())?;
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if accepts.is_some_and(|accept| accept.contains("text/csv")) {
        return csv(&state.cx, &actor, id).await;
    }
    let (batch, found) = batch::rejections(&state.cx, &actor, id, after_row, PAGE).await?;
    let is_full = u32::try_from(found.len()).is_ok_and(|count| count == PAGE);
    let mut rejections: Vec<_> = found.into_iter().map(RejectionView::from).collect();
    let next_after_row = is_full.then(|| whole_rows(&mut rejections)).flatten();
    Ok(axum::Json(Rejections { batch: batch.id.to_string(), rejections, next_after_row })
        .into_response())
}

/// A full page may have been cut inside its last row: that row is left to the next page.
fn whole_rows(rejections: &mut Vec<RejectionView>) -> Option<u64> {
    let last = rejections.last()?.row;
    if rejections.first()?.row != last {
        rejections.retain(|rejection| rejection.row != last);
        return Some(last.saturating_sub(1));
    }
    Some(last)
}

/// Pieces of a file as they are read.
struct Pieces(mpsc::Receiver<std::io::Result<Bytes>>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// The returned rows as a download; the look is logged first. Sent piece by piece.
pub(crate) async fn csv(cx: &Cx, actor: &Actor, id: BatchId) -> Answer {
    let (mut rows, _) = batch::returned(cx, actor, id).await?.into_parts();
    let (sender, pieces) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            let limit = u64::try_from(PIECE).unwrap_or(u64::MAX);
            let read = rows.by_ref().take(limit).read_to_end(&mut piece);
            let next = match read {
                Ok(0) => return,
                Ok(_) => Ok(Bytes::from(piece)),
                Err(error) => Err(error),
            };
            let is_over = next.is_err();
            // Whoever has gone away needs no more.
            if sender.blocking_send(next).is_err() || is_over {
                return;
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, attachment(&format!("rejections-{id}.csv"))),
    ];
    Ok((headers, Body::new(Pieces(pieces))).into_response())
}
