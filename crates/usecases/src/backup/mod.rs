//! Backups 备份: everything that is kept, sealed, as it stood at one moment; and putting it back.
//!
//! ```text
//!   look logged ──▶ copy at one moment ──sealed──▶ db.sealed ┐
//!   files/ (sealed already) ─────────────────────▶ files/…   ├──▶ manifest.json, signed, written last
//!   head of the log, read from the copy ─────────▶ log.head  ┘
//! ```
//!
//! The keys are not in it (ADR 0016): a copy alone opens nothing, and what was to be gone stays gone.

mod error;
mod folder;
mod last;
mod manifest;
mod measure;
mod put_back;
mod take;
mod tool;

pub use error::{BackupError, Result};
pub use last::Last;
pub use manifest::{KeyName, LogHead, Manifest, Part, Signed};
pub use put_back::{Backup, Target, end_sign_ins, note_restored};
pub use take::{Order, Taken, take};

/// Written last: a folder without it is no backup.
pub const MANIFEST: &str = "manifest.json";

/// The database, sealed.
const DATABASE: &str = "db.sealed";

/// The head of the log that is inside the copy, as the witness file has it.
const HEAD: &str = "log.head";

/// The folder of files that were sealed already.
const FILES: &str = "files";
