//! The folder of a backup on its way, and the place for the copy before it is sealed. Dropped before it is
//! finished, both are gone.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use super::error::{BackupError, Result, at};
use super::manifest::{Part, Signed};
use super::measure::{Measured, carry, private};
use super::{FILES, MANIFEST};
use crate::files::{BACKUP_LOCK as LOCK, lock_file};

/// In the data folder: the copy before it is sealed, as exposed there as the database is.
const SCRATCH: &str = "copying";

/// How often the lock is asked for: whoever removes a file holds it for a moment.
const TRIES: u32 = 20;

/// A backup on its way.
pub(super) struct Folder {
    into: PathBuf,
    path: PathBuf,
    scratch: PathBuf,
    stamp: String,
    parts: BTreeMap<String, Part>,
    stop: Arc<AtomicBool>,
    is_finished: bool,
    _lock: File,
}

/// When, as the name of a folder: `20261123T040000Z`.
pub(super) fn stamp(at: Timestamp) -> String {
    at.to_string().chars().filter(|c| !matches!(c, '-' | ':')).collect()
}

impl Folder {
    /// Begins one below `into`, for the data folder `data`.
    pub(super) fn begin(into: &Path, data: &Path, stamp: String) -> Result<Self> {
        let lock = hold(&data.join(LOCK))?;
        let scratch = data.join(SCRATCH);
        // What a backup that was cut off has left behind.
        clear(&scratch).map_err(at(&scratch))?;
        if !into.exists() {
            made(DirBuilder::new().recursive(true), into)?;
        }
        let path = into.join(format!("{stamp}.unfinished"));
        // Made by us, so that only ours is removed again.
        made(&mut DirBuilder::new(), &path)?;
        let folder = Self {
            into: into.to_owned(),
            path,
            scratch,
            stamp,
            parts: BTreeMap::new(),
            stop: Arc::default(),
            is_finished: false,
            _lock: lock,
        };
        made(&mut DirBuilder::new(), &folder.scratch)?;
        made(&mut DirBuilder::new(), &folder.path.join(FILES))?;
        Ok(folder)
    }

    /// Gives it the name that says how large the log in it is.
    pub(super) fn named(&mut self, size: u64) -> Result<()> {
        let path = self.into.join(format!("{}-{size}", self.stamp));
        if path.exists() {
            return Err(BackupError::File { path, why: ErrorKind::AlreadyExists.into() });
        }
        fs::rename(&self.path, &path).map_err(at(&path))?;
        self.path = path;
        Ok(())
    }

    /// Where a file may lie that is gone when this is.
    pub(super) fn scratch(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    /// Where a part lies.
    pub(super) fn place(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// What is set when nobody wants this backup any longer.
    pub(super) fn stop(&self) -> Arc<AtomicBool> {
        self.stop.clone()
    }

    /// Notes a part that was written.
    pub(super) fn add(&mut self, part: Part) {
        self.parts.insert(part.name.clone(), part);
    }

    /// Writes a small part.
    pub(super) fn write(&mut self, name: &str, text: &str) -> Result<()> {
        let path = self.place(name);
        let write = || {
            let mut part = Measured::create(&path)?;
            part.write_all(text.as_bytes())?;
            part.end(name)
        };
        let part = write().map_err(at(&path))?;
        self.add(part);
        Ok(())
    }

    /// Files that are not in it yet: where each lies, and its name as a part.
    pub(super) fn missing(&self, files: Vec<(PathBuf, i64)>) -> Vec<(PathBuf, String)> {
        let named = files.into_iter().filter_map(|(path, _)| {
            // What is still being written is no file yet.
            if path.extension().is_some_and(|extension| extension == "part") {
                return None;
            }
            let name = format!("{FILES}/{}", path.file_name()?.to_str()?);
            Some((path, name))
        });
        named.filter(|(_, name)| !self.parts.contains_key(name)).collect()
    }

    /// All parts, by name.
    pub(super) fn parts(&self) -> Vec<Part> {
        self.parts.values().cloned().collect()
    }

    /// Writes the manifest, and with it makes this a backup; says where it is.
    pub(super) fn finish(mut self, signed: &Signed) -> Result<PathBuf> {
        let text = serde_json::to_string_pretty(signed)
            .map_err(|_| BackupError::Internal("the manifest as text"))?;
        let (path, part) = (self.place(MANIFEST), self.place("manifest.json.part"));
        let write = || -> io::Result<()> {
            let mut file = private(&part)?;
            file.write_all(text.as_bytes())?;
            file.write_all(b"\n")?;
            file.sync_all()?;
            // The names of the other parts too must survive a power cut, and before this one.
            File::open(self.place(FILES))?.sync_all()?;
            File::open(&self.path)?.sync_all()?;
            fs::rename(&part, &path)?;
            File::open(&self.path)?.sync_all()?;
            File::open(&self.into)?.sync_all()
        };
        write().map_err(at(&path))?;
        self.is_finished = true;
        Ok(self.path.clone())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        sweep(&self.scratch);
        if !self.is_finished {
            sweep(&self.path);
        }
    }
}

/// Removes a folder in which somebody who has just been told to stop may still put a file.
fn sweep(path: &Path) {
    for _ in 0..3 {
        if clear(path).is_ok() {
            return;
        }
    }
}

/// Copies files as they are; one that is gone meanwhile is none any more.
pub(super) fn copy_files(
    files: Vec<(PathBuf, String)>,
    folder: &Path,
    stop: &AtomicBool,
) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for (from, name) in files {
        let mut file = match File::open(&from) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            other => other.map_err(at(&from))?,
        };
        let path = folder.join(&name);
        let mut to = Measured::create(&path).map_err(at(&path))?;
        carry(&mut file, &mut to, stop).map_err(at(&path))?;
        parts.push(to.end(&name).map_err(at(&path))?);
    }
    Ok(parts)
}

/// Takes the lock of a data folder, given back when the file is closed.
fn hold(path: &Path) -> Result<File> {
    let file = lock_file(path).map_err(at(path))?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::Error(why)) => {
                return Err(BackupError::File { path: path.to_owned(), why });
            }
        }
    }
    Err(BackupError::Busy)
}

fn made(builder: &mut DirBuilder, path: &Path) -> Result<()> {
    builder.mode(0o700).create(path).map_err(at(path))
}

/// Removes a folder; one that is gone already is fine.
fn clear(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let entries = fs::read_dir(dir).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_moment_is_a_name_that_sorts() {
        assert_eq!(stamp("2026-11-23T04:00:00Z".parse().unwrap()), "20261123T040000Z");
    }

    #[test]
    fn what_is_not_finished_leaves_nothing_and_two_do_not_meet() {
        let dir = tempfile::tempdir().unwrap();
        let (into, data) = (dir.path().join("backups"), dir.path().join("data"));
        fs::create_dir_all(data.join(SCRATCH)).unwrap();
        fs::write(data.join(SCRATCH).join("copy.sqlite"), "left by one that was killed").unwrap();
        let mut folder = Folder::begin(&into, &data, "now".to_owned()).unwrap();
        assert!(!folder.scratch("copy.sqlite").exists());
        fs::write(folder.scratch("copy.sqlite"), "plain").unwrap();
        folder.write("log.head", "main 7 ab\n").unwrap();
        let second = Folder::begin(&into, &data, "later".to_owned());
        assert!(matches!(second, Err(BackupError::Busy)));
        folder.named(7).unwrap();
        assert_eq!(names(&into), ["now-7"]);
        let stop = folder.stop();
        drop(folder);
        assert_eq!(names(&into), Vec::<String>::new());
        assert_eq!(names(&data), [LOCK]);
        assert!(stop.load(Ordering::Relaxed), "whoever still writes for it is told");
        Folder::begin(&into, &data, "later".to_owned()).unwrap();
    }

    #[test]
    fn files_are_copied_once_and_what_is_not_finished_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let (into, data) = (dir.path().join("backups"), dir.path().join("data"));
        fs::create_dir_all(data.join(FILES)).unwrap();
        for name in ["a.paper", "b.upload.77.part"] {
            fs::write(data.join(FILES).join(name), "sealed").unwrap();
        }
        let listed = || -> Vec<_> {
            let entries = fs::read_dir(data.join(FILES)).unwrap();
            entries.map(|entry| (entry.unwrap().path(), 0)).collect()
        };
        let mut folder = Folder::begin(&into, &data, "now".to_owned()).unwrap();
        let mut missing = folder.missing(listed());
        missing.push((data.join(FILES).join("gone.paper"), "files/gone.paper".to_owned()));
        let parts = copy_files(missing, &folder.path, &AtomicBool::new(false)).unwrap();
        assert_eq!(
            parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>(),
            ["files/a.paper"]
        );
        parts.into_iter().for_each(|part| folder.add(part));
        assert!(folder.missing(listed()).is_empty());
    }
}
