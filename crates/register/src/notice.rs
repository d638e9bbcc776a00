//! Notices 告知书: what the person is told, and whether it reached him.
//!
//! ```text
//!   Created ──deliver──▶ Delivered ──read──▶ Read
//! ```
//!
//! In the in-app channel a notice is delivered when it lies in the inbox of a person who has opened
//! one; until then it waits, and an adverse record that rests on it waits too (I3).

use jiff::Timestamp;

use crate::{NoticeId, PersonId, RecordId};

/// One thing that a person is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its identifier.
    pub id: NoticeId,
    /// Whom it is for.
    pub person: PersonId,
    /// The record it is about.
    pub record: RecordId,
    /// The text in the rulebook, for example `record-entered`.
    pub text: String,
    /// How far it has come.
    pub state: NoticeState,
    /// When it was written.
    pub created_at: Timestamp,
}

/// How far a notice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeState {
    /// Written, no channel has reached the person yet.
    Created,
    /// In the person's inbox since then.
    Delivered { at: Timestamp },
    /// Opened by the person.
    Read { delivered_at: Timestamp, at: Timestamp },
}

impl NoticeState {
    /// Puts the notice into the inbox; once delivered it stays delivered.
    #[must_use]
    pub fn deliver(self, at: Timestamp) -> Self {
        match self {
            Self::Created => Self::Delivered { at },
            Self::Delivered { .. } | Self::Read { .. } => self,
        }
    }

    /// The person opened it; the first time counts.
    #[must_use]
    pub fn read(self, at: Timestamp) -> Self {
        match self {
            Self::Created => Self::Read { delivered_at: at, at },
            Self::Delivered { at: delivered_at } => Self::Read { delivered_at, at },
            Self::Read { .. } => self,
        }
    }

    /// When it reached the person.
    #[must_use]
    pub const fn delivered_at(self) -> Option<Timestamp> {
        match self {
            Self::Created => None,
            Self::Delivered { at } | Self::Read { delivered_at: at, .. } => Some(at),
        }
    }

    /// When the person opened it.
    #[must_use]
    pub const fn read_at(self) -> Option<Timestamp> {
        match self {
            Self::Read { at, .. } => Some(at),
            Self::Created | Self::Delivered { .. } => None,
        }
    }
}
