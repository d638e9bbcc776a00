//! Events 变动: what happened to a record, one after the other. Facts are never changed in place.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::{AccountId, EventId, RecordId};

/// One step in the life of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its identifier; later events have greater ones.
    pub id: EventId,
    /// The record.
    pub record: RecordId,
    /// What happened.
    pub kind: EventKind,
    /// What belongs to it and only keys can open: corrected content, the person's words.
    pub sealed: Option<Vec<u8>>,
    /// Who decided on it; `None` where the step follows from another (a row of a batch, a notice).
    pub by: Option<AccountId>,
    /// When it was recorded.
    pub at: Timestamp,
}

/// On whose account a record is marked or kept from use. What one has done, another cannot end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The person's objection.
    Objection,
    /// A challenge of the decision that its body lets lie.
    Challenge,
    /// A note of the office.
    Office,
}

/// What can happen to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// It entered; `told_on` is the day on which the agency served its repair notice, if it did.
    Entered { told_on: Option<Date> },
    /// Our own notice reached the person.
    Told { on: Date },
    /// The person says that it is wrong.
    Contested { by: Cause },
    /// That has ended.
    ContestEnded { by: Cause },
    /// The person challenges the decision before the body that reviews it, or a court.
    Challenged,
    /// That has ended.
    ChallengeEnded,
    /// The decision was revoked or changed, or found unlawful.
    Annulled { on: Date },
    /// Nobody may see or use it until this is lifted.
    Suspended { by: Cause },
    /// The suspension is lifted.
    Resumed { by: Cause },
    /// The deciding body revoked it, or took it back.
    Withdrawn { on: Date },
    /// It was wrong and is set right or completed; what it says now is sealed beside this step.
    Corrected,
    /// It was wrong and may not come back (I17).
    Deleted { on: Date },
    /// It was repaired: mended, and no longer shown, shared or used.
    Repaired { on: Date },
    /// The repair was revoked after the person was heard: the record waits until he is told.
    RepairRevoked,
    /// The person put a statement beside it, in place of any before.
    Stated,
    /// The person took the statement back.
    StatementRemoved,
    /// It could not be confirmed: the words of the objection stay beside it.
    Noted,
    /// The person allows it to be shown, until the end of that day.
    Allowed { until: Date },
    /// He took his consent to this kind back: it is gone, until he allows it anew.
    ConsentEnded { on: Date },
    /// He removed this one of those that he allows: it is gone for good.
    Removed { on: Date },
    /// The person has died: nobody is shown it any more, relatives may ask for it at the counter.
    OwnerDied { on: Date },
    /// He lives: what said that he had died was wrong.
    OwnerLives,
}

impl EventKind {
    /// Name in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Entered { .. } => "entered",
            Self::Told { .. } => "told",
            Self::Contested { by: Cause::Office } => "contested-office",
            Self::Contested { .. } => "contested",
            Self::ContestEnded { by: Cause::Office } => "contest-ended-office",
            Self::ContestEnded { .. } => "contest-ended",
            Self::Challenged => "challenged",
            Self::ChallengeEnded => "challenge-ended",
            Self::Annulled { .. } => "annulled",
            Self::Suspended { by: Cause::Objection } => "suspended",
            Self::Suspended { by: Cause::Challenge } => "suspended-challenge",
            Self::Suspended { by: Cause::Office } => "suspended-office",
            Self::Resumed { by: Cause::Objection } => "resumed",
            Self::Resumed { by: Cause::Challenge } => "resumed-challenge",
            Self::Resumed { by: Cause::Office } => "resumed-office",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Corrected => "corrected",
            Self::Deleted { .. } => "deleted",
            Self::Repaired { .. } => "repaired",
            Self::RepairRevoked => "repair-revoked",
            Self::Stated => "stated",
            Self::StatementRemoved => "statement-removed",
            Self::Noted => "noted",
            Self::Allowed { .. } => "allowed",
            Self::ConsentEnded { .. } => "consent-ended",
            Self::Removed { .. } => "removed",
            Self::OwnerDied { .. } => "owner-died",
            Self::OwnerLives => "owner-lives",
        }
    }

    /// The day that the event carries.
    #[must_use]
    pub const fn day(self) -> Option<Date> {
        match self {
            Self::Entered { told_on } => told_on,
            Self::Told { on }
            | Self::Withdrawn { on }
            | Self::Deleted { on }
            | Self::Annulled { on }
            | Self::Repaired { on }
            | Self::ConsentEnded { on }
            | Self::Removed { on }
            | Self::OwnerDied { on } => Some(on),
            Self::Allowed { until } => Some(until),
            Self::Contested { .. }
            | Self::ContestEnded { .. }
            | Self::Challenged
            | Self::ChallengeEnded
            | Self::Suspended { .. }
            | Self::Resumed { .. }
            | Self::Corrected
            | Self::RepairRevoked
            | Self::Stated
            | Self::StatementRemoved
            | Self::Noted
            | Self::OwnerLives => None,
        }
    }

    /// Reads back what was stored; `None` where a code and a day cannot belong together.
    #[must_use]
    pub fn stored(code: &str, day: Option<Date>) -> Option<Self> {
        Some(match (code, day) {
            ("entered", told_on) => Self::Entered { told_on },
            ("told", Some(on)) => Self::Told { on },
            ("contested", None) => Self::Contested { by: Cause::Objection },
            ("contested-office", None) => Self::Contested { by: Cause::Office },
            ("contest-ended", None) => Self::ContestEnded { by: Cause::Objection },
            ("contest-ended-office", None) => Self::ContestEnded { by: Cause::Office },
            ("challenged", None) => Self::Challenged,
            ("challenge-ended", None) => Self::ChallengeEnded,
            ("annulled", Some(on)) => Self::Annulled { on },
            ("suspended", None) => Self::Suspended { by: Cause::Objection },
            ("suspended-challenge", None) => Self::Suspended { by: Cause::Challenge },
            ("suspended-office", None) => Self::Suspended { by: Cause::Office },
            ("resumed", None) => Self::Resumed { by: Cause::Objection },
            ("resumed-challenge", None) => Self::Resumed { by: Cause::Challenge },
            ("resumed-office", None) => Self::Resumed { by: Cause::Office },
            ("withdrawn", Some(on)) => Self::Withdrawn { on },
            ("corrected", None) => Self::Corrected,
            ("deleted", Some(on)) => Self::Deleted { on },
            ("repaired", Some(on)) => Self::Repaired { on },
            ("repair-revoked", None) => Self::RepairRevoked,
            ("stated", None) => Self::Stated,
            ("statement-removed", None) => Self::StatementRemoved,
            ("noted", None) => Self::Noted,
            ("allowed", Some(until)) => Self::Allowed { until },
            ("consent-ended", Some(on)) => Self::ConsentEnded { on },
            ("removed", Some(on)) => Self::Removed { on },
            ("owner-died", Some(on)) => Self::OwnerDied { on },
            ("owner-lives", None) => Self::OwnerLives,
            _ => return None,
        })
    }
}
