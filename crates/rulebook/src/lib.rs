//! The law as data: reads and lints it, answers dated questions of it
