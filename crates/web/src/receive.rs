//! Receiving a file 接收文件, by page and by API: sealed piece by piece, checked, then read in the
//! background.

use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;
use register::BatchId;
use register::batch::Batch;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use usecases::batch::{self, Source, Upload};
use usecases::{Actor, Cx, Error};

use crate::answer::Refused;
use crate::session::same;
use crate::state::WebState;

/// Longest field beside the file, in bytes.
const FIELD: usize = 256;

/// A file that has been received whole; thrown away unless [`Received::begin`] takes it.
pub(crate) struct Received {
    /// The item it is for, as sent.
    pub(crate) item: String,
    /// The file; `None` if none was chosen, or no item for it.
    pub(crate) file: Option<Kept>,
}

/// An upload on the disk that goes when nobody keeps it: a refusal, a broken line, a mistake.
pub(crate) struct Kept {
    cx: Cx,
    batch: BatchId,
    is_kept: bool,
}

impl Drop for Kept {
    fn drop(&mut self) {
        if !self.is_kept {
            Upload::discard(&self.cx, self.batch);
        }
    }
}

fn broken(error: &MultipartError) -> Refused {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Refused::too_large()
    } else {
        Refused::unreadable("文件没有传完，或者表单格式不对。")
    }
}

/// Reads `csrf` (if the caller is a browser), `item` and `file`, in this order.
///
/// # Errors
/// A wrong token, an item that this body may not send, a file that grows too large, a broken line.
pub(crate) async fn receive(
    cx: &Cx,
    actor: &Actor,
    mut form: Multipart,
    csrf: Option<&str>,
) -> Result<Received, Refused> {
    let mut received = Received { item: String::new(), file: None };
    let mut is_trusted = csrf.is_none();
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        match field.name() {
            Some("file") => {
                if !is_trusted {
                    return Err(Refused::csrf());
                }
                if received.item.is_empty() {
                    // Read to its end, or the browser would show a broken line instead of what is missing.
                    while field.chunk().await.map_err(|error| broken(&error))?.is_some() {}
                    continue;
                }
                let first = field.chunk().await.map_err(|error| broken(&error))?;
                let Some(first) = first.filter(|first| !first.is_empty()) else { continue };
                if received.file.is_some() {
                    return Err(Refused::unreadable("一次只能报送一个文件。"));
                }
                let mut upload = Upload::new(cx, actor, &received.item)?;
                let kept = Kept { cx: cx.clone(), batch: upload.batch(), is_kept: false };
                upload.write(&first)?;
                while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
                    upload.write(&piece)?;
                }
                let finish = move || upload.finish().map(|_| kept);
                let kept = spawn_blocking(finish).await;
                let kept = kept.map_err(|_| Error::Internal("the end of an upload"))??;
                received.file = Some(kept);
            }
            Some(name @ ("csrf" | "item")) => {
                let name = name.to_owned();
                let mut bytes = Vec::new();
                while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
                    bytes.extend_from_slice(&piece);
                    if bytes.len() > FIELD {
                        return Err(Refused::unreadable("表单里有一项太长。"));
                    }
                }
                let text = String::from_utf8(bytes)
                    .map_err(|_| Refused::unreadable("表单的文字不是 UTF-8。"))?;
                if name == "item" {
                    text.trim().clone_into(&mut received.item);
                } else {
                    is_trusted = is_trusted || csrf.is_some_and(|csrf| same(csrf, &text));
                }
            }
            Some(_) | None => {}
        }
    }
    if is_trusted { Ok(received) } else { Err(Refused::csrf()) }
}

/// Looks at the file as a whole, begins its batch and reads it in the background.
///
/// # Errors
/// What is wrong with the file or the item; the upload is thrown away then.
pub(crate) async fn begin(
    state: &WebState,
    actor: &Actor,
    item: &str,
    file: Kept,
) -> Result<Batch, Error> {
    // A task of its own: a browser that goes away now leaves no batch without its reader.
    let begun = begin_apart(state.clone(), actor.clone(), item.to_owned(), file);
    tokio::spawn(begun).await.map_err(|_| Error::Internal("the beginning of a batch"))?
}

async fn begin_apart(
    state: WebState,
    actor: Actor,
    item: String,
    mut file: Kept,
) -> Result<Batch, Error> {
    let cx = &state.cx;
    let mut source = Source::Upload(file.batch);
    let checked = {
        let (cx, actor, item, source) = (cx.clone(), actor.clone(), item.clone(), source.clone());
        spawn_blocking(move || batch::check_file(&cx, &actor, &item, &source))
            .await
            .map_err(|_| Error::Internal("the check of a file"))??
    };
    let batch = batch::begin(cx, &actor, &item, Some(file.batch), &checked).await?;
    if batch.id != file.batch {
        if state.is_reading(batch.id) {
            // The same file, sent twice in a row: the first is being read.
            return Ok(batch);
        }
        // An unfinished batch of the same file goes on with this upload instead of its own.
        source = Upload::hand_over(cx, file.batch, batch.id)?;
    }
    file.is_kept = true;
    read(state.clone(), batch.clone(), source);
    Ok(batch)
}

fn read(state: WebState, batch: Batch, source: Source) {
    let id = batch.id;
    let running = state.metrics.batch();
    state.note_progress(id, 0, batch.bytes);
    // On a thread of its own: a batch is long, and must not take turns with the pages.
    let runtime = Handle::current();
    spawn_blocking(move || {
        let progress = |now: batch::Progress| state.note_progress(id, now.bytes, now.of);
        runtime.block_on(async {
            tokio::select! {
                ended = batch::process(&state.cx, batch, source, progress) => match ended {
                    Ok(batch) => tracing::info!(batch = %id, state = batch.state.code(), "batch ended"),
                    Err(error) => tracing::error!(batch = %id, %error, "batch stopped, goes on later"),
                },
                () = state.stopped() => tracing::info!(batch = %id, "batch goes on with the next start"),
            }
        });
        state.forget_progress(id);
        drop(running);
    });
}
