//! Reports 信用信息报告: what was put on paper, so that whoever holds it can ask whether it still holds.

use jiff::Timestamp;

use crate::{AccountId, PersonId, ReportId};

/// A report that was issued. Its text is with whoever asked for it, and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its identifier.
    pub id: ReportId,
    /// Its number, as printed.
    pub number: String,
    /// Whom it is about.
    pub person: PersonId,
    /// The purpose that it was limited to, by code; `None`: everything that is shown.
    pub purpose: Option<String>,
    /// Keyed hash of the facts that it holds.
    pub fingerprint: [u8; 32],
    /// SHA-256 of the file.
    pub digest: [u8; 32],
    /// When it was issued.
    pub issued_at: Timestamp,
    /// By whom.
    pub issued_by: AccountId,
}

/// What is said to whoever holds a report. It names nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was issued here, and what it says still holds.
    Genuine,
    /// It was issued here; the facts have changed since.
    Superseded,
    /// The code is of a report of ours, but the file is another than was issued.
    Changed,
    /// No report has this code.
    Unknown,
}

impl Verdict {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Superseded => "superseded",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
        }
    }
}

impl Report {
    /// Judges a report by its file, if one was shown, and by the facts as they are now.
    #[must_use]
    pub fn judge(&self, file: Option<[u8; 32]>, now: [u8; 32]) -> Verdict {
        if file.is_some_and(|digest| digest != self.digest) {
            Verdict::Changed
        } else if now == self.fingerprint {
            Verdict::Genuine
        } else {
            Verdict::Superseded
        }
    }
}
