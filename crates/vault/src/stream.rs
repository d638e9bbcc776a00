//! Files sealed in pieces of 64 KiB: each piece knows its number and whether it is the last one.
//!
//! ```text
//!   suite, key number, prefix (7) │ piece 0 + tag │ piece 1 + tag │ … │ last piece + tag
//!   nonce of a piece: prefix, number (4 bytes), 1 if it is the last, else 0
//! ```

use std::io::{self, Read, Write};

use std::sync::Arc;

use zeroize::Zeroizing;

use crate::key::Key;
use crate::ring::Ring;

const PIECE: usize = 64 * 1024;
const TAG: usize = 16;
const PLACE: &[u8] = b"chengxin file v1";

/// Seals what is written to it. Only [`StreamSealer::finish`] makes a whole file.
pub struct StreamSealer<W: Write> {
    /// The key that the head names, to the end, whatever seals meanwhile.
    key: Arc<Key>,
    to: W,
    prefix: [u8; 7],
    number: u32,
    piece: Zeroizing<Vec<u8>>,
}

impl<W: Write> std::fmt::Debug for StreamSealer<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamSealer").field("pieces", &self.number).finish_non_exhaustive()
    }
}

fn nonce(prefix: [u8; 7], number: u32, is_last: bool) -> [u8; 12] {
    let [a, b, c, d, e, f, g] = prefix;
    let [h, i, j, k] = number.to_be_bytes();
    [a, b, c, d, e, f, g, h, i, j, k, u8::from(is_last)]
}

impl<W: Write> StreamSealer<W> {
    pub(crate) fn new(ring: &Ring, mut to: W, prefix: [u8; 7]) -> io::Result<Self> {
        let key = ring.active().ok_or_else(|| io::Error::other("no key is active"))?.clone();
        to.write_all(&key.head())?;
        to.write_all(&prefix)?;
        let piece = Zeroizing::new(Vec::with_capacity(PIECE));
        Ok(Self { key, to, prefix, number: 0, piece })
    }

    fn put(&mut self, is_last: bool) -> io::Result<()> {
        let nonce = nonce(self.prefix, self.number, is_last);
        let sealed = self.key.seal_piece(PLACE, &self.piece, nonce);
        self.to.write_all(&sealed)?;
        self.number = self
            .number
            .checked_add(1)
            .ok_or_else(|| io::Error::other("the file is too large to be sealed"))?;
        self.piece.clear();
        Ok(())
    }

    /// Seals the last piece and gives the writer back.
    ///
    /// # Errors
    /// If the writer refuses.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(true)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

impl<W: Write> Write for StreamSealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece waits until more comes, so that the last one is never empty by accident.
        if self.piece.len() == PIECE && !bytes.is_empty() {
            self.put(false)?;
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        let (now, _) = bytes.split_at(taken);
        self.piece.extend_from_slice(now);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Opens what [`StreamSealer`] sealed, piece by piece.
pub struct StreamOpener<R: Read> {
    key: Arc<Key>,
    from: R,
    prefix: [u8; 7],
    number: u32,
    ahead: Vec<u8>,
    plain: Zeroizing<Vec<u8>>,
    at: usize,
    is_done: bool,
}

impl<R: Read> std::fmt::Debug for StreamOpener<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreamOpener").field("pieces", &self.number).finish_non_exhaustive()
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the sealed file was changed or cut off")
}

/// A file that ends too early is damaged; a disk that fails may do better next time.
fn cut_off(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof { damaged() } else { error }
}

impl<R: Read> StreamOpener<R> {
    pub(crate) fn new(ring: &Ring, mut from: R) -> io::Result<Self> {
        let mut head = [0; 3];
        from.read_exact(&mut head).map_err(cut_off)?;
        let mut prefix = [0; 7];
        from.read_exact(&mut prefix).map_err(cut_off)?;
        let (_, key) = crate::key::named(&head).map_err(|_| damaged())?;
        let key = ring.by_id(key).map_err(io::Error::other)?.clone();
        if key.head() != head {
            return Err(damaged());
        }
        let mut opener = Self {
            key,
            from,
            prefix,
            number: 0,
            ahead: Vec::new(),
            plain: Zeroizing::new(Vec::new()),
            at: 0,
            is_done: false,
        };
        opener.ahead = opener.fetch()?;
        Ok(opener)
    }

    fn fetch(&mut self) -> io::Result<Vec<u8>> {
        let mut piece = Vec::with_capacity(PIECE + TAG);
        let most = u64::try_from(PIECE + TAG).unwrap_or(u64::MAX);
        (&mut self.from).take(most).read_to_end(&mut piece)?;
        Ok(piece)
    }

    fn next(&mut self) -> io::Result<()> {
        let piece = std::mem::take(&mut self.ahead);
        self.ahead = self.fetch()?;
        let is_last = self.ahead.is_empty();
        let nonce = nonce(self.prefix, self.number, is_last);
        self.plain =
            Zeroizing::new(self.key.open_piece(PLACE, &piece, nonce).map_err(|_| damaged())?);
        self.at = 0;
        self.number = self.number.checked_add(1).ok_or_else(damaged)?;
        self.is_done = is_last;
        Ok(())
    }
}

impl<R: Read> Read for StreamOpener<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.plain.len() {
            if self.is_done {
                return Ok(0);
            }
            self.next()?;
        }
        let rest = self.plain.get(self.at..).unwrap_or_default();
        let taken = rest.len().min(into.len());
        for (to, from) in into.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += taken;
        Ok(taken)
    }
}
