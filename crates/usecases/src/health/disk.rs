//! Free space beside the data.

use std::fs;

use super::{Finding, Place};

/// How much space is free where the data lie.
#[must_use]
pub fn disk(place: &Place) -> Finding {
    match rustix::fs::statvfs(place.data.as_path()) {
        Ok(disk) => {
            let file = place.database.as_ref().and_then(|file| fs::metadata(file).ok());
            Finding::Disk {
                free: disk.f_bavail.saturating_mul(disk.f_frsize),
                database: file.map_or(0, |file| file.len()),
            }
        }
        Err(why) => Finding::NoDisk { says: why.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_has_no_known_space() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("chengxin.sqlite");
        fs::write(&file, [0; 4_096]).unwrap();
        let mut place =
            Place { data: dir.path().to_owned(), database: Some(file), ..Place::default() };
        let found = disk(&place);
        assert!(matches!(found, Finding::Disk { database: 4_096, .. }), "{found:?}");
        place.data = dir.path().join("nowhere");
        assert!(matches!(disk(&place), Finding::NoDisk { .. }));
    }
}
