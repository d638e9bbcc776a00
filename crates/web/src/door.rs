//! What the door bears 门限: how many, how fast, how slow, and whose word it takes for where they come from.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use jiff::civil::Date;

use crate::net::Net;

/// How the house is reached, and what it bears of whoever knocks. 0 is no limit.
#[derive(Clone, Debug)]
pub struct Door {
    /// Proxies of ours: what they say in `X-Forwarded-For` is believed, and of nobody else.
    pub proxies: Vec<Net>,
    /// Who may read the figures of `/metrics`, and asks for them and `/readyz` as often as he likes.
    pub watchers: Vec<Net>,
    /// Requests a second, for long; ten times as many at once.
    pub rates: Rates,
    /// Connections at the same time.
    pub connections: usize,
    /// The same from one address; proxies of ours are not counted.
    pub connections_per_address: usize,
    /// How long the head of a request may take, and how long a connection may lie idle.
    pub head: Duration,
    /// How long nothing may come of a body that was begun, or nothing be taken of an answer.
    pub idle: Duration,
    /// How many bytes of a body must come in a second on the average, once `idle` was spent on waiting.
    pub bytes_per_second: u64,
    /// Whom to tell of a hole; without it there is no `security.txt`.
    pub security: Option<Security>,
}

/// Requests a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Of an address, by those who are not known.
    pub address: u32,
    /// Of an account of a human being.
    pub account: u32,
    /// Of a machine.
    pub client: u32,
}

/// What `security.txt` says (RFC 9116).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Security {
    /// `mailto:…` or `https://…`, the best first; never empty.
    pub contacts: Vec<String>,
    /// The last day on which it holds.
    pub expires: Date,
    /// Where it is written what may be tried and what we do then; may be empty.
    pub policy: String,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            proxies: Vec::new(),
            watchers: vec![
                Net::of(Ipv4Addr::LOCALHOST.into()),
                Net::of(Ipv6Addr::LOCALHOST.into()),
            ],
            rates: Rates { address: 50, account: 20, client: 500 },
            connections: 4_096,
            connections_per_address: 128,
            head: Duration::from_secs(30),
            idle: Duration::from_secs(30),
            bytes_per_second: 1_000,
            security: None,
        }
    }
}
