//! The facts and the cases of the register 登记簿: types, transitions, decisions.
//!
//! Pure: no input or output, no clock, no randomness. Dates, identifiers and the rulebook are passed
//! in, so every rule can be tested on any day of the law.

pub mod account;
pub mod admission;
pub mod batch;
pub mod challenge;
mod citation;
pub mod client;
mod codes;
pub mod consent;
pub mod contact;
pub mod correction;
mod day;
pub mod death;
pub mod delivery;
pub mod disclosure;
pub mod document;
pub mod doubt;
pub mod duty;
pub mod event;
pub mod field;
pub mod id;
pub mod identity;
pub mod impact;
pub mod incident;
pub mod inquiry;
pub mod mandate;
pub mod mask;
pub mod name;
pub mod notice;
pub mod objection;
pub mod opening;
pub mod paper;
pub mod passkey;
pub mod record;
pub mod redacted;
pub mod repair;
pub mod report;
pub mod retention;
pub mod sign_in;
pub mod statement;
pub mod supervision;
pub mod tries;
pub mod uscc;

pub use account::{Account, Role};
pub use admission::{Admitted, Candidate, Refusal, RefusalReason};
pub use day::china_date;
pub use document::Document;
pub use event::{Event, EventKind};
pub use field::{Content, Field, Value};
pub use id::{
    AccountId, AssessmentId, BatchId, ChallengeId, ConsentId, ContactId, CorrectionId, DeathId,
    DeliveryId, DocumentId, DoubtId, EventId, IncidentId, InquiryId, MandateId, NoticeId,
    ObjectionId, OpeningId, PaperId, PersonId, RecordId, RepairId, ReportId, SessionId,
    SupervisionId,
};
pub use identity::{IdDocument, IdKind};
pub use name::PersonName;
pub use record::{Record, Standing};
pub use redacted::Redacted;
pub use uscc::Uscc;
