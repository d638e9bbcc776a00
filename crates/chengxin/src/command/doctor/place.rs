//! The machine: configuration, ways out, data folder, disk, keys.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use usecases::Random;
use usecases::retention::MonthKeys;
use vault::{Place, Vault};

use super::{Check, words};
use crate::carriers;
use crate::config::{Config, USUAL_FILE};
use crate::machine::MachineRandom;
use crate::wiring::{keys_file, months_file, read_keys};

/// Free space below which nothing can be relied on, in bytes.
const TOO_LITTLE: u64 = 256 << 20;

/// Free space below which somebody should look, in bytes.
const LITTLE: u64 = 2 << 30;

pub(super) fn look(config: &Config, named: Option<&Path>) -> Vec<Check> {
    vec![configuration(config, named), ways_out(config), data(&config.data), disk(config)]
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
    let all = mail.into_iter().chain(sms);
    all.filter(|path| path.starts_with("/run/credentials") && !path.exists()).collect()
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

fn disk(config: &Config) -> Check {
    let free = match rustix::fs::statvfs(config.data.as_path()) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(why) => {
            let says = format!("free space is not known: {why}");
            return Check::warning("disk", says, "look at the disk");
        }
    };
    let database = store::backup::file_of(&config.database()).ok();
    let size = database.and_then(|file| fs::metadata(file).ok()).map_or(0, |file| file.len());
    space(free, size)
}

/// What free space means beside an embedded database of `size` bytes, which a backup copies first.
fn space(free: u64, size: u64) -> Check {
    const NEXT: &str = "make room: what cannot be logged is not answered";
    let says = format!("{} MiB free beside the data", free >> 20);
    if free < TOO_LITTLE {
        return Check::wrong("disk", says, NEXT);
    }
    if free < LITTLE {
        return Check::warning("disk", says, NEXT);
    }
    if free < size.saturating_add(LITTLE) {
        let says = format!("{says}, the database has {} MiB", size >> 20);
        return Check::warning("disk", says, "make room: a backup copies the database first");
    }
    Check::ok("disk", says)
}

/// The keys, if they can be used, and what was found of them.
pub(super) fn keys(config: &Config) -> (Option<Vault>, Vec<Check>) {
    let (keys, months) = (keys_file(&config.data), months_file(&config.data));
    let vault = match opens(&keys) {
        Ok(vault) => vault,
        Err(wrong) => return (None, vec![wrong]),
    };
    let mut checks = vec![Check::ok("keys", format!("{} open what they seal", keys.display()))];
    let month = months_of(&months, &vault);
    let is_sound = month.next.is_none();
    checks.push(month);
    (is_sound.then_some(vault), checks)
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
    fn little_space_is_said_in_time() {
        assert_eq!(space(TOO_LITTLE - 1, 0).state, State::Wrong);
        assert_eq!(space(TOO_LITTLE, 0).state, State::Warning);
        assert_eq!(space(LITTLE, 0).state, State::Ok);
        assert_eq!(space(LITTLE, 1).state, State::Warning, "a backup needs a second copy");
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
