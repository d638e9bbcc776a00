//! 处理批次: reads and prepares on one core, enters on the other, goes on where it stopped.

use std::sync::Arc;

use intake::FileError;
use register::Uscc;
use register::batch::{Batch, BatchState, Counts};
use tokio::sync::mpsc;

use super::enter::enter;
use super::prepare::{Chunk, Headers, prepare};
use super::send::{self, Checked, Source};
use super::{returned, send::layout_of};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Rows in one transaction.
const CHUNK: u64 = 2_000;

/// How far a batch has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Rows decided.
    pub counts: Counts,
    /// Bytes read, of all the file's.
    pub bytes: u64,
    /// The file's size in bytes.
    pub of: u64,
}

/// Reads the batch's file from where it stopped to its end.
///
/// Runs twice without harm: rows that have been decided are passed over, and a row that is a record
/// already is a duplicate.
///
/// # Errors
/// [`Error::Store`] and [`Error::Disk`]: the batch stays unfinished and goes on next time. A fault of
/// the file itself ends the batch as failed and is no error here; what had entered stays.
pub async fn process(
    cx: &Cx,
    batch: Batch,
    source: Source,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Batch> {
    // The job that resumes batches may meet one that is being read: it is left alone.
    let Some(_claim) = cx.files.claim(batch.id) else { return Ok(batch) };
    // Whoever had it before may have gone on or ended it since the caller looked.
    let stored = store::batch::by_id(cx.store.read(), batch.id).await?;
    let mut batch = stored.ok_or(Error::NotFound)?;
    if batch.state != BatchState::Running {
        return Ok(batch);
    }
    let (sender, mut chunks) = mpsc::channel::<Read>(2);
    let reader = {
        let (cx, source, batch) = (cx.clone(), source.clone(), batch.clone());
        tokio::task::spawn_blocking(move || read(&cx, &batch, &source, &sender))
    };
    let mut failed = None;
    while let Some(next) = chunks.recv().await {
        match next {
            Read::Chunk { chunk, bytes } => {
                if !enter(cx, &mut batch, &chunk).await? {
                    tracing::info!(batch = %batch.id, "another process is reading this batch");
                    return as_it_stands(cx, &batch).await;
                }
                progress(Progress { counts: batch.counts, bytes, of: batch.bytes });
            }
            Read::Failed(error) => failed = Some(error.code()),
        }
    }
    if let Err(error) = reader.await.map_err(|_| Error::Internal("the reader of a batch"))? {
        // What will be so at the next try too ends the batch; whoever sent it sees why.
        let Some(code) = lasting(&error) else { return Err(error) };
        tracing::error!(%error, batch = %batch.id, "the batch cannot be read");
        failed = Some(code);
    } else {
        returned::keep(cx, &batch, &source).await?;
    }
    let stood = batch.counts.read;
    batch.ended_at = Some(cx.now());
    batch.state = match failed {
        None => BatchState::Done,
        Some(code) => BatchState::Failed { code: code.to_owned() },
    };
    let tx = cx.store.begin().await?;
    if !store::batch::save(&tx, &batch, stood).await? {
        return as_it_stands(cx, &batch).await;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    // Its upload is done with, also where it was finished from a file that the caller keeps.
    cx.files.done_with(batch.id)?;
    Ok(batch)
}

/// The batch as another process has left it.
async fn as_it_stands(cx: &Cx, batch: &Batch) -> Result<Batch> {
    store::batch::by_id(cx.store.read(), batch.id).await?.ok_or(Error::NotFound)
}

/// The code of an error that no later try would pass: the item is not in the rulebook any more, or the
/// sealed upload was damaged.
fn lasting(error: &Error) -> Option<&'static str> {
    let (Error::Disk(error) | Error::File(FileError::Io(error))) = error else {
        return matches!(error, Error::Item).then_some("item-not-taken");
    };
    (error.kind() == std::io::ErrorKind::InvalidData).then_some("file-unreadable")
}

/// Reads and checks every row, enters none: counts what would come back for its own sake. Whether a
/// row is a record already is not looked at.
///
/// # Errors
/// [`Error::Denied`], [`Error::Item`], [`Error::File`].
pub async fn dry_run(
    cx: &Cx,
    actor: &Actor,
    item: &str,
    source: &Source,
    checked: &Checked,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Batch> {
    let mut batch = send::planned(cx, actor, item, None, checked)?;
    let (sender, mut chunks) = mpsc::channel::<Read>(2);
    let reader = {
        let (cx, source, batch) = (cx.clone(), source.clone(), batch.clone());
        tokio::task::spawn_blocking(move || read(&cx, &batch, &source, &sender))
    };
    batch.state = BatchState::Done;
    while let Some(next) = chunks.recv().await {
        match next {
            Read::Chunk { chunk, bytes } => {
                batch.counts.read += chunk.rows;
                batch.counts.rejected += chunk.rejected;
                batch.counts.accepted += chunk.rows - chunk.rejected;
                progress(Progress { counts: batch.counts, bytes, of: batch.bytes });
            }
            Read::Failed(error) => {
                batch.state = BatchState::Failed { code: error.code().to_owned() };
            }
        }
    }
    reader.await.map_err(|_| Error::Internal("the reader of a file"))??;
    Ok(batch)
}

/// Goes on with every batch that was cut off and whose upload is here.
///
/// # Errors
/// Of the first batch that could not be finished; the others are gone on with all the same.
pub async fn resume_all(cx: &Cx) -> Result<usize> {
    let (mut resumed, mut failed) = (0, None);
    for id in cx.files.uploads()? {
        let batch = store::batch::by_id(cx.store.read(), id).await?;
        let Some(batch) = batch.filter(|batch| batch.state == BatchState::Running) else {
            continue;
        };
        let before = batch.counts;
        match process(cx, batch, Source::Upload(id), |_| {}).await {
            Ok(done) => resumed += usize::from(done.ended_at.is_some() || done.counts != before),
            Err(error) => {
                tracing::warn!(%error, batch = %id, "the batch could not be gone on with");
                failed.get_or_insert(error);
            }
        }
    }
    failed.map_or(Ok(resumed), Err)
}

enum Read {
    Chunk { chunk: Chunk, bytes: u64 },
    Failed(FileError),
}

fn read(cx: &Cx, batch: &Batch, source: &Source, chunks: &mpsc::Sender<Read>) -> Result<()> {
    let item = cx.rules.item(&batch.item).ok_or(Error::Item)?;
    let layout = layout_of(item).ok_or(Error::Item)?;
    let inspected = send::inspect(cx, source)?;
    let rows = match send::open(cx, source, &inspected, layout) {
        Err(Error::File(error)) if !matches!(error, FileError::Io(_)) => {
            let _ = chunks.blocking_send(Read::Failed(error));
            return Ok(());
        }
        other => other?,
    };
    let headers = Headers::new(rows.headers());
    let position = rows.position();
    let (today, agency): (_, Uscc) = (cx.today(), batch.agency);
    let mut chunk = Chunk::default();
    let mut skip = batch.counts.read;
    for row in rows {
        match row {
            Ok(_) if skip > 0 => skip -= 1,
            Ok(row) => prepare(cx, item, agency, today, &headers, &row, &mut chunk)?,
            // The disk failed, not the file.
            Err(error @ FileError::Io(_)) => return Err(error.into()),
            Err(error) => {
                send_chunk(chunks, &mut chunk, &position)?;
                let _ = chunks.blocking_send(Read::Failed(error));
                return Ok(());
            }
        }
        if chunk.rows == CHUNK {
            send_chunk(chunks, &mut chunk, &position)?;
        }
    }
    send_chunk(chunks, &mut chunk, &position)
}

fn send_chunk(
    chunks: &mpsc::Sender<Read>,
    chunk: &mut Chunk,
    position: &Arc<std::sync::atomic::AtomicU64>,
) -> Result<()> {
    if chunk.rows == 0 {
        return Ok(());
    }
    let bytes = position.load(std::sync::atomic::Ordering::Relaxed);
    let chunk = std::mem::take(chunk);
    chunks
        .blocking_send(Read::Chunk { chunk, bytes })
        .map_err(|_| Error::Internal("the batch was given up"))
}
