//! 退回清单: the rows that came back, with the agency's own columns, to be mended and sent again.
//!
//! The database keeps row, column, code and words, never a personal value. The rows themselves are
//! taken from the file once more at the end of the batch and kept sealed beside the database for the
//! agency that sent them; rows that must not be kept are left blank.

use std::io::{Read, Write};
use std::path::Path;

use intake::{Encoding, TableFormat, TableWriter};
use jiff::Timestamp;
use register::batch::{Batch, BatchState, Rejection};
use register::{BatchId, PersonId};
use tokio::sync::mpsc;

use super::see::see;
use super::send::{self, Source, layout_of};
use crate::access_log::{self, Disclosed, Door, Look};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::files::{self, Files};

/// How long an upload may lie without a batch, in days: longer than any upload takes to arrive.
const LEFT_DAYS: i64 = 1;

/// Reasons read at once; a row has at most a few dozen.
const PAGE: u32 = 10_000;

/// Keeps the rejected rows of a batch; does nothing if there are none or they are kept already.
pub(super) async fn keep(cx: &Cx, batch: &Batch, source: &Source) -> Result<()> {
    let path = cx.files.returned(batch.id);
    if batch.counts.rejected == 0 || path.exists() {
        return Ok(());
    }
    let (sender, pages) = mpsc::channel(2);
    let writer = {
        let (cx, batch, source) = (cx.clone(), batch.clone(), source.clone());
        let reasons = Reasons { pages, page: Vec::new().into_iter(), next: None };
        tokio::task::spawn_blocking(move || write(&cx, &batch, &source, reasons))
    };
    let mut after = 0;
    loop {
        let mut page = store::batch::rejections(cx.store.read(), batch.id, after, PAGE).await?;
        let Some(last) = page.last().map(|rejection| rejection.row) else { break };
        let is_last = page.len() < PAGE as usize;
        if !is_last {
            // A page never ends inside a row: its last row is read again with the next page.
            page.retain(|rejection| rejection.row != last);
        }
        after = last - 1;
        if sender.send(page).await.is_err() || is_last {
            break;
        }
    }
    drop(sender);
    writer.await.map_err(|_| Error::Internal("the writer of returned rows"))?
}

/// Reasons by row, in order, a page at a time: a million of them take no more memory than a thousand.
struct Reasons {
    pages: mpsc::Receiver<Vec<Rejection>>,
    page: std::vec::IntoIter<Rejection>,
    next: Option<Rejection>,
}

impl Reasons {
    /// Why this row came back; rows are asked for in order.
    fn of(&mut self, row: u64) -> Vec<Rejection> {
        let mut found = Vec::new();
        loop {
            if self.next.is_none() {
                self.next = self.page.next();
            }
            if self.next.is_none() {
                let Some(page) = self.pages.blocking_recv() else { return found };
                self.page = page.into_iter();
                continue;
            }
            if self.next.as_ref().is_some_and(|next| next.row > row) {
                return found;
            }
            found.extend(self.next.take().filter(|next| next.row == row));
        }
    }
}

fn write(cx: &Cx, batch: &Batch, source: &Source, mut reasons: Reasons) -> Result<()> {
    let item = cx.rules.item(&batch.item).ok_or(Error::Item)?;
    let layout = layout_of(item).ok_or(Error::Item)?;
    let inspected = send::inspect(cx, source)?;
    let rows = send::open(cx, source, &inspected, layout)?;
    let path = cx.files.returned(batch.id);
    let sealer = cx.files.create(&path, &cx.vault, cx.bytes())?;
    let mut headers = rows.raw_headers().to_vec();
    headers.extend(["退回行号", "退回原因", "怎么办"].map(str::to_owned));
    let mut table = TableWriter::new(TableFormat::Csv, Encoding::Utf8Bom, sealer, &headers)?;
    for row in rows {
        // Where the file broke off, so does the list; the batch says why.
        let Ok(row) = row else { break };
        let reasons = reasons.of(row.number);
        if reasons.is_empty() {
            continue;
        }
        let mut cells = if reasons.iter().any(|reason| reason.is_sealed) {
            vec![String::new(); row.raw.len()]
        } else {
            row.raw
        };
        cells.resize(headers.len() - 3, String::new());
        cells.push(row.number.to_string());
        let text = |what: fn(&Rejection) -> String| {
            reasons.iter().map(what).collect::<Vec<_>>().join("\n")
        };
        cells.push(text(|reason| {
            if reason.column.is_empty() {
                reason.says.clone()
            } else {
                format!("【{}】{}", reason.column, reason.says)
            }
        }));
        cells.push(text(|reason| reason.next.clone()));
        table.row(&cells)?;
    }
    files::finish(&path, table.finish()?)?;
    Ok(())
}

/// Gives the returned rows to the body that sent them; this too is a look and is logged first.
///
/// # Errors
/// [`Error::NotFound`] if there are none, or they have been erased.
pub async fn returned(
    cx: &Cx,
    actor: &Actor,
    id: BatchId,
) -> Result<Disclosed<Box<dyn Read + Send>>> {
    let batch = see(cx, actor, id).await?;
    if actor.agency != Some(batch.agency) {
        return Err(Error::NotFound);
    }
    let path = cx.files.returned(batch.id);
    if !path.exists() {
        return Err(Error::NotFound);
    }
    let rows = cx.files.read(&path, &cx.vault)?;
    // The rows are nobody's records yet: the look is kept under the batch.
    let mut look = Look::by(actor, Door::Returned, PersonId(uuid::Uuid::nil()));
    look.matter = batch.id.to_string();
    access_log::before(cx, look, Box::new(rows) as Box<dyn Read + Send>).await
}

/// Erases returned rows that have been kept long enough, and what was left behind by an upload that
/// nobody will go on with.
///
/// # Errors
/// [`Error::Disk`], [`Error::Store`].
pub async fn erase_old(cx: &Cx, now: Timestamp) -> Result<u64> {
    let mut erased = 0;
    for (path, modified) in cx.files.all()? {
        let kept = match path.extension().and_then(|extension| extension.to_str()) {
            Some("returned") => Files::RETURNED_DAYS,
            Some("upload" | "paper" | "part") => LEFT_DAYS,
            Some(_) | None => continue,
        };
        if now.as_second() - modified > kept * 86_400 && !is_waited_for(cx, &path).await? {
            cx.files.remove(&path)?;
            erased += 1;
        }
    }
    Ok(erased)
}

/// Whether a batch will go on with this upload, or a case keeps this paper.
async fn is_waited_for(cx: &Cx, path: &Path) -> Result<bool> {
    if let Some(id) = files::paper_of(path) {
        return Ok(store::case::has_paper(cx.store.read(), id).await?);
    }
    let Some(id) = files::upload_of(path) else { return Ok(false) };
    let batch = store::batch::by_id(cx.store.read(), id).await?;
    Ok(batch.is_some_and(|batch| batch.state == BatchState::Running))
}

/// Copies returned rows to a file of the caller's.
///
/// # Errors
/// [`Error::Disk`].
pub fn copy(rows: &mut dyn Read, to: &mut dyn Write) -> Result<u64> {
    Ok(std::io::copy(rows, to)?)
}
