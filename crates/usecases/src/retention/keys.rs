//! 按月钥匙: the file of the month keys, outside the database and outside its backups.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use register::retention::month;
use vault::Vault;

use crate::cx::Random;
use crate::error::{Error, Result};
use crate::{files, secret_file};

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
        let lock = files::lock_file(&self.path.with_extension("lock"))?;
        lock.lock()?;
        secret_file::clear_parts(&self.path)?;
        Ok(lock)
    }

    fn put(&self, text: &str) -> Result<()> {
        Ok(secret_file::replace(&self.path, text)?)
    }
}
