//! Slows down guessing: after five wrong passwords an account name must wait, longer each time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Wrong tries without any wait.
const FREE: u32 = 5;
/// Longest wait, in seconds.
const LONGEST: u64 = 300;
/// After this long without a try the count begins anew.
const FORGET: Duration = Duration::from_secs(3_600);
/// Names that are remembered at most.
const NAMES: usize = 10_000;

#[derive(Clone, Copy)]
struct Tries {
    wrong: u32,
    last: Instant,
    free_at: Instant,
}

/// Wrong tries by account name, in this process only.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<HashMap<String, Tries>>);

fn key(login: &str) -> String {
    login.trim().to_lowercase().chars().take(64).collect()
}

impl Throttle {
    /// How many seconds the name must still wait; 0 if it may try.
    pub(crate) fn wait(&self, login: &str, now: Instant) -> u64 {
        let tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = tries.get(&key(login)).map(|t| t.free_at.saturating_duration_since(now));
        left.filter(|left| !left.is_zero()).map_or(0, |left| left.as_secs() + 1)
    }

    /// Counts a wrong try.
    pub(crate) fn wrong(&self, login: &str, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, tries| now.saturating_duration_since(tries.last) < FORGET);
        let name = key(login);
        if all.len() >= NAMES && !all.contains_key(&name) {
            let oldest = all.iter().min_by_key(|(_, t)| t.last).map(|(name, _)| name.clone());
            oldest.map(|name| all.remove(&name));
        }
        let tries = all.entry(name).or_insert(Tries { wrong: 0, last: now, free_at: now });
        tries.wrong += 1;
        tries.last = now;
        if tries.wrong >= FREE {
            let seconds = 2_u64.saturating_pow((tries.wrong - FREE).min(16) + 1).min(LONGEST);
            tries.free_at = now + Duration::from_secs(seconds);
        }
    }

    /// Forgets the wrong tries of a name that has signed in.
    pub(crate) fn right(&self, login: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key(login));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_wrong_try_costs_time_and_each_one_more() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..4 {
            throttle.wrong("a", now);
        }
        assert_eq!(throttle.wait("a", now), 0);
        throttle.wrong(" A ", now);
        let first = throttle.wait("a", now);
        assert!(first > 0);
        throttle.wrong("a", now);
        assert!(throttle.wait("a", now) > first);
        assert_eq!(throttle.wait("b", now), 0);
        for _ in 0..100 {
            throttle.wrong("a", now);
        }
        assert!(throttle.wait("a", now) <= LONGEST + 1);
        throttle.right("a");
        assert_eq!(throttle.wait("a", now), 0);
    }
}
