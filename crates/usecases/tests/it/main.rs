//! The main job, on both engines: a file comes in, a look goes out, both leave their trace.

mod accounts;
mod codes;
mod invariants;
mod jobs;
mod looks;
mod main_job;
mod objection;
mod schema;
