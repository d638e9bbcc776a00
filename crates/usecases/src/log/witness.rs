//! 外存总指纹: the last head, remembered in a file beside the database (I7).
//!
//! A log that was cut off at its end, or an older database that was put back, is sound in itself: only
//! what was remembered outside tells. So the committer compares before it writes, and stops where the
//! log holds less than was remembered.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use ledger::Hash;
use store::Store;

use super::proof::root_over;
use crate::error::{Error, Result};

/// What was remembered of the log outside the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    pub(super) size: u64,
    pub(super) root: String,
}

impl Witness {
    /// What the file at `path` remembers; nothing if there is none.
    ///
    /// # Errors
    /// If it cannot be read, or is damaged.
    pub fn read(path: &Path) -> std::io::Result<Option<Self>> {
        match fs::read_to_string(path) {
            Ok(line) => Self::parse(&line).map(Some).ok_or_else(|| {
                let says = format!("{} is damaged: it should be `log size root`", path.display());
                std::io::Error::new(ErrorKind::InvalidData, says)
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What stands in the file.
    pub(crate) fn line(log: &str, size: u64, root: Hash) -> String {
        format!("{log} {size} {}\n", hex::encode(root.0))
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace().skip(1);
        Some(Self { size: words.next()?.parse().ok()?, root: words.next()?.to_owned() })
    }

    /// Remembers a head, durably. One that covers more, left by another process, stays.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn remember(path: &Path, log: &str, size: u64, root: Hash) -> std::io::Result<()> {
        if Self::read(path)?.is_some_and(|seen| seen.size >= size) {
            return Ok(());
        }
        // A server and a command beside it each write their own part.
        let part = path.with_extension(format!("{}.part", std::process::id()));
        let mut file = File::create(&part)?;
        file.write_all(Self::line(log, size, root).as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, path)
    }

    /// Whether a log of `stands` leaves begins with what was remembered.
    ///
    /// # Errors
    /// [`Error::LogCut`], [`Error::LogChanged`].
    pub(crate) async fn compare(
        &self,
        store: &Store,
        kind: ledger::HashKind,
        log: &str,
        stands: u64,
    ) -> Result<()> {
        if self.size > stands {
            return Err(Error::LogCut { remembered: self.size, stands });
        }
        let root = root_over(store, kind, log, self.size).await;
        match root {
            Ok(root) if hex::encode(root.0) == self.root => Ok(()),
            Ok(_) | Err(Error::NotFound) => Err(Error::LogChanged { remembered: self.size }),
            Err(error) => Err(error),
        }
    }
}
