//! Tests of the web door, one binary.

mod pages;
