//! `chengxin keys`: which keys there are, a new one in the place of an old one, and the end of that one.

use std::time::Duration;

use clap::Subcommand;
use serde::Serialize;
use usecases::Actor;
use usecases::keys::{KeyStatus, Resealed, Retired, Rotated, Status};
use vault::Suite;

use super::{Failure, print};
use crate::config::Config;
use crate::wiring::App;

/// How long one waits for other processes: each looks every second.
const PATIENCE: Duration = Duration::from_secs(30);

/// Rounds after which what is left is left to the job.
const ROUNDS: usize = 20;

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Which keys there are, how old each is, what it is for, and the public key that checks its signatures.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let a new key seal and sign from now on, also while serving. Cut off, run it again.
    Rotate {
        /// Its suite, `gm` or `intl`, instead of the one that seals now.
        #[arg(long, value_parser = suite)]
        suite: Option<Suite>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// What still needs an old key; reads everything once.
    Status {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Seal anew what older keys sealed, now: `serve` does it by itself.
    Reseal {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Destroy the material of a key that nothing needs any more; refused with counts while something does.
    Retire {
        /// Its number.
        id: u16,
        /// Ten minutes after it was replaced instead of a day: whoever fills a form begins it anew.
        #[arg(long)]
        now: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

fn suite(name: &str) -> Result<Suite, String> {
    Suite::from_name(name).ok_or_else(|| "gm or intl".to_owned())
}

pub(crate) async fn run(config: &Config, command: &Keys) -> Result<(), Failure> {
    let app = App::open(config, false).await?;
    let outcome = tokio::select! {
        outcome = with(&app, command) => outcome,
        // Each of them goes on where it was.
        () = super::serve::stop() => Err(Failure::Refused("stopped: run it again".to_owned())),
    };
    app.close().await?;
    outcome
}

async fn with(app: &App, command: &Keys) -> Result<(), Failure> {
    let (cx, operator) = (&app.cx, usecases::account::operator(None));
    match command {
        Keys::List { json } => {
            let status = usecases::keys::status(cx, &operator, false).await;
            say(&status.map_err(Failure::refused)?, *json, list)
        }
        Keys::Status { json } => {
            let status = usecases::keys::status(cx, &operator, true).await;
            say(&status.map_err(Failure::refused)?, *json, status_of)
        }
        Keys::Rotate { suite, json } => {
            let rotated = usecases::keys::rotate(cx, &operator, *suite, PATIENCE).await;
            say(&rotated.map_err(Failure::refused)?, *json, rotation)
        }
        Keys::Reseal { json } => say(&reseal(app, &operator).await?, *json, resealed),
        Keys::Retire { id, now, json } => {
            let retired = usecases::keys::retire(cx, &operator, *id, *now).await;
            say(&retired.map_err(Failure::refused)?, *json, retirement)
        }
    }
}

fn say<T: Serialize>(
    what: &T,
    json: bool,
    lines: impl Fn(&T) -> Vec<String>,
) -> Result<(), Failure> {
    if json {
        print(serde_json::to_string(what).map_err(Failure::refused)?);
    } else {
        lines(what).iter().for_each(print);
    }
    Ok(())
}

/// Goes round until nothing changes any more.
async fn reseal(app: &App, operator: &Actor) -> Result<Resealed, Failure> {
    let mut sum = Resealed::default();
    for _ in 0..ROUNDS {
        let done = usecases::keys::reseal(&app.cx, operator).await?;
        sum.values += done.values;
        sum.files += done.files;
        sum.places += done.places;
        sum.left = done.left;
        if done.values + done.files + done.places == 0 {
            break;
        }
        eprintln!("{} values, {} files, {} places so far", sum.values, sum.files, sum.places);
    }
    Ok(sum)
}

fn head(key: &KeyStatus) -> String {
    let age = key.age_days.map_or(String::new(), |days| format!(", {days} days old"));
    format!("key {} {} {}, made on {}{age}", key.id, key.suite, key.state, key.created_on)
}

fn list(status: &Status) -> Vec<String> {
    let mut lines = Vec::new();
    for key in &status.keys {
        lines.push(head(key));
        lines.push(format!("  {}", key.protects));
        if let Some(place) = key.directory {
            lines.push(format!("  directory of persons: {place}"));
        }
        if let Some(size) = key.signs_up_to {
            lines.push(format!("  no head of the log over more than {size} entries is its own"));
        }
        lines.push(format!("  {}", key.public_key));
        if let Some(signature) = &key.follows {
            lines.push(format!("  signed by the key before it: {signature}"));
        }
    }
    lines
}

fn status_of(status: &Status) -> Vec<String> {
    let mut lines = Vec::new();
    if status.behind > 0 {
        lines.push("a process still works with the keys of before".to_owned());
    }
    for key in &status.keys {
        lines.push(head(key));
        let Some(uses) = &key.uses else { continue };
        for one in uses {
            lines.push(format!("  {} {}", one.count, one.what));
        }
        if uses.is_empty() {
            lines.push(format!(
                "  nothing needs it any more: `chengxin keys retire {}` a day after it was replaced",
                key.id
            ));
        } else {
            lines.push(
                "  `serve` seals them anew by itself, `chengxin keys reseal` at once".to_owned(),
            );
        }
    }
    lines
}

fn rotation(rotated: &Rotated) -> Vec<String> {
    let Rotated { key, public_key, before, is_awaited } = rotated;
    let mut lines = vec![
        format!("key {key} seals and signs from now on, after key {before}"),
        format!("  {public_key}"),
        "next:".to_owned(),
        "- copy keys.toml and months.key to the safe place, over the latest copies: they hold all that those held"
            .to_owned(),
        "- publish the new public key beside the old one (`chengxin keys list --json` has both, and the signature \
         of the old one)"
            .to_owned(),
        format!(
            "- `chengxin keys status` until nothing needs key {before}; then, a day from now at the earliest, \
             `chengxin keys retire {before}`"
        ),
    ];
    if *is_awaited {
        lines.push(
            "- a process has not taken it yet: `chengxin keys status` says so until it has"
                .to_owned(),
        );
    }
    lines
}

fn resealed(done: &Resealed) -> Vec<String> {
    let Resealed { values, files, places, left } = done;
    let mut lines = vec![format!(
        "sealed anew: {values} values, {files} files; {places} places in the directory"
    )];
    if *left > 0 {
        lines.push(format!(
            "{left} could not be opened, or somebody works on them: see the messages, run it again"
        ));
    }
    lines
}

fn retirement(retired: &Retired) -> Vec<String> {
    let key = retired.key;
    let mut lines = vec![
        format!("key {key} is retired: its material is gone from keys.toml"),
        "next:".to_owned(),
        format!(
            "- in the safe place, rename the copy of keys.toml that holds key {key} to keys-{key}.toml: backups taken \
             before open with that alone. Then put the new keys.toml and months.key there. Destroy keys-{key}.toml \
             when the last such backup is removed"
        ),
    ];
    if retired.is_finding {
        lines.push(format!(
            "- a key derived from it still leads to looks and reports from before somebody was known. When those \
             are erased after years, `chengxin keys retire {key}` once more takes that too"
        ));
    }
    lines
}
