//! 窗口代办: what the office does at the counter for a person who is there with his document and signs.

mod find;
mod object;
mod visit;

pub use find::{Archived, Visit, Visitor, find, record};
pub(crate) use find::{may, whom};
pub use object::object;
pub use visit::token;
