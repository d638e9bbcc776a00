//! Inspect: one pass over the bytes says what the file is, before anything is entered.

use std::io::Read;

use sha2::{Digest, Sha256};

use crate::error::FileError;
use crate::guess::{Finder, Utf8};

/// Writing system of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Encoding {
    Utf8,
    Utf8Bom,
    Gb18030,
    Utf16Le,
    Utf16Be,
}

/// What kind of table it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV with this separator.
    Csv {
        /// `,`, `;` or a tab.
        delimiter: u8,
    },
    /// A workbook.
    Xlsx,
    /// One JSON object a line.
    JsonLines,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// Bytes.
    pub size: u64,
    /// SHA-256 of them.
    pub sha256: [u8; 32],
    /// Kind of table.
    pub format: Format,
    /// Writing system, for text.
    pub encoding: Encoding,
}

impl Inspected {
    /// Whether it can only be read by jumping about in it.
    #[must_use]
    pub fn needs_seek(&self) -> bool {
        self.format == Format::Xlsx
    }
}

/// How a compound file (old Office documents, workbooks with a password) begins.
const COMPOUND_FILE: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];

/// `EncryptedPackage` as a compound file's directory spells it.
const ENCRYPTED_PACKAGE: [u8; 32] = *b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

const HEAD: usize = 64 * 1024;

/// Looks through the whole file once; memory does not grow with it.
///
/// # Errors
/// [`FileError`] if it is too large or no table.
pub fn inspect(mut reader: impl Read, limit: u64) -> Result<Inspected, FileError> {
    let mut hash = Sha256::new();
    let mut head = Vec::with_capacity(HEAD);
    let mut buffer = vec![0; 256 * 1024];
    let mut utf8 = Utf8::default();
    let mut encrypted = Finder::new(&ENCRYPTED_PACKAGE);
    let mut size = 0_u64;
    let mut has_nul = false;
    loop {
        let count = reader.read(&mut buffer)?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
        size += u64::try_from(count).unwrap_or(u64::MAX);
        if size > limit {
            return Err(FileError::TooLarge { limit });
        }
        hash.update(piece);
        has_nul |= piece.contains(&0);
        utf8.feed(piece);
        let room = HEAD - head.len();
        head.extend_from_slice(piece.get(..room).unwrap_or(piece));
        if head.starts_with(&COMPOUND_FILE) {
            encrypted.feed(piece);
        }
    }
    if head.starts_with(&COMPOUND_FILE) {
        return Err(if encrypted.is_found() { FileError::Encrypted } else { FileError::OldExcel });
    }
    let (format, encoding) = classify(&head, has_nul, &utf8)?;
    Ok(Inspected { size, sha256: hash.finalize().into(), format, encoding })
}

fn classify(head: &[u8], has_nul: bool, utf8: &Utf8) -> Result<(Format, Encoding), FileError> {
    if head.iter().all(u8::is_ascii_whitespace) {
        return Err(FileError::Empty);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok((Format::Xlsx, Encoding::Utf8));
    }
    let encoding = match head {
        [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8Bom,
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        _ if utf8.is_likely() => Encoding::Utf8,
        _ => Encoding::Gb18030,
    };
    let is_wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    let known: [&[u8]; 8] = [
        b"%PDF",
        b"\x7fELF",
        b"\x1f\x8b",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"Rar!",
        b"7z\xbc\xaf",
    ];
    if (has_nul && !is_wide) || known.iter().any(|magic| head.starts_with(magic)) {
        return Err(FileError::NotATable);
    }
    let text = crate::decode::head(head, encoding);
    let first = text.trim_start();
    if first.starts_with('{') {
        return Ok((Format::JsonLines, encoding));
    }
    if first.starts_with('<') || first.starts_with('[') {
        return Err(FileError::NotATable);
    }
    let replaced = text.chars().filter(|c| *c == '\u{FFFD}').count();
    if replaced * 20 > text.chars().count() {
        return Err(FileError::NotATable);
    }
    if encoding == Encoding::Gb18030 && replaced > 0 && utf8.is_mixed() {
        return Err(FileError::Encoding);
    }
    let lines: Vec<&str> = first.lines().take(crate::workbook::TITLE_ROWS).collect();
    let count = |c: char| lines.iter().map(|line| line.matches(c).count()).max().unwrap_or(0);
    let delimiter = [(b';', ';'), (b'\t', '\t'), (b',', ',')]
        .into_iter()
        .max_by_key(|(_, c)| count(*c))
        .map_or(b',', |(byte, _)| byte);
    Ok((Format::Csv { delimiter }, encoding))
}
