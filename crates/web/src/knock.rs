//! Where a try to sign in comes from: a browser that has signed in to the account before, or an address.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, Once, PoisonError};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use usecases::Cx;
use usecases::account::tries::Place;

use crate::answer::Refused;
use crate::cookies::Cookie;
use crate::net::{Net, net};
use crate::pace::Payer;
use crate::session::same;
use crate::state::WebState;

/// Letters of the number that tells one known browser from another.
const NUMBER: usize = 16;

/// What a request shows of where it comes from.
pub(crate) struct Knock {
    address: Option<IpAddr>,
    known: Option<String>,
}

impl FromRequestParts<WebState> for Knock {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Infallible> {
        let address = caller(parts, &state.door.proxies);
        let known = Cookie::Known.get(&parts.headers, state.secure_cookies);
        Ok(Self { address: address.map(net), known: known.map(str::to_owned) })
    }
}

impl Knock {
    /// The place as far as this account is concerned.
    pub(crate) fn place(&self, cx: &Cx, login: &str) -> Place {
        let known = self.known.as_deref().and_then(|value| value.split_at_checked(NUMBER));
        match known {
            Some((number, seal)) if same(seal, &sealed(cx, login, number)) => {
                Place::Browser(number.to_owned())
            }
            Some(_) | None => Place::Address(self.address),
        }
    }
}

/// The cookie's value for a browser that has just signed in: a number, and our seal over it and the
/// account. It opens nothing; whoever takes it may only guess as slowly as from anywhere else.
pub(crate) fn known(cx: &Cx, login: &str) -> String {
    let number = hex::encode(cx.bytes::<{ NUMBER / 2 }>());
    let seal = sealed(cx, login, &number);
    format!("{number}{seal}")
}

fn sealed(cx: &Cx, login: &str, number: &str) -> String {
    let login = login.trim().to_lowercase();
    hex::encode(cx.vault.fingerprint("known-browser", &[login.as_bytes(), number.as_bytes()]))
}

/// Where a request comes from; `None` if that cannot be told.
pub(crate) fn caller(parts: &Parts, proxies: &[Net]) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    address(peer, &parts.headers, proxies)
}

/// Who has paid for a request already: nobody pays twice, however often it is asked who is there.
#[derive(Clone, Default)]
pub(crate) struct Paid(Arc<Mutex<Vec<Payer>>>);

impl Paid {
    fn holds(&self, payer: Payer) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&payer)
    }

    fn note(&self, payer: Payer) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(payer);
    }
}

/// Counts a request for whoever pays for it, once.
///
/// # Errors
/// Too many requests of this payer.
pub(crate) fn pay(parts: &Parts, state: &WebState, payer: Payer) -> Result<(), Refused> {
    let paid = parts.extensions.get::<Paid>();
    if paid.is_some_and(|paid| paid.holds(payer)) {
        return Ok(());
    }
    state.pace.spend(payer)?;
    if let Some(paid) = paid {
        paid.note(payer);
    }
    Ok(())
}

/// Whoever is not known, or shows a session or a token that is none.
///
/// # Errors
/// Too many requests from this address.
pub(crate) fn stranger(parts: &Parts, state: &WebState) -> Result<(), Refused> {
    match caller(parts, &state.door.proxies) {
        Some(address) => pay(parts, state, Payer::stranger(address)),
        None => Ok(()),
    }
}

/// Whether it comes from where the figures may be read (or there is no line at all, as in tests).
pub(crate) fn watches(parts: &Parts, state: &WebState) -> bool {
    let address = caller(parts, &state.door.proxies);
    address.is_none_or(|address| state.door.watchers.iter().any(|net| net.holds(address)))
}

/// A proxy that nobody has named is said once.
static UNNAMED: Once = Once::new();

/// So is one that is named and writes what cannot be read.
static UNREADABLE: Once = Once::new();

/// Whether it is in the house's own net, where a proxy may be.
fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    }
}

/// An address as proxies write it: alone, in brackets, or with the port beside it.
fn read(said: &str) -> Option<IpAddr> {
    let said = said.trim();
    let bare = said.parse().ok();
    let bare = bare.or_else(|| said.strip_prefix('[')?.strip_suffix(']')?.parse().ok());
    bare.or_else(|| said.parse::<SocketAddr>().ok().map(|beside| beside.ip()))
}

/// The address of who asks. What is said of it is believed of our own proxies only (and where there is no line at
/// all, as in tests): from the last address that was written backwards, the first that is no proxy of ours.
fn address(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[Net]) -> Option<IpAddr> {
    let is_ours = |address: IpAddr| proxies.iter().any(|proxy| proxy.holds(address));
    if let Some(stranger) = peer.filter(|peer| !is_ours(*peer)) {
        if headers.contains_key("x-forwarded-for") && is_near(stranger) {
            UNNAMED.call_once(|| {
                tracing::warn!(
                    peer = %stranger,
                    "this neighbour says for whom it asks, but is not named in behind_proxy: not believed, \
                     all who come through it count as one address"
                );
            });
        }
        return peer;
    }
    let said = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let said: Vec<&str> = said.flat_map(|value| value.split(',')).collect();
    let mut known = peer;
    for (at, one) in said.iter().rev().enumerate() {
        // What cannot be read was not written by a proxy of ours: what stands before it counts for nothing.
        let Some(address) = read(one) else {
            if let (0, Some(peer)) = (at, peer) {
                UNREADABLE.call_once(|| {
                    tracing::warn!(
                        %peer,
                        "what this proxy writes last into X-Forwarded-For is no address: all who come \
                         through it count as one"
                    );
                });
            }
            break;
        };
        known = Some(address);
        if !is_ours(address) {
            break;
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_of_ours_says_who_asks() {
        let ip = |text: &str| text.parse::<IpAddr>().ok();
        let ours: Vec<Net> = ["127.0.0.1", "10.9.0.0/16"].map(|net| net.parse().unwrap()).into();
        for (peer, said, from) in [
            ("127.0.0.1", "203.0.113.9, 192.0.2.7", "192.0.2.7"),
            ("10.9.2.3", "203.0.113.9, 192.0.2.7", "192.0.2.7"),
            // One proxy behind the other: the first address from the end that is none of them.
            ("127.0.0.1", "203.0.113.9, 192.0.2.7, 10.9.0.1", "192.0.2.7"),
            ("127.0.0.1", "10.9.0.2", "10.9.0.2"),
            // Near, but no proxy of ours: it speaks for itself.
            ("10.1.2.3", "203.0.113.9", "10.1.2.3"),
            ("198.51.100.4", "203.0.113.9", "198.51.100.4"),
            ("127.0.0.1", "unknown", "127.0.0.1"),
            ("127.0.0.1", "203.0.113.9, unknown", "127.0.0.1"),
            // As some gateways write it: with the port.
            ("127.0.0.1", "203.0.113.9, 192.0.2.7:4711", "192.0.2.7"),
            ("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
            ("127.0.0.1", "192.0.2.7, [::1]", "::1"),
            ("127.0.0.1", "192.0.2.7:port", "127.0.0.1"),
            ("127.0.0.1", "", "127.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", said.parse().unwrap());
            assert_eq!(address(ip(peer), &headers, &ours), ip(from), "{peer}: {said}");
        }
        let mut twice = HeaderMap::new();
        twice.append("x-forwarded-for", "203.0.113.9".parse().unwrap());
        twice.append("x-forwarded-for", "192.0.2.7".parse().unwrap());
        assert_eq!(address(ip("127.0.0.1"), &twice, &ours), ip("192.0.2.7"));
        assert_eq!(address(None, &HeaderMap::new(), &ours), None);
    }
}
