//! 复议和诉讼: the person enters that he challenges a decision; its record is marked, and goes when the
//! decision goes.

mod enter;
mod hand_in;
mod see;
mod settle;
mod silence;

pub use enter::{NewChallenge, enter, report, withdraw};
pub use hand_in::hand_in;
pub use see::{
    Case, DeskCase, desk, desk_bundle, desk_one, desk_paper, mine, office, one_of_mine,
    paper_of_mine,
};
pub use settle::settle;
pub use silence::silence;

pub(crate) use settle::permitted;

use register::challenge::Challenge;

use crate::case::Of;

fn of(challenge: &Challenge) -> Of {
    Of { person: challenge.person, case: challenge.id.0, record: challenge.record }
}
