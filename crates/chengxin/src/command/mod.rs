//! The commands: read what was typed, call a use case, print.

mod account;
mod backup;
mod client;
mod demo;
mod doctor;
mod intake;
mod keys;
mod log;
mod record;
mod report;
mod restore;
mod rulebook;
mod sample;
mod serve;

use std::path::Path;
use std::sync::Arc;

use access::Action;
use clap::Subcommand;
use register::Uscc;
use register::client::Scope;
use usecases::account::{on_the_word_of as word_of, operator};
use usecases::{Actor, Cx};

use crate::config::Config;
use crate::wiring::App;

/// Why a command did not end well.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Bad usage: exit code 2.
    Usage(String),
    /// Refused or found wrong: exit code 1.
    Refused(String),
}

impl Failure {
    pub(crate) fn refused(error: impl std::fmt::Display) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::refused(error)
    }
}

impl From<usecases::Error> for Failure {
    fn from(error: usecases::Error) -> Self {
        let said = usecases::wording::said(&error);
        let word = if is_for_the_office(&error) {
            " That is for the office to do: name who asks for it, `--as LOGIN`."
        } else {
            ""
        };
        Self::Refused(format!("{} {}（{}；{error}）{word}", said.says, said.next, said.code))
    }
}

/// Whether it was refused because a command does on the word of the office what it does.
fn is_for_the_office(error: &usecases::Error) -> bool {
    let works = [Action::ManageAccounts, Action::NoteObjection];
    matches!(error, usecases::Error::Denied(denied) if works.contains(&denied.action))
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try it out: embedded SQLite, invented people, accounts of every role.
    Demo(demo::Demo),
    /// Serve pages and the API.
    Serve(serve::Serve),
    /// Bring the database up to date; on an empty data folder also make the keys.
    Migrate,
    /// Take a sealed copy of everything, also while serving; the keys are not in it.
    Backup(backup::Backup),
    /// Verify a backup, put it back where nothing is yet, and verify its log there.
    Restore(restore::Restore),
    /// Look at everything that can be wrong here, and say what to do.
    Doctor(doctor::Doctor),
    /// Write a file of invented rows, as an agency would send it.
    Sample(sample::Sample),
    /// Send a file.
    Intake(intake::Intake),
    /// Check, explain, compute deadlines.
    #[command(subcommand)]
    Rulebook(rulebook::Rulebook),
    /// The log of looks: head, verification, proofs.
    #[command(subcommand)]
    Log(log::Log),
    /// Keys: which there are, a new one in the place of an old one while everybody goes on working.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Accounts.
    Account(account::Account),
    /// Note an objection, a suspension or a withdrawal of a record.
    Record(record::Record),
    /// Print what a purpose may see of a person, as PDF.
    Report(report::Report),
}

impl Command {
    /// Whether it goes on until it is stopped.
    pub(crate) fn serves(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Demo(_))
    }
}

/// Runs one command.
pub(crate) async fn run(named: Option<&Path>, command: Command) -> Result<(), Failure> {
    if let Command::Doctor(doctor) = &command {
        // It also looks at a configuration that cannot be read.
        return doctor::run(named, doctor).await;
    }
    let config = Config::read(named)?;
    match command {
        Command::Demo(demo) => demo::run(config, demo).await,
        Command::Serve(serve) => serve::run(&config, &serve).await,
        Command::Migrate => {
            let app = App::open(&config, true).await?;
            eprintln!("the database is up to date");
            app.close().await
        }
        Command::Backup(backup) => backup::run(&config, backup).await,
        Command::Restore(restore) => restore::run(&config, &restore).await,
        Command::Doctor(doctor) => doctor::run(named, &doctor).await,
        Command::Sample(sample) => sample::run(&config, &sample),
        Command::Intake(intake) => intake::run(&config, &intake).await,
        Command::Rulebook(rulebook) => rulebook::run(&config, &rulebook),
        Command::Log(log) => log::run(&config, &log).await,
        Command::Keys(keys) => keys::run(&config, &keys).await,
        Command::Account(account) => account::run(&config, account).await,
        Command::Record(record) => record::run(&config, record).await,
        Command::Report(report) => report::run(&config, report).await,
    }
}

/// The operator as a machine of that body, for this purpose or this item at most.
pub(crate) fn in_the_name_of(agency: Uscc, purpose: Option<&str>, item: Option<&str>) -> Actor {
    let only = |code: Option<&str>| Some(code.map(str::to_owned).into_iter().collect());
    let scope = Scope { purposes: only(purpose), items: only(item), also: Some(Vec::new()) };
    Actor { scope: Some(Arc::new(scope)), ..operator(Some(agency)) }
}

/// The operator on the word of a member of staff.
pub(crate) async fn on_the_word_of(cx: &Cx, login: &str) -> Result<Actor, Failure> {
    match word_of(cx, login).await {
        Err(usecases::Error::NotFound) => Err(Failure::Refused(format!(
            "nobody at work signs in as {login}, or the account is off: name who asks for this with --as"
        ))),
        other => Ok(other?),
    }
}

/// Prints one line of output.
#[expect(clippy::print_stdout, reason = "this is the command line's own output")]
pub(crate) fn print(line: impl std::fmt::Display) {
    println!("{line}");
}
