//! 期限和提醒: what everybody has to do by which day, reminders on the way, and calendars to subscribe to.

mod calendar;
mod recount;
mod remind;
mod see;

pub use calendar::{make, remove, since, subscribed};
pub use recount::recount;
pub use remind::remind;
pub use see::{by_number, mine, reminders};
pub use store::duty::Reminder;
