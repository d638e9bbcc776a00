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
    /// Whom it is about; the stand-in identifier if nobody here has that document and name.
    pub person: PersonId,
    /// By what it was asked for, if nobody here has that document and name: the register may come to know him.
    pub asked: Option<Asked>,
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

/// A document and a name as they were typed, as keyed hashes.
///
/// That nobody has the document, and that somebody has it under another name, is the same here as in the answer to a
/// check: no code tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Blind index of the document.
    pub blind: [u8; 32],
    /// Keyed hash of the name.
    pub name_mark: [u8; 32],
}

/// What is said to whoever holds a report. It names nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The file is the one that was issued here, and what it says still holds.
    Genuine,
    /// The code is of a report of ours whose facts still hold. Nobody has shown the file: what the paper in hand says
    /// was compared with nothing, and a code can stand on any paper.
    CodeOnly,
    /// The code is of a report of ours; the facts have changed since.
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
            Self::CodeOnly => "code-only",
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
        } else if now != self.fingerprint {
            Verdict::Superseded
        } else if file.is_some() {
            Verdict::Genuine
        } else {
            Verdict::CodeOnly
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whoever_shows_the_file_learns_that_it_is_unchanged() {
        let report = Report {
            id: ReportId(uuid::Uuid::nil()),
            number: "BG20261123-222222".to_owned(),
            person: PersonId(uuid::Uuid::nil()),
            asked: None,
            purpose: None,
            fingerprint: [1; 32],
            digest: [2; 32],
            issued_at: Timestamp::UNIX_EPOCH,
            issued_by: AccountId(uuid::Uuid::nil()),
        };
        for (file, now, verdict) in [
            (None, [1; 32], Verdict::CodeOnly),
            (Some([2; 32]), [1; 32], Verdict::Genuine),
            (None, [9; 32], Verdict::Superseded),
            (Some([2; 32]), [9; 32], Verdict::Superseded),
            (Some([9; 32]), [1; 32], Verdict::Changed),
            (Some([9; 32]), [9; 32], Verdict::Changed),
        ] {
            assert_eq!(report.judge(file, now), verdict, "{file:?} {now:?}");
        }
    }
}
