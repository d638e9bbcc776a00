//! `chengxin intake`: send a file from the command line.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use register::Uscc;
use register::batch::{Batch, BatchState};
use serde_json::json;
use usecases::batch::Source;

use super::{Failure, print};
use crate::config::Config;
use crate::wiring::App;

#[derive(Debug, Args)]
pub(crate) struct Intake {
    /// Item of all rows, for example NP04-MR.
    #[arg(long)]
    item: String,
    /// Code of the body that sends.
    #[arg(long)]
    agency: String,
    /// CSV, XLSX or JSON Lines.
    file: PathBuf,
    /// Check every row, enter none.
    #[arg(long)]
    dry_run: bool,
    /// Where to put the rows that came back, with the reasons; a dry run has none to give.
    #[arg(long)]
    rejections: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// A progress bar that shows itself on a terminal only.
pub(crate) fn bar(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(4));
    if let Ok(style) = ProgressStyle::with_template("{prefix} {wide_bar} {percent}% {msg} {eta}") {
        bar.set_style(style);
    }
    bar.with_prefix(what)
}

pub(crate) async fn run(config: &Config, command: &Intake) -> Result<(), Failure> {
    let agency = Uscc::parse(&command.agency).map_err(|error| Failure::Usage(error.to_string()))?;
    if !command.file.is_file() {
        return Err(Failure::Usage(format!("no such file: {}", command.file.display())));
    }
    if command.dry_run && command.rejections.is_some() {
        return Err(Failure::Usage(
            "a dry run keeps no rows, so --rejections has nothing to write: leave out one of them"
                .to_owned(),
        ));
    }
    let app = App::open(config, false).await?;
    let outcome = with(&app, agency, command).await;
    app.close().await?;
    outcome
}

async fn with(app: &App, agency: Uscc, command: &Intake) -> Result<(), Failure> {
    let cx = &app.cx;
    let actor = super::in_the_name_of(agency, None, Some(&command.item));
    let source = Source::Path(command.file.clone());
    let checked = usecases::batch::check_file(cx, &actor, &command.item, &source)?;
    if !checked.unread.is_empty() {
        eprintln!("不认识的列没有读取：{}", checked.unread.join("、"));
    }
    let bar = bar("入库");
    let progress = |progress: usecases::batch::Progress| {
        bar.set_length(progress.of);
        bar.set_position(progress.bytes);
        bar.set_message(format!("{} 行", progress.counts.read));
    };
    let batch = if command.dry_run {
        usecases::batch::dry_run(cx, &actor, &command.item, &source, &checked, progress).await?
    } else {
        let batch = usecases::batch::begin(cx, &actor, &command.item, None, &checked).await?;
        if batch.counts.read > 0 {
            eprintln!("接着上次没有读完的地方，从第 {} 行继续。", batch.counts.read + 1);
        }
        usecases::batch::process(cx, batch, source, progress).await?
    };
    bar.finish_and_clear();
    if let Some(path) = &command.rejections
        && batch.counts.rejected > 0
    {
        let rows = usecases::batch::returned(cx, &actor, batch.id).await?;
        let (mut rows, _) = rows.into_parts();
        usecases::batch::copy(&mut rows, &mut private(path)?)?;
    }
    report(&batch, command.json);
    match &batch.state {
        BatchState::Failed { code } => {
            let (says, next) = usecases::wording::stopped(code);
            Err(Failure::Refused(format!(
                "{says}（{code}）前面 {} 行已经处理完，其中 {} 行入库。{next}",
                batch.counts.read, batch.counts.accepted
            )))
        }
        BatchState::Running | BatchState::Done => Ok(()),
    }
}

/// A new file that nobody else may read: it holds names and numbers.
fn private(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    // It may have been there before, open to others; a terminal is nobody's to close.
    if file.metadata()?.is_file() {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

fn report(batch: &Batch, json: bool) {
    let counts = batch.counts;
    if json {
        print(json!({
            "batch": batch.id.to_string(), "state": batch.state.code(), "rows": counts.read,
            "accepted": counts.accepted, "duplicates": counts.duplicates,
            "rejected": counts.rejected,
        }));
    } else {
        print(format!(
            "批次 {}：读 {} 行，入库 {}，重复 {}，退回 {}",
            batch.id, counts.read, counts.accepted, counts.duplicates, counts.rejected
        ));
    }
}
