//! How many at the same time 并发连接: in all, and from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::door::Door;
use crate::net::net;

/// Who is inside.
pub(super) struct Crowd {
    most: usize,
    most_of_one: usize,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    all: usize,
    of: HashMap<IpAddr, usize>,
    sent_away: u64,
}

/// One connection; it counts until it is dropped.
pub(super) struct Guest {
    inside: Arc<Mutex<Inside>>,
    /// `None` for a proxy of ours, behind which many stand.
    address: Option<IpAddr>,
}

const fn most(limit: usize) -> usize {
    if limit == 0 { usize::MAX } else { limit }
}

impl Crowd {
    pub(super) fn new(door: &Door) -> Self {
        Self {
            most: most(door.connections),
            most_of_one: most(door.connections_per_address),
            inside: Arc::default(),
        }
    }

    /// Lets one in; `None` if there are too many.
    pub(super) fn enter(&self, door: &Door, peer: IpAddr) -> Option<Guest> {
        let is_proxy = door.proxies.iter().any(|proxy| proxy.holds(peer));
        let address = (!is_proxy).then(|| net(peer));
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let own = address.and_then(|address| inside.of.get(&address)).copied().unwrap_or(0);
        if inside.all >= self.most || own >= self.most_of_one {
            inside.sent_away = inside.sent_away.saturating_add(1);
            let sent_away = inside.sent_away;
            let (all, is_one) = (inside.all, own >= self.most_of_one);
            drop(inside);
            // Said the first time, the second, the fourth and so on: a flood fills no disk.
            if sent_away.is_power_of_two() {
                tracing::warn!(sent_away, all, is_one, "too many connections: sent away");
            }
            return None;
        }
        inside.all += 1;
        if let Some(address) = address {
            inside.of.insert(address, own + 1);
        }
        Some(Guest { inside: self.inside.clone(), address })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.all = inside.all.saturating_sub(1);
        let Some(address) = self.address else { return };
        let left = inside.of.get(&address).map_or(0, |own| own.saturating_sub(1));
        if left == 0 {
            inside.of.remove(&address);
        } else {
            inside.of.insert(address, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_fills_only_its_own_room_and_a_proxy_none() {
        let door = Door {
            connections: 4,
            connections_per_address: 2,
            proxies: vec!["192.0.2.9".parse().unwrap()],
            ..Door::default()
        };
        let crowd = Crowd::new(&door);
        let from = |last: u8| IpAddr::from([192, 0, 2, last]);
        let first = crowd.enter(&door, from(1)).unwrap();
        let _second = crowd.enter(&door, from(1)).unwrap();
        assert!(crowd.enter(&door, from(1)).is_none());
        let _third = crowd.enter(&door, from(9)).unwrap();
        let _fourth = crowd.enter(&door, from(9)).unwrap();
        assert!(crowd.enter(&door, from(2)).is_none(), "the house is full");
        drop(first);
        let _again = crowd.enter(&door, from(1)).unwrap();
        assert_eq!(crowd.inside.lock().unwrap().all, 4);
    }

    #[test]
    fn who_has_left_is_forgotten() {
        let door = Door::default();
        let crowd = Crowd::new(&door);
        drop(crowd.enter(&door, IpAddr::from([192, 0, 2, 1])));
        let inside = crowd.inside.lock().unwrap();
        assert!(inside.all == 0 && inside.of.is_empty());
    }
}
