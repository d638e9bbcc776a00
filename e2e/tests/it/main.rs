//! Journeys, each through a city and a browser of its own.

mod check;
mod counter;
mod honours;
mod identity;
mod incident;
mod keyboard;
mod mandate;
mod objection;
mod office;
mod opening;
mod operator;
mod paper;
mod passkey;
mod remedy;
mod repair;
mod send;
mod supervision;
mod visitor;
mod whole_number;
