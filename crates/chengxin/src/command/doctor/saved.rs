//! Backups: how old the last one is, if the configuration says where they lie.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use usecases::backup::{BackupError, MANIFEST, Signed};
use vault::Vault;

use super::Check;
use crate::config::Config;

/// Hours after which a backup of every day is missed.
const HOURS: i64 = 26;

const NAME: &str = "backups";

pub(super) fn look(config: &Config, vault: Option<&Vault>, now: Timestamp) -> Vec<Check> {
    if config.backups.as_os_str().is_empty() {
        return vec![Check::ok(NAME, "not looked at: set `backups` to their folder")];
    }
    let folders = match folders(&config.backups) {
        Ok(folders) => folders,
        Err(why) => {
            let says = format!("{}: {why}", config.backups.display());
            return vec![Check::wrong(NAME, says, "mend the folder, or set `backups`")];
        }
    };
    let mut checks = Vec::new();
    let cut_off = folders.iter().filter(|folder| !folder.join(MANIFEST).exists()).count();
    if cut_off > 0 {
        let says = format!("{cut_off} folders without {MANIFEST}: not finished, or cut off");
        checks.push(Check::warning(NAME, says, "remove those that nobody is writing"));
    }
    checks.push(newest(&folders, vault, now));
    checks
}

/// Folders of backups, the latest first: their names begin with the moment.
fn folders(into: &Path) -> std::io::Result<Vec<PathBuf>> {
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

fn newest(folders: &[PathBuf], vault: Option<&Vault>, now: Timestamp) -> Check {
    for folder in folders {
        let found = Signed::read(folder).and_then(|signed| match vault {
            Some(vault) => signed.verified(folder, vault),
            None => Ok(signed.manifest),
        });
        match found {
            Ok(manifest) => return age(manifest.taken_at, now),
            Err(BackupError::Unfinished(_)) => {}
            Err(why) => {
                let next = "take another one, and find out who changed it";
                return Check::wrong(NAME, why.to_string(), next);
            }
        }
    }
    Check::warning(NAME, "there is none", "`chengxin backup`, each day")
}

fn age(taken_at: Timestamp, now: Timestamp) -> Check {
    let hours = now.duration_since(taken_at).as_hours();
    let says = format!("the last one is {hours} hours old ({taken_at})");
    if hours >= HOURS {
        return Check::warning(NAME, says, "`chengxin backup`, each day: look at its timer");
    }
    Check::ok(NAME, says)
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_backup_that_was_missed_is_said() {
        let taken = "2026-11-23T02:00:00Z".parse().unwrap();
        assert_eq!(age(taken, "2026-11-24T03:59:59Z".parse().unwrap()).state, State::Ok);
        assert_eq!(age(taken, "2026-11-24T04:00:00Z".parse().unwrap()).state, State::Warning);
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
        let config = Config { backups: dir.path().to_owned(), ..Config::default() };
        let found = look(&config, None, "2026-11-23T05:00:00Z".parse().unwrap());
        let says: Vec<_> = found.iter().map(|check| check.says.as_str()).collect();
        assert!(says[0].contains("cut off") && says[1] == "there is none", "{says:?}");
        let none = look(&Config::default(), None, Timestamp::UNIX_EPOCH);
        assert_eq!(none[0].state, State::Ok);
    }
}
