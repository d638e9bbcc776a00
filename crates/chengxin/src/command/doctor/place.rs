//! The machine: configuration, ways out, data folder, keys.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use usecases::retention::MonthKeys;
use usecases::{Clock, Random};
use vault::{KeyInfo, KeyState, Place, Vault};

use super::{Check, words};
use crate::config::{Config, USUAL_FILE};
use crate::machine::{MachineClock, MachineRandom};
use crate::wiring::{keys_file, months_file, read_keys, restored_file};
use crate::{carriers, issuer};

/// Days after which a key that was replaced should be gone.
const RETIRED_BY: i64 = 30;

pub(super) fn look(config: &Config, named: Option<&Path>) -> Vec<Check> {
    let checks = vec![configuration(config, named), ways_out(config), sign_in(config)];
    checks.into_iter().chain([data(&config.data)]).chain(restored(&config.data)).collect()
}

fn configuration(config: &Config, named: Option<&Path>) -> Check {
    const NAME: &str = "configuration";
    let file = named.unwrap_or_else(|| Path::new(USUAL_FILE));
    let Ok(text) = fs::read_to_string(file) else {
        return Check::ok(NAME, format!("no file, log {}", config.log));
    };
    let url = &config.database_url;
    let is_in_it = store::backup::has_password(url) && text.contains(url.as_str());
    if is_in_it && is_open(file).unwrap_or(true) {
        let says = format!("{} holds a password and can be read by others", file.display());
        return Check::warning(NAME, says, "give DATABASE_URL by the environment of the service");
    }
    Check::ok(NAME, format!("{}, log {}", file.display(), config.log))
}

/// Whether others can read it.
fn is_open(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

/// Secrets that the service manager lends are there for the service only.
fn lent(config: &Config) -> Vec<PathBuf> {
    let mail = config.mail.as_ref().filter(|mail| !mail.user.is_empty());
    let mail = mail.map(|mail| mail.password_file.clone());
    let sms = config.sms.as_ref().map(|sms| sms.key_file.clone());
    mail.into_iter().chain(sms).filter(|path| is_lent(path)).collect()
}

fn is_lent(path: &Path) -> bool {
    path.starts_with("/run/credentials") && !path.exists()
}

/// The service by which persons sign in; it is not asked anything.
fn sign_in(config: &Config) -> Check {
    const NAME: &str = "identity";
    let Some(service) = &config.identity else { return Check::ok(NAME, "none is set up") };
    let secret = &service.client_secret_file;
    if is_lent(secret) {
        let says =
            format!("{} is lent to the running service only: not looked at", secret.display());
        return Check::warning(NAME, says, "look whether the service has started");
    }
    match issuer::provider(config, false) {
        Ok(_) => Check::ok(NAME, service.issuer.clone()),
        Err(failure) => {
            let next = "mend it, or take it out (operator guide, Identity service)";
            Check::wrong(NAME, words(failure), next)
        }
    }
}

/// What is said of a register that was put back from a backup.
fn restored(folder: &Path) -> Option<Check> {
    let mark = restored_file(folder);
    let says =
        format!("{} is there: `chengxin serve` refuses, `serve --quiet` does not", mark.display());
    let next = "if this is the register from now on, remove it (operator guide, Restore)";
    mark.exists().then(|| Check::warning("restored", says, next))
}

fn ways_out(config: &Config) -> Check {
    const NAME: &str = "ways out";
    const NEXT: &str = "mend it, or take it out (operator guide, Ways out)";
    let set_up = match carriers::channels(config) {
        Ok(channels) => channels,
        Err(failure) => return Check::wrong(NAME, words(failure), NEXT),
    };
    if let Some(path) = lent(config).first() {
        let says = format!("{} is lent to the running service only: not looked at", path.display());
        return Check::warning(NAME, says, "look whether the service has started");
    }
    if let Err(failure) = carriers::carriers(config) {
        return Check::wrong(NAME, words(failure), NEXT);
    }
    let is = |there| if there { "yes" } else { "no" };
    let (mail, sms, systems) = (is(set_up.mail), is(set_up.sms), set_up.receivers.len());
    Check::ok(NAME, format!("e-mail {mail}, short messages {sms}, {systems} systems"))
}

fn data(folder: &Path) -> Check {
    const NAME: &str = "data folder";
    let place = folder.display();
    if !folder.is_dir() {
        let says = format!("{place} is not there");
        return Check::wrong(NAME, says, "set `data`, or make it: `chengxin migrate`");
    }
    let probe = folder.join(format!("doctor.{}.part", std::process::id()));
    if let Err(why) = fs::write(&probe, "").and_then(|()| fs::remove_file(&probe)) {
        let says = format!("nothing can be written to {place}: {why}");
        return Check::wrong(
            NAME,
            says,
            "give it to the user of the service, and look at the disk",
        );
    }
    match is_open(folder) {
        Ok(false) => Check::ok(NAME, place.to_string()),
        Ok(true) => {
            let says = format!("{place} can be entered by others");
            Check::warning(NAME, says, format!("run `chmod 700 {place}`"))
        }
        Err(why) => Check::wrong(NAME, format!("{place}: {why}"), "look at the disk"),
    }
}

/// The keys, if they can be used, and what was found of them.
pub(super) fn keys(config: &Config) -> (Option<Vault>, Vec<Check>) {
    let (keys, months) = (keys_file(&config.data), months_file(&config.data));
    let vault = match opens(&keys) {
        Ok(vault) => vault,
        Err(wrong) => return (None, vec![wrong]),
    };
    let mut checks = vec![standing(&vault.keys(), &keys, MachineClock::default().now())];
    let month = months_of(&months, &vault);
    let is_sound = month.next.is_none();
    checks.push(month);
    (is_sound.then_some(vault), checks)
}

/// Keys that open what they seal; one that should be gone by now, or that waits for its turn, is said.
fn standing(keys: &[KeyInfo], path: &Path, now: Timestamp) -> Check {
    const NAME: &str = "keys";
    for key in keys {
        let id = key.id;
        let days = key.replaced_at.map_or(0, |at| now.as_second().saturating_sub(at) / 86_400);
        if key.state == KeyState::Old && days >= RETIRED_BY {
            let says = format!("key {id} was replaced {days} days ago and is not retired");
            let next = format!("`chengxin keys status`, then `chengxin keys retire {id}`");
            return Check::warning(NAME, says, next);
        }
        if key.state == KeyState::Next {
            let says = format!("key {id} was made and does not seal yet: a rotation was cut off");
            return Check::warning(NAME, says, "`chengxin keys rotate` goes on with it");
        }
    }
    Check::ok(NAME, format!("{} open what they seal", path.display()))
}

fn opens(path: &Path) -> Result<Vault, Check> {
    const NAME: &str = "keys";
    if !path.exists() {
        let says = format!("{} is not there", path.display());
        let next = "a new register: `chengxin migrate`; one that lost them: put your copy back";
        return Err(Check::wrong(NAME, says, next));
    }
    let read = read_keys(path);
    let vault = read.map_err(|failure| {
        Check::wrong(NAME, words(failure), "mend its mode, or put your copy back")
    })?;
    let mut nonce = [0; 12];
    MachineRandom.fill(&mut nonce);
    let place = Place { table: "doctor", column: "probe", row: &nonce };
    let sealed = vault.seal(place, b"probe", nonce);
    let opened = vault.open(place, &sealed);
    if opened.is_ok_and(|plain| plain.as_slice() == b"probe") {
        return Ok(vault);
    }
    Err(Check::wrong(NAME, "what they seal does not open", "put your copy of keys.toml back"))
}

fn months_of(path: &Path, vault: &Vault) -> Check {
    const NAME: &str = "month keys";
    const NEXT: &str = "put your newest copy of months.key back";
    let place = path.display();
    match is_open(path) {
        Err(why) => return Check::wrong(NAME, format!("{place}: {why}"), NEXT),
        Ok(true) => {
            let says = format!("{place} can be read by others");
            return Check::wrong(NAME, says, format!("run `chmod 600 {place}`"));
        }
        Ok(false) => {}
    }
    if let Err(why) = MonthKeys::at(path).read(vault) {
        return Check::wrong(NAME, format!("{place}: {why}"), NEXT);
    }
    match vault.first_month() {
        Ok(first) => {
            let (year, month) = (2000 + first / 12, first % 12 + 1);
            Check::ok(NAME, format!("from {year}-{month:02} on; those before are destroyed"))
        }
        Err(why) => Check::wrong(NAME, why.to_string(), NEXT),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_key_that_should_be_gone_and_one_that_waits_are_found() {
        let mut random = |bytes: &mut [u8]| bytes.fill(7);
        let (first, _) = Vault::create(vault::Suite::Intl, "2026-01-01", &mut random).unwrap();
        let next =
            first.with_next_key(vault::Suite::Intl, "2026-02-01", &mut |bytes| bytes.fill(8));
        let next = next.unwrap();
        let after = |days: i64| Timestamp::from_second(1_764_000_000 + days * 86_400).unwrap();
        let state = |text: &vault::KeyText, days| {
            let keys = Vault::read(&text.text).unwrap().keys();
            standing(&keys, Path::new("keys.toml"), after(days)).state
        };
        assert_eq!(state(&first, 9_999), State::Ok);
        assert_eq!(state(&next, 0), State::Warning, "it waits for its turn");
        let active = next.with_next_active(1_764_000_000).unwrap();
        assert_eq!(state(&active, 29), State::Ok);
        assert_eq!(state(&active, 30), State::Warning);
        assert_eq!(state(&active.with_retired(1, true, 7).unwrap(), 99), State::Ok);
    }

    #[test]
    fn a_folder_and_keys_that_others_can_read_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let mode =
            |mode| fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
        mode(0o700);
        assert_eq!(data(dir.path()).state, State::Ok);
        mode(0o755);
        assert_eq!(data(dir.path()).state, State::Warning);
        assert_eq!(data(&dir.path().join("nowhere")).state, State::Wrong);
        let wrong = opens(&keys_file(dir.path())).unwrap_err();
        assert!(wrong.says.contains("not there"), "{wrong:?}");
    }

    #[test]
    fn an_identity_service_that_a_start_would_refuse_is_found() {
        let state = |site: &str, secret: &str| {
            let identity = serde_json::json!({
                "issuer": "https://id.example.gov.cn",
                "client_id": "chengxin",
                "client_secret_file": secret,
                "title": "省身份服务",
            });
            let identity = Some(serde_json::from_value(identity).unwrap());
            sign_in(&Config { identity, site: site.to_owned(), ..Config::default() }).state
        };
        let site = "https://credit.example.gov.cn";
        assert_eq!(sign_in(&Config::default()).state, State::Ok);
        assert_eq!(state(site, ""), State::Ok);
        assert_eq!(state("", ""), State::Wrong, "where should people come back to?");
        assert_eq!(state(site, "/nowhere/secret"), State::Wrong);
        let lent = "/run/credentials/chengxin.service/secret_identity";
        assert_eq!(state(site, lent), State::Warning);
    }

    #[test]
    fn a_register_that_was_put_back_is_said() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(restored(dir.path()), None);
        fs::write(restored_file(dir.path()), "").unwrap();
        assert_eq!(restored(dir.path()).unwrap().state, State::Warning);
    }

    #[test]
    fn a_password_in_a_file_that_others_read_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("chengxin.toml");
        let url = "postgres://u:secret@h/db";
        fs::write(&file, format!("database_url = \"{url}\"\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let mut config = Config { database_url: url.to_owned(), ..Config::default() };
        let found = configuration(&config, Some(&file));
        assert_eq!(found.state, State::Warning);
        assert!(!found.says.contains("secret"));
        config.database_url = "postgres://u@h/db".to_owned();
        assert_eq!(configuration(&config, Some(&file)).state, State::Ok);
    }
}
