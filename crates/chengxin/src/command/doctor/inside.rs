//! What is kept: database, schema, month keys, log, clock, and what waits to go out.

use jiff::{SignedDuration, Timestamp};
use store::health::Health;
use store::{Engine, Store};
use usecases::Cx;
use usecases::log::Witness;
use vault::Vault;

use super::{Check, words};
use crate::config::Config;
use crate::wiring::{App, witness};

/// Newest entries of the log that are compared with their leaves.
const ENTRIES: u32 = 1_000;

/// How long a delivery may be due before nobody seems to carry it.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

/// Looks inside; `vault` if keys and rulebook can be used.
pub(super) async fn look(config: &Config, vault: Option<&Vault>) -> Vec<Check> {
    let (checks, is_usable) = database(config).await;
    let (Some(vault), true) = (vault, is_usable) else { return checks };
    let mut checks = checks;
    let app = match App::open_as_it_is(config).await {
        Ok(app) => app,
        Err(failure) => {
            let next = "mend what is named, then ask the doctor again";
            checks.push(Check::wrong("database", words(failure), next));
            return checks;
        }
    };
    checks.push(fit(&app.cx.store, vault).await);
    checks.push(log(&app.cx, config).await);
    checks.push(time(&app.cx).await);
    checks.push(outbox(&app.cx).await);
    if let Err(failure) = app.close().await {
        checks.push(Check::warning("database", words(failure), "look at the messages above"));
    }
    checks
}

/// What an engine says may repeat how it is reached, and with that a password.
fn without(url: &str, says: &str) -> String {
    says.replace(url, "…")
}

async fn database(config: &Config) -> (Vec<Check>, bool) {
    const NAME: &str = "database";
    const NEXT: &str =
        "look at DATABASE_URL, and whether the server runs (operator guide, Database)";
    let url = config.database();
    let wrong = |says: String, next: &str| (vec![Check::wrong(NAME, says, next)], false);
    // Opening it would make it.
    if let Ok(file) = store::backup::file_of(&url)
        && !file.exists()
    {
        return wrong(
            format!("{} is not there", file.display()),
            "`chengxin migrate`, or restore it",
        );
    }
    let store = match Store::open(&url, 1).await {
        Ok(store) => store,
        Err(why) => return wrong(without(&url, &why.to_string()), NEXT),
    };
    let engine = store.engine();
    let health = store::health::of(&store).await;
    let closed = store.close().await;
    match health.and_then(|health| closed.map(|()| health)) {
        Ok(health) => (of_health(engine, &health), health.pending.is_empty()),
        Err(why) => wrong(without(&url, &why.to_string()), NEXT),
    }
}

fn of_health(engine: Engine, health: &Health) -> Vec<Check> {
    let name = match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let says = format!("{name} {}", health.version);
    let reached = if health.is_durable {
        Check::ok("database", says)
    } else {
        let says = format!("{says}: what is committed may be lost in a power cut");
        Check::warning("database", says, "set fsync and synchronous_commit to on")
    };
    let schema = if health.pending.is_empty() {
        Check::ok("schema", format!("up to date, {} changes", health.applied.len()))
    } else {
        let says = format!("changes are pending: {}", health.pending.join(", "));
        Check::wrong("schema", says, "take a backup, then `chengxin migrate`")
    };
    vec![reached, schema]
}

/// Whether the month keys are those of this database.
async fn fit(store: &Store, vault: &Vault) -> Check {
    const NAME: &str = "keys fit";
    let known = match store::retention::months_mark(store.read()).await {
        Ok(known) => known,
        Err(why) => return Check::wrong(NAME, why.to_string(), "look at the database"),
    };
    match (known, vault.months_mark()) {
        (Some(known), Ok(ours)) if known == ours => {
            Check::ok(NAME, "the database is sealed with these month keys")
        }
        (None, Ok(_)) => {
            Check::warning(NAME, "the database knows no month keys yet", "`chengxin migrate`")
        }
        (Some(_) | None, Ok(_) | Err(_)) => {
            let says = "the database is sealed with other month keys";
            Check::wrong(NAME, says, "put back the months.key of this register")
        }
    }
}

async fn log(cx: &Cx, config: &Config) -> Check {
    const NAME: &str = "log";
    const NEXT: &str = "change nothing, keep copies, tell the auditor (operator guide, The log)";
    let path = witness(config);
    // Read first: a server at work only makes the log longer.
    let seen = match Witness::read(&path) {
        Ok(seen) => seen,
        Err(why) => return Check::wrong(NAME, why.to_string(), NEXT),
    };
    let is_remembered = seen.is_some();
    let operator = usecases::account::operator(None);
    let found = match usecases::log::verify_recent(cx, &operator, ENTRIES, seen).await {
        Ok(found) => found,
        Err(why) => return Check::wrong(NAME, why.to_string(), "look at the database"),
    };
    if let Some(fault) = found.fault {
        let says = format!("touched: first bad position {}: {}", fault.seq, fault.what);
        return Check::wrong(NAME, says, NEXT);
    }
    let says = format!("{} entries, the newest {} are intact", found.size, found.entries);
    if found.size > 0 && !is_remembered {
        let says = format!("{says}; without {} a cut at its end is not noticed", path.display());
        return Check::warning(NAME, says, "find out who removed it");
    }
    Check::ok(NAME, says)
}

async fn time(cx: &Cx) -> Check {
    let newest = match store::access_entry::head(cx.store.read(), cx.log.name()).await {
        Ok(head) => head.map(|head| head.at),
        Err(why) => return Check::wrong("clock", why.to_string(), "look at the database"),
    };
    // After the newest entry was read, so that one made meanwhile does not lie ahead.
    clock(cx.now(), newest)
}

/// What the clock means beside the newest entry of the log.
fn clock(now: Timestamp, newest: Option<Timestamp>) -> Check {
    const NEXT: &str = "set the clock, and let NTP keep it: every period is counted by it";
    let today = usecases::china_date(now);
    if !(2025..2100).contains(&today.year()) {
        return Check::wrong("clock", format!("it says {today}"), NEXT);
    }
    match newest {
        Some(newest) if newest > now => {
            let behind = newest.duration_since(now).as_secs().max(1);
            let says = format!("it is {behind} seconds behind the newest entry of the log");
            Check::wrong("clock", says, NEXT)
        }
        Some(_) | None => Check::ok("clock", format!("{today} in China")),
    }
}

async fn outbox(cx: &Cx) -> Check {
    let db = cx.store.read();
    let before = cx.now().checked_sub(PATIENCE).unwrap_or(Timestamp::MIN);
    let counts = store::delivery::counts(db).await;
    match (counts, store::delivery::overdue(db, before).await) {
        (Ok(counts), Ok(late)) => {
            let failed = counts.iter().filter(|(_, state, _)| state == "failed");
            waiting(failed.map(|(_, _, n)| n).sum(), late)
        }
        (Err(why), _) | (_, Err(why)) => {
            Check::wrong("deliveries", why.to_string(), "look at the database")
        }
    }
}

/// What it means that deliveries were given up, or that nobody has come for them.
fn waiting(given_up: u64, late: u64) -> Check {
    const NAME: &str = "deliveries";
    if late > 0 {
        let says = format!("{late} are due for more than an hour, {given_up} were given up");
        return Check::warning(NAME, says, "does `chengxin serve` run? It carries them");
    }
    if given_up > 0 {
        let next = "look at /office/deliveries, mend the cause, try them again there";
        return Check::warning(NAME, format!("{given_up} were given up"), next);
    }
    Check::ok(NAME, "nothing is late, nothing was given up")
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_that_cannot_be_right_is_found() {
        let now = at("2026-11-23T04:00:00Z");
        assert_eq!(clock(now, None).state, State::Ok);
        assert_eq!(clock(now, Some(now)).state, State::Ok);
        let behind = clock(now, Some(at("2026-11-23T04:01:00.5Z")));
        assert_eq!(behind.state, State::Wrong);
        assert!(behind.says.contains("60 seconds"), "{}", behind.says);
        assert_eq!(clock(at("1970-01-01T00:00:00Z"), None).state, State::Wrong);
    }

    #[test]
    fn what_nobody_carries_is_said() {
        assert_eq!(waiting(0, 0).state, State::Ok);
        assert!(waiting(2, 0).next.unwrap().contains("/office/deliveries"));
        assert!(waiting(2, 1).next.unwrap().contains("serve"));
    }

    #[test]
    fn a_schema_that_is_behind_is_wrong_and_an_engine_that_forgets_is_warned_of() {
        let mut health = Health {
            version: "17".to_owned(),
            applied: vec!["m0001".to_owned()],
            pending: Vec::new(),
            is_durable: true,
        };
        let states = |health: &Health| -> Vec<State> {
            of_health(Engine::Postgres, health).iter().map(|check| check.state).collect()
        };
        assert_eq!(states(&health), [State::Ok, State::Ok]);
        health.is_durable = false;
        health.pending.push("m0002".to_owned());
        assert_eq!(states(&health), [State::Warning, State::Wrong]);
    }

    #[test]
    fn what_an_engine_says_is_shown_without_the_password() {
        let url = "postgres://u:secret@h:x/db";
        let says = without(url, &format!("the string '{url}' cannot be parsed"));
        assert!(!says.contains("secret"), "{says}");
    }
}
