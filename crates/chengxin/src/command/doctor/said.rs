//! What was found, in the words of the command line. How grave it is decides [`usecases::health`], for the page of the
//! operator too.

use jiff::SignedDuration;
use usecases::health::{Finding, State as Grave};

use super::{Check, State};

/// One finding as a line, with what to do about it where something is to be done.
pub(super) fn line_of(finding: &Finding) -> Check {
    let (check, says, next) = words(finding);
    let state = match finding.state() {
        Grave::Good => State::Ok,
        Grave::Watch => State::Warning,
        Grave::Act => State::Wrong,
    };
    let next = (state != State::Ok).then_some(next);
    Check { check, state, says, next }
}

/// Which check, what it says, and what to do if that is not well.
fn words(finding: &Finding) -> (&'static str, String, String) {
    let (check, says, next) = match finding {
        Finding::Database { engine, version, is_durable } => {
            let risk =
                if *is_durable { "" } else { ": what is committed may be lost in a power cut" };
            let next = "set fsync and synchronous_commit to on";
            ("database", format!("{engine} {version}{risk}"), next.to_owned())
        }
        Finding::Unreachable { says } => {
            let next =
                "look at DATABASE_URL, and whether the server runs (operator guide, Database)";
            ("database", says.clone(), next.to_owned())
        }
        Finding::Schema { applied, pending, .. } => {
            let says = if pending.is_empty() {
                format!("up to date, {applied} changes")
            } else {
                format!("changes are pending: {}", pending.join(", "))
            };
            ("schema", says, "take a backup, then `chengxin migrate`".to_owned())
        }
        Finding::Log { size, age, failed } => log(*size, *age, *failed),
        Finding::Clock { today, behind } => {
            let says = if *behind > 0 {
                format!("it is {behind} seconds behind the newest entry of the log")
            } else {
                format!("{today} in China")
            };
            let next = "set the clock, and let NTP keep it: every period is counted by it";
            ("clock", says, next.to_owned())
        }
        Finding::Gap => {
            let says = "the log is silent for the weeks before these days: nobody looked, or the clock leapt ahead";
            let next =
                "is the clock right? Until that is sure, keys of months that are over are kept";
            ("clock", says.to_owned(), next.to_owned())
        }
        Finding::Stuck { count } => {
            let says =
                format!("{count} are under way since yesterday and their files are not here");
            let next = "let the bodies send the same files again: they go on where they stopped";
            ("batches", says, next.to_owned())
        }
        Finding::Disk { free, database } => {
            let mut says = format!("{} MiB free beside the data", free >> 20);
            let mut next = "make room: what cannot be logged is not answered";
            if finding.leaves_no_copy() {
                says = format!("{says}, the database has {} MiB", database >> 20);
                next = "make room: a backup copies the database first";
            }
            ("disk", says, next.to_owned())
        }
        Finding::NoDisk { says } => {
            ("disk", format!("free space is not known: {says}"), "look at the disk".to_owned())
        }
        Finding::Backup { taken_at, hours } => {
            let says = format!("the last one is {hours} hours old ({taken_at})");
            let next = if *hours < 0 {
                "set the clock, take another one, and put that one away: it hides those that follow"
            } else {
                "`chengxin backup`, each day: look at its timer"
            };
            ("backups", says, next.to_owned())
        }
        Finding::NoBackup => {
            ("backups", "there is none".to_owned(), "`chengxin backup`, each day".to_owned())
        }
        Finding::NoBackups { says } => {
            ("backups", says.clone(), "mend the folder, or set `backups`".to_owned())
        }
        Finding::CutOff { count } => {
            let says = format!("{count} folders without a manifest: not finished, or cut off");
            ("backups", says, "remove those that nobody is writing".to_owned())
        }
        Finding::BadBackup { says } => {
            let next = "take another one, and find out whether it was cut off or changed";
            ("backups", says.clone(), next.to_owned())
        }
        Finding::Holidays { last, missing } => holidays(*last, missing),
        Finding::Outbox { due, late, retried, given_up } => {
            let says = format!(
                "{due} are due, {late} of them for more than an hour; {retried} wait to be tried again, \
                 {given_up} were given up"
            );
            let next = if *late > 0 {
                "does `chengxin serve` run? It carries them"
            } else {
                "look at /office/deliveries, mend the cause, try them again there"
            };
            ("deliveries", says, next.to_owned())
        }
        Finding::Job { name, failures, .. } => {
            let next = "look at the messages of `chengxin serve`";
            ("jobs", format!("{name} failed {failures} times"), next.to_owned())
        }
        Finding::Certificate { ends_at, days } => {
            let says = match ends_at {
                Some(at) => format!("it ends on {at}, in {days} days"),
                None => "when it ends cannot be read".to_owned(),
            };
            let next = "put the next one in its place: it is read within half a minute";
            ("certificate", says, next.to_owned())
        }
    };
    (check, says, next)
}

fn log(size: u64, age: Option<SignedDuration>, failed: u64) -> (&'static str, String, String) {
    let says = match age {
        Some(age) => {
            format!("{size} entries, the newest head is {} minutes old", age.as_mins().max(0))
        }
        None => "nothing is logged yet".to_owned(),
    };
    let says = if failed > 0 { format!("{says}; {failed} could not be written") } else { says };
    ("head", says, "look at the database and the disk, then start again".to_owned())
}

fn holidays(last: Option<i16>, missing: &[i16]) -> (&'static str, String, String) {
    let last = last.map_or_else(|| "no year".to_owned(), |year| year.to_string());
    if missing.is_empty() {
        return ("calendar", format!("holidays are known up to {last}"), String::new());
    }
    let years: Vec<_> = missing.iter().map(ToString::to_string).collect();
    let years = years.join(", ");
    (
        "calendar",
        format!("the holidays of {years} are not loaded: days that reach into it are provisional"),
        format!("put the State Council's notice into calendar/{years}.toml of the rulebook"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_well_says_what_to_do_and_what_is_well_does_not() {
        let outbox =
            |late, given_up| line_of(&Finding::Outbox { due: 2, late, retried: 0, given_up });
        assert_eq!(outbox(0, 0).next, None);
        assert!(outbox(0, 2).next.unwrap().contains("/office/deliveries"));
        assert!(outbox(1, 2).next.unwrap().contains("serve"));
        let warned = line_of(&Finding::Holidays { last: Some(2026), missing: vec![2027] });
        assert_eq!(warned.state, State::Warning);
        assert!(warned.next.unwrap().contains("calendar/2027.toml"));
        let disk = line_of(&Finding::Disk { free: 3 << 30, database: 2 << 30 });
        assert!(disk.says.contains("2048 MiB") && disk.next.unwrap().contains("backup"));
    }
}
