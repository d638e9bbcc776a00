//! The main job, on both engines: a file comes in, a look goes out, both leave their trace.

mod accounts;
mod backup;
mod challenge;
mod codes;
mod consent;
mod counter;
mod duty;
mod histories;
mod inquiry;
mod invariants;
mod jobs;
mod letter;
mod looks;
mod main_job;
mod mandate;
mod objection;
mod opening;
mod repair;
mod report;
mod retention;
mod scenarios;
mod schema;
