//! Rulebook 规则库: the law as data, read, linted, and asked dated questions.
//!
//! Numbers stand in `rulebook/*.toml`, each beside its citation; the shape of the answers stands here.
//! Pure but for reading the folder: no clock, no persons.

mod basis;
mod calendar;
mod deadline;
mod explain;
mod files;
mod lint;
mod model;
mod penalty;
mod rules;

pub use basis::{Basis, Status};
pub use calendar::{Calendar, DayOff};
pub use deadline::{Deadline, Due, Unit};
pub use explain::{Explanation, PeriodAnswer, PurposeAnswer};
pub use files::Finding;
pub use lint::{FIELDS, check};
pub use model::{
    Agency, Assessment, ClassRule, ForbiddenField, Incentive, Item, Limit, List, Measure,
    NoticeText, Purpose, Remedy, Sealed, Unconfirmed,
};
pub use penalty::{PenaltyKind, Procedure, Severity, UnknownKind};
pub use rules::{Adulthood, Display, ItemRefusal, Rules, SeverityAnswer};
