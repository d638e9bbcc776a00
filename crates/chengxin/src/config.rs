//! Configuration: `chengxin.toml`, overridden by `CHENGXIN_*`; `DATABASE_URL` picks the engine.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

use crate::command::Failure;

/// What can be configured. Secrets are in files, never here.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Data folder: keys, files on their way, embedded database.
    pub(crate) data: PathBuf,
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// `sqlite://…` or `postgres://…`; empty means SQLite in the data folder.
    pub(crate) database_url: String,
    /// `gm` or `intl`: the suite of the first key.
    pub(crate) suite: String,
    /// Name of this node's log.
    pub(crate) log: String,
    /// Folder of the rulebook; empty means the one that came with the program.
    pub(crate) rulebook: PathBuf,
    /// Readers of the database at the same time.
    pub(crate) readers: u32,
    /// Folder of the backups: where `backup` puts one, and whose age `doctor` looks at; empty means none.
    pub(crate) backups: PathBuf,
    /// Folder of `pg_dump` and `pg_restore`; empty means where programs are found.
    pub(crate) pg_tools: PathBuf,
    /// Whether people reach us by https: then cookies are bound to it.
    pub(crate) https: bool,
    /// Where people find this register, for example `https://credit.example.gov.cn`.
    pub(crate) site: String,
    /// The office's address, for letters.
    pub(crate) office_address: String,
    /// Its telephone.
    pub(crate) office_phone: String,
    /// The mail server, if e-mail can be sent.
    pub(crate) mail: Option<MailConfig>,
    /// The gateway for short messages, if they can be sent.
    pub(crate) sms: Option<SmsConfig>,
    /// Systems that are told of corrections, by the code of the body.
    pub(crate) receivers: BTreeMap<String, ReceiverConfig>,
}

/// `[mail]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailConfig {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// `full`, `starttls` or `none` (only to this machine).
    #[serde(default = "starttls")]
    pub(crate) tls: String,
    /// For example `公共信用 <noreply@example.gov.cn>`.
    pub(crate) from: String,
    #[serde(default)]
    pub(crate) user: String,
    #[serde(default)]
    pub(crate) password_file: PathBuf,
}

fn starttls() -> String {
    "starttls".to_owned()
}

/// `[sms]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SmsConfig {
    pub(crate) url: String,
    /// The name under which messages are signed.
    pub(crate) sign: String,
    pub(crate) key_file: PathBuf,
}

/// `[receivers.<code>]`: one of the two.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceiverConfig {
    /// Address that takes signed messages.
    #[serde(default)]
    pub(crate) webhook: String,
    /// Folder that is fetched from.
    #[serde(default)]
    pub(crate) folder: PathBuf,
}

/// What is read if nobody names a file.
pub(crate) const USUAL_FILE: &str = "chengxin.toml";

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database_url: String::new(),
            suite: "gm".to_owned(),
            log: "main".to_owned(),
            rulebook: PathBuf::new(),
            readers: 4,
            backups: PathBuf::new(),
            pg_tools: PathBuf::new(),
            https: true,
            site: String::new(),
            office_address: String::new(),
            office_phone: String::new(),
            mail: None,
            sms: None,
            receivers: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Reads file and variables. A file that was named must be there; the usual one may be missing.
    pub(crate) fn read(named: Option<&Path>) -> Result<Self, Failure> {
        if let Some(file) = named.filter(|file| !file.is_file()) {
            return Err(Failure::Usage(format!("no such configuration file: {}", file.display())));
        }
        let file = named.unwrap_or_else(|| Path::new(USUAL_FILE));
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file))
            .merge(Env::raw().only(&["DATABASE_URL"]))
            .merge(Env::prefixed("CHENGXIN_").ignore(&[
                "log",
                "test_pg_url",
                "sample_pages",
                "e2e_shots",
                "pg_sync",
            ]))
            .merge(Env::raw().only(&["CHENGXIN_LOG_NAME"]).map(|_| "log".into()))
            .extract()
            .map_err(|error| Failure::Usage(error.to_string()))
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> String {
        if self.database_url.is_empty() {
            format!("sqlite://{}", self.data.join("chengxin.sqlite").display())
        } else {
            self.database_url.clone()
        }
    }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
