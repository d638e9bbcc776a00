//! Journeys, each through a city and a browser of its own.

mod check;
mod counter;
mod honours;
mod keyboard;
mod mandate;
mod objection;
mod office;
mod opening;
mod paper;
mod remedy;
mod repair;
mod send;
mod visitor;
