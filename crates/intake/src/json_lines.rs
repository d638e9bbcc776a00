//! JSON Lines: one object a line; the keys of the first object are the header.

use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, Value};

use crate::decode::{Decoding, TOO_LONG};
use crate::error::FileError;
use crate::row::{RawCell, RawRow};

pub(crate) struct JsonLines<R> {
    reader: BufReader<Decoding<R>>,
    since: Arc<AtomicU64>,
    line: String,
    keys: Vec<String>,
    pending: Option<RawRow>,
    number: u64,
}

impl<R: Read> JsonLines<R> {
    pub(crate) fn new(from: Decoding<R>) -> Self {
        let since = from.since.clone();
        let reader = BufReader::with_capacity(64 * 1024, from);
        Self { reader, since, line: String::new(), keys: Vec::new(), pending: None, number: 0 }
    }

    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, FileError> {
        if let Some(row) = self.pending.take() {
            return Ok(Some(row));
        }
        loop {
            self.since.store(0, Ordering::Relaxed);
            self.line.clear();
            let row = self.number + 1;
            let count = self.reader.read_line(&mut self.line).map_err(|error| {
                if error.to_string() == TOO_LONG {
                    FileError::RecordTooLong { row }
                } else {
                    FileError::Io(error)
                }
            })?;
            if count == 0 {
                return Ok(None);
            }
            self.number = row;
            if self.line.trim().is_empty() {
                continue;
            }
            let object: Option<Map<String, Value>> = serde_json::from_str(&self.line).ok();
            if self.keys.is_empty() {
                let Some(object) = object else { return Err(FileError::NotATable) };
                self.keys = object.keys().cloned().collect();
                self.pending = Some(self.row(row, &object));
                // The header stands for the keys; it has no line of its own.
                let cells = self.keys.iter().cloned().map(RawCell::Text).collect();
                return Ok(Some(RawRow { number: 0, cells }));
            }
            // A line that is no object has no cells at all, which the header will notice.
            return Ok(Some(match object {
                Some(object) => self.row(row, &object),
                None => RawRow { number: row, cells: Vec::new() },
            }));
        }
    }

    fn row(&self, number: u64, object: &Map<String, Value>) -> RawRow {
        let cell = |key: &String| match object.get(key) {
            Some(Value::String(text)) => RawCell::Text(text.clone()),
            Some(Value::Null) | None => RawCell::Text(String::new()),
            Some(other) => RawCell::Text(other.to_string()),
        };
        RawRow { number, cells: self.keys.iter().map(cell).collect() }
    }
}
