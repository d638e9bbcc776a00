//! JSON Lines: one object a line; the keys of the first objects are the header.

use std::collections::VecDeque;
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::decode::{Decoding, TOO_LONG};
use crate::error::FileError;
use crate::open::Limits;
use crate::row::{MOST_COLUMNS, RawCell, RawRow, Shape};

/// Lines that are looked at for keys, because exporters leave out what is empty.
const LOOKED_AT: usize = 200;

pub(crate) struct JsonLines<R> {
    reader: BufReader<Decoding<R>>,
    since: Arc<AtomicU64>,
    line: String,
    keys: Vec<String>,
    ahead: VecDeque<(u64, Option<Object>)>,
    has_begun: bool,
    number: u64,
    most: usize,
}

impl<R: Read> JsonLines<R> {
    pub(crate) fn new(from: Decoding<R>, limits: Limits) -> Self {
        let since = from.since.clone();
        Self {
            reader: BufReader::with_capacity(64 * 1024, from),
            since,
            line: String::new(),
            keys: Vec::new(),
            ahead: VecDeque::new(),
            has_begun: false,
            number: 0,
            most: usize::try_from(limits.record).unwrap_or(usize::MAX),
        }
    }

    pub(crate) fn next(&mut self) -> Result<Option<RawRow>, FileError> {
        if !self.has_begun {
            self.has_begun = true;
            return self.header();
        }
        let next = match self.ahead.pop_front() {
            Some(next) => Some(next),
            None => self.object()?,
        };
        Ok(next.map(|(number, object)| match object {
            Some(object) => self.row(number, object),
            // A line that is no object has no cells at all, which the header will notice.
            None => RawRow { number, cells: Vec::new(), shape: Shape::Exact },
        }))
    }

    /// Gathers the keys of the first lines; the header itself stands on no line.
    fn header(&mut self) -> Result<Option<RawRow>, FileError> {
        let mut bytes = 0;
        while self.ahead.len() < LOOKED_AT && bytes < self.most {
            let Some((number, object)) = self.object()? else { break };
            bytes += self.line.len();
            if object.is_none() && self.ahead.is_empty() {
                return Err(FileError::NotATable);
            }
            for (key, _) in object.iter().flat_map(|object| &object.0) {
                if self.keys.len() <= MOST_COLUMNS && !self.keys.contains(key) {
                    self.keys.push(key.clone());
                }
            }
            self.ahead.push_back((number, object));
        }
        if self.ahead.is_empty() {
            return Ok(None);
        }
        let cells = self.keys.iter().cloned().map(RawCell::Text).collect();
        Ok(Some(RawRow { number: 0, cells, shape: Shape::Exact }))
    }

    /// The next line that is not blank, and its object if it is one.
    fn object(&mut self) -> Result<Option<(u64, Option<Object>)>, FileError> {
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
            if !self.line.trim().is_empty() {
                return Ok(Some((row, serde_json::from_str(&self.line).ok())));
            }
        }
    }

    fn row(&self, number: u64, object: Object) -> RawRow {
        let mut cells = vec![RawCell::BLANK; self.keys.len()];
        let mut shape = Shape::Exact;
        for (key, value) in object.0 {
            let at = self.keys.iter().position(|known| *known == key);
            match at.and_then(|at| cells.get_mut(at)) {
                Some(cell) => *cell = raw(value),
                None => shape = Shape::KeyUnexpected,
            }
        }
        RawRow { number, cells, shape }
    }
}

fn raw(value: Value) -> RawCell {
    match value {
        Value::String(text) => RawCell::Text(text),
        Value::Null => RawCell::BLANK,
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(value) => RawCell::Number { value, is_1904: false },
            None => RawCell::Text(number.to_string()),
        },
        other @ (Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            RawCell::Text(other.to_string())
        }
    }
}

/// An object with its keys in the order of the file; none of them twice.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut pairs: Vec<(String, Value)> = Vec::new();
                while let Some((key, value)) = map.next_entry()? {
                    let is_twice = pairs.iter().any(|(known, _)| *known == key);
                    if is_twice || pairs.len() == MOST_COLUMNS {
                        return Err(serde::de::Error::custom("a key stands twice, or too many"));
                    }
                    pairs.push((key, value));
                }
                Ok(Object(pairs))
            }
        }
        from.deserialize_map(Keys)
    }
}
