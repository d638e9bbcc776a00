//! Keeps and finds 存取: `register` types in and out, on SQLite and PostgreSQL with one set of SQL.
//!
//! Free functions, the connection or transaction first, the scope in the name, a limit wherever a
//! list could be long. Personal values arrive here sealed; this crate has no key.

pub mod access_entry;
pub mod account;
pub mod account_event;
pub mod account_request;
pub mod backup;
pub mod batch;
mod bulk;
pub mod case;
pub mod challenge;
pub mod client;
pub mod consent;
pub mod contact;
pub mod convert;
pub mod correction;
mod db;
pub mod death;
pub mod delivery;
pub mod directory;
pub mod duty;
pub mod enrolment;
mod error;
pub mod health;
pub mod identity;
pub mod impact;
pub mod incident;
pub mod inquiry;
pub mod mandate;
mod migration;
pub mod notice;
pub mod objection;
pub mod opening;
pub mod passkey;
pub mod person;
pub mod record;
pub mod repair;
pub mod report;
pub mod retention;
pub mod sealed;
pub mod second_factor;
pub mod session;
pub mod supervision;
pub mod tries;

pub use db::{Db, Engine, Store, Tx};
pub use error::{Result, StoreError};
