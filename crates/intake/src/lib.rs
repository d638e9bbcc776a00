//! Intake 收件: bytes that agencies send become typed rows. Knows nothing of records, law or persons.
//!
//! ```text
//!   bytes ──inspect──▶ what it is ──open──▶ raw rows ──layout──▶ typed rows with their problems
//! ```

mod cell;
mod decode;
mod error;
mod gauge;
mod guess;
mod harmless;
mod inspect;
mod json_lines;
pub mod layout;
mod open;
mod package;
mod problem;
mod row;
mod separated;
mod workbook;
mod write;

use jiff::civil::Date;

pub use error::FileError;
pub use harmless::harmless;
pub use inspect::{Encoding, Format, Inspected, inspect};
pub use layout::{Column, Field, HeaderStyle, Kind, Layout};
pub use open::{Input, Limits, ReadSeek, Rows, open};
pub use problem::{CellProblem, ProblemCode};
pub use row::{ReadRow, Row};
pub use write::{TableFormat, TableWriter};

/// A day in any of the ways in which people write one.
#[must_use]
pub fn read_day(text: &str) -> Option<Date> {
    cell::date(&cell::plain(text))
}

/// An amount in yuan as people write it, in fen.
#[must_use]
pub fn read_yuan(text: &str) -> Option<i64> {
    cell::fen(&cell::plain(text), layout::Unit::Yuan)
}
