//! 查询疑问: the person asks why somebody looked at him; the body that looked has to say.

mod answer;
mod ask;
mod see;

pub use answer::answer;
pub use ask::ask;
pub use see::{Case, DeskCase, about_look, desk, desk_one, mine, mistaken, office, one_of_mine};

use register::inquiry::Inquiry;
use register::{RecordId, Uscc};
use rulebook::Rules;

use crate::case::Of;
use crate::error::{Error, Result};

/// Its steps belong to no record.
pub(crate) fn of(inquiry: &Inquiry) -> Of {
    Of { person: inquiry.person, case: inquiry.id.0, record: RecordId(uuid::Uuid::nil()) }
}

/// The office itself: it explains the looks that no other body made.
pub(crate) fn credit_office(rules: &Rules) -> Result<Uscc> {
    let office = rules.agencies().iter().find(|agency| agency.kind == OFFICE);
    let code = office.and_then(|office| Uscc::parse(&office.uscc).ok());
    code.ok_or(Error::Internal("the rulebook has no credit office"))
}

/// Kind of body that the office is.
pub(crate) const OFFICE: &str = "credit-office";
