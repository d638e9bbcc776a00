//! My 我的: what a person sees of himself, and who looked.

mod cases;
mod challenges;
mod contact;
mod file;
mod honours;
mod inquiry;
mod looks;
mod mandates;
mod notices;
mod objections;
mod repairs;
mod report;

pub use cases::{CasePage, CasesPage, Hearing};
pub use challenges::{ChallengeForm, ChallengePage, NewChallengePage, RemediesPage, Way};
pub use contact::ContactPage;
pub use file::FilePage;
pub use honours::{HonourKind, HonourRow, HonoursPage};
pub use inquiry::NewInquiryPage;
pub use looks::{LookPage, LookProof, LookRow, LooksPage, ProofStep};
pub use mandates::{
    MandateCard, MandateCodePage, MandatesPage, NewMandatePage, RedeemPage, RedeemedPage,
};
pub use notices::{NoticePage, NoticeRow, NoticesPage};
pub use objections::{NewObjectionPage, StatementPage};
pub use repairs::NewRepairPage;
pub use report::ReportPage;
