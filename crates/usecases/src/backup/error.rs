//! What keeps a backup from being taken or put back. The operator reads it at the command line.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::error::Error;

/// Why a backup was not taken or not put back.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The actor may not, or the look could not be logged.
    #[error(transparent)]
    Refused(#[from] Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// A file or folder failed.
    #[error("{}: {why}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// Another backup is being taken.
    #[error("another backup of this data folder is being taken: wait until it has ended")]
    Busy,
    /// A program of PostgreSQL is missing.
    #[error(
        "{program} is not there: install the client programs of PostgreSQL, not older than the server \
         (Debian: postgresql-client), or name their folder in `pg_tools`"
    )]
    NoTool {
        /// Which.
        program: String,
    },
    /// A program of PostgreSQL failed.
    #[error("{program} failed: {says}")]
    Tool {
        /// Which.
        program: &'static str,
        /// What it said.
        says: String,
    },
    /// There is no manifest.
    #[error(
        "{}: no manifest.json. This is no backup, or one that was cut off: use another one",
        .0.display()
    )]
    Unfinished(PathBuf),
    /// The manifest cannot be read.
    #[error("{}: manifest.json cannot be read ({why})", .folder.display())]
    Form {
        /// Of which backup.
        folder: PathBuf,
        /// Why.
        why: String,
    },
    /// The manifest was not signed with these keys, or was changed since.
    #[error(
        "{}: the signature of manifest.json does not fit ({why}). It was changed, or made with other keys \
         than these: nothing was put back",
        .folder.display()
    )]
    Signature {
        /// Of which backup.
        folder: PathBuf,
        /// What the vault says.
        why: vault::VaultError,
    },
    /// A part is not what the manifest says.
    #[error("{}: {what}. Use another backup: nothing was put back", .path.display())]
    Part {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The copy holds no head of the log.
    #[error("the copy holds no signed head of the log `{0}`: is this the log's name?")]
    NoHead(String),
    /// A worker ended before its time.
    #[error("internal: {0}")]
    Internal(&'static str),
}

/// Result of taking a backup or putting one back.
pub type Result<T, E = BackupError> = std::result::Result<T, E>;

/// Says which file it was.
pub(super) fn at(path: &Path) -> impl Fn(io::Error) -> BackupError + '_ {
    move |why| BackupError::File { path: path.to_owned(), why }
}
