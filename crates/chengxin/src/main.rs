//! `chengxin`: the command line, the wiring, start and stop. No rules of its own.

mod carriers;
mod command;
mod config;
mod door;
mod issuer;
mod machine;
mod sample;
mod telemetry;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

use crate::command::{Command, Failure};
use crate::config::Config;
use crate::telemetry::{LogFormat, Telemetry};

/// Many small values come and go on several threads at once: measured in `docs/performance.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 诚信: a register of public-credit information about natural persons, with the rights of the person
/// as its architecture.
#[derive(Parser)]
#[command(name = "chengxin", version, about, long_about = None)]
struct Cli {
    /// Configuration file; it must be there if it is named. Without it chengxin.toml, if there is one.
    #[arg(long, global = true)]
    config: Option<std::path::PathBuf>,
    /// How lines of the log look, instead of the configured way.
    #[arg(long, global = true, value_enum, value_name = "FORMAT")]
    log: Option<LogFormat>,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(says)) => {
            eprintln!("{says}");
            ExitCode::from(2)
        }
        Err(Failure::Refused(says)) => {
            eprintln!("{says}");
            ExitCode::from(1)
        }
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    // What is wrong with the configuration the command itself says.
    let config = Config::read(cli.config.as_deref()).unwrap_or_default();
    let format = cli.log.unwrap_or(config.log_format);
    let collector = if cli.command.serves() { config.otlp_endpoint.as_str() } else { "" };
    let telemetry = Telemetry::begin(format, collector)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(command::run(cli.config.as_deref(), cli.command));
    drop(runtime);
    telemetry.end();
    outcome
}
