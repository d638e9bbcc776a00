//! The door: TLS, limits, and whom to tell of a hole.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use usecases::health::certificate;

use super::said::line_of;
use super::{Check, words};
use crate::config::Config;
use crate::door::Entry;

const NAME: &str = "door";

/// Days before the end of `security.txt` from which on somebody should renew it.
const SOON: i32 = 30;

/// The door, and the certificate that it shows if TLS is spoken here.
pub(super) fn look(config: &Config, now: Timestamp) -> Vec<Check> {
    const NEXT: &str = "mend it (operator guide, The door)";
    let key = config.tls_key.as_path();
    if key.starts_with("/run/credentials") && !key.exists() {
        let says = format!("{} is lent to the running service only: not looked at", key.display());
        return vec![Check::warning(NAME, says, "look whether the service has started")];
    }
    let entry = match Entry::of(config) {
        Ok(entry) => entry,
        Err(failure) => return vec![Check::wrong(NAME, words(failure), NEXT)],
    };
    let shown = entry.certificates.as_ref();
    let shown = shown.map(|shown| line_of(&certificate(shown.ends_at(), now)));
    [opened(config, &entry, now)].into_iter().chain(shown).collect()
}

fn opened(config: &Config, entry: &Entry, now: Timestamp) -> Check {
    let today = register::china_date(now);
    let expires = entry.door.security.as_ref().map(|security| security.expires);
    if let Some(late) = expires.and_then(|expires| late(expires, today)) {
        return late;
    }
    let tls = if entry.certificates.is_some() { "TLS here" } else { "no TLS here" };
    let says = format!("{tls}, {} proxies are believed", entry.door.proxies.len());
    let is_bare = entry.certificates.is_none() && !config.listen.ip().is_loopback();
    if is_bare && config.https && !in_container() {
        let says = format!("{says}; {} is open to other machines without TLS", config.listen);
        return Check::warning(
            NAME,
            says,
            "set tls_certificate, or listen on 127.0.0.1 behind a proxy",
        );
    }
    Check::ok(NAME, says)
}

/// In a container the port is opened by whoever runs it.
fn in_container() -> bool {
    Path::new("/run/.containerenv").exists() || Path::new("/.dockerenv").exists()
}

/// What is said of a `security.txt` that ends soon or has ended.
fn late(expires: Date, today: Date) -> Option<Check> {
    let left = expires.since(today).map_or(0, |span| span.get_days());
    let next = "confirm who is named in security_contacts, then set security_expires anew";
    if left < 0 {
        return Some(Check::warning(NAME, format!("security.txt ended on {expires}"), next));
    }
    (left < SOON).then(|| Check::warning(NAME, format!("security.txt ends on {expires}"), next))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::State;
    use super::*;

    #[test]
    fn whoever_is_to_be_told_is_confirmed_in_time() {
        let today = date(2026, 11, 23);
        assert!(late(date(2027, 6, 30), today).is_none());
        assert!(late(date(2026, 12, 1), today).unwrap().says.contains("ends on"));
        assert!(late(date(2026, 11, 22), today).unwrap().says.contains("ended"));
    }

    #[test]
    fn a_setting_that_cannot_work_is_wrong() {
        let now = "2026-11-23T01:00:00Z".parse().unwrap();
        assert_eq!(look(&Config::default(), now)[0].state, State::Ok);
        let config = Config { behind_proxy: vec!["proxy".to_owned()], ..Config::default() };
        assert_eq!(look(&config, now)[0].state, State::Wrong);
    }
}
