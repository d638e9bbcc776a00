//! Where a try to sign in comes from: a browser that has signed in to the account before, or an address.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use usecases::Cx;

use crate::cookies::Cookie;
use crate::session::same;
use crate::state::WebState;
use crate::throttle::{Place, net};

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
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let known = Cookie::Known.get(&parts.headers, state.secure_cookies);
        Ok(Self { address: address(peer, &parts.headers), known: known.map(str::to_owned) })
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

/// The address of who asks. What a proxy says of it is believed only where a proxy can be: on this
/// machine or in the house's own net; of several addresses the last one, which that proxy wrote itself.
fn address(peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
    let is_near = peer.is_none_or(|peer| match peer.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    });
    let said = || {
        let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
        last.rsplit(',').next()?.trim().parse().ok()
    };
    let said = if is_near { said() } else { None };
    said.or(peer).map(net)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_of_ours_says_who_asks() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "203.0.113.9, 192.0.2.7".parse().unwrap());
        let ip = |text: &str| text.parse::<IpAddr>().ok();
        assert_eq!(address(ip("127.0.0.1"), &headers), ip("192.0.2.7"));
        assert_eq!(address(ip("10.1.2.3"), &headers), ip("192.0.2.7"));
        assert_eq!(address(ip("198.51.100.4"), &headers), ip("198.51.100.4"));
        assert_eq!(address(ip("127.0.0.1"), &HeaderMap::new()), ip("127.0.0.1"));
        headers.insert("x-forwarded-for", "unknown".parse().unwrap());
        assert_eq!(address(ip("127.0.0.1"), &headers), ip("127.0.0.1"));
        assert_eq!(address(None, &HeaderMap::new()), None);
    }
}
