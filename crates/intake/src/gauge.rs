//! The gauge: how much of a workbook's part its reader would have to hold at once.
//!
//! A part is streamed, but one tag, one text or one cell is gathered whole, and each cell format gets
//! its own copy of the words of its number format. A part that packs well can make all of these huge.

use crate::error::FileError;
use crate::open::Limits;

/// Longest name of a tag that is told apart.
const NAME: usize = 64;

/// Follows the tags of a part as its bytes go by.
#[derive(Debug)]
pub(crate) struct Gauge {
    limits: Limits,
    place: Place,
    /// Bytes of the tag or text that is open.
    run: u64,
    longest: u64,
    name: Vec<u8>,
    /// The last two bytes.
    before: [u8; 2],
    /// Bytes since the cell that is open began.
    cell: Option<u64>,
    /// Cell formats so far.
    formats: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Text,
    /// Right after `<`.
    Name,
    Tag,
    Quoted(u8),
    /// A comment, a raw text or an instruction: signs of tags mean nothing in it.
    Special,
}

impl Gauge {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            place: Place::Text,
            run: 0,
            longest: 0,
            name: Vec::new(),
            before: [0; 2],
            cell: None,
            formats: 0,
        }
    }

    /// # Errors
    /// [`FileError::Bomb`] as soon as something is too large, [`FileError::Damaged`] for wide
    /// characters, which would hide the tags; no spreadsheet writes them.
    pub(crate) fn feed(&mut self, piece: &[u8]) -> Result<(), FileError> {
        for byte in piece {
            if *byte == 0 {
                return Err(FileError::Damaged);
            }
            self.step(*byte);
            self.before = [self.before[1], *byte];
            if self.run > self.limits.record
                || self.cell.is_some_and(|cell| cell > self.limits.record)
            {
                return Err(FileError::Bomb);
            }
        }
        self.longest = self.longest.max(self.run);
        if self.formats.saturating_mul(self.longest) > self.limits.strings {
            return Err(FileError::Bomb);
        }
        Ok(())
    }

    fn step(&mut self, byte: u8) {
        self.run += 1;
        if let Some(cell) = &mut self.cell {
            *cell += 1;
        }
        match (self.place, byte) {
            (Place::Text, b'<') => {
                self.ends();
                self.name.clear();
                self.place = Place::Name;
            }
            (Place::Name, b'!' | b'?') if self.name.is_empty() => self.place = Place::Special,
            (Place::Name, b'>') => {
                self.named();
                self.ends();
                self.place = Place::Text;
            }
            (Place::Name, byte) if byte.is_ascii_whitespace() => {
                self.named();
                self.place = Place::Tag;
            }
            (Place::Name, byte) if self.name.len() < NAME => self.name.push(byte),
            (Place::Tag, b'"' | b'\'') => self.place = Place::Quoted(byte),
            (Place::Quoted(quote), byte) if byte == quote => self.place = Place::Tag,
            (Place::Special, b'>') if matches!(&self.before, b"--" | b"]]" | [_, b'?']) => {
                self.ends();
                self.place = Place::Text;
            }
            (Place::Tag, b'>') => {
                self.ends();
                self.place = Place::Text;
            }
            _ => {}
        }
    }

    fn ends(&mut self) {
        self.longest = self.longest.max(self.run);
        self.run = 0;
    }

    fn named(&mut self) {
        let is_end = self.name.first() == Some(&b'/');
        let name = self.name.strip_prefix(b"/").unwrap_or(&self.name);
        let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        match local.strip_suffix(b"/").unwrap_or(local) {
            b"c" => self.cell = (!is_end).then_some(0),
            b"row" | b"sheetData" => self.cell = None,
            b"xf" => self.formats += 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn weighs(parts: &[(&str, usize)]) -> Result<(), FileError> {
        let mut gauge = Gauge::new(Limits::default());
        for (part, times) in parts {
            for _ in 0..*times {
                gauge.feed(part.as_bytes())?;
            }
        }
        Ok(())
    }

    const MB: usize = 1 << 20;

    #[rstest]
    #[case::rows(&[("<row r='1'><c r='A1' t='s'><v>1</v></c><c/></row>", MB)])]
    #[case::what_follows_the_cells(&[
        ("<row><c r='A1'/></row></sheetData>", 1),
        ("<mergeCell ref='A1:B2'/>", 200_000),
    ])]
    #[case::comments(&[("<!-- < written by an old program -->", MB)])]
    #[case::formats(&[("<numFmt formatCode='yyyy-mm-dd'/>", 200), ("<xf numFmtId='1'/>", 64_000)])]
    fn what_spreadsheets_write_passes(#[case] parts: &[(&str, usize)]) {
        weighs(parts).unwrap();
    }

    #[rstest]
    #[case::text(&[("<v>", 1), ("1", 2 * MB)])]
    #[case::tag(&[("<c a='", 1), ("<x", MB)])]
    #[case::comment(&[("<!--", 1), ("< > ", MB)])]
    #[case::cell(&[("<c><is>", 1), ("<r><t>a</t></r>", MB)])]
    #[case::prefixed_cell(&[("<x:c t='inlineStr'>", 1), ("<x:t>a</x:t>", MB)])]
    #[case::formats(&[("<numFmt formatCode='", 1), ("0", 100_000), ("'/>", 1), ("<xf/>", 10_000)])]
    fn what_would_fill_the_memory_does_not(#[case] parts: &[(&str, usize)]) {
        assert!(matches!(weighs(parts), Err(FileError::Bomb)));
    }

    #[test]
    fn wide_characters_hide_nothing() {
        assert!(matches!(weighs(&[("<\0c\0", 1)]), Err(FileError::Damaged)));
    }
}
