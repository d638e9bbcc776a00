//! 异议: the person objects, the body answers, silence decides, and whoever received the fact is told.

mod answer;
mod extend;
mod open;
mod see;
mod silence;
mod withdraw;

pub use answer::{Answer, answer};
pub use extend::extend;
pub use open::{NewObjection, open};
pub use see::{
    Case, DeskCase, desk, desk_one, desk_paper, mine, office, one_of_mine, paper_of_mine,
};
pub use silence::silence;
pub use withdraw::withdraw;

pub(crate) use answer::permitted;

pub use crate::case::Step;

use register::objection::Objection;

use crate::case::Of;

fn of(objection: &Objection) -> Of {
    Of { person: objection.person, case: objection.id.0, record: objection.record }
}
