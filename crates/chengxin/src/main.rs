//! `chengxin`: the command line, the wiring, start and stop. No rules of its own.

mod carriers;
mod command;
mod config;
mod machine;
mod sample;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

use crate::command::{Command, Failure};

/// Many small values come and go on several threads at once: measured in `docs/performance.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 诚信: a register of public-credit information about natural persons, with the rights of the person
/// as its architecture.
#[derive(Debug, Parser)]
#[command(name = "chengxin", version, about, long_about = None)]
struct Cli {
    /// Configuration file; it must be there if it is named. Without it chengxin.toml, if there is one.
    #[arg(long, global = true)]
    config: Option<std::path::PathBuf>,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("CHENGXIN_LOG").unwrap_or_else(|_| {
                tracing_subscriber::EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn")
            }),
        )
        .with_writer(std::io::stderr)
        .init();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(command::run(cli.config.as_deref(), cli.command)));
    match outcome {
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
