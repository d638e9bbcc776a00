//! The web door 网页: portal, my, desk, office and the API.
//!
//! ```text
//!   request ─▶ dress (headers, words for refusals, counts) ─▶ routes ─▶ session (who) ─▶ site / api
//!                                                                                          │
//!                                                                     use cases ◀──────────┘
//! ```
//!
//! A handler checks nothing about rights: the type of its first argument says who may enter, and the
//! use case that it calls asks the policies once more.

mod answer;
mod api;
pub mod assets;
mod cookies;
mod dress;
mod extract;
mod knock;
mod metrics;
pub mod pages;
mod papers;
pub mod print;
mod receive;
mod routes;
mod server;
mod session;
mod site;
mod state;
mod throttle;
mod unsent;
mod view;

pub use routes::{ROUTES, Route, Who, router};
pub use server::serve;
pub use state::{DemoAccount, WebState};
