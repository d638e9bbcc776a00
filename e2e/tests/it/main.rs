//! Journeys, each through a city and a browser of its own.

mod check;
mod keyboard;
mod objection;
mod office;
mod send;
mod visitor;
