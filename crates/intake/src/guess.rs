//! Guessing: what bytes that come in pieces are, without keeping them.

/// How much of a text is UTF-8.
#[derive(Debug, Default)]
pub(crate) struct Utf8 {
    /// The beginning of a character whose end has not come yet.
    rest: Vec<u8>,
    /// Bytes of characters beyond ASCII.
    good: u64,
    /// Bytes that belong to no character.
    bad: u64,
}

impl Utf8 {
    pub(crate) fn feed(&mut self, piece: &[u8]) {
        if self.bad > 64 * 1024 && !self.is_mixed() {
            // It is something else; looking on would be slow and change nothing.
            return;
        }
        let joined;
        let mut bytes = piece;
        if !self.rest.is_empty() {
            joined = [self.rest.as_slice(), piece].concat();
            bytes = &joined;
            self.rest = Vec::new();
        }
        loop {
            let error = match std::str::from_utf8(bytes) {
                Ok(_) => {
                    self.good += beyond_ascii(bytes);
                    return;
                }
                Err(error) => error,
            };
            let (valid, after) = bytes.split_at(error.valid_up_to());
            self.good += beyond_ascii(valid);
            let Some(skipped) = error.error_len() else {
                self.rest = after.to_vec();
                return;
            };
            self.bad += u64::try_from(skipped).unwrap_or(0);
            bytes = after.get(skipped..).unwrap_or_default();
        }
    }

    /// UTF-8 throughout, or a long text of it with a few damaged places. Chinese text in GB18030
    /// happens to be UTF-8 in every second or third character, never in eight of nine.
    pub(crate) fn is_likely(&self) -> bool {
        (self.bad == 0 && self.rest.is_empty()) || (self.good >= 64 && self.good / 8 > self.bad)
    }

    /// More UTF-8 than anything else, but not likely to be it throughout.
    pub(crate) fn is_mixed(&self) -> bool {
        self.good > self.bad
    }
}

fn beyond_ascii(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.iter().filter(|byte| !byte.is_ascii()).count()).unwrap_or(0)
}

/// Whether some bytes occur anywhere in what is fed.
#[derive(Debug)]
pub(crate) struct Finder<'a> {
    wanted: &'a [u8],
    tail: Vec<u8>,
    is_found: bool,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(wanted: &'a [u8]) -> Self {
        Self { wanted, tail: Vec::new(), is_found: false }
    }

    pub(crate) fn feed(&mut self, piece: &[u8]) {
        if self.is_found {
            return;
        }
        self.tail.extend_from_slice(piece);
        self.is_found = self.tail.windows(self.wanted.len()).any(|bytes| bytes == self.wanted);
        let kept = self.tail.len().saturating_sub(self.wanted.len());
        self.tail.drain(..kept);
    }

    pub(crate) fn is_found(&self) -> bool {
        self.is_found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf8(bytes: &[u8], size: usize) -> Utf8 {
        let mut utf8 = Utf8::default();
        bytes.chunks(size).for_each(|piece| utf8.feed(piece));
        utf8
    }

    const TEXT: &str =
        "当事人未按规定办理登记即从事经营活动，处以罚款。𬴂㛃，无证无照经营查处办法第十三条";

    #[test]
    fn characters_may_be_cut_anywhere() {
        for size in 1..9 {
            let whole = utf8(TEXT.as_bytes(), size);
            assert!(whole.is_likely() && whole.bad == 0, "{size}");
        }
        assert!(!utf8(&TEXT.as_bytes()[..4], 2).is_likely());
    }

    #[test]
    fn one_damaged_character_does_not_make_it_something_else() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes[30] = 0xFF;
        assert!(utf8(&bytes, 7).is_likely());
    }

    #[test]
    fn gb18030_is_not_taken_for_it() {
        let (bytes, _, _) = encoding_rs::GB18030.encode(TEXT);
        let other = utf8(&bytes, 7);
        assert!(!other.is_likely() && !other.is_mixed(), "{other:?}");
    }

    #[test]
    fn bytes_are_found_across_pieces() {
        for size in 1..9 {
            let mut finder = Finder::new(b"needle");
            b"hay hay needle hay".chunks(size).for_each(|piece| finder.feed(piece));
            assert!(finder.is_found(), "{size}");
        }
    }
}
