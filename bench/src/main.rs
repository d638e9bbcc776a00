//! Benchmarks 基准: the product as it is shipped, driven from outside, beside a floor that does the bare
//! minimum on the same machine in the same run. What counts is the ratio.
//!
//! ```text
//! cargo run --release -p bench -- all --rows 1000000
//! ```

#![expect(clippy::print_stdout, reason = "the results are printed")]
#![expect(clippy::disallowed_methods, reason = "the floor has no context that gives identifiers")]

mod authorise;
mod batch;
mod checks;
mod floor;
mod intake;
mod line;
mod load;
mod log;
mod product;
mod report;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use tempfile::TempDir;

use crate::line::Line;
use crate::product::Product;

/// What can go wrong here ends the run with its text.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// A file of penalties into an empty register.
    Intake,
    /// One person a request, 64 connections; also the time to the first answer after a start.
    Checks,
    /// A thousand persons a request.
    Batch,
    /// Verification of the whole log.
    Log,
    /// A person's own report, printed; the column of rows counts its pages.
    Report,
    /// Decisions of who may do what, in this process; the column of rows counts them.
    Authorise,
    /// Everything that there is.
    All,
    /// The bare server to compare with; started by this program itself.
    #[value(hide = true)]
    FloorServer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// Measures the product against a floor.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    what: What,
    /// Where the register is kept. PostgreSQL is found through `CHENGXIN_TEST_PG_URL`
    /// (`tools/with-postgres` starts one).
    #[arg(long, default_value = "sqlite")]
    pub(crate) engine: Engine,
    /// Rows of the file and of the register that is asked.
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) rows: u64,
    /// How long a server is asked.
    #[arg(long, default_value_t = 20)]
    pub(crate) seconds: u64,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    /// Where to work; a temporary folder by default. A register that is there already is asked again
    /// and not built anew.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Database of the floor server.
    #[arg(long, hide = true)]
    database: Option<String>,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let args = Args::parse();
    if args.what == What::FloorServer {
        let url = args.database.ok_or("--database is missing")?;
        return floor::server::run(&url).await;
    }
    let temporary;
    let dir = match &args.dir {
        Some(dir) => {
            std::fs::create_dir_all(dir)?;
            dir.clone()
        }
        None => {
            temporary = TempDir::new()?;
            temporary.path().to_owned()
        }
    };
    let (one, all) = (args.what, args.what == What::All);
    let show = |line: &Line| println!("{}", if args.json { line.json() } else { line.text() });
    if !args.json {
        println!("{}", Line::head());
    }
    if all || one == What::Authorise {
        for line in authorise::run(&args)? {
            show(&line);
        }
    }
    if one == What::Authorise {
        return Ok(());
    }
    let product = Product::build(dir, args.engine, args.rows)?;
    if all || one == What::Intake {
        show(&intake::run(&product, &args).await?);
    }
    if all || one == What::Checks {
        for line in checks::run(&product, &args).await? {
            show(&line);
        }
    }
    if all || one == What::Batch {
        show(&batch::run(&product, &args).await?);
    }
    if all || one == What::Log {
        show(&log::run(&product, &args).await?);
    }
    if all || one == What::Report {
        show(&report::run(&product, &args).await?);
    }
    Ok(())
}
