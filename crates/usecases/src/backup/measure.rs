//! Writing a part: for nobody else to read, durable, and measured on the way.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::manifest::Part;

/// Bytes carried at once.
const PIECE: usize = 64 * 1024;

/// A file that is written and measured.
pub(super) struct Measured {
    to: BufWriter<File>,
    digest: Sha256,
    size: u64,
}

impl Measured {
    /// Begins a new file that only its owner may read.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let to = BufWriter::new(private(path)?);
        Ok(Self { to, digest: Sha256::new(), size: 0 })
    }

    /// Makes it durable and says what it is.
    pub(super) fn end(self, name: &str) -> io::Result<Part> {
        let file = self.to.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let sha256 = hex::encode(self.digest.finalize());
        Ok(Part { name: name.to_owned(), size: self.size, sha256 })
    }
}

impl Write for Measured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        let (now, _) = bytes.split_at(written);
        self.digest.update(now);
        self.size += u64::try_from(written).unwrap_or(0);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A new file that only its owner may read.
pub(super) fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Carries bytes until there are no more, or until `stop` says that nobody wants them any longer.
pub(super) fn carry(from: &mut dyn Read, to: &mut dyn Write, stop: &AtomicBool) -> io::Result<()> {
    let mut piece = Zeroizing::new(vec![0_u8; PIECE]);
    loop {
        if stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("stopped"));
        }
        let count = match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        to.write_all(piece.get(..count).unwrap_or_default())?;
    }
}

/// What a file is, as a manifest would say it.
pub(super) fn measure(path: &Path, name: &str) -> io::Result<Part> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut size = 0;
    let mut piece = vec![0_u8; PIECE];
    loop {
        let count = match file.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digest.update(piece.get(..count).unwrap_or_default());
        size += u64::try_from(count).unwrap_or(0);
    }
    Ok(Part { name: name.to_owned(), size, sha256: hex::encode(digest.finalize()) })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_part_is_measured_as_it_is_written_and_belongs_to_its_owner() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("part");
        let mut part = Measured::create(&path).unwrap();
        carry(&mut &b"abc"[..], &mut part, &AtomicBool::new(false)).unwrap();
        let said = part.end("part").unwrap();
        assert_eq!(said.size, 3);
        assert_eq!(said.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(measure(&path, "part").unwrap(), said);
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert!(Measured::create(&path).is_err(), "never over another one");
    }

    #[test]
    fn nothing_is_carried_for_nobody() {
        let mut to = Vec::new();
        assert!(carry(&mut &b"abc"[..], &mut to, &AtomicBool::new(true)).is_err());
        assert!(to.is_empty());
    }
}
