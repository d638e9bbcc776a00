//! Papers 材料: files that a person or a body hands in with a case, kept byte for byte.

use jiff::Timestamp;
use thiserror::Error;

use crate::codes::codes;
use crate::{PaperId, PersonId};

/// Largest paper, in bytes.
pub const LARGEST: u64 = 10 << 20;

codes! {
    /// What a paper may be; told by its content, never by its name.
    pub enum PaperKind {
        /// A document for reading.
        Pdf = "pdf", "PDF";
        /// A photograph.
        Jpeg = "jpeg", "JPEG 图片";
        /// A picture of a screen.
        Png = "png", "PNG 图片";
        /// The national format for official documents (GB/T 33190).
        Ofd = "ofd", "OFD";
    }
}

/// One paper of a case.
#[derive(Clone, PartialEq, Eq)]
pub struct Paper {
    /// Its identifier.
    pub id: PaperId,
    /// Whose case it belongs to.
    pub person: PersonId,
    /// The case.
    pub case: uuid::Uuid,
    /// Its name as it was sent, without folders.
    pub name: String,
    /// What it is.
    pub kind: PaperKind,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes: whoever has the file can see that it arrived unchanged.
    pub digest: [u8; 32],
    /// Whether the body that answers handed it in.
    pub is_of_agency: bool,
    /// When it came.
    pub at: Timestamp,
}

crate::hidden!(Paper);

/// Why a file cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PaperError {
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// It is larger than [`LARGEST`].
    #[error("the file is larger than {} MB", LARGEST >> 20)]
    Large,
    /// It is neither PDF, JPEG, PNG nor OFD.
    #[error("the file is neither PDF, JPEG, PNG nor OFD")]
    Kind,
}

impl PaperKind {
    /// What the bytes are.
    ///
    /// # Errors
    /// [`PaperError`].
    pub fn of(bytes: &[u8]) -> Result<Self, PaperError> {
        if bytes.is_empty() {
            return Err(PaperError::Empty);
        }
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LARGEST {
            return Err(PaperError::Large);
        }
        let begins = |with: &[u8]| bytes.starts_with(with);
        if begins(b"%PDF-") {
            Ok(Self::Pdf)
        } else if begins(&[0xFF, 0xD8, 0xFF]) {
            Ok(Self::Jpeg)
        } else if begins(&[0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A]) {
            Ok(Self::Png)
        } else if begins(b"PK\x03\x04") && bytes.windows(7).any(|part| part == b"OFD.xml") {
            // A package whose table of contents names the root of an OFD.
            Ok(Self::Ofd)
        } else {
            Err(PaperError::Kind)
        }
    }
}

/// A file's name without folders, control signs and directions of writing, at most 100 characters.
#[must_use]
pub fn plain_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = |sign: &char| {
        !sign.is_control()
            && !matches!(sign, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '"' | '<' | '>')
    };
    let name: String = name.chars().filter(is_plain).take(100).collect();
    let name = name.trim().trim_matches('.');
    if name.is_empty() { "材料".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_is_what_its_bytes_say() {
        for (bytes, kind) in [
            (&b"%PDF-1.7 ..."[..], Ok(PaperKind::Pdf)),
            (&[0xFF, 0xD8, 0xFF, 0xE0], Ok(PaperKind::Jpeg)),
            (b"\x89PNG\r\n\x1a\n....", Ok(PaperKind::Png)),
            (b"PK\x03\x04........OFD.xml....", Ok(PaperKind::Ofd)),
            (b"PK\x03\x04.. a ZIP named x.pdf", Err(PaperError::Kind)),
            (b"<html>", Err(PaperError::Kind)),
            (b"", Err(PaperError::Empty)),
        ] {
            assert_eq!(PaperKind::of(bytes), kind);
        }
        let large = vec![0; usize::try_from(LARGEST).unwrap() + 1];
        assert_eq!(PaperKind::of(&large), Err(PaperError::Large));
    }

    #[test]
    fn names_hide_nothing() {
        assert_eq!(plain_name("C:\\照片\\收据\u{202E}gpj.exe"), "收据gpj.exe");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("..\n"), "材料");
    }
}
