//! `chengxin backup`: a sealed copy of everything, taken while everybody goes on working.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use usecases::backup::{Order, Taken};

use super::{Failure, print};
use crate::config::Config;
use crate::wiring::App;

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// Where backups lie; each gets a folder of its own. Without it the configured `backups`.
    dir: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: &Config, command: Backup) -> Result<(), Failure> {
    let into = command.dir.unwrap_or_else(|| config.backups.clone());
    if into.as_os_str().is_empty() {
        let says = "where to? `chengxin backup DIR`, or set `backups` in the configuration";
        return Err(Failure::Usage(says.to_owned()));
    }
    let app = App::open(config, false).await?;
    let outcome = tokio::select! {
        taken = take(&app, config, &into) => taken,
        // Given up, it leaves nothing behind.
        () = super::serve::stop() => {
            Err(Failure::Refused("stopped: nothing of this backup was kept".to_owned()))
        }
    };
    app.close().await?;
    report(&outcome?, command.json);
    Ok(())
}

async fn take(app: &App, config: &Config, into: &Path) -> Result<Taken, Failure> {
    let database = config.database();
    let order = Order {
        into,
        data: &config.data,
        database: &database,
        tools: &config.pg_tools,
        program: env!("CARGO_PKG_VERSION"),
    };
    let operator = usecases::account::operator(None);
    usecases::backup::take(&app.cx, &operator, &order).await.map_err(Failure::refused)
}

fn report(taken: &Taken, json: bool) {
    let Taken { folder, manifest } = taken;
    let log = &manifest.log;
    if json {
        print(json!({ "folder": folder.display().to_string(), "manifest": manifest }));
    } else {
        print(format!("backup {}", folder.display()));
        print(format!("log    {}, {} entries, root {}", log.name, log.size, log.root));
        print(format!("parts  {}, {} bytes", manifest.parts.len(), manifest.size()));
    }
    eprintln!(
        "not in it: keys.toml and months.key. Keep a copy of keys.toml in another place than the backups: \
         without it they open to nobody, with it they open wholly. Of months.key keep one copy beside it, \
         overwritten each month, and never an older one: that would bring back what was to be gone \
         (operator guide, Keys)"
    );
}
