//! 试错: how long somebody waits who has guessed wrong, so that guessing is slow and locks nobody out.
//!
//! Wrong tries are counted for what is tried *and where the try comes from*: after some of them that place must wait,
//! longer each time and never longer than its limit. For all unknown places together there is a second, laxer count, so
//! that many places guess no faster; its wait is short, and a place that is known does not belong to it.

use jiff::{SignedDuration, Timestamp};

/// After this long a count begins anew.
pub const FORGET: SignedDuration = SignedDuration::from_hours(1);

/// How much is borne, and how long is waited then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Wrong tries without any wait.
    free: u32,
    /// Longest wait, in seconds.
    longest: i64,
    /// Whether it is counted by the hour: what comes from everywhere never ends by itself.
    is_by_the_hour: bool,
}

/// Of one place.
pub const PLACE: Limit = Limit { free: 5, longest: 300, is_by_the_hour: false };
/// Of all unknown places together: one place alone, at one try in five minutes, never comes near it.
pub const TOGETHER: Limit = Limit { free: 50, longest: 30, is_by_the_hour: true };

/// Wrong tries of one count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// How many.
    pub wrong: u32,
    /// When the first was made.
    pub first_at: Timestamp,
    /// When the last was.
    pub last_at: Timestamp,
    /// From when on the next may be.
    pub free_at: Timestamp,
}

impl Tries {
    /// None yet.
    #[must_use]
    pub const fn none(now: Timestamp) -> Self {
        Self { wrong: 0, first_at: now, last_at: now, free_at: now }
    }

    /// The same as it counts now: forgotten if it is old.
    #[must_use]
    pub fn at(self, limit: &Limit, now: Timestamp) -> Self {
        let since = if limit.is_by_the_hour { self.first_at } else { self.last_at };
        if now.duration_since(since) < FORGET { self } else { Self::none(now) }
    }

    /// How many seconds the next try must still wait; 0 if it may be made.
    #[must_use]
    pub fn wait(&self, limit: &Limit, now: Timestamp) -> u64 {
        let left = self.free_at.duration_since(now);
        if left <= SignedDuration::ZERO {
            return 0;
        }
        // However a clock was set meanwhile.
        u64::try_from(left.as_secs().min(limit.longest)).unwrap_or(0) + 1
    }

    /// With one more.
    #[must_use]
    pub fn wrong(self, limit: &Limit, now: Timestamp) -> Self {
        let wrong = self.wrong.saturating_add(1);
        let over = wrong.saturating_sub(limit.free);
        let seconds = if wrong < limit.free { 0 } else { 2_i64.pow(over.min(16) + 1) };
        let wait = SignedDuration::from_secs(seconds.min(limit.longest));
        let free_at = now.checked_add(wait).unwrap_or(now);
        Self { wrong, last_at: now, free_at, ..self }
    }

    /// Without the last, which was none.
    #[must_use]
    pub fn taken_back(self, limit: &Limit, now: Timestamp) -> Self {
        let wrong = self.wrong.saturating_sub(1);
        let free_at = if wrong < limit.free { now } else { self.free_at };
        Self { wrong, free_at, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).unwrap()
    }

    fn tried(limit: &Limit, times: u32, now: Timestamp) -> Tries {
        (0..times).fold(Tries::none(now), |tries, _| tries.wrong(limit, now))
    }

    #[test]
    fn the_fifth_wrong_try_costs_time_and_each_one_more() {
        let now = after(0);
        assert_eq!(tried(&PLACE, 4, now).wait(&PLACE, now), 0);
        let fifth = tried(&PLACE, 5, now).wait(&PLACE, now);
        assert!(fifth > 0);
        assert!(tried(&PLACE, 6, now).wait(&PLACE, now) > fifth);
        assert_eq!(tried(&PLACE, 100, now).wait(&PLACE, now), 301, "never for good");
        assert_eq!(
            tried(&PLACE, 100, now).wait(&PLACE, after(-9_000)),
            301,
            "the clock was set back"
        );
        assert_eq!(tried(&PLACE, 5, now).wait(&PLACE, after(2)), 0);
    }

    #[test]
    fn a_day_of_guessing_is_a_few_hundred_tries() {
        let (mut tries, mut at, mut guesses) = (Tries::none(after(0)), 0, 0);
        while at < 86_400 {
            at += i64::try_from(tries.wait(&PLACE, after(at))).unwrap();
            tries = tries.at(&PLACE, after(at)).wrong(&PLACE, after(at));
            guesses += 1;
        }
        assert!(guesses < 310, "{guesses}");
    }

    #[test]
    fn all_together_wait_shortly_and_are_counted_by_the_hour() {
        let now = after(0);
        assert_eq!(tried(&TOGETHER, 49, now).wait(&TOGETHER, now), 0);
        let many = tried(&TOGETHER, 500, now);
        assert_eq!(many.wait(&TOGETHER, now), 31);
        // One more just before the hour is over does not make it longer.
        let late = many.wrong(&TOGETHER, after(3_599));
        assert_eq!(late.at(&TOGETHER, after(3_600)).wrong, 0);
        // Of a place it does.
        let of_place = tried(&PLACE, 9, now).wrong(&PLACE, after(3_599));
        assert_eq!(of_place.at(&PLACE, after(3_600)).wrong, 10);
    }

    #[test]
    fn what_was_right_is_taken_back() {
        let now = after(0);
        let fifth = tried(&PLACE, 5, now);
        assert_eq!(fifth.taken_back(&PLACE, now).wait(&PLACE, now), 0);
        let seventh = tried(&PLACE, 7, now);
        assert!(seventh.taken_back(&PLACE, now).wait(&PLACE, now) > 0, "the others were wrong");
        assert_eq!(Tries::none(now).taken_back(&PLACE, now).wrong, 0);
    }
}
