//! The web door 网页: portal, my, desk, office and the API.
//!
//! ```text
//!   server (how many, how slow, TLS) ─▶ dress (headers, refusals, counts) ─▶ routes ─▶ session (who) ─▶ site / api
//!                                                                                                        │
//!                                                                                   use cases ◀──────────┘
//! ```
//!
//! A handler checks nothing about rights: the type of its first argument says who may enter, and the
//! use case that it calls asks the policies once more.

mod answer;
mod api;
pub mod assets;
mod attachment;
mod cookies;
mod door;
mod dress;
mod extract;
mod foreign;
mod headers;
mod knock;
mod metrics;
mod net;
mod pace;
pub mod pages;
mod papers;
pub mod print;
mod receive;
mod routes;
mod server;
mod session;
mod site;
mod spans;
mod state;
mod steady;
mod unsent;
mod view;

pub use door::{Door, Rates, Security};
pub use net::{Net, NotNet};
pub use routes::{ROUTES, Route, Under, Who, limit, router};
pub use server::{Certificates, Pem, ReadPem, TlsError, serve};
pub use state::{DemoAccount, WebState};
