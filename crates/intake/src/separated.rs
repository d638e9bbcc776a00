//! CSV: streamed, with a guard against a quote that is never closed.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::decode::{Decoding, TOO_LONG};
use crate::error::FileError;
use crate::harmless::as_written;
use crate::row::{RawCell, RawRow, Shape};

pub(crate) struct Separated<R> {
    reader: csv::Reader<Decoding<R>>,
    record: csv::StringRecord,
    since: Arc<AtomicU64>,
    delimiter: u8,
    number: u64,
    /// Line breaks inside of cells so far.
    inner: u64,
}

impl<R: Read> Separated<R> {
    pub(crate) fn new(from: Decoding<R>, delimiter: u8) -> Self {
        let since = from.since.clone();
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(64 * 1024)
            .from_reader(from);
        Self { reader, record: csv::StringRecord::new(), since, delimiter, number: 0, inner: 0 }
    }

    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, FileError> {
        loop {
            self.since.store(0, Ordering::Relaxed);
            let row = self.number + 1;
            let more = self.reader.read_record(&mut self.record).map_err(|error| {
                let csv::ErrorKind::Io(error) = error.into_kind() else {
                    return FileError::Encoding;
                };
                if error.to_string() == TOO_LONG {
                    FileError::RecordTooLong { row }
                } else {
                    FileError::Io(error)
                }
            })?;
            if !more {
                return Ok(None);
            }
            self.number = self.row_on_screen().max(row);
            if self.record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let shape = if self.has_swallowed() { Shape::Swallowed } else { Shape::Exact };
            let cells = self.record.iter().map(|cell| RawCell::Text(as_written(cell).to_owned()));
            let cells = cells.collect();
            return Ok(Some(RawRow { number: self.number, cells, shape }));
        }
    }

    /// Whether a cell goes over a line's end and holds as many separators as half a row: then a quote
    /// was left open, and two rows have become one.
    fn has_swallowed(&self) -> bool {
        let half = (self.record.len() / 2).max(3);
        self.record.as_slice().contains('\n')
            && self.record.iter().any(|cell| {
                let separators = cell.bytes().filter(|byte| *byte == self.delimiter).count();
                cell.contains('\n') && separators >= half
            })
    }

    /// The number that a spreadsheet shows beside the row just read: blank lines count, line breaks
    /// inside of cells do not.
    fn row_on_screen(&mut self) -> u64 {
        let breaks = self.record.as_slice().bytes().filter(|byte| *byte == b'\n').count();
        self.inner += u64::try_from(breaks).unwrap_or(0);
        let lines = self.reader.position().line().saturating_sub(1);
        lines.saturating_sub(self.inner)
    }
}
