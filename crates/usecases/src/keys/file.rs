//! 密钥文件: `keys.toml`, written whole or not at all, and who has taken it as it stands.
//!
//! Every process holds a lock on an empty file beside it that names the generation of the keys it works with. So whoever
//! changes the keys sees whether somebody still works with those of before; a process that dies lets go.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use vault::{KeyText, Vault};

use super::error::{KeysError, Result};
use crate::error::Error;
use crate::files::lock_file;
use crate::secret_file;

/// Beside the file: held by whoever changes it.
const LOCK: &str = "keys.lock";

/// Beside the file, with a generation after it: held by whoever works with that one.
const IN_USE: &str = "keys.in-use.";

/// How often a file is read that is being changed in this moment.
const TRIES: u8 = 20;

/// Where the keys are written down.
#[derive(Clone, Debug)]
pub struct KeyFile {
    path: PathBuf,
}

/// The keys that a process has taken; dropped, it works with none.
#[derive(Debug)]
pub struct Held {
    generation: u64,
    stamp: Stamp,
    _lock: File,
}

/// By which a change of a file is seen.
type Stamp = (u64, i64, i64, u64);

impl KeyFile {
    /// The file at `path`.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        // Where it is a link, the file behind it is replaced, and no copy stays there.
        Self { path: path.canonicalize().unwrap_or_else(|_| path.to_owned()) }
    }

    /// What stands in it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn text(&self) -> io::Result<KeyText> {
        let mut text = fs::read_to_string(&self.path)?;
        // Opened just before another took its name, and overwritten since.
        for _ in 0..TRIES {
            if !text.starts_with('\0') {
                break;
            }
            text = fs::read_to_string(&self.path)?;
        }
        Ok(KeyText { text })
    }

    /// Writes keys where none are yet, for nobody else to read.
    ///
    /// # Errors
    /// [`Error::Disk`], also if there are some.
    pub fn begin(&self, text: &KeyText) -> Result<(), Error> {
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path)?;
        file.write_all(text.text.as_bytes())?;
        Ok(file.sync_all()?)
    }

    /// Lets `vault` take what stands in it now.
    ///
    /// # Errors
    /// [`Error::Disk`]; [`Error::Vault`]: then the vault stays as it was.
    pub fn reload(&self, vault: &Vault) -> Result<(), Error> {
        Ok(vault.reload(&self.text()?.text)?)
    }

    /// Takes the keys, for as long as what is given back lives.
    ///
    /// # Errors
    /// [`Error::Disk`], [`Error::Vault`].
    pub fn hold(&self, vault: &Vault) -> Result<Held, Error> {
        for _ in 0..TRIES {
            let stamp = self.stamp()?;
            self.reload(vault)?;
            let generation = vault.generation();
            let lock = self.in_use(generation)?;
            lock.lock_shared()?;
            // Nobody has changed it before we held it.
            if self.stamp()? == stamp {
                return Ok(Held { generation, stamp, _lock: lock });
            }
        }
        Err(Error::Internal("the key file keeps changing"))
    }

    /// Takes the keys anew if they were changed; says whether they were.
    ///
    /// # Errors
    /// [`Error::Disk`], [`Error::Vault`]: then those of before are held on.
    pub fn renew(&self, vault: &Vault, held: &mut Held) -> Result<bool, Error> {
        if self.stamp()? == held.stamp {
            return Ok(false);
        }
        let new = self.hold(vault)?;
        let is_other = new.generation != held.generation;
        *held = new;
        Ok(is_other)
    }

    /// How many processes work with keys of before `generation`.
    pub(super) fn behind(&self, generation: u64) -> Result<usize> {
        let mut behind = 0;
        for (path, of) in self.beside(IN_USE)? {
            let is_before = of.parse::<u64>().is_ok_and(|of| of < generation);
            if !is_before {
                continue;
            }
            let lock = match File::open(&path) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                other => other?,
            };
            match lock.try_lock() {
                // Nobody takes that one any more.
                Ok(()) => fs::remove_file(&path).or_else(gone)?,
                Err(TryLockError::WouldBlock) => behind += 1,
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Ok(behind)
    }

    /// Lets nobody else change the keys until what is given back is dropped.
    ///
    /// # Errors
    /// [`KeysError::Busy`].
    pub(super) fn lock(&self) -> Result<File> {
        let lock = lock_file(&self.dir().join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(KeysError::Busy),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        secret_file::clear_parts(&self.path)?;
        Ok(lock)
    }

    /// Puts another text in the place of the one that is there, which is overwritten; it keeps its owner.
    pub(super) fn put(&self, text: &KeyText) -> Result<()> {
        Ok(secret_file::replace(&self.path, &text.text)?)
    }

    fn in_use(&self, generation: u64) -> io::Result<File> {
        lock_file(&self.dir().join(format!("{IN_USE}{generation}")))
    }

    fn stamp(&self) -> io::Result<Stamp> {
        let of = |file: Metadata| (file.ino(), file.mtime(), file.mtime_nsec(), file.size());
        fs::metadata(&self.path).map(of)
    }

    fn dir(&self) -> &Path {
        secret_file::dir(&self.path)
    }

    /// Files beside ours whose name begins so, each with the rest of it.
    fn beside(&self, begin: &str) -> io::Result<Vec<(PathBuf, String)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.dir())? {
            let entry = entry?;
            if let Some(rest) = entry.file_name().to_string_lossy().strip_prefix(begin) {
                found.push((entry.path(), rest.to_owned()));
            }
        }
        Ok(found)
    }
}

fn gone(error: io::Error) -> io::Result<()> {
    if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use vault::Suite;

    use super::*;

    fn random(seed: u8) -> impl FnMut(&mut [u8]) {
        move |bytes| bytes.fill(seed)
    }

    fn begun(dir: &Path) -> (KeyFile, Vault) {
        let file = KeyFile::at(&dir.join("keys.toml"));
        let (text, vault) = Vault::create(Suite::Intl, "2026-01-01", &mut random(1)).unwrap();
        file.begin(&text).unwrap();
        assert!(file.begin(&text).is_err(), "never over what is there");
        (file, vault)
    }

    #[test]
    fn it_is_seen_who_works_with_the_keys_of_before() {
        let dir = tempfile::tempdir().unwrap();
        let (file, vault) = begun(dir.path());
        let mut held = file.hold(&vault).unwrap();
        assert!(!file.renew(&vault, &mut held).unwrap());
        let text = file.text().unwrap();
        let next = text.with_next_key(Suite::Intl, "2026-02-01", &mut random(2)).unwrap();
        file.put(&next).unwrap();
        let generation = next.generation().unwrap();
        assert_eq!(file.behind(generation).unwrap(), 1);
        assert!(file.renew(&vault, &mut held).unwrap());
        assert_eq!(file.behind(generation).unwrap(), 0);
        assert_eq!(vault.keys().len(), 2);
        // What cannot be used is not taken, and what was held is held on.
        std::fs::write(dir.path().join("keys.toml"), "half").unwrap();
        assert!(file.renew(&vault, &mut held).is_err());
        assert_eq!(vault.keys().len(), 2);
        assert_eq!(file.behind(generation + 1).unwrap(), 1);
        drop(held);
        assert_eq!(file.behind(generation + 1).unwrap(), 0);
    }

    #[test]
    fn one_changes_the_keys_at_a_time_and_nothing_of_those_before_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let (file, _) = begun(dir.path());
        std::fs::write(dir.path().join("keys.toml.77.part"), "material").unwrap();
        std::fs::hard_link(dir.path().join("keys.toml"), dir.path().join("old")).unwrap();
        let lock = file.lock().unwrap();
        assert!(!dir.path().join("keys.toml.77.part").exists());
        assert!(matches!(file.lock(), Err(KeysError::Busy)));
        drop(lock);
        let text = file.text().unwrap();
        let next = text.with_next_key(Suite::Intl, "2026-02-01", &mut random(2)).unwrap();
        file.put(&next).unwrap();
        assert_eq!(file.text().unwrap().text, next.text);
        let left = std::fs::read(dir.path().join("old")).unwrap();
        assert!(left.len() == text.text.len() && left.iter().all(|byte| *byte == 0));
        let mode = std::fs::metadata(dir.path().join("keys.toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
