//! Samples 抽查: which looks of a month a body has to show the matter of, by a lot that nobody holds.
//!
//! The lot is drawn with the head of the log at the month's end: it stands over every look of the month and is
//! known only when the month is over, so nobody can choose who is drawn, and everybody who has the head can draw
//! again and compare.

use std::collections::BTreeSet;

/// How many of so many are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Of a hundred, rounded up.
    pub percent: u64,
    /// At most.
    pub most: u64,
}

impl Size {
    /// How many of `looks` are drawn: at least one if there is any, at most [`Size::most`].
    #[must_use]
    pub fn of(self, looks: u64) -> u64 {
        let share = looks.saturating_mul(self.percent).div_ceil(100);
        share.max(1).min(self.most).min(looks)
    }
}

/// One lot: looks are put in one after the other, however many there are, and only those that may be drawn stay.
#[derive(Clone, Debug)]
pub struct Lot {
    size: Size,
    looks: u64,
    best: BTreeSet<([u8; 32], u64)>,
}

impl Lot {
    /// An empty lot.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Self { size, looks: 0, best: BTreeSet::new() }
    }

    /// Puts in the look at that position; `place` is its place in the lot.
    pub fn put(&mut self, seq: u64, place: [u8; 32]) {
        self.looks += 1;
        self.best.insert((place, seq));
        while self.best.len() > usize::try_from(self.size.most).unwrap_or(usize::MAX) {
            self.best.pop_last();
        }
    }

    /// What is drawn, in the order of the log.
    #[must_use]
    pub fn drawn(&self) -> Vec<u64> {
        let number = usize::try_from(self.size.of(self.looks)).unwrap_or(usize::MAX);
        let mut drawn: Vec<u64> = self.best.iter().take(number).map(|(_, seq)| *seq).collect();
        drawn.sort_unstable();
        drawn
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const SIZE: Size = Size { percent: 2, most: 20 };

    #[rstest]
    #[case(0, 0)]
    #[case(1, 1)]
    #[case(50, 1)]
    #[case(51, 2)]
    #[case(1_000, 20)]
    #[case(1_000_000, 20)]
    fn at_least_one_and_at_most_so_many(#[case] looks: u64, #[case] drawn: u64) {
        assert_eq!(SIZE.of(looks), drawn);
    }

    /// The same position has the same place, and the seed moves all of them.
    fn draw(looks: impl Iterator<Item = u64>, seed: u64) -> Vec<u64> {
        let mut lot = Lot::new(SIZE);
        for seq in looks {
            let mixed = (seq ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17);
            let mut place = [0; 32];
            place[..8].copy_from_slice(&mixed.to_be_bytes());
            lot.put(seq, place);
        }
        lot.drawn()
    }

    #[test]
    fn the_same_head_draws_the_same_whatever_order_they_come_in_and_another_draws_others() {
        let drawn = draw(100..400, 7);
        assert_eq!(drawn.len(), 6);
        assert_eq!(draw((100..400).rev(), 7), drawn);
        assert_ne!(draw(100..400, 8), drawn);
        assert!(drawn.iter().all(|seq| (100..400).contains(seq)) && drawn.is_sorted());
        assert_eq!(draw(0..5_000, 7).len(), 20);
        assert!(draw(0..0, 7).is_empty());
    }
}
