//! 信函: notices on paper, for those who have no inbox and those who asked for paper. The office prints,
//! posts, and enters the day of service; every time it opens one, the person sees that it looked.

mod progress;
mod said;
mod see;

pub use progress::{Progress, progress};
pub use said::Said;
pub use see::{Letter, Waiting, open, print, waiting};

pub(crate) use see::to_write;
