//! 去世登记: one officer notes it from a document, the lead confirms it; both can be wrong, so it can be ended.

mod confirm;
mod note;
mod see;

pub use confirm::{confirm, end};
pub use note::{NewDeath, note};
pub use see::{DeathFile, list, one, paper};

use vault::Place;

fn detail_place(id: &register::DeathId) -> Place<'_> {
    Place { table: "death", column: "detail", row: id.0.as_bytes() }
}
