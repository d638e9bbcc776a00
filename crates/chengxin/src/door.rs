//! The door 门: from the configuration to what it bears, and the certificate that it shows.

use std::fs;
use std::time::Duration;

use web::{Certificates, Door, Net, NotNet, Pem, Rates, Security};

use crate::carriers::secret;
use crate::command::Failure;
use crate::config::Config;

/// How pages and API are reached.
pub(crate) struct Entry {
    /// Whether people reach us by HTTPS, here or at a proxy.
    pub(crate) https: bool,
    pub(crate) door: Door,
    /// What TLS shows; without it this process speaks plain HTTP.
    pub(crate) certificates: Option<Certificates>,
}

impl Entry {
    /// By plain HTTP, for a trial on one machine.
    pub(crate) fn plain() -> Self {
        Self { https: false, door: Door::default(), certificates: None }
    }

    /// As it is configured.
    pub(crate) fn of(config: &Config) -> Result<Self, Failure> {
        let certificates = certificates(config)?;
        if certificates.is_some() && !config.https {
            let says = "https = false, but tls_certificate is set: take one of them out";
            return Err(Failure::Refused(says.to_owned()));
        }
        Ok(Self { https: config.https, door: door(config)?, certificates })
    }

    /// What its addresses begin with.
    pub(crate) fn scheme(&self) -> &'static str {
        if self.certificates.is_some() { "https" } else { "http" }
    }
}

fn door(config: &Config) -> Result<Door, Failure> {
    let nets = |name: &str, written: &[String]| {
        let nets: Result<Vec<Net>, NotNet> = written.iter().map(|net| net.parse()).collect();
        nets.map_err(|error| Failure::Refused(format!("{name}: {error}")))
    };
    let seconds = |name: &str, seconds: u64| match seconds {
        0 => Err(Failure::Refused(format!("{name}: at least 1"))),
        seconds => Ok(Duration::from_secs(seconds)),
    };
    Ok(Door {
        proxies: nets("behind_proxy", &config.behind_proxy)?,
        watchers: nets("metrics_from", &config.metrics_from)?,
        rates: Rates {
            address: config.requests_per_address,
            account: config.requests_per_account,
            client: config.requests_per_client,
        },
        connections: config.connections,
        connections_per_address: config.connections_per_address,
        head: seconds("head_seconds", config.head_seconds)?,
        idle: seconds("idle_seconds", config.idle_seconds)?,
        bytes_per_second: config.bytes_per_second,
        security: security(config)?,
    })
}

fn security(config: &Config) -> Result<Option<Security>, Failure> {
    let refused = |says: &str| Err(Failure::Refused(says.to_owned()));
    if config.security_contacts.is_empty() {
        let is_alone = config.security_expires.is_empty() && config.security_policy.is_empty();
        return if is_alone { Ok(None) } else { refused("security_contacts: name at least one") };
    }
    let begins = |contact: &String| {
        ["mailto:", "https://", "tel:"].iter().any(|kind| contact.starts_with(kind))
            && !contact.chars().any(|sign| sign.is_control() || sign == ' ')
    };
    if !config.security_contacts.iter().all(begins) {
        return refused("security_contacts: each begins with mailto:, https:// or tel:");
    }
    let policy = config.security_policy.clone();
    if !policy.is_empty() && !policy.starts_with("https://") {
        return refused("security_policy: an address that begins with https://");
    }
    let Ok(expires) = config.security_expires.parse() else {
        return refused("security_expires: a day such as 2027-06-30, at most a year from now");
    };
    Ok(Some(Security { contacts: config.security_contacts.clone(), expires, policy }))
}

fn certificates(config: &Config) -> Result<Option<Certificates>, Failure> {
    let (certificate, key) = (config.tls_certificate.clone(), config.tls_key.clone());
    match (certificate.as_os_str().is_empty(), key.as_os_str().is_empty()) {
        (true, true) => return Ok(None),
        (false, false) => {}
        (true, false) | (false, true) => {
            let says = "tls_certificate and tls_key: set both or none";
            return Err(Failure::Refused(says.to_owned()));
        }
    }
    let read = move || -> Result<Pem, String> {
        let cannot =
            |why: std::io::Error| format!("tls_certificate ({}): {why}", certificate.display());
        let key = secret(&key, "tls_key").map_err(|failure| match failure {
            Failure::Usage(says) | Failure::Refused(says) => says,
        })?;
        Ok(Pem { certificate: fs::read(&certificate).map_err(cannot)?, key })
    };
    Certificates::open(Box::new(read)).map(Some).map_err(Failure::refused)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn refusal(config: &Config) -> String {
        match Entry::of(config) {
            Err(Failure::Usage(says) | Failure::Refused(says)) => says,
            Ok(_) => panic!("{config:?}"),
        }
    }

    #[test]
    fn what_cannot_work_is_named() {
        let default = Config::default;
        assert!(Entry::of(&default()).is_ok());
        for (config, says) in [
            (Config { behind_proxy: vec!["proxy".to_owned()], ..default() }, "behind_proxy"),
            (Config { metrics_from: vec!["all".to_owned()], ..default() }, "metrics_from"),
            (Config { head_seconds: 0, ..default() }, "head_seconds"),
            (Config { idle_seconds: 0, ..default() }, "idle_seconds"),
            (Config { tls_key: PathBuf::from("k"), ..default() }, "set both"),
            (
                Config {
                    tls_key: PathBuf::from("/nowhere/k"),
                    tls_certificate: PathBuf::from("/nowhere/c"),
                    ..default()
                },
                "tls_key (/nowhere/k)",
            ),
            (Config { security_policy: "https://x".to_owned(), ..default() }, "security_contacts"),
            (
                Config { security_contacts: vec!["a@example.gov.cn".to_owned()], ..default() },
                "mailto:",
            ),
            (
                Config {
                    security_contacts: vec!["mailto:a@example.gov.cn".to_owned()],
                    ..default()
                },
                "security_expires",
            ),
        ] {
            let refusal = refusal(&config);
            assert!(refusal.contains(says), "{says}: {refusal}");
        }
    }

    #[test]
    fn a_key_that_others_can_read_is_no_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["certificate.pem", "key.pem"] {
            fs::write(path(name), "nothing yet").unwrap();
        }
        let config = Config {
            tls_certificate: path("certificate.pem"),
            tls_key: path("key.pem"),
            ..Config::default()
        };
        for (mode, says) in [(0o644, "can be read by others"), (0o600, "no certificate in PEM")] {
            fs::set_permissions(path("key.pem"), fs::Permissions::from_mode(mode)).unwrap();
            let refusal = refusal(&config);
            assert!(refusal.contains(says), "{mode:o}: {refusal}");
        }
        let plain = Config { https: false, ..config };
        assert!(refusal(&plain).contains("no certificate"), "files first");
    }

    #[test]
    fn whom_to_tell_is_read() {
        let config = Config {
            security_contacts: vec!["mailto:a@example.gov.cn".to_owned()],
            security_expires: "2027-06-30".to_owned(),
            ..Config::default()
        };
        let security = Entry::of(&config).ok().and_then(|entry| entry.door.security).unwrap();
        assert_eq!(security.expires.to_string(), "2027-06-30");
    }
}
