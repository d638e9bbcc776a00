//! The commands: read what was typed, call a use case, print.

mod account;
mod backup;
mod client;
mod demo;
mod doctor;
mod intake;
mod log;
mod record;
mod report;
mod restore;
mod rulebook;
mod sample;
mod serve;

use std::path::Path;

use clap::Subcommand;

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
        Self::Refused(format!("{} {}（{}；{error}）", said.says, said.next, said.code))
    }
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
    /// Accounts.
    #[command(subcommand)]
    Account(account::AccountCommand),
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
        Command::Account(account) => account::run(&config, account).await,
        Command::Record(record) => record::run(&config, record).await,
        Command::Report(report) => report::run(&config, report).await,
    }
}

/// Prints one line of output.
#[expect(clippy::print_stdout, reason = "this is the command line's own output")]
pub(crate) fn print(line: impl std::fmt::Display) {
    println!("{line}");
}
