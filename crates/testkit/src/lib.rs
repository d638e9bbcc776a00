//! A small city on both engines, a clock, builders of lawful and unlawful things
