//! Batches 报送: an agency's file comes in, good rows become records, the others go back.
//!
//! ```text
//!   send ──▶ process: read ▸ prepare (checks, keys) ▸ enter (one transaction a chunk) ──▶ give back
//! ```
//!
//! A batch that is cut off goes on where its last transaction ended: each chunk carries the count of
//! rows that are decided, in the same transaction as the rows themselves.

mod enter;
mod prepare;
mod process;
mod returned;
mod see;
mod send;

pub use process::{Progress, dry_run, process, resume_all};
pub use returned::{copy, erase_old, returned};
pub use see::{list, rejections, see};
pub use send::{Checked, SOURCE_LIMIT, Source, Upload, begin, check_file, layout_of};
