//! What leaves the house on paper, read back out of the PDF.

mod bundle;
mod letter;
mod read;
mod report;
mod sample;
mod supervision;
