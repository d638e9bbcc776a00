//! Decoding: whatever the agency wrote in becomes UTF-8, piece by piece.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::inspect::Encoding;

fn coder(encoding: Encoding) -> &'static encoding_rs::Encoding {
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => UTF_8,
        Encoding::Gb18030 => GB18030,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
    }
}

/// The beginning of a file as text.
pub(crate) fn head(bytes: &[u8], encoding: Encoding) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    let mut decoder = coder(encoding).new_decoder();
    let _ = decoder.decode_to_string(bytes, &mut text, false);
    text
}

/// Counts what was read of the source.
pub(crate) struct Counting<R> {
    pub(crate) from: R,
    pub(crate) count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.count.fetch_add(u64::try_from(read).unwrap_or(0), Ordering::Relaxed);
        Ok(read)
    }
}

/// Gives UTF-8, whatever comes in; refuses to go on when one record grows too long.
pub(crate) struct Decoding<R> {
    from: R,
    decoder: Decoder,
    raw: Vec<u8>,
    plain: Vec<u8>,
    at: usize,
    is_done: bool,
    ends_line: bool,
    /// Bytes handed out since the reader last finished a record.
    pub(crate) since: Arc<AtomicU64>,
    most: u64,
}

/// What the guard says when a record grows too long.
pub(crate) const TOO_LONG: &str = "record too long";

impl<R: Read> Decoding<R> {
    pub(crate) fn new(from: R, encoding: Encoding, most: u64) -> Self {
        Self {
            from,
            decoder: coder(encoding).new_decoder_with_bom_removal(),
            raw: vec![0; 64 * 1024],
            plain: Vec::new(),
            at: 0,
            is_done: false,
            ends_line: true,
            since: Arc::new(AtomicU64::new(0)),
            most,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let count = self.from.read(&mut self.raw)?;
        let piece = self.raw.get(..count).unwrap_or_default();
        self.is_done = count == 0;
        let room = self.decoder.max_utf8_buffer_length(count).unwrap_or(count * 3 + 16);
        self.plain.resize(room, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(piece, &mut self.plain, self.is_done);
        self.plain.truncate(written);
        if let Some(last) = self.plain.last() {
            self.ends_line = *last == b'\n';
        } else if self.is_done && !self.ends_line {
            // Every line ends, so that lines can be counted.
            self.plain.push(b'\n');
        }
        self.at = 0;
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.plain.len() {
            if self.is_done {
                return Ok(0);
            }
            self.fill()?;
        }
        let rest = self.plain.get(self.at..).unwrap_or_default();
        let count = rest.len().min(into.len());
        let (Some(from), Some(to)) = (rest.get(..count), into.get_mut(..count)) else {
            return Ok(0);
        };
        to.copy_from_slice(from);
        self.at += count;
        let since = self.since.fetch_add(u64::try_from(count).unwrap_or(0), Ordering::Relaxed);
        if since > self.most {
            return Err(io::Error::other(TOO_LONG));
        }
        Ok(count)
    }
}
