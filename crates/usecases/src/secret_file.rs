//! Files of keys 密钥文件: a text takes the place of another, and of the other nothing is left.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, chown};
use std::path::Path;

use crate::files::part;

/// Puts a text in the place of the one that is there, if any, which is overwritten. It keeps its owner: a command of the
/// superuser takes it from no service. Whoever calls holds the lock of the file.
///
/// # Errors
/// If the disk refuses; until it is durable the old text stays.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let part = part(path);
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
    let old = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        old => Some(old?),
    };
    if let Some(old) = &old {
        let (ours, theirs) = (file.metadata()?, old.metadata()?);
        if (ours.uid(), ours.gid()) != (theirs.uid(), theirs.gid()) {
            chown(&part, Some(theirs.uid()), Some(theirs.gid()))?;
        }
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    File::open(dir(path))?.sync_all()?;
    old.map_or(Ok(()), destroy)
}

/// Destroys what somebody who was killed while he replaced it has left behind: it would bring back keys that are gone since.
/// Whoever calls holds the lock of the file.
///
/// # Errors
/// If the disk refuses.
pub(crate) fn clear_parts(path: &Path) -> io::Result<()> {
    let begins = format!("{}.", path.file_name().unwrap_or_default().to_string_lossy());
    for entry in fs::read_dir(dir(path))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(&begins) && name.ends_with(".part") {
            destroy(OpenOptions::new().write(true).open(entry.path())?)?;
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Where a file lies.
pub(crate) fn dir(path: &Path) -> &Path {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    dir.unwrap_or_else(|| Path::new("."))
}

/// Overwrites a text; once it has no name any more, on most disks this is the end of it.
fn destroy(mut file: File) -> io::Result<()> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
    file.write_all(&vec![0; length])?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn of_the_text_before_and_of_one_that_was_cut_off_nothing_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("months.key");
        replace(&path, "first").unwrap();
        // Another name for the old text, as somebody would have who had it open.
        fs::hard_link(&path, dir.path().join("old")).unwrap();
        replace(&path, "second").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
        assert_eq!(fs::read(dir.path().join("old")).unwrap(), [0; 5]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        let left = dir.path().join("months.key.4711.part");
        fs::write(&left, "keys of before").unwrap();
        fs::hard_link(&left, dir.path().join("seen")).unwrap();
        fs::write(dir.path().join("other.key.1.part"), "another's").unwrap();
        clear_parts(&path).unwrap();
        assert!(!left.exists());
        assert_eq!(fs::read(dir.path().join("seen")).unwrap(), [0; 14]);
        assert!(dir.path().join("other.key.1.part").exists(), "it is not ours");
        assert!(path.exists());
    }
}
