//! `chengxin report`: a report for a purpose, printed at the counter.

use std::path::PathBuf;

use clap::Args;
use register::Uscc;
use usecases::check::Ask;

use super::{Failure, print};
use crate::config::Config;
use crate::wiring::App;

/// Prints what a purpose may see of a person, as PDF. It is a check: logged first, and the person sees it.
///
/// The one command that shows a person. It acts as a machine of that body for this one purpose, not as the operator, who
/// may see nobody: the counter has no page that prints yet, and whoever stands there asks for it.
#[derive(Args)]
pub(crate) struct Report {
    /// The person's kind of identity document.
    #[arg(long, default_value = "01")]
    id_kind: String,
    /// Its number. On a machine with other users use --id-number-file.
    #[arg(long, required_unless_present = "id_number_file", conflicts_with = "id_number_file")]
    id_number: Option<String>,
    /// File that holds the number; `-` reads it from standard input.
    #[arg(long)]
    id_number_file: Option<PathBuf>,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// Purpose by code; `counter-copy` is the person's own wish at the counter.
    #[arg(long)]
    purpose: String,
    /// Number of the matter.
    #[arg(long)]
    matter: String,
    /// Code of the body that needs it; the credit office if left out.
    #[arg(long)]
    agency: Option<String>,
    /// Where the PDF goes; nothing that is there is replaced.
    #[arg(long)]
    out: PathBuf,
    /// Print number, code and log position as JSON.
    #[arg(long)]
    json: bool,
}

register::hidden!(Report);

pub(crate) async fn run(config: &Config, command: Report) -> Result<(), Failure> {
    let number = match (&command.id_number, &command.id_number_file) {
        (Some(number), _) => number.clone(),
        (None, Some(file)) => super::account::number(file)?.to_string(),
        (None, None) => return Err(Failure::Usage("--id-number is missing".to_owned())),
    };
    if command.out.exists() {
        return Err(Failure::Refused(format!("{} is there already", command.out.display())));
    }
    let app = App::open(config, false).await?;
    let outcome = issue(&app, config, &command, number).await;
    app.close().await?;
    outcome
}

async fn issue(
    app: &App,
    config: &Config,
    command: &Report,
    id_number: String,
) -> Result<(), Failure> {
    let cx = &app.cx;
    let office = cx.rules.agencies().iter().find(|body| body.kind == "credit-office");
    let code = command.agency.clone().or_else(|| office.map(|office| office.uscc.clone()));
    let code = code.ok_or_else(|| Failure::Refused("the rulebook has no office".to_owned()))?;
    let agency = Uscc::parse(&code).map_err(|error| Failure::Usage(error.to_string()))?;
    let ask = Ask {
        id_kind: command.id_kind.clone(),
        id_number: id_number.into(),
        name: command.name.as_str().into(),
        purpose: command.purpose.clone(),
        matter: command.matter.clone(),
    };
    let actor = super::in_the_name_of(agency, Some(&command.purpose), None);
    let drawn = usecases::report::for_purpose(cx, &actor, &ask).await?;
    let (draft, position) = drawn.into_parts();
    let site = config.site.trim_end_matches('/').to_owned();
    let site = if site.is_empty() { format!("http://{}", config.listen) } else { site };
    let bytes = web::print::credit_report(cx, &draft, &site).map_err(Failure::refused)?;
    usecases::report::keep(cx, &draft, &bytes).await?;
    write_new(&command.out, &bytes)?;
    let facts = draft.facts.len();
    let number = &draft.report.number;
    if command.json {
        let said = serde_json::json!({
            "number": number, "code": draft.code, "facts": facts, "log_seq": position.seq,
            "bytes": bytes.len(), "out": command.out,
        });
        print(said.to_string());
    } else {
        print(format!(
            "{number}: {facts} facts, code {}, log position {}",
            draft.code, position.seq
        ));
    }
    Ok(())
}

/// Written whole or not at all, readable by its owner only.
fn write_new(path: &std::path::Path, bytes: &[u8]) -> Result<(), Failure> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}
