//! `chengxin record`: what the counter notes about a record that is there.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use register::{IdDocument, IdKind, Uscc};
use usecases::record::Change;

use super::{Failure, print};
use crate::config::Config;
use crate::wiring::App;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// The person objects: whoever sees the record sees that too.
    Contest,
    /// The objection has ended.
    EndContest,
    /// Nobody may see or use the record for now.
    Suspend,
    /// It may be seen and used again.
    Resume,
    /// The body that supplied it takes it back, for good (with --agency).
    Withdraw,
}

/// Notes an objection, a suspension or a withdrawal. In force from the next look on; says nothing about
/// what the record contains.
///
/// Marks are the office's work: say with `--as` who asks for it. A withdrawal is the body's, in whose name it is done.
#[derive(Debug, Args)]
pub(crate) struct Record {
    what: What,
    /// Number of the decision, as in the record.
    #[arg(long)]
    document_no: String,
    /// The person's kind of identity document.
    #[arg(long, default_value = "01")]
    id_kind: String,
    /// File that holds the person's identity number (never on the command line); `-` reads it from
    /// standard input.
    #[arg(long)]
    id_number_file: PathBuf,
    /// Code of the body that withdraws what it supplied.
    #[arg(long)]
    agency: Option<String>,
    /// Login of the member of the office on whose word it is marked. What is written down names the operator.
    #[arg(long = "as", value_name = "LOGIN", conflicts_with = "agency")]
    on_the_word_of: Option<String>,
}

pub(crate) async fn run(config: &Config, command: Record) -> Result<(), Failure> {
    let agency = command
        .agency
        .as_deref()
        .map(|code| Uscc::parse(code).map_err(|error| Failure::Usage(error.to_string())))
        .transpose()?;
    if (command.what == What::Withdraw) != agency.is_some() {
        let says =
            "withdraw needs --agency, the body that supplied the record; nothing else takes it";
        return Err(Failure::Usage(says.to_owned()));
    }
    if agency.is_none() && command.on_the_word_of.is_none() {
        let says = "a mark is the office's: name who of the office asks for it, --as LOGIN";
        return Err(Failure::Usage(says.to_owned()));
    }
    let number = super::account::number(&command.id_number_file)?;
    let app = App::open(config, false).await?;
    let outcome = note(&app, &command, agency, &number).await;
    app.close().await?;
    outcome
}

async fn note(
    app: &App,
    command: &Record,
    agency: Option<Uscc>,
    number: &str,
) -> Result<(), Failure> {
    let kind =
        IdKind::parse(&command.id_kind).map_err(|error| Failure::Usage(error.to_string()))?;
    let document = IdDocument::parse(kind, number, app.cx.today())
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let what = match command.what {
        What::Contest => Change::Contest,
        What::EndContest => Change::EndContest,
        What::Suspend => Change::Suspend,
        What::Resume => Change::Resume,
        What::Withdraw => Change::Withdraw,
    };
    let actor = match (agency, &command.on_the_word_of) {
        (Some(agency), _) => super::in_the_name_of(agency, None, None),
        (None, Some(login)) => super::on_the_word_of(&app.cx, login).await?,
        (None, None) => usecases::account::operator(None),
    };
    let number = &command.document_no;
    let done = usecases::record::change_by_number(&app.cx, &actor, &document, number, what).await?;
    print(if done == 0 { "nothing to do: it is so already" } else { "noted" });
    Ok(())
}
