//! What is kept: database, schema, month keys, log, clock, and what waits to go out.

use store::Store;
use usecases::health::{self, Finding};
use usecases::log::Witness;
use usecases::{Actor, Cx};
use vault::Vault;

use super::said::line_of;
use super::{Check, State, words};
use crate::config::Config;
use crate::wiring::{App, witness};

/// Newest entries of the log that are compared with their leaves.
const ENTRIES: u32 = 1_000;

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
    let operator = usecases::account::operator(None);
    checks.push(fit(&app.cx.store, vault).await);
    checks.push(log(&app.cx, &operator, config).await);
    match health::inside(&app.cx, &operator).await {
        Ok(found) => checks.extend(found.iter().map(line_of)),
        Err(why) => checks.push(Check::wrong("database", why.to_string(), "look at the database")),
    }
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
    let found = health::database(&store).await;
    let mut checks: Vec<_> = found.iter().map(line_of).collect();
    for check in &mut checks {
        check.says = without(&url, &check.says);
    }
    if let Err(why) = store.close().await {
        checks.push(Check::wrong(NAME, without(&url, &why.to_string()), NEXT));
    }
    let is_behind = |finding: &Finding| matches!(finding, Finding::Schema { pending, .. } if !pending.is_empty());
    let is_usable = !found.iter().any(is_behind)
        && !checks.iter().any(|check| check.check == NAME && check.state == State::Wrong);
    (checks, is_usable)
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

async fn log(cx: &Cx, operator: &Actor, config: &Config) -> Check {
    const NAME: &str = "log";
    const NEXT: &str = "change nothing, keep copies, tell the auditor (operator guide, The log)";
    let path = witness(config);
    // Read first: a server at work only makes the log longer.
    let seen = match Witness::read(&path) {
        Ok(seen) => seen,
        Err(why) => return Check::wrong(NAME, why.to_string(), NEXT),
    };
    let is_remembered = seen.is_some();
    let found = match usecases::log::verify_recent(cx, operator, ENTRIES, seen).await {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_engine_says_is_shown_without_the_password() {
        let url = "postgres://u:secret@h:x/db";
        let says = without(url, &format!("the string '{url}' cannot be parsed"));
        assert!(!says.contains("secret"), "{says}");
    }
}
