//! Desk 工作台: what an agency does: sends files, checks a person for a matter.

mod batch;
mod check;
mod objections;
mod send;
mod today;

pub use batch::{BatchPage, BatchPart, BatchView, FileError, RejectionRow, Returned};
pub use check::{Asked, CheckFact, CheckForm, CheckPage, CheckResultPage, PurposeHint};
pub use objections::{CorrectionRow, CorrectionsPage, DeskObjectionPage, FieldInput};
pub use send::{ColumnRow, SampleFile, SendPage};
pub use today::{BatchRow, DueRow, TodayPage};
