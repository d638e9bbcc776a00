//! 信用修复: the person asks, whoever determined the fact decides, and everything ends together.

mod ask;
mod decide;
mod see;

pub use ask::{NewRepair, ask, hear, withdraw};
pub use decide::decide;
pub use see::{
    Case, DeskCase, desk, desk_one, desk_paper, hearing_ends, mine, office, one_of_mine,
    paper_of_mine,
};

pub(crate) use decide::permitted;

use register::repair::Repair;

use crate::case::Of;

fn of(repair: &Repair) -> Of {
    Of { person: repair.person, case: repair.id.0, record: repair.record }
}
