//! Open: a file that was looked at becomes rows, one after the other.

use std::io::{Read, Seek};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::decode::{Counting, Decoding};
use crate::error::FileError;
use crate::inspect::{Format, Inspected};
use crate::json_lines::JsonLines;
use crate::layout::{Field, Layout};
use crate::row::{Header, RawRow, ReadRow};
use crate::separated::Separated;
use crate::workbook::{TITLE_ROWS, Workbook};

/// Reads and jumps about.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek> ReadSeek for T {}

/// Where the bytes come from.
pub enum Input {
    /// From beginning to end.
    Stream(Box<dyn Read + Send>),
    /// A file or memory, for workbooks.
    Seek(Box<dyn ReadSeek + Send>),
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Stream(_) => "Input::Stream",
            Self::Seek(_) => "Input::Seek",
        })
    }
}

/// How much a file may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a workbook, packed.
    pub workbook: u64,
    /// Bytes of all its parts, unpacked.
    pub unpacked: u64,
    /// Unpacked bytes for each packed one.
    pub ratio: u64,
    /// Bytes of its shared strings.
    pub strings: u64,
    /// Bytes of one row of text.
    pub record: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            workbook: 64 << 20,
            unpacked: 1 << 30,
            ratio: 200,
            strings: 128 << 20,
            record: 1 << 20,
        }
    }
}

impl Limits {
    /// Whether a workbook of that size may be read.
    ///
    /// # Errors
    /// [`FileError::TooLarge`].
    pub fn workbook_fits(&self, size: u64) -> Result<(), FileError> {
        if size <= self.workbook {
            Ok(())
        } else {
            Err(FileError::TooLarge { limit: self.workbook })
        }
    }
}

enum Source {
    Separated(Separated<Counting<Box<dyn Read + Send>>>),
    JsonLines(JsonLines<Counting<Box<dyn Read + Send>>>),
    Workbook(Workbook),
}

impl Source {
    fn next(&mut self) -> Result<Option<RawRow>, FileError> {
        match self {
            Self::Separated(source) => source.next(),
            Self::JsonLines(source) => source.next(),
            Self::Workbook(source) => source.next(),
        }
    }
}

/// The rows of a file.
pub struct Rows {
    source: Source,
    header: Header,
    ahead: std::vec::IntoIter<RawRow>,
    position: Arc<AtomicU64>,
    is_over: bool,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

/// Opens a file by what [`crate::inspect`] found and finds its header.
///
/// # Errors
/// [`FileError`].
pub fn open(
    input: Input,
    inspected: &Inspected,
    layout: &'static Layout,
    limits: Limits,
) -> Result<Rows, FileError> {
    let position = Arc::new(AtomicU64::new(0));
    let mut source = match (inspected.format, input) {
        (Format::Xlsx, Input::Seek(from)) => {
            position.store(inspected.size, Ordering::Relaxed);
            Source::Workbook(Workbook::new(from, layout, limits)?)
        }
        (Format::Xlsx, Input::Stream(_)) => return Err(FileError::Damaged),
        (Format::Csv { delimiter }, input) => {
            let text = decoding(input, inspected, &position, limits);
            Source::Separated(Separated::new(text, delimiter))
        }
        (Format::JsonLines, input) => {
            let text = decoding(input, inspected, &position, limits);
            Source::JsonLines(JsonLines::new(text, limits))
        }
    };
    let mut first = Vec::new();
    while first.len() < TITLE_ROWS {
        let Some(row) = source.next()? else { break };
        first.push(row);
    }
    if first.is_empty() {
        return Err(FileError::Empty);
    }
    let names = layout.names();
    let at = Header::find(&names, &first).unwrap_or(0);
    let mut ahead = first.split_off(at).into_iter();
    let cells = ahead.next().map(|row| row.cells).unwrap_or_default();
    let header = Header::new(layout, &names, cells)?;
    if ahead.as_slice().first().is_some_and(|row| header.is_said_again(&names, row)) {
        ahead.next();
    }
    Ok(Rows { source, header, ahead, position, is_over: false })
}

fn decoding(
    input: Input,
    inspected: &Inspected,
    position: &Arc<AtomicU64>,
    limits: Limits,
) -> Decoding<Counting<Box<dyn Read + Send>>> {
    let from: Box<dyn Read + Send> = match input {
        Input::Stream(from) => from,
        Input::Seek(from) => Box::new(from),
    };
    let counting = Counting { from, count: position.clone() };
    Decoding::new(counting, inspected.encoding, limits.record)
}

impl Rows {
    /// Columns that no layout knows; they are not read.
    #[must_use]
    pub fn unknown_headers(&self) -> &[String] {
        &self.header.unknown
    }

    /// Columns that are known, each with the agency's own header.
    #[must_use]
    pub fn headers(&self) -> Vec<(Field, String)> {
        self.header.fields()
    }

    /// The agency's header as it is.
    #[must_use]
    pub fn raw_headers(&self) -> &[String] {
        &self.header.raw
    }

    /// How many bytes of the source have been read.
    #[must_use]
    pub fn position(&self) -> Arc<AtomicU64> {
        self.position.clone()
    }
}

impl Iterator for Rows {
    type Item = Result<ReadRow, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let row = match self.ahead.next() {
            Some(row) => Ok(Some(row)),
            None => self.source.next(),
        };
        match row {
            Ok(Some(row)) => Some(Ok(self.header.read(row))),
            Ok(None) => {
                self.is_over = true;
                None
            }
            Err(error) => {
                self.is_over = true;
                Some(Err(error))
            }
        }
    }
}
