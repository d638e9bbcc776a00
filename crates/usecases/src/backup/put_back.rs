//! 恢复: verifies a backup and puts it back where nothing is yet. What cannot be finished leaves nothing behind.
//!
//! There is no context before the database is back, so nobody is asked for a permission here: whoever puts it
//! back holds the keys. That it was put back is logged as soon as there is a log.

use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::AtomicBool;

use access::{Action, What};
use register::PersonId;
use store::Engine;
use store::backup::Server;
use vault::{StreamOpener, Vault};

use super::error::{BackupError, Result, at};
use super::folder::stamp;
use super::manifest::{Manifest, Part, Signed};
use super::measure::{Measured, carry, measure, private};
use super::take::engine_name;
use super::tool::Tool;
use super::{DATABASE, FILES, HEAD};
use crate::access_log::{self, Door, Look};
use crate::cx::{Actor, Cx};

/// A backup of which the signature and every part were verified.
#[derive(Clone, Debug)]
pub struct Backup {
    folder: PathBuf,
    manifest: Manifest,
}

/// Where a backup is put back to. Nothing is there yet but the keys.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The data folder; it exists.
    pub data: &'a Path,
    /// The database.
    pub database: &'a str,
    /// Folder of the client programs of PostgreSQL; empty if they are found by themselves.
    pub tools: &'a Path,
    /// The file that remembers the head of the log.
    pub witness: &'a Path,
}

impl Backup {
    /// Reads and verifies a backup; changes nothing.
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn verified(folder: &Path, vault: &Vault) -> Result<Self> {
        let manifest = Signed::read(folder)?.verified(folder, vault)?;
        for name in [DATABASE, HEAD] {
            if !manifest.parts.iter().any(|part| part.name == name) {
                let (path, what) = (folder.join(name), "the manifest does not name it");
                return Err(BackupError::Part { path, what });
            }
        }
        for part in &manifest.parts {
            let path = folder.join(&part.name);
            let found = match measure(&path, &part.name) {
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return Err(BackupError::Part { path, what: "is missing" });
                }
                other => other.map_err(at(&path))?,
            };
            if found != *part {
                return Err(BackupError::Part { path, what: "was changed" });
            }
        }
        Ok(Self { folder: folder.to_owned(), manifest })
    }

    /// What it holds.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Whether it is of that engine.
    #[must_use]
    pub fn is_of(&self, engine: Engine) -> bool {
        self.manifest.engine == engine_name(engine)
    }

    /// Puts everything back; the database last.
    ///
    /// # Errors
    /// [`BackupError`]; then what was put back before is gone again.
    pub fn put_back(&self, vault: &Vault, target: &Target<'_>) -> Result<()> {
        let mut made = Made::default();
        let files = target.data.join(FILES);
        if !files.exists() {
            fs::create_dir(&files).map_err(at(&files))?;
            made.0.push(files.clone());
        }
        for part in self.manifest.parts.iter().filter(|part| part.name != DATABASE) {
            let to = if part.name == HEAD {
                target.witness.to_owned()
            } else {
                target.data.join(&part.name)
            };
            self.copy(part, &to, &mut made)?;
        }
        File::open(&files).and_then(|folder| folder.sync_all()).map_err(at(&files))?;
        self.database(vault, target, &mut made)?;
        made.0.clear();
        Ok(())
    }

    fn copy(&self, part: &Part, to: &Path, made: &mut Made) -> Result<()> {
        let from = self.folder.join(&part.name);
        let mut file = File::open(&from).map_err(at(&from))?;
        let mut copy = Measured::create(to).map_err(at(to))?;
        made.0.push(to.to_owned());
        carry(&mut file, &mut copy, &AtomicBool::new(false)).map_err(at(to))?;
        if copy.end(&part.name).map_err(at(to))? == *part {
            return Ok(());
        }
        Err(BackupError::Part { path: from, what: "was changed" })
    }

    fn database(&self, vault: &Vault, target: &Target<'_>, made: &mut Made) -> Result<()> {
        let path = self.folder.join(DATABASE);
        let open = || vault.stream_open(BufReader::new(File::open(&path)?));
        let sealed = open().map_err(at(&path))?;
        if self.is_of(Engine::Postgres) {
            return serve(sealed, &path, target);
        }
        let file = store::backup::file_of(target.database)?;
        let part = crate::files::part(&file);
        made.0.push(part.clone());
        embed(sealed, &part, &file).map_err(at(&file))
    }
}

type Sealed = StreamOpener<BufReader<File>>;

fn embed(mut sealed: Sealed, part: &Path, file: &Path) -> io::Result<()> {
    let mut to = private(part)?;
    carry(&mut sealed, &mut to, &AtomicBool::new(false))?;
    to.sync_all()?;
    fs::rename(part, file)?;
    // A name alone lies where we stand.
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}

fn serve(mut sealed: Sealed, path: &Path, target: &Target<'_>) -> Result<()> {
    let mut command = Server::at(target.database, target.tools)?.restore();
    let mut tool = Tool::start("pg_restore", command.stdin(Stdio::piped()).stdout(Stdio::null()))?;
    let mut input = tool.input()?;
    let fed = carry(&mut sealed, &mut input, &AtomicBool::new(false)).and_then(|()| input.flush());
    match fed {
        // It reads no more, and says whether it is satisfied.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
        other => other.map_err(at(path))?,
    }
    drop(input);
    tool.end()
}

/// What was made so far; removed again unless all of it could be.
#[derive(Default)]
struct Made(Vec<PathBuf>);

impl Drop for Made {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            let _ = fs::remove_file(path).or_else(|_| fs::remove_dir(path));
        }
    }
}

/// Logs that a backup was put back, in the log that was in it.
///
/// # Errors
/// [`crate::Error::Denied`], [`crate::Error::Log`].
pub async fn note_restored(cx: &Cx, actor: &Actor, backup: &Manifest) -> crate::Result<()> {
    cx.permit(actor, Action::BackUp, What::default())?;
    let mut look = Look::by(actor, Door::Restore, PersonId(uuid::Uuid::nil()));
    look.matter = format!("{}-{}", stamp(backup.taken_at), backup.log.size);
    access_log::before(cx, look, ()).await.map(|_| ())
}

/// Ends all sign-ins of a register that was put back, because some of them may have been ended since; says how many.
///
/// # Errors
/// [`crate::Error::Denied`], [`crate::Error::Store`].
pub async fn end_sign_ins(cx: &Cx, actor: &Actor) -> crate::Result<u64> {
    cx.permit(actor, Action::BackUp, What::default())?;
    Ok(store::backup::end_sign_ins(&cx.store).await?)
}
