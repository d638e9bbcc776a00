//! Corrections 更正通知: whoever received a fact that changed is told, and has to acknowledge (I13).
//!
//! ```text
//!   change ──▶ one correction to each receiver ──▶ acknowledged
//!                     │ not within the days of the rulebook: reminded, then shown to the office
//! ```

use jiff::Timestamp;
use jiff::civil::Date;

use crate::codes::codes;
use crate::{AccountId, CorrectionId, EventId, PersonId, RecordId, Uscc};

codes! {
    /// What became of a fact that somebody had received.
    pub enum Change {
        /// It was wrong and has been set right.
        Corrected = "corrected", "已更正";
        /// It was wrong and has been deleted.
        Deleted = "deleted", "已删除";
        /// Its document was revoked, or the body took it back.
        Withdrawn = "withdrawn", "已撤下";
        /// The decision behind it was revoked or changed, or found unlawful.
        Annulled = "annulled", "原决定已被撤销、变更或者确认违法";
        /// It was repaired: no longer shown, shared or used.
        Repaired = "repaired", "已修复";
        /// Kept from use while it is looked into, or its body has not done what it must.
        Suspended = "suspended", "暂停使用";
        /// No longer kept from use, and still shown: whoever wants to use it looks again first.
        Resumed = "resumed", "恢复使用";
        /// The person no longer allows it to be kept.
        ConsentEnded = "consent-ended", "本人已经撤回同意";
    }
}

/// One message to one receiver about one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its identifier.
    pub id: CorrectionId,
    /// Whose fact.
    pub person: PersonId,
    /// Which.
    pub record: RecordId,
    /// The step that changed it: one correction for each receiver and step.
    pub event: EventId,
    /// Who received the fact.
    pub receiver: Uscc,
    /// What became of it.
    pub change: Change,
    /// Position in the log of the receiver's last look that gave it out.
    pub look: u64,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// The last day to acknowledge.
    pub due: Date,
    /// When the receiver was reminded.
    pub reminded_at: Option<Timestamp>,
    /// When the receiver acknowledged.
    pub acknowledged_at: Option<Timestamp>,
    /// Who did.
    pub acknowledged_by: Option<AccountId>,
    /// Whether nobody did: something newer about the same record followed, and this counts no more.
    pub is_overtaken: bool,
}
