//! The log's mathematics against published vectors and an independent implementation.

mod independent;
mod vectors;
