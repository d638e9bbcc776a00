//! What leaves the house, carried to real servers on this machine.

mod folder;
mod http;
mod mail;
mod round;
