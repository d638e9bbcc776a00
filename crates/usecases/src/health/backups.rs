//! The last backup: what lies where the configuration says, or else what the data folder remembers.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use vault::Vault;

use super::{Finding, Place};
use crate::backup::{BackupError, Last, MANIFEST, Manifest, Signed};

/// How old the last backup is. With a `vault` its manifest is verified too.
#[must_use]
pub fn backups(place: &Place, vault: Option<&Vault>, now: Timestamp) -> Vec<Finding> {
    if place.backups.as_os_str().is_empty() {
        return vec![noted(&place.data, now)];
    }
    let folders = match folders(&place.backups) {
        Ok(folders) => folders,
        Err(why) => {
            return vec![Finding::NoBackups {
                says: format!("{}: {why}", place.backups.display()),
            }];
        }
    };
    let count = folders.iter().filter(|folder| !folder.join(MANIFEST).exists()).count();
    let mut found = Vec::new();
    if count > 0 {
        found.push(Finding::CutOff { count });
    }
    found.push(newest(&folders, vault, now));
    found
}

/// What the data folder remembers.
fn noted(data: &Path, now: Timestamp) -> Finding {
    Last::read(data).map_or(Finding::NoBackup, |last| taken(last.taken_at, now))
}

/// Folders of backups, the latest first: their names begin with the moment.
fn folders(into: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(into)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if path.is_dir() && name.is_some_and(|name| is_moment(&name)) {
            folders.push(path);
        }
    }
    folders.sort_unstable_by(|a, b| b.cmp(a));
    Ok(folders)
}

fn is_moment(name: &str) -> bool {
    name.split_once('Z').is_some_and(|(moment, rest)| {
        moment.len() == 15 && moment.starts_with("20") && rest.starts_with(['-', '.'])
    })
}

fn newest(folders: &[PathBuf], vault: Option<&Vault>, now: Timestamp) -> Finding {
    for folder in folders {
        let found = Signed::read(folder).and_then(|signed| match vault {
            Some(vault) => signed.verified(folder, vault),
            None => Ok(signed.manifest),
        });
        match found {
            Ok(manifest) => {
                return match cut_off(folder, &manifest) {
                    Some(says) => Finding::BadBackup { says },
                    None => taken(manifest.taken_at, now),
                };
            }
            Err(BackupError::Unfinished(_)) => {}
            Err(why) => return Finding::BadBackup { says: why.to_string() },
        }
    }
    Finding::NoBackup
}

/// The first part that is not there as large as the manifest says: a copy of a backup may be cut off.
fn cut_off(folder: &Path, manifest: &Manifest) -> Option<String> {
    let is_whole = |name: &str, size| {
        fs::metadata(folder.join(name)).is_ok_and(|file| file.is_file() && file.len() == size)
    };
    let part = manifest.parts.iter().find(|part| !is_whole(&part.name, part.size))?;
    Some(format!("{}: missing, or not as large as it was", folder.join(&part.name).display()))
}

fn taken(taken_at: Timestamp, now: Timestamp) -> Finding {
    Finding::Backup { taken_at, hours: now.duration_since(taken_at).as_hours() }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_backup_that_was_missed_is_said() {
        let last = at("2026-11-23T02:00:00Z");
        assert_eq!(taken(last, at("2026-11-24T03:59:59Z")).state(), State::Good);
        assert_eq!(taken(last, at("2026-11-24T04:00:00Z")).state(), State::Watch);
    }

    #[test]
    fn folders_of_backups_are_known_by_their_names() {
        assert!(is_moment("20261123T040000Z-7") && is_moment("20261123T040000Z.unfinished"));
        assert!(
            !is_moment("lost+found") && !is_moment("2026Z-7") && !is_moment("20261123T040000Z")
        );
    }

    #[test]
    fn a_folder_without_a_manifest_is_no_backup() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("20261123T040000Z-7")).unwrap();
        let mut place = Place { backups: dir.path().to_owned(), ..Place::default() };
        let found = backups(&place, None, at("2026-11-23T05:00:00Z"));
        assert_eq!(found, [Finding::CutOff { count: 1 }, Finding::NoBackup]);
        place.backups = dir.path().join("nowhere");
        let found = backups(&place, None, at("2026-11-23T05:00:00Z"));
        assert!(matches!(found.as_slice(), [Finding::NoBackups { .. }]), "{found:?}");
    }

    #[test]
    fn where_no_folder_is_set_up_the_data_folder_remembers() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place { data: dir.path().to_owned(), ..Place::default() };
        let now = at("2026-11-23T05:00:00Z");
        assert_eq!(backups(&place, None, now), [Finding::NoBackup]);
        let taken_at = at("2026-11-23T02:00:00Z");
        Last { taken_at, entries: 7 }.keep(dir.path()).unwrap();
        assert_eq!(backups(&place, None, now), [Finding::Backup { taken_at, hours: 3 }]);
    }
}
