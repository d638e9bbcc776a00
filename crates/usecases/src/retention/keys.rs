//! 按月钥匙: the file of the month keys, outside the database and outside its backups.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, chown};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use register::retention::month;
use vault::Vault;

use crate::cx::Random;
use crate::error::{Error, Result};

/// Where the chain of month keys is written down.
#[derive(Clone, Debug)]
pub struct MonthKeys {
    path: PathBuf,
}

impl MonthKeys {
    /// The file at `path`.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        // Where it is a link, the file behind it is replaced, and no copy stays there.
        Self { path: path.canonicalize().unwrap_or_else(|_| path.to_owned()) }
    }

    /// Whether the file is there.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Begins the chain today.
    ///
    /// # Errors
    /// [`Error::Disk`], also if the file is there already; [`Error::Vault`].
    pub fn begin(&self, vault: &Vault, today: Date, random: &dyn Random) -> Result<()> {
        if self.exists() {
            return Err(Error::Disk(io::ErrorKind::AlreadyExists.into()));
        }
        let mut state = zeroize::Zeroizing::new([0; 32]);
        random.fill(state.as_mut());
        self.put(&vault.begin_months(month(today), *state)?)
    }

    /// Gives the vault its month keys.
    ///
    /// # Errors
    /// [`Error::Disk`], [`Error::Vault`].
    pub fn read(&self, vault: &Vault) -> Result<()> {
        Ok(vault.with_months(&fs::read_to_string(&self.path)?)?)
    }

    /// Destroys every key before `first`; `false` if there is none. The file is overwritten first: whoever
    /// is cut off in between has the keys for one more hour.
    pub(super) fn forget_before(&self, vault: &Vault, first: u16) -> Result<bool> {
        let _lock = self.hold()?;
        // Another process may have written since: its file may only lack more than ours.
        self.read(vault)?;
        if vault.first_month()? >= first {
            return Ok(false);
        }
        let text = vault.forget_before(first)?;
        self.put(&text)?;
        vault.with_months(&text)?;
        Ok(true)
    }

    /// Seals the file with the key that seals now, if another one did. The text of before is overwritten, as always: no
    /// key of a month that is over is left under either.
    ///
    /// # Errors
    /// [`Error::Disk`], [`Error::Vault`].
    pub(crate) fn reseal(&self, vault: &Vault) -> Result<bool> {
        if self.sealed_by()? == Some(vault.active()) {
            return Ok(false);
        }
        let _lock = self.hold()?;
        // As it stands now: keys may have been destroyed since we read it.
        self.read(vault)?;
        self.put(&vault.months_anew()?)?;
        Ok(true)
    }

    /// The standing key that sealed the file.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub(crate) fn sealed_by(&self) -> Result<Option<u16>> {
        let text = fs::read_to_string(&self.path)?;
        Ok(hex::decode(text.trim()).ok().and_then(|sealed| Vault::key_of(&sealed)))
    }

    /// Lets no other process write the file until this is dropped: of two states the later one must stay.
    fn hold(&self) -> Result<File> {
        let path = self.path.with_extension("lock");
        let mut options = OpenOptions::new();
        // It is empty: who made it must not matter to whoever comes after.
        let lock = match options.write(true).create(true).truncate(false).mode(0o644).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => File::open(&path),
            other => other,
        }?;
        lock.lock()?;
        self.clear()?;
        Ok(lock)
    }

    /// Destroys what somebody who was killed has left behind: it would bring back keys that are destroyed since.
    fn clear(&self) -> Result<()> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let dir = self.path.parent().filter(|dir| !dir.as_os_str().is_empty());
        for entry in fs::read_dir(dir.unwrap_or_else(|| Path::new(".")))? {
            let entry = entry?;
            let other = entry.file_name().to_string_lossy().into_owned();
            if other.starts_with(&format!("{name}.")) && other.ends_with(".part") {
                let length = usize::try_from(entry.metadata()?.len()).unwrap_or(0);
                let mut file = OpenOptions::new().write(true).open(entry.path())?;
                file.write_all(&vec![0; length])?;
                file.sync_all()?;
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn put(&self, text: &str) -> Result<()> {
        let part = crate::files::part(&self.path);
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        // It keeps its owner: a command of the superuser must not take it from the service.
        if let Ok(theirs) = fs::metadata(&self.path) {
            let ours = file.metadata()?;
            if (ours.uid(), ours.gid()) != (theirs.uid(), theirs.gid()) {
                chown(&part, Some(theirs.uid()), Some(theirs.gid()))?;
            }
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        let old = OpenOptions::new().write(true).open(&self.path);
        fs::rename(&part, &self.path)?;
        self.path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())?;
        // The old text has no name any more; on most disks this is the end of it too.
        if let Ok(mut old) = old {
            old.write_all(&vec![0; text.len()])?;
            old.sync_all()?;
        }
        Ok(())
    }
}
