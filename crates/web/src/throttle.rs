//! Slows down guessing, without letting one who guesses lock out whose account it is.
//!
//! Wrong passwords are counted for an account name *and where they come from*: after five a place must
//! wait, longer each time. A browser that has signed in to the account before is a place of its own and
//! knows nothing of the others. For all other places together there is a second, laxer count, so that
//! many places guess no faster; its wait is short.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// After this long without a try the count of a place begins anew.
const FORGET: Duration = Duration::from_secs(3_600);
/// Counts that are remembered at most.
const COUNTS: usize = 10_000;

/// How much is borne, and how long is waited then.
struct Limit {
    /// Wrong tries without any wait.
    free: u32,
    /// Longest wait, in seconds.
    longest: u64,
}

/// Of one place.
const PLACE: Limit = Limit { free: 5, longest: 300 };
/// Of all places that are not known browsers together: one place alone, at one try in five minutes,
/// never comes near it.
const TOGETHER: Limit = Limit { free: 50, longest: 30 };

/// Where a try comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// A browser that has signed in to this account before, by the number in its cookie.
    Browser(String),
    /// An address; `None` if it cannot be told.
    Address(Option<IpAddr>),
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    login: String,
    /// `None` for all places together.
    place: Option<Place>,
}

#[derive(Clone, Copy)]
struct Tries {
    wrong: u32,
    first: Instant,
    last: Instant,
    free_at: Instant,
}

impl Tries {
    fn wrong(&mut self, limit: &Limit, now: Instant) {
        self.wrong = self.wrong.saturating_add(1);
        self.last = now;
        if self.wrong >= limit.free {
            let seconds = 2_u64.saturating_pow((self.wrong - limit.free).min(16) + 1);
            self.free_at = now + Duration::from_secs(seconds.min(limit.longest));
        }
    }
}

/// Wrong tries, in this process only.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<Key, Tries>>);

/// The counts that a try belongs to.
fn keys(login: &str, place: &Place) -> Vec<(Key, &'static Limit)> {
    let login: String = login.trim().to_lowercase().chars().take(64).collect();
    let own = Key { login: login.clone(), place: Some(place.clone()) };
    let mut keys = vec![(own, &PLACE)];
    if matches!(place, Place::Address(_)) {
        keys.push((Key { login, place: None }, &TOGETHER));
    }
    keys
}

impl Throttle {
    /// How many seconds a try must still wait; 0 if it may be made.
    pub(crate) fn wait(&self, login: &str, place: &Place, now: Instant) -> u64 {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = keys(login, place)
            .iter()
            .filter_map(|(key, _)| all.get(key))
            .map(|tries| tries.free_at.saturating_duration_since(now))
            .max();
        left.filter(|left| !left.is_zero()).map_or(0, |left| left.as_secs() + 1)
    }

    /// Counts a wrong try.
    pub(crate) fn wrong(&self, login: &str, place: &Place, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|key, tries| {
            // What comes from everywhere never ends by itself: it is counted by the hour.
            let since = if key.place.is_none() { tries.first } else { tries.last };
            now.saturating_duration_since(since) < FORGET
        });
        for (key, limit) in keys(login, place) {
            if all.len() >= COUNTS && !all.contains_key(&key) {
                let oldest = all.iter().min_by_key(|(_, tries)| tries.last);
                oldest.map(|(key, _)| key.clone()).map(|key| all.remove(&key));
            }
            let none = Tries { wrong: 0, first: now, last: now, free_at: now };
            all.entry(key).or_insert(none).wrong(limit, now);
        }
    }

    /// Forgets the wrong tries of a place that has signed in.
    pub(crate) fn right(&self, login: &str, place: &Place) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in keys(login, place).into_iter().take(1) {
            all.remove(&key);
        }
    }
}

/// The part of an address that one household or office can have many of: an IPv6 net is one place.
pub(crate) fn net(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(last: u8) -> Place {
        Place::Address(Some([192, 0, 2, last].into()))
    }

    #[test]
    fn the_fifth_wrong_try_costs_time_and_each_one_more() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..4 {
            throttle.wrong("a", &at(1), now);
        }
        assert_eq!(throttle.wait("a", &at(1), now), 0);
        throttle.wrong(" A ", &at(1), now);
        let first = throttle.wait("a", &at(1), now);
        assert!(first > 0);
        throttle.wrong("a", &at(1), now);
        assert!(throttle.wait("a", &at(1), now) > first);
        assert_eq!(throttle.wait("b", &at(1), now), 0);
        for _ in 0..100 {
            throttle.wrong("a", &at(1), now);
        }
        assert!(throttle.wait("a", &at(1), now) <= PLACE.longest + 1);
    }

    #[test]
    fn one_place_locks_out_no_other() {
        let (throttle, mut now) = (Throttle::default(), Instant::now());
        // A day of guessing, each as soon as it may be made.
        let end = now + Duration::from_secs(86_400);
        let mut guesses = 0;
        while now < end {
            now += Duration::from_secs(throttle.wait("a", &at(1), now));
            throttle.wrong("a", &at(1), now);
            guesses += 1;
            assert_eq!(throttle.wait("a", &at(2), now), 0);
        }
        assert!(guesses < 310, "{guesses}");
    }

    #[test]
    fn many_places_guess_no_faster_and_a_known_browser_is_not_stopped() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for last in 0..50 {
            throttle.wrong("a", &at(last), now);
        }
        let wait = throttle.wait("a", &at(200), now);
        assert!((1..=TOGETHER.longest + 1).contains(&wait), "{wait}");
        let known = Place::Browser("1".to_owned());
        assert_eq!(throttle.wait("a", &known, now), 0);
        // Nor does it guess for nothing.
        for _ in 0..5 {
            throttle.wrong("a", &known, now);
        }
        assert!(throttle.wait("a", &known, now) > 0);
        throttle.right("a", &known);
        assert_eq!(throttle.wait("a", &known, now), 0);
        assert!(throttle.wait("a", &at(200), now) > 0, "the others are not forgiven");
        // By the hour, not for ever.
        let later = now + FORGET;
        throttle.wrong("a", &at(201), later);
        assert_eq!(throttle.wait("a", &at(200), later), 0);
    }

    #[test]
    fn an_ipv6_net_is_one_place() {
        let net = |text: &str| net(text.parse().unwrap());
        assert_eq!(net("2001:db8::1"), net("2001:db8::ffff:2"));
        assert_ne!(net("2001:db8::1"), net("2001:db8:0:1::1"));
        assert_eq!(net("::ffff:192.0.2.1"), net("192.0.2.1"));
        assert_ne!(net("192.0.2.1"), net("192.0.2.2"));
    }
}
