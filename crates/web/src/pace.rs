//! How often 频次: one count of requests for every address that is not known, every account and every machine.
//!
//! Each has a budget that fills up by its rate and holds ten seconds of it. Kept as one moment (when the
//! budget is full again), in one of many small tables with a lock each: two machines that check at the same
//! time seldom meet, and none holds its lock longer than one look into a table.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use register::AccountId;

use crate::answer::Refused;
use crate::door::Rates;
use crate::net::net;

/// Tables; a power of two.
const TABLES: usize = 64;
/// Counts that one table remembers at most.
const COUNTS: usize = 2_048;
/// So many seconds of its rate may come at once.
const AT_ONCE: u64 = 10;
const SECOND: u64 = 1_000_000_000;

/// Whose requests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Payer {
    /// Whoever comes from there and is not known.
    Address(IpAddr),
    /// A human being who is signed in.
    Account(AccountId),
    /// A machine.
    Client(AccountId),
}

impl Payer {
    /// Somebody unknown from this address; an IPv6 net is one.
    pub(crate) fn stranger(address: IpAddr) -> Self {
        Self::Address(net(address))
    }
}

/// When each budget is full again, in nanoseconds since the beginning; in this process only.
pub(crate) struct Pace {
    rates: Rates,
    begun: Instant,
    hasher: RandomState,
    tables: Vec<Mutex<HashMap<Payer, u64>>>,
}

impl Pace {
    pub(crate) fn new(rates: Rates) -> Self {
        let tables = (0..TABLES).map(|_| Mutex::default()).collect();
        Self { rates, begun: Instant::now(), hasher: RandomState::new(), tables }
    }

    /// Counts one request.
    ///
    /// # Errors
    /// The budget is spent; says in how many seconds there is some again.
    pub(crate) fn spend(&self, payer: Payer) -> Result<(), Refused> {
        match self.wait(payer, Instant::now()) {
            0 => Ok(()),
            seconds => Err(Refused::too_many(seconds)),
        }
    }

    /// Counts one request, unless one must wait first: so many seconds.
    fn wait(&self, payer: Payer, now: Instant) -> u64 {
        let rate = match payer {
            Payer::Address(_) => self.rates.address,
            Payer::Account(_) => self.rates.account,
            Payer::Client(_) => self.rates.client,
        };
        if rate == 0 {
            return 0;
        }
        let cost = SECOND / u64::from(rate);
        let now = now.saturating_duration_since(self.begun).as_nanos();
        let now = u64::try_from(now).unwrap_or(u64::MAX);
        let at = self.hasher.hash_one(payer) & (TABLES as u64 - 1);
        let Some(table) = usize::try_from(at).ok().and_then(|at| self.tables.get(at)) else {
            return 0;
        };
        let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
        let full = table.get(&payer).copied().unwrap_or(0).max(now);
        let over = (full - now + cost).saturating_sub(AT_ONCE * SECOND);
        if over > 0 {
            return over.div_ceil(SECOND);
        }
        if table.len() >= COUNTS && !table.contains_key(&payer) {
            make_room(&mut table, now);
        }
        table.insert(payer, full.saturating_add(cost));
        0
    }
}

/// Forgets who has a full budget; if nobody has, the one who is nearest to it.
fn make_room(table: &mut HashMap<Payer, u64>, now: u64) {
    table.retain(|_, full| *full > now);
    if table.len() >= COUNTS {
        let nearest = table.iter().min_by_key(|(_, full)| **full).map(|(payer, _)| *payer);
        nearest.map(|payer| table.remove(&payer));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn pace(address: u32) -> Pace {
        Pace::new(Rates { address, account: 0, client: 7 })
    }

    fn from(last: u8) -> Payer {
        Payer::stranger([192, 0, 2, last].into())
    }

    #[test]
    fn ten_seconds_at_once_then_the_rate() {
        let (pace, now) = (pace(2), Instant::now() + Duration::from_secs(60));
        let taken = (0..100).filter(|_| pace.wait(from(1), now) == 0).count();
        assert_eq!(taken, 20);
        assert_eq!(pace.wait(from(1), now), 1, "seconds to wait");
        assert_eq!(pace.wait(from(2), now), 0, "nobody pays for others");
        let later = now + Duration::from_secs(3);
        let taken = (0..100).filter(|_| pace.wait(from(1), later) == 0).count();
        assert_eq!(taken, 6, "two a second");
    }

    #[test]
    fn each_kind_has_its_own_rate_and_none_is_no_limit() {
        let (pace, now) = (pace(1), Instant::now() + Duration::from_secs(60));
        let id = AccountId(uuid::Uuid::from_u128(7));
        assert!((0..1_000).all(|_| pace.wait(Payer::Account(id), now) == 0));
        let taken = (0..1_000).filter(|_| pace.wait(Payer::Client(id), now) == 0).count();
        assert_eq!(taken, 70);
    }

    #[test]
    fn many_addresses_fill_no_memory_and_free_nobody_who_is_over() {
        let (pace, now) = (pace(1), Instant::now() + Duration::from_secs(60));
        while pace.wait(from(1), now) == 0 {}
        for n in 0..140_000_u32 {
            pace.wait(Payer::Address(IpAddr::V4(n.into())), now);
        }
        let all: usize = pace.tables.iter().map(|table| table.lock().unwrap().len()).sum();
        assert!(all <= TABLES * COUNTS, "{all}");
        assert!(pace.wait(from(1), now) > 0, "whoever has spent most is forgotten last");
    }
}
