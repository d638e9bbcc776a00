//! What the office does 用例: one file a verb, one transaction each. Read aloud, it is the office manual.
//!
//! Every use case asks [`Cx::permit`] on behalf of an [`Actor`]; none can be called without one. Facts
//! leave only as [`Disclosed`], which exists only after its look is durable in the log (I6).

pub mod access_log;
pub mod account;
pub mod any_case;
pub mod backup;
pub mod batch;
mod begin_case;
pub mod case;
pub mod challenge;
pub mod check;
pub mod client;
pub mod consent;
pub mod contact;
pub mod correction;
pub mod counter;
mod cx;
pub mod death;
pub mod delivery;
pub mod duty;
mod error;
pub mod figures;
mod files;
mod gather;
pub mod health;
pub mod impact;
pub mod incident;
pub mod inquiry;
pub mod jobs;
pub mod keys;
pub mod letter;
pub mod log;
pub mod mandate;
pub mod my;
pub mod notice;
pub mod objection;
pub mod office;
pub mod opening;
pub mod paper;
mod receivers;
pub mod record;
pub mod repair;
pub mod report;
pub mod retention;
mod seal;
mod secret_code;
mod secret_file;
pub mod statement;
pub mod supervision;
pub mod whole_number;
pub mod wording;

pub use access::Action;
pub use access_log::{AccessLog, Committer, Disclosed, Position};
pub use cx::{Actor, Clock, Cx, CxParts, Random, Scope};
pub use delivery::Channels;
pub use error::{Error, Mistake, Result};
pub use files::Files;
pub use register::china_date;
