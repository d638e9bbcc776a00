//! The last backup, noted in the data folder: whoever runs the register need not see where backups lie.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// In the data folder: what was taken last.
const LAST: &str = "backup.last";

/// The backup that was finished last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// When it was begun.
    pub taken_at: Timestamp,
    /// Entries of the log in it.
    pub entries: u64,
}

impl Last {
    /// What the data folder remembers; nothing if it remembers nothing, or cannot be read.
    #[must_use]
    pub fn read(data: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(data.join(LAST)).ok()?).ok()
    }

    /// Remembers it, whole or not at all.
    pub(crate) fn keep(&self, data: &Path) -> io::Result<()> {
        let path = data.join(LAST);
        let part = crate::files::part(&path);
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        serde_json::to_writer(&mut file, self)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&part, &path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newer_takes_the_place_of_the_older_and_what_is_damaged_is_none() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Last::read(dir.path()), None);
        for entries in [7, 8] {
            let last = Last { taken_at: "2026-11-23T04:00:00Z".parse().unwrap(), entries };
            last.keep(dir.path()).unwrap();
            assert_eq!(Last::read(dir.path()), Some(last));
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
        fs::write(dir.path().join(LAST), "{").unwrap();
        assert_eq!(Last::read(dir.path()), None);
    }
}
