//! Notices 告知书: what the person is told, and whether it reached him.
//!
//! ```text
//!   Created ──deliver──▶ Delivered ──read──▶ Read
//!      └──post──▶ Sent ──serve──▲
//! ```
//!
//! A notice is delivered when it lies in the inbox of a person who has opened one, or when a letter with
//! it was served; until then it waits, and an adverse record that rests on it waits too (I3). An e-mail
//! or a short message only says that something waits, and delivers nothing.

use jiff::Timestamp;

use crate::{DeliveryId, IncidentId, InquiryId, NoticeId, PersonId, RecordId};

/// One thing that a person is told.
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its identifier.
    pub id: NoticeId,
    /// Whom it is for.
    pub person: PersonId,
    /// What it is about.
    pub about: About,
    /// The text in the rulebook, for example `record-entered`.
    pub text: String,
    /// How far it has come.
    pub state: NoticeState,
    /// When it was written.
    pub created_at: Timestamp,
    /// What says outside that it waits, or carries it on paper.
    pub delivery: Option<DeliveryId>,
}

crate::hidden!(Notice);

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A record.
    Record(RecordId),
    /// The answer to a question about a look, which need not have shown any record, or none that is left.
    Inquiry(InquiryId),
    /// A look that should not have been, by its position in the log.
    Look(u64),
    /// An incident in which his information was.
    Incident(IncidentId),
}

impl Notice {
    /// The record it is about, if it is about one.
    #[must_use]
    pub const fn record(&self) -> Option<RecordId> {
        match self.about {
            About::Record(record) => Some(record),
            About::Inquiry(_) | About::Look(_) | About::Incident(_) => None,
        }
    }
}

/// How far a notice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeState {
    /// Written, no channel has reached the person yet.
    Created,
    /// A letter with it was posted.
    Sent { at: Timestamp },
    /// In the person's inbox since then, or served on him.
    Delivered { at: Timestamp },
    /// Opened by the person.
    Read { delivered_at: Timestamp, at: Timestamp },
}

impl NoticeState {
    /// Puts the notice into the inbox; once delivered it stays delivered.
    #[must_use]
    pub fn deliver(self, at: Timestamp) -> Self {
        match self {
            Self::Created | Self::Sent { .. } => Self::Delivered { at },
            Self::Delivered { .. } | Self::Read { .. } => self,
        }
    }

    /// A letter with it was posted.
    #[must_use]
    pub fn send(self, at: Timestamp) -> Self {
        match self {
            Self::Created => Self::Sent { at },
            Self::Sent { .. } | Self::Delivered { .. } | Self::Read { .. } => self,
        }
    }

    /// The letter came back: it waits again.
    #[must_use]
    pub fn come_back(self) -> Self {
        match self {
            Self::Sent { .. } => Self::Created,
            Self::Created | Self::Delivered { .. } | Self::Read { .. } => self,
        }
    }

    /// The person opened it; the first time counts.
    #[must_use]
    pub fn read(self, at: Timestamp) -> Self {
        match self {
            Self::Created | Self::Sent { .. } => Self::Read { delivered_at: at, at },
            Self::Delivered { at: delivered_at } => Self::Read { delivered_at, at },
            Self::Read { .. } => self,
        }
    }

    /// When a letter with it was posted, as long as nothing else has reached him.
    #[must_use]
    pub const fn sent_at(self) -> Option<Timestamp> {
        match self {
            Self::Sent { at } => Some(at),
            Self::Created | Self::Delivered { .. } | Self::Read { .. } => None,
        }
    }

    /// When it reached the person.
    #[must_use]
    pub const fn delivered_at(self) -> Option<Timestamp> {
        match self {
            Self::Created | Self::Sent { .. } => None,
            Self::Delivered { at } | Self::Read { delivered_at: at, .. } => Some(at),
        }
    }

    /// When the person opened it.
    #[must_use]
    pub const fn read_at(self) -> Option<Timestamp> {
        match self {
            Self::Read { at, .. } => Some(at),
            Self::Created | Self::Sent { .. } | Self::Delivered { .. } => None,
        }
    }
}
