//! Batches 批次: one file that an agency sent, how far it has come, and what came back.

use jiff::Timestamp;

use crate::{AccountId, BatchId, Uscc};

/// One file on its way into the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its identifier.
    pub id: BatchId,
    /// Who sent it.
    pub agency: Uscc,
    /// By which account.
    pub sent_by: AccountId,
    /// The catalogue item of all its rows.
    pub item: String,
    /// SHA-256 of the file: an unfinished batch of the same file goes on where it stopped.
    pub digest: [u8; 32],
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Headers of columns that the layout does not know: they were not read.
    pub unread: Vec<String>,
    /// How far it has come.
    pub state: BatchState,
    /// What has been counted so far.
    pub counts: Counts,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// How far a batch has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchState {
    /// Waits or is being read.
    Running,
    /// Every row has been decided.
    Done,
    /// The file as a whole could not be read; `code` says why. What had entered before stays.
    Failed { code: String },
}

impl BatchState {
    /// Name in the store and the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed { .. } => "failed",
        }
    }
}

/// Rows counted by what became of them; `read` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows decided so far.
    pub read: u64,
    /// Became a record.
    pub accepted: u64,
    /// Were a record already.
    pub duplicates: u64,
    /// Came back.
    pub rejected: u64,
}

/// One reason for which a row came back. Never holds a personal value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Row number in the file, the header being row 1.
    pub row: u64,
    /// The agency's own column header, or empty for the row as a whole.
    pub column: String,
    /// Stable code.
    pub code: String,
    /// What is wrong.
    pub says: String,
    /// What to do.
    pub next: String,
    /// Whether the row's content must not be kept nor given back (sealed, or about a child).
    pub is_sealed: bool,
}
