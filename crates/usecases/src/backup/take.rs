//! 备份: takes a backup while everybody goes on working. It is logged before it is taken.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

use access::{Action, What};
use jiff::Timestamp;
use ledger::Hash;
use register::PersonId;
use store::Engine;
use store::access_entry::Head;
use store::backup::{Copied, Server};
use vault::Vault;

use super::error::{BackupError, Result, at};
use super::folder::{Folder, copy_files, stamp};
use super::last::Last;
use super::manifest::{FORM, LogHead, Manifest, Part, with_material};
use super::measure::{Measured, carry};
use super::tool::Tool;
use super::{DATABASE, HEAD};
use crate::access_log::{self, Door, Look};
use crate::cx::{Actor, Cx};
use crate::error::Error;
use crate::log::Witness;

/// What is to be copied where.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// Where backups lie; each gets a folder of its own.
    pub into: &'a Path,
    /// The data folder.
    pub data: &'a Path,
    /// Where a server's database is; an embedded one is known.
    pub database: &'a str,
    /// Folder of the client programs of PostgreSQL; empty if they are found by themselves.
    pub tools: &'a Path,
    /// Version of the program.
    pub program: &'a str,
}

/// A backup that was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Its folder.
    pub folder: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

/// Takes a backup: database, files on their way, papers, and the head of the log as it stands in the copy. Given up
/// half-way, it leaves nothing behind.
///
/// # Errors
/// [`BackupError`].
pub async fn take(cx: &Cx, actor: &Actor, order: &Order<'_>) -> Result<Taken> {
    cx.permit(actor, Action::BackUp, What::default())?;
    let taken_at = Timestamp::from_second(cx.now().as_second())
        .map_err(|_| BackupError::Internal("the clock"))?;
    let mut folder = Folder::begin(order.into, order.data, stamp(taken_at))?;
    let mut look = Look::by(actor, Door::Backup, PersonId(uuid::Uuid::nil()));
    look.matter = stamp(taken_at);
    access_log::before(cx, look, ()).await?;

    // Before and after the database: what the copy speaks of is there, also if it is removed meanwhile. An upload that came
    // after the first look stays for the second, because we hold the lock (`Files::done_with`).
    let first_month = cx.vault.first_month().map_err(Error::from)?;
    let mut keys = with_material(&cx.vault);
    files(cx, &mut folder).await?;
    let copied = match cx.store.engine() {
        Engine::Sqlite => embedded(cx, &mut folder).await?,
        Engine::Postgres => served(cx, &mut folder, order).await?,
    };
    files(cx, &mut folder).await?;

    let head = head_of(cx, &copied)?;
    let line = Witness::line(cx.log.name(), head.size, Hash(head.root));
    folder.write(HEAD, &line)?;
    // One that came meanwhile may have sealed some of it, one that went too.
    for key in with_material(&cx.vault) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let manifest = Manifest {
        form: FORM,
        program: order.program.to_owned(),
        taken_at,
        engine: engine_name(cx.store.engine()).to_owned(),
        engine_version: copied.version.clone(),
        migrations: copied.migrations.clone(),
        log: LogHead {
            name: cx.log.name().to_owned(),
            size: head.size,
            root: hex::encode(head.root),
        },
        months: copied.months.map(hex::encode),
        first_month,
        keys,
        parts: folder.parts(),
    };
    let signed = manifest.sign(&cx.vault)?;
    let folder = folder.finish(&signed)?;
    // It is whole now, whether or not that can be noted.
    let last = Last { taken_at, entries: head.size };
    if let Err(error) = last.keep(order.data) {
        tracing::warn!(%error, "the backup is whole, but was not noted in the data folder");
    }
    Ok(Taken { folder, manifest: signed.manifest })
}

/// The name of an engine in a manifest.
pub(super) const fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

fn head_of<'a>(cx: &Cx, copied: &'a Copied) -> Result<&'a Head> {
    copied.head.as_ref().ok_or_else(|| BackupError::NoHead(cx.log.name().to_owned()))
}

async fn files(cx: &Cx, folder: &mut Folder) -> Result<()> {
    let listed = cx.files.all().map_err(Error::from)?;
    let (missing, to, stop) = (folder.missing(listed), folder.place(""), folder.stop());
    for part in blocking(move || copy_files(missing, &to, &stop)).await? {
        folder.add(part);
    }
    Ok(())
}

/// The copy is a file of its own for as long as it takes to seal it.
async fn embedded(cx: &Cx, folder: &mut Folder) -> Result<Copied> {
    let copy = folder.scratch("copy.sqlite");
    store::backup::copy_into(&cx.store, &copy).await?;
    let copied = store::backup::of_file(&copy, cx.log.name()).await?;
    folder.named(head_of(cx, &copied)?.size)?;
    let (vault, prefix) = (cx.vault.clone(), cx.bytes());
    let (to, stop) = (folder.place(DATABASE), folder.stop());
    let part = blocking(move || {
        let mut from = File::open(&copy).map_err(at(&copy))?;
        let part = seal(&vault, prefix, &mut from, &to, &stop)?;
        fs::remove_file(&copy).map_err(at(&copy))?;
        Ok(part)
    });
    folder.add(part.await?);
    Ok(copied)
}

/// What the server writes is sealed as it comes.
async fn served(cx: &Cx, folder: &mut Folder, order: &Order<'_>) -> Result<Copied> {
    let server = Server::at(order.database, order.tools)?;
    let snapshot = store::backup::snapshot(&cx.store, cx.log.name()).await?;
    let copied = snapshot.copied.clone();
    folder.named(head_of(cx, &copied)?.size)?;
    let (vault, prefix) = (cx.vault.clone(), cx.bytes());
    let (to, stop) = (folder.place(DATABASE), folder.stop());
    let mut command = server.dump(&snapshot);
    let part = blocking(move || dump(&mut command, &vault, prefix, &to, &stop)).await?;
    folder.add(part);
    // Had the server ended it before, the program would have seen it through on its own.
    let _ = snapshot.end().await;
    Ok(copied)
}

fn dump(
    command: &mut Command,
    vault: &Vault,
    prefix: [u8; 7],
    to: &Path,
    stop: &AtomicBool,
) -> Result<Part> {
    let mut tool = Tool::start("pg_dump", command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let mut output = tool.output()?;
    let part = seal(vault, prefix, &mut output, to, stop)?;
    tool.end()?;
    Ok(part)
}

fn seal(
    vault: &Vault,
    prefix: [u8; 7],
    from: &mut dyn Read,
    to: &Path,
    stop: &AtomicBool,
) -> Result<Part> {
    sealed(vault, prefix, from, to, stop).map_err(at(to))
}

fn sealed(
    vault: &Vault,
    prefix: [u8; 7],
    from: &mut dyn Read,
    to: &Path,
    stop: &AtomicBool,
) -> io::Result<Part> {
    let mut sealer = vault.stream_seal(Measured::create(to)?, prefix)?;
    carry(from, &mut sealer, stop)?;
    sealer.finish()?.end(DATABASE)
}

/// Works beside everything else.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| BackupError::Internal("a worker has ended"))?
}
