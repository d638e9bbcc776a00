//! My 我的: what a person sees of himself, and who looked.

mod file;
mod looks;
mod notices;
mod objections;

pub use file::FilePage;
pub use looks::{LookPage, LookProof, LookRow, LooksPage, ProofStep};
pub use notices::{NoticePage, NoticeRow, NoticesPage};
pub use objections::{NewObjectionPage, ObjectionPage, ObjectionsPage, StatementPage};
