//! What the office does 用例: one file a verb, one transaction each. Read aloud, it is the office manual.
//!
//! Every use case asks [`Cx::permit`] on behalf of an [`Actor`]; none can be called without one. Facts
//! leave only as [`Disclosed`], which exists only after its look is durable in the log (I6).

pub mod access_log;
pub mod account;
pub mod batch;
pub mod check;
pub mod correction;
mod cx;
mod error;
mod files;
mod gather;
pub mod jobs;
pub mod log;
pub mod my;
pub mod notice;
pub mod objection;
pub mod office;
pub mod paper;
mod receivers;
pub mod record;
mod seal;
pub mod statement;
pub mod wording;

pub use access_log::{AccessLog, Committer, Disclosed, Position};
pub use cx::{Actor, Clock, Cx, CxParts, Random, china_date};
pub use error::{Error, Mistake, Result};
pub use files::Files;
