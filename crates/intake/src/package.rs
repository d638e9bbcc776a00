//! Packages: a workbook's parts are really unpacked into nothing and counted before one is read.

use std::io::{Read, Seek, SeekFrom};

use crate::error::FileError;
use crate::gauge::Gauge;
use crate::open::Limits;

const MOST_PARTS: usize = 2_000;

/// What was learnt on the way.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Package {
    /// Days are counted from 1904.
    pub(crate) is_1904: bool,
}

/// Unpacks every part into nothing, counting. Nobody believes the sizes that a file states.
pub(crate) fn measure(from: &mut (impl Read + Seek), limits: Limits) -> Result<Package, FileError> {
    let packed = from.seek(SeekFrom::End(0))?;
    from.seek(SeekFrom::Start(0))?;
    // The list of parts is read whole into memory: it is counted before.
    if has_too_many_parts(&mut *from)? {
        return Err(FileError::Bomb);
    }
    from.seek(SeekFrom::Start(0))?;
    let mut archive = zip::ZipArchive::new(&mut *from).map_err(|_| FileError::Damaged)?;
    let most = limits.unpacked.min(packed.saturating_mul(limits.ratio).max(16 << 20));
    let mut total = 0;
    let mut book = None;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| FileError::Damaged)?;
        let name = part.name().map_err(|_| FileError::Damaged)?.replace('\\', "/");
        let name = name.to_ascii_lowercase();
        let is_strings = name.ends_with("sharedstrings.xml");
        // Only sheets are streamed; every other part may come to lie in memory.
        let is_streamed = name.contains("worksheets/") && !is_strings;
        let room = most.saturating_sub(total);
        let room = if is_streamed { room } else { room.min(limits.strings) };
        let is_read = is_streamed
            || is_strings
            || ["workbook.xml", "styles.xml", ".rels"].iter().any(|end| name.ends_with(end));
        let mut scan = Scan::default();
        let mut gauge = Gauge::new(limits);
        let looks = Looks {
            scan: is_strings.then_some(&mut scan),
            gauge: is_read.then_some(&mut gauge),
            begins: name.ends_with("workbook.xml").then(Vec::new),
        };
        let (size, begins) = unpack(part, room, looks)?;
        total += size;
        // A count larger than the part can hold would have memory set aside for nothing.
        if scan.largest > (size / 4).max(100_000) {
            return Err(FileError::Damaged);
        }
        book = book.or(begins);
    }
    let Some(book) = book else { return Err(FileError::NotATable) };
    let book = String::from_utf8_lossy(&book).replace('\'', "\"");
    let is_1904 = book.contains("date1904=\"1\"") || book.contains("date1904=\"true\"");
    Ok(Package { is_1904 })
}

/// Whether the file holds more entries of a list of parts than a workbook has parts, wherever in it
/// they stand. What is packed hardly ever looks like one.
fn has_too_many_parts(mut from: impl Read) -> Result<bool, FileError> {
    const ENTRY: &[u8; 4] = b"PK\x01\x02";
    let mut buffer = vec![0; 64 * 1024];
    let mut kept: Vec<u8> = Vec::with_capacity(buffer.len() + ENTRY.len());
    let mut parts = 0;
    loop {
        let count = from.read(&mut buffer)?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
        kept.extend_from_slice(piece);
        parts += kept.windows(ENTRY.len()).filter(|bytes| bytes == ENTRY).count();
        if parts > MOST_PARTS {
            return Ok(true);
        }
        // An entry may begin in one piece and end in the next.
        let done = kept.len().saturating_sub(ENTRY.len() - 1);
        kept.drain(..done);
    }
    Ok(false)
}

/// What is looked at while a part goes by.
struct Looks<'a> {
    scan: Option<&'a mut Scan>,
    gauge: Option<&'a mut Gauge>,
    begins: Option<Vec<u8>>,
}

/// Reads a part to its end; gives its size and, where wanted, its beginning.
fn unpack(
    mut part: impl Read,
    room: u64,
    mut looks: Looks<'_>,
) -> Result<(u64, Option<Vec<u8>>), FileError> {
    const BEGINNING: usize = 64 * 1024;
    let mut buffer = vec![0; 64 * 1024];
    let mut size = 0_u64;
    loop {
        let count = part.read(&mut buffer).map_err(|_| FileError::Damaged)?;
        let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
        size += u64::try_from(count).unwrap_or(u64::MAX);
        if size > room {
            return Err(FileError::Bomb);
        }
        if let Some(scan) = &mut looks.scan {
            scan.feed(piece)?;
        }
        if let Some(gauge) = &mut looks.gauge {
            gauge.feed(piece)?;
        }
        if let Some(begins) = &mut looks.begins {
            let wanted = BEGINNING.saturating_sub(begins.len()).min(count);
            begins.extend_from_slice(piece.get(..wanted).unwrap_or_default());
        }
    }
    Ok((size, looks.begins))
}

/// Looks for the largest number of strings that the shared strings claim to be.
#[derive(Debug, Default)]
struct Scan {
    kept: Vec<u8>,
    largest: u64,
}

impl Scan {
    const NAME: &'static [u8] = b"uniqueCount";
    /// Name, equals sign, quote, digits and some room between them.
    const WIDTH: usize = 256;

    fn feed(&mut self, piece: &[u8]) -> Result<(), FileError> {
        // Wide characters would hide the name; no spreadsheet writes them here.
        if piece.contains(&0) {
            return Err(FileError::Damaged);
        }
        self.kept.extend_from_slice(piece);
        self.look();
        let done = self.kept.len().saturating_sub(Self::WIDTH);
        self.kept.drain(..done);
        Ok(())
    }

    fn look(&mut self) {
        let mut from = 0;
        while let Some(rest) = self.kept.get(from..) {
            let Some(at) = rest.windows(Self::NAME.len()).position(|bytes| bytes == Self::NAME)
            else {
                return;
            };
            from += at + Self::NAME.len();
            let after = self.kept.get(from..).unwrap_or_default();
            let digits = after
                .iter()
                .skip_while(|byte| byte.is_ascii_whitespace() || b"=\"'".contains(byte))
                .take_while(|byte| byte.is_ascii_digit());
            let count = digits.fold(0_u64, |count, digit| {
                count.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
            });
            self.largest = self.largest.max(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives few bytes at a time, so that entries are cut.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
            let most = to.len().min(self.1);
            self.0.read(&mut to[..most])
        }
    }

    #[test]
    fn parts_are_counted_wherever_a_piece_ends() {
        let parts = |count: usize| b"PK\x01\x02and its name".repeat(count);
        for size in [1, 3, 7, 4096] {
            assert!(!has_too_many_parts(Slow(&parts(MOST_PARTS), size)).unwrap(), "{size}");
            assert!(has_too_many_parts(Slow(&parts(MOST_PARTS + 1), size)).unwrap(), "{size}");
        }
    }
}
