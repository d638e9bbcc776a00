//! 报送一个文件: may this body send this item, and is the file a table at all?

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Write};
use std::path::PathBuf;

use access::{Action, What};
use intake::{Inspected, Layout, Rows};
use register::batch::{Batch, BatchState, Counts};
use register::impact::Scope;
use register::{BatchId, Uscc};
use rulebook::Item;

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::{files, impact};

/// Largest file, in bytes. A larger one is to be cut in parts.
pub const SOURCE_LIMIT: u64 = 1 << 30;

/// Where the bytes of a batch lie.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file that the caller keeps (command line).
    Path(PathBuf),
    /// The sealed upload of this batch.
    Upload(BatchId),
}

/// An upload that is being received: sealed piece by piece, so that it never lies open on the disk.
pub struct Upload {
    batch: BatchId,
    path: PathBuf,
    sealer: vault::StreamSealer<std::io::BufWriter<File>>,
    size: u64,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Upload({}, {} bytes)", self.batch, self.size)
    }
}

impl Upload {
    /// Begins to receive, if this body may send this item at all.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::OutsideScope`], [`Error::Item`], [`Error::Disk`].
    pub fn new(cx: &Cx, actor: &Actor, item: &str) -> Result<Self> {
        let _ = permitted(cx, actor, item)?;
        let batch = BatchId(cx.new_id());
        let path = cx.files.upload(batch);
        let sealer = cx.files.create(&path, &cx.vault, cx.bytes())?;
        Ok(Self { batch, path, sealer, size: 0 })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`Error::File`] when the file grows too large, [`Error::Disk`].
    pub fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.size += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if self.size > SOURCE_LIMIT {
            return Err(Error::File(intake::FileError::TooLarge { limit: SOURCE_LIMIT }));
        }
        Ok(self.sealer.write_all(piece)?)
    }

    /// The file is here whole.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub fn finish(self) -> Result<(BatchId, Source)> {
        files::finish(&self.path, self.sealer)?;
        Ok((self.batch, Source::Upload(self.batch)))
    }

    /// Throws away what was received.
    pub fn discard(cx: &Cx, batch: BatchId) {
        let path = cx.files.upload(batch);
        for path in [files::part(&path), path] {
            if let Err(error) = cx.files.remove(&path) {
                tracing::warn!(%error, %batch, "an upload could not be removed");
            }
        }
    }

    /// Gives what was received to the unfinished batch of the same file, in place of its own upload, so
    /// that whoever goes on with that batch finds it.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub fn hand_over(cx: &Cx, from: BatchId, to: BatchId) -> Result<Source> {
        cx.files.hand_over(from, to)?;
        Ok(Source::Upload(to))
    }

    /// The batch that it will be.
    #[must_use]
    pub fn batch(&self) -> BatchId {
        self.batch
    }
}

/// The layout in which an item is sent.
#[must_use]
pub fn layout_of(item: &Item) -> Option<&'static Layout> {
    Layout::by_code(&item.layout)
}

fn permitted<'a>(
    cx: &'a Cx,
    actor: &Actor,
    item: &str,
) -> Result<(&'a Item, &'static Layout, Uscc)> {
    let found = cx.rules.item_in_force(item.trim(), cx.today()).map_err(|_| Error::Item)?;
    let agency = actor.agency.ok_or(access::Denied { action: Action::SendBatch })?;
    let what = What {
        agency: Some(agency.as_str()),
        allowed_kinds: Some(&found.supplied_by),
        item: Some(&found.code),
        ..What::default()
    };
    let is_within = actor.scope.as_ref().is_none_or(|scope| scope.has_item(&found.code));
    let permitted = cx.permit(actor, Action::SendBatch, what);
    permitted.map_err(|denied| if is_within { denied } else { Error::OutsideScope })?;
    let layout = layout_of(found).ok_or(Error::Item)?;
    impact::expect(cx, Scope::Item, &found.code, &found.assessment)?;
    Ok((found, layout, agency))
}

/// A file that was looked at as a whole.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What it is.
    pub inspected: Inspected,
    /// Headers of columns that the layout does not know: they will not be read.
    pub unread: Vec<String>,
}

/// Most unknown headers that are remembered, and the longest that one may be.
const UNREAD: usize = 100;
const HEADER_CHARS: usize = 60;
/// How often a batch that ends at the very moment is asked for again.
const TRIES: usize = 5;

/// Looks at a file without entering anything: is it a table, in which writing, with which columns?
///
/// # Errors
/// [`Error::Denied`], [`Error::Item`], [`Error::File`] with what is wrong and what to do.
pub fn check_file(cx: &Cx, actor: &Actor, item: &str, source: &Source) -> Result<Checked> {
    let (_, layout, _) = permitted(cx, actor, item)?;
    let inspected = inspect(cx, source)?;
    let rows = open(cx, source, &inspected, layout)?;
    let unread = rows.unknown_headers().iter().take(UNREAD);
    // A header may be anything, also a number of somebody.
    let unread = unread
        .map(|header| {
            let short: String = header.trim().chars().take(HEADER_CHARS).collect();
            register::mask::text(&short).unwrap_or(short)
        })
        .collect();
    Ok(Checked { inspected, unread })
}

/// Begins a batch, or finds the unfinished one of the same file.
///
/// # Errors
/// As [`check_file`].
pub async fn begin(
    cx: &Cx,
    actor: &Actor,
    item: &str,
    id: Option<BatchId>,
    checked: &Checked,
) -> Result<Batch> {
    let batch = planned(cx, actor, item, id, checked)?;
    for _ in 0..TRIES {
        let tx = cx.store.begin().await?;
        if store::batch::add(&tx, &batch).await? {
            tx.commit().await.map_err(store::StoreError::from)?;
            return Ok(batch);
        }
        let running = store::batch::running(&tx, batch.agency, &batch.item, &batch.digest).await?;
        if let Some(unfinished) = running {
            return Ok(unfinished);
        }
        // It has ended between the two questions: then this one may begin.
    }
    Err(Error::Internal("a batch that is there and is not"))
}

/// The batch that a file would be.
pub(super) fn planned(
    cx: &Cx,
    actor: &Actor,
    item: &str,
    id: Option<BatchId>,
    checked: &Checked,
) -> Result<Batch> {
    let (item, _, agency) = permitted(cx, actor, item)?;
    Ok(Batch {
        id: id.unwrap_or_else(|| BatchId(cx.new_id())),
        agency,
        sent_by: actor.account,
        item: item.code.clone(),
        digest: checked.inspected.sha256,
        bytes: checked.inspected.size,
        unread: checked.unread.clone(),
        state: BatchState::Running,
        counts: Counts::default(),
        sent_at: cx.now(),
        ended_at: None,
    })
}

pub(super) fn inspect(cx: &Cx, source: &Source) -> Result<Inspected> {
    Ok(intake::inspect(reader(cx, source)?, SOURCE_LIMIT)?)
}

pub(super) fn open(
    cx: &Cx,
    source: &Source,
    inspected: &Inspected,
    layout: &'static Layout,
) -> Result<Rows> {
    let limits = intake::Limits::default();
    let input = if inspected.needs_seek() {
        // A workbook is read by jumping about in it; it is small by its own limit.
        limits.workbook_fits(inspected.size)?;
        match source {
            Source::Path(path) => intake::Input::Seek(Box::new(BufReader::new(File::open(path)?))),
            Source::Upload(_) => {
                let mut bytes = Vec::new();
                reader(cx, source)?.read_to_end(&mut bytes)?;
                intake::Input::Seek(Box::new(Cursor::new(bytes)))
            }
        }
    } else {
        intake::Input::Stream(reader(cx, source)?)
    };
    Ok(intake::open(input, inspected, layout, limits)?)
}

fn reader(cx: &Cx, source: &Source) -> Result<Box<dyn Read + Send>> {
    Ok(match source {
        Source::Path(path) => Box::new(BufReader::with_capacity(1 << 18, File::open(path)?)),
        Source::Upload(batch) => Box::new(cx.files.read(&cx.files.upload(*batch), &cx.vault)?),
    })
}
