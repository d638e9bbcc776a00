//! The bundled rulebook: it is sound, its answers are those of the law, and the lint finds what is not.

mod answers;
mod calendar;
mod lint;
