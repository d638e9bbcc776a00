//! 重新加封: what older keys sealed is sealed with the one that seals now, a little at a time, beside everybody's work.
//!
//! Each value is put in the place of exactly the one that was read, so whoever wrote meanwhile wins and is looked at again.
//! Cut off, it goes on with whatever still names an older key. It never waits for a row that somebody holds.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use register::PaperId;
use serde::Serialize;
use store::sealed::Column;
use vault::{KeyState, Place, Vault};
use zeroize::Zeroizing;

use super::{Rest, directory, permit};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::files::{self, Files};

/// Values in one transaction.
const PAGE: u32 = 100;

/// How long nothing is looked at again once there was nothing to do.
const REST: SignedDuration = SignedDuration::from_hours(1);

/// What one round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resealed {
    /// Values in the database.
    pub values: u64,
    /// Files.
    pub files: u64,
    /// Places in the directory that were written or removed.
    pub places: u64,
    /// Values and files that could not be opened, or that somebody was working on.
    pub left: u64,
}

/// Seals anew what older keys sealed, once through everything.
///
/// # Errors
/// [`Error::Denied`]; the first of several, when what could be done is done.
pub async fn reseal(cx: &Cx, actor: &Actor) -> Result<Resealed> {
    permit(cx, actor)?;
    round(cx).await
}

/// The same, as the job does it: not again for a while once there was nothing to do.
///
/// # Errors
/// The first of several; the job is tried again at its next turn.
pub async fn by_itself(cx: &Cx) -> Result<u64> {
    cx.keys.reload(&cx.vault)?;
    let is_at_rest = cx.resealed().is_some_and(|rest| {
        let since = cx.now().duration_since(rest.at);
        rest.generation == cx.vault.generation() && since < REST
    });
    if is_at_rest {
        // The directory has a clock of its own.
        return directory::advance(cx, false).await;
    }
    let done = round(cx).await?;
    Ok(done.values + done.files + done.places)
}

async fn round(cx: &Cx) -> Result<Resealed> {
    cx.keys.reload(&cx.vault)?;
    let generation = cx.vault.generation();
    let mut done = Resealed::default();
    let (mut failed, mut is_ours) = (None, true);
    match directory::advance(cx, true).await {
        Ok(places) => done.places = places,
        Err(error) => failed = Some(error),
    }
    if cx.vault.keys().iter().any(|key| key.state == KeyState::Old) {
        cx.months.reseal(&cx.vault)?;
        for column in &store::sealed::COLUMNS {
            values(cx, column, &mut done).await?;
        }
        is_ours = all_files(cx, &mut done).await?;
    }
    // What could not be opened this time will hardly open in a minute.
    let is_done = failed.is_none() && is_ours && done.values + done.files == 0;
    cx.remember_resealed(is_done.then(|| Rest { generation, at: cx.now() }));
    if done.values + done.files > 0 {
        let Resealed { values, files, left, .. } = done;
        tracing::info!(values, files, left, "sealed anew");
    }
    failed.map_or(Ok(done), Err)
}

/// Goes once through a column.
async fn values(cx: &Cx, column: &Column, done: &mut Resealed) -> Result<()> {
    let mut after = Vec::new();
    loop {
        let head = cx.vault.active_head();
        let page = store::sealed::others(cx.store.read(), column, head, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after.clone_from(&last.key);
        let mut anew = Vec::with_capacity(page.len());
        for value in &page {
            let (table, column) = (column.table, column.column);
            let place = || Place { table, column, row: value.row.as_bytes() };
            match cx.vault.open(place(), &value.text) {
                Ok(plain) => anew.push((value, cx.vault.seal(place(), &plain, cx.bytes()))),
                Err(error) => {
                    tracing::error!(%error, table, column, row = %value.row, "not sealed anew");
                    done.left += 1;
                }
            }
        }
        let tx = cx.store.begin().await?;
        for (was, now) in anew {
            let is_replaced = store::sealed::replace(&tx, column, was, now).await?;
            done.values += u64::from(is_replaced);
            done.left += u64::from(!is_replaced);
        }
        tx.commit().await.map_err(store::StoreError::from)?;
    }
}

/// Goes once through papers and rows that go back. Uploads are read and gone before long.
///
/// One process at a time does: two containers have the same number of a process, and so the same names of parts. Where
/// another is at it, it does our share; that it has done it is not known yet.
async fn all_files(cx: &Cx, done: &mut Resealed) -> Result<bool> {
    let Some(_alone) = cx.files.alone()? else { return Ok(false) };
    for (path, _) in cx.files.all()? {
        let kind = path.extension().and_then(|extension| extension.to_str());
        let is_ours = kind.is_some_and(|kind| ["paper", "returned"].contains(&kind));
        if !is_ours || key_of(&path)?.is_none_or(|key| key == cx.vault.active()) {
            continue;
        }
        match one_file(cx, &path).await {
            Ok(is_done) => done.files += u64::from(is_done),
            Err(error) => {
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                tracing::error!(%error, file, "not sealed anew");
                done.left += 1;
            }
        }
    }
    Ok(true)
}

async fn one_file(cx: &Cx, path: &Path) -> Result<bool> {
    let paper = files::paper_of(path);
    let was_kept = is_kept(cx, paper).await?;
    let (files, vault, prefix) = (cx.files.clone(), cx.vault.clone(), cx.bytes());
    let of = path.to_owned();
    let done = tokio::task::spawn_blocking(move || anew(&files, &vault, prefix, &of)).await;
    let is_done = done.map_err(|_| Error::Internal("a worker has ended"))??;
    // Erased while it was being written: it must not come back by that.
    if was_kept && !is_kept(cx, paper).await? {
        cx.files.remove(path)?;
        return Ok(false);
    }
    Ok(is_done)
}

async fn is_kept(cx: &Cx, paper: Option<PaperId>) -> Result<bool> {
    let Some(paper) = paper else { return Ok(false) };
    Ok(store::case::has_paper(cx.store.read(), paper).await?)
}

/// Seals a file anew; it keeps its age, by which it goes. `false` if it is gone.
fn anew(files: &Files, vault: &Vault, prefix: [u8; 7], path: &Path) -> io::Result<bool> {
    let modified = match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        other => other?.modified()?,
    };
    let part = Part(files::part(path));
    let mut from = files.read(path, vault)?;
    let mut to = files.create(path, vault, prefix)?;
    let mut piece = Zeroizing::new(vec![0_u8; 64 * 1024]);
    loop {
        let count = from.read(&mut piece)?;
        if count == 0 {
            break;
        }
        to.write_all(piece.get(..count).unwrap_or_default())?;
    }
    let mut file = to.finish()?;
    file.flush()?;
    file.get_ref().set_modified(modified)?;
    file.get_ref().sync_all()?;
    if !path.exists() {
        return Ok(false);
    }
    fs::rename(&part.0, path)?;
    path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())?;
    Ok(true)
}

/// A file on its way, gone unless it has got its own name.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// The key that a file's head names; `None` if there is no such file any more, or it has no head yet.
pub(super) fn key_of(path: &Path) -> io::Result<Option<u16>> {
    let mut head = [0; 3];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
    match read {
        Ok(()) => Ok(Vault::key_of(&head)),
        Err(error) if [ErrorKind::NotFound, ErrorKind::UnexpectedEof].contains(&error.kind()) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
