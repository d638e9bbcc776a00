//! Files on their way 暂存文件: uploads that wait to be read and rows that go back, both encrypted.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use register::{BatchId, PaperId};
use vault::{StreamOpener, StreamSealer, Vault};

/// In the data folder: held by whoever takes a backup.
pub(crate) const BACKUP_LOCK: &str = "backup.lock";

/// The folder for them.
#[derive(Clone, Debug)]
pub struct Files {
    dir: PathBuf,
    /// Batches that this process is reading right now.
    claimed: Arc<Mutex<HashSet<BatchId>>>,
}

/// Holds a batch for one reader; gives it free when dropped.
#[derive(Debug)]
pub(crate) struct Claim {
    batch: BatchId,
    claimed: Arc<Mutex<HashSet<BatchId>>>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Ok(mut claimed) = self.claimed.lock() {
            claimed.remove(&self.batch);
        }
    }
}

impl Files {
    /// Uses (and creates) `dir`.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn open(dir: &Path) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        Ok(Self { dir: dir.to_owned(), claimed: Arc::default() })
    }

    /// Takes a batch for reading, unless somebody in this process has it already.
    pub(crate) fn claim(&self, batch: BatchId) -> Option<Claim> {
        let is_free = self.claimed.lock().ok()?.insert(batch);
        is_free.then(|| Claim { batch, claimed: self.claimed.clone() })
    }

    /// The upload of a batch, sealed.
    #[must_use]
    pub fn upload(&self, batch: BatchId) -> PathBuf {
        self.dir.join(format!("{batch}.upload"))
    }

    /// How long returned rows are kept at least, in days (our own rule: long enough to mend a monthly
    /// file).
    pub const RETURNED_DAYS: i64 = 30;

    /// Until when the rows of a batch that go back are certainly kept; `None` if they are not there.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn returned_until(&self, batch: BatchId) -> io::Result<Option<Timestamp>> {
        let written = match fs::metadata(self.returned(batch)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other?.modified()?,
        };
        let since = written.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        let until = seconds.saturating_add(Self::RETURNED_DAYS * 86_400);
        Ok(Some(Timestamp::from_second(until).unwrap_or(Timestamp::MAX)))
    }

    /// The rows of a batch that go back, sealed.
    #[must_use]
    pub fn returned(&self, batch: BatchId) -> PathBuf {
        self.dir.join(format!("{batch}.returned"))
    }

    /// A paper of a case, sealed.
    #[must_use]
    pub(crate) fn paper(&self, paper: PaperId) -> PathBuf {
        self.dir.join(format!("{paper}.paper"))
    }

    /// Lets nobody else seal files anew until what is given back is dropped; `None` if somebody does.
    ///
    /// # Errors
    /// If the disk refuses.
    pub(crate) fn alone(&self) -> io::Result<Option<File>> {
        let lock = lock_file(&self.dir.join("reseal.lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Begins a sealed file under a temporary name; `finish` gives it its own.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn create(
        &self,
        path: &Path,
        vault: &Vault,
        prefix: [u8; 7],
    ) -> io::Result<StreamSealer<BufWriter<File>>> {
        let file = File::create(part(path))?;
        vault.stream_seal(BufWriter::new(file), prefix)
    }

    /// Opens a sealed file for reading.
    ///
    /// # Errors
    /// If it is missing or damaged.
    pub fn read(&self, path: &Path, vault: &Vault) -> io::Result<StreamOpener<BufReader<File>>> {
        vault.stream_open(BufReader::new(File::open(path)?))
    }

    /// The batches whose upload is here, oldest first.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(crate) fn uploads(&self) -> io::Result<Vec<BatchId>> {
        let files = self.all()?;
        let mut found: Vec<_> = files.iter().filter_map(|(path, _)| upload_of(path)).collect();
        found.sort_unstable_by_key(|batch| batch.0);
        Ok(found)
    }

    /// Every file, with the second in which it was written.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn all(&self) -> io::Result<Vec<(PathBuf, i64)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            let modified = match fs::metadata(&path) {
                // Finished or removed by somebody else meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other?.modified()?,
            };
            let since = modified.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            found.push((path, i64::try_from(since.as_secs()).unwrap_or(i64::MAX)));
        }
        Ok(found)
    }

    /// Gives the upload of one batch to another.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn hand_over(&self, from: BatchId, to: BatchId) -> io::Result<()> {
        fs::rename(self.upload(from), self.upload(to))
    }

    /// Removes the upload of a batch that has ended.
    ///
    /// While a backup is taken it stays: the database in that may still wait for it. The job that erases files comes for
    /// it later.
    ///
    /// # Errors
    /// If the disk refuses.
    pub(crate) fn done_with(&self, batch: BatchId) -> io::Result<()> {
        let data = self.dir.parent().unwrap_or(&self.dir);
        let lock = lock_file(&data.join(BACKUP_LOCK))?;
        match lock.try_lock_shared() {
            Ok(()) => {
                // Held until it is gone, so that none begins meanwhile.
                let removed = self.remove(&self.upload(batch));
                drop(lock);
                removed
            }
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Removes a file; one that is gone already is fine.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Opens an empty file that is there to be locked. Who made it does not matter to whoever comes after: what the superuser
/// made, a service may hold.
///
/// # Errors
/// If the disk refuses.
pub(crate) fn lock_file(path: &Path) -> io::Result<File> {
    match OpenOptions::new().write(true).create(true).truncate(false).mode(0o644).open(path) {
        // To be held, it need only be read.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => File::open(path),
        other => other,
    }
}

/// Makes a sealed file durable and gives it its own name: it is there whole or not at all.
///
/// # Errors
/// If the disk refuses.
pub(crate) fn finish(path: &Path, sealer: StreamSealer<BufWriter<File>>) -> io::Result<()> {
    let mut file = sealer.finish()?;
    file.flush()?;
    file.get_ref().sync_all()?;
    fs::rename(part(path), path)?;
    // The name too must survive a power cut.
    path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
}

/// The name under which a file is written: each process beside us has its own.
pub(crate) fn part(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    PathBuf::from(name)
}

/// The batch whose upload this file is.
pub(crate) fn upload_of(path: &Path) -> Option<BatchId> {
    named(path, "upload").map(BatchId)
}

/// The paper that this file is.
pub(crate) fn paper_of(path: &Path) -> Option<PaperId> {
    named(path, "paper").map(PaperId)
}

fn named(path: &Path, kind: &str) -> Option<uuid::Uuid> {
    let fits = path.extension().is_some_and(|extension| extension == kind);
    path.file_stem()?.to_str()?.parse().ok().filter(|_| fits)
}
