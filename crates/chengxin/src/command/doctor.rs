//! `chengxin doctor`: looks at everything that can be wrong with an installation, and says what to do about it.
//!
//! What cannot be looked at because something before it is wrong is left out: mend that first. Each look is a
//! small function that gives its finding; those that need no machine are pure.

mod door;
mod inside;
mod law;
mod place;
mod said;

use std::path::Path;

use clap::Args;
use serde::Serialize;
use serde_json::json;
use usecases::Clock;
use usecases::health;

use super::{Failure, print};
use crate::config::Config;
use crate::machine::MachineClock;
use crate::wiring;
use said::line_of;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warning,
    Wrong,
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Wrong => "wrong",
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Check {
    check: &'static str,
    state: State,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl Check {
    fn ok(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, state: State::Ok, says: says.into(), next: None }
    }

    fn warning(check: &'static str, says: impl Into<String>, next: impl Into<String>) -> Self {
        Self { check, state: State::Warning, says: says.into(), next: Some(next.into()) }
    }

    fn wrong(check: &'static str, says: impl Into<String>, next: impl Into<String>) -> Self {
        Self { check, state: State::Wrong, says: says.into(), next: Some(next.into()) }
    }
}

pub(crate) async fn run(named: Option<&Path>, command: &Doctor) -> Result<(), Failure> {
    let checks = look(named).await;
    let wrong = checks.iter().filter(|check| check.state == State::Wrong).count();
    if command.json {
        print(json!({ "ok": wrong == 0, "checks": checks }));
    } else {
        checks.iter().flat_map(lines).for_each(print);
    }
    if wrong == 0 { Ok(()) } else { Err(Failure::Refused(format!("{wrong} wrong"))) }
}

fn lines(check: &Check) -> Vec<String> {
    let mut lines = vec![format!("{:8} {:14} {}", check.state.name(), check.check, check.says)];
    if let Some(next) = &check.next {
        lines.push(format!("{:23} → {next}", ""));
    }
    lines
}

async fn look(named: Option<&Path>) -> Vec<Check> {
    let config = match Config::read(named) {
        Ok(config) => config,
        Err(failure) => {
            let next =
                "mend the file or the variable that is named (operator guide, Configuration)";
            return vec![Check::wrong("configuration", words(failure), next)];
        }
    };
    let mut checks = place::look(&config, named);
    let now = MachineClock::default().now();
    let place = wiring::place(&config);
    checks.push(line_of(&health::disk(&place)));
    checks.extend(door::look(&config, now));
    let (vault, keys) = place::keys(&config);
    checks.extend(keys);
    let (rules, found) = law::look(&config, now);
    checks.extend(found);
    checks.extend(inside::look(&config, vault.as_ref().filter(|_| rules)).await);
    let now = MachineClock::default().now();
    checks.extend(health::backups(&place, vault.as_ref(), now).iter().map(line_of));
    checks
}

/// What a failure says.
fn words(failure: Failure) -> String {
    match failure {
        Failure::Usage(says) | Failure::Refused(says) => says,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_on_its_next_line_what_to_do() {
        let wrong = Check::wrong("clock", "it is late", "set it");
        let said = lines(&wrong);
        assert_eq!(said[0], "wrong    clock          it is late");
        assert_eq!(said[1].find('→'), said[0].find("it is"), "under what is wrong");
        assert_eq!(lines(&Check::ok("clock", "in time")).len(), 1);
        let json = serde_json::to_value(&wrong).unwrap();
        assert_eq!(json["state"], "wrong");
    }
}
