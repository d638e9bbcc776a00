//! A visitor 来访者: the product as it is run, a real browser, and what every page must keep.
//! Development only.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a browser test that cannot go on is to fail at once"
)]

mod browser;
mod identity_service;
mod page;
mod process;
mod product;
mod visit;

pub use identity_service::IdentityService;
pub use product::Person;
pub use visit::Visit;
