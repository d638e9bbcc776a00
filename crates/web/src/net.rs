//! Nets 网段 of addresses, as an operator writes them.

use std::net::IpAddr;
use std::str::FromStr;

use thiserror::Error;

/// Addresses that begin alike: `10.0.0.0/8`, or one address alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    first: IpAddr,
    bits: u32,
}

/// It is neither an address nor a net.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is neither an address nor a net such as 10.0.0.0/8")]
pub struct NotNet(String);

impl FromStr for Net {
    type Err = NotNet;

    fn from_str(text: &str) -> Result<Self, NotNet> {
        let wrong = || NotNet(text.to_owned());
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text.trim(), None),
        };
        let first: IpAddr = address.parse().map_err(|_| wrong())?;
        let first = first.to_canonical();
        let most = width(first);
        let bits = match bits {
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= most).ok_or_else(wrong)?,
            None => most,
        };
        Ok(Self { first, bits })
    }
}

impl Net {
    /// One address alone.
    #[must_use]
    pub const fn of(address: IpAddr) -> Self {
        Self { first: address, bits: width(address) }
    }

    /// Whether the address is one of them.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let rest = width(self.first).saturating_sub(self.bits);
        let differs = number(self.first) ^ number(address);
        width(address) == width(self.first) && differs.checked_shr(rest).unwrap_or(0) == 0
    }
}

/// The part of an address that one household or office can have many of: an IPv6 net is one place.
pub(crate) fn net(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// The bits of such an address.
const fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => u128::from(v4.to_bits()),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_net_holds_what_begins_alike() {
        for (net, inside, outside) in [
            ("10.0.0.0/8", "10.255.1.2", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.7", "::ffff:192.0.2.7", "::1"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("::1", "::1", "127.0.0.1"),
        ] {
            let net: Net = net.parse().unwrap();
            assert!(net.holds(inside.parse().unwrap()), "{net:?} {inside}");
            assert!(!net.holds(outside.parse().unwrap()), "{net:?} {outside}");
        }
    }

    #[test]
    fn an_ipv6_net_is_one_place() {
        let net = |text: &str| net(text.parse().unwrap());
        assert_eq!(net("2001:db8::1"), net("2001:db8::ffff:2"));
        assert_ne!(net("2001:db8::1"), net("2001:db8:0:1::1"));
        assert_eq!(net("::ffff:192.0.2.1"), net("192.0.2.1"));
        assert_ne!(net("192.0.2.1"), net("192.0.2.2"));
    }

    #[test]
    fn what_is_no_net_is_named() {
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1"] {
            let error = text.parse::<Net>().unwrap_err();
            assert!(error.to_string().contains(&format!("`{text}`")), "{error}");
        }
    }
}
