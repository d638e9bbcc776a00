//! 启封: two people open for a while what is sealed; relatives of a person who has died see or erase it so.

mod ask;
mod decide;
mod see;

pub use ask::{NewOpening, ask};
pub use decide::decide;
pub use see::{OpeningFile, list, one, paper};

use serde::{Deserialize, Serialize};
use store::Tx;
use vault::Place;

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// What is said when asking; sealed in the store.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// Why, with the number of the matter.
    pub words: String,
    /// Number of the visit or matter.
    pub matter: String,
    /// Who the relative is.
    pub relative: Option<Relative>,
}

register::hidden!(Detail);

/// A close relative who asks.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relative {
    /// His name.
    pub name: String,
    /// Number of his document.
    pub number: String,
    /// What he is to the person, by code.
    pub relation: String,
}

register::hidden!(Relative);

fn detail_place(id: &register::OpeningId) -> Place<'_> {
    Place { table: "opening", column: "detail", row: id.0.as_bytes() }
}

fn reasons_place(id: &register::OpeningId) -> Place<'_> {
    Place { table: "opening", column: "reasons", row: id.0.as_bytes() }
}

/// Refuses who is not another human being than the first of two people (I12).
pub(crate) async fn expect_second(
    tx: &Tx,
    first: register::AccountId,
    second: &Actor,
) -> Result<()> {
    let account = store::account::by_id(tx, first).await?;
    let first = (first, account.and_then(|account| account.person));
    Ok(register::opening::second_of_two(first, (second.account, second.person))?)
}

/// The day by which what was said about an opening is gone, as the keys have it.
fn kept_until(cx: &Cx) -> Result<jiff::civil::Date> {
    use jiff::ToSpan;
    let years = i32::try_from(cx.rules.limit("query_log_years")).unwrap_or(0);
    let until = cx.today().checked_add(years.years().months(1));
    until.map_err(|_| Error::Internal("the clock"))
}
