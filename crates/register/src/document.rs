//! Documents 文书: the decision that fixes a fact. Without one there is no record (I1).

use jiff::civil::Date;

use crate::{DocumentId, PersonId, Uscc};

/// What kind of document fixes the fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// 行政处罚决定书
    PenaltyDecision,
    /// 行政许可决定书
    LicenceDecision,
    /// 表彰决定
    Award,
    /// 志愿服务证明
    ServiceCertificate,
}

impl DocumentKind {
    /// Name in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PenaltyDecision => "penalty-decision",
            Self::LicenceDecision => "licence-decision",
            Self::Award => "award",
            Self::ServiceCertificate => "service-certificate",
        }
    }

    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::PenaltyDecision => "行政处罚决定书",
            Self::LicenceDecision => "行政许可决定书",
            Self::Award => "表彰决定",
            Self::ServiceCertificate => "志愿服务证明",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::PenaltyDecision, Self::LicenceDecision, Self::Award, Self::ServiceCertificate]
            .into_iter()
            .find(|k| k.code() == code)
    }
}

/// A served, effective document about one person.
///
/// # Law
/// 行政处罚法 59, 61 — what a decision states, and that it is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its identifier.
    pub id: DocumentId,
    /// Whom it concerns.
    pub person: PersonId,
    /// What kind it is.
    pub kind: DocumentKind,
    /// The body that decided.
    pub issuer: Uscc,
    /// When it was decided; every display period counts from here.
    pub decided_on: Date,
    /// When it was served, where the agency said so.
    pub served_on: Option<Date>,
    /// When it took effect.
    pub effective_on: Date,
    /// SHA-256 of the row that stated it, as the agency sent it.
    pub digest: [u8; 32],
}
