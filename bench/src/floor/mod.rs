//! The floor 底线: what the machine and the engine can do at all, without anything that makes it lawful.

pub(crate) mod intake;
pub(crate) mod server;
