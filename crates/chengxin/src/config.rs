//! Configuration: `chengxin.toml`, overridden by `CHENGXIN_*`; `DATABASE_URL` picks the engine.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::command::Failure;
use crate::telemetry::LogFormat;

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
    /// Certificate and those between it and the root, in PEM; empty means plain HTTP, behind a proxy.
    pub(crate) tls_certificate: PathBuf,
    /// Its key, in PEM, for nobody else to read.
    pub(crate) tls_key: PathBuf,
    /// Proxies of ours, as addresses or nets: what they say in `X-Forwarded-For` is believed.
    pub(crate) behind_proxy: Vec<String>,
    /// Who may read `/metrics`, as addresses or nets.
    pub(crate) metrics_from: Vec<String>,
    /// Requests a second by those of one address who are not known; 0 is no limit.
    pub(crate) requests_per_address: u32,
    /// Requests a second of one account of a human being.
    pub(crate) requests_per_account: u32,
    /// Requests a second of one machine.
    pub(crate) requests_per_client: u32,
    /// Connections at the same time.
    pub(crate) connections: usize,
    /// The same from one address.
    pub(crate) connections_per_address: usize,
    /// Seconds that the head of a request may take, and that a connection may lie idle.
    pub(crate) head_seconds: u64,
    /// Seconds in which nothing comes of a body, or nothing is taken of an answer.
    pub(crate) idle_seconds: u64,
    /// Bytes of a body that must come in a second on the average.
    pub(crate) bytes_per_second: u64,
    /// Whom to tell of a hole, for `security.txt`: `mailto:…` or `https://…`.
    pub(crate) security_contacts: Vec<String>,
    /// The last day on which that holds.
    pub(crate) security_expires: String,
    /// Where it is written what may be tried.
    pub(crate) security_policy: String,
    /// How lines of the log look.
    pub(crate) log_format: LogFormat,
    /// Collector of traces, for example `http://127.0.0.1:4318`; empty means none.
    pub(crate) otlp_endpoint: String,
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
    /// The service by which persons sign in, if there is one.
    pub(crate) identity: Option<IdentityConfig>,
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

/// `[identity]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityConfig {
    /// The issuer of OpenID Connect, `https://…`, exactly as it calls itself.
    pub(crate) issuer: String,
    /// Who we are to it.
    pub(crate) client_id: String,
    /// What proves it; empty for a client without a secret.
    #[serde(default)]
    pub(crate) client_secret_file: PathBuf,
    /// What people call it.
    pub(crate) title: String,
    /// What is asked for beside `openid`.
    #[serde(default = "scopes")]
    pub(crate) scopes: Vec<String>,
    #[serde(default = "name_claim")]
    pub(crate) name_claim: String,
    #[serde(default = "id_kind_claim")]
    pub(crate) id_kind_claim: String,
    #[serde(default = "id_number_claim")]
    pub(crate) id_number_claim: String,
    #[serde(default = "birthdate_claim")]
    pub(crate) birthdate_claim: String,
}

fn scopes() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn name_claim() -> String {
    "name".to_owned()
}

fn id_kind_claim() -> String {
    "id_kind".to_owned()
}

fn id_number_claim() -> String {
    "id_number".to_owned()
}

fn birthdate_claim() -> String {
    "birthdate".to_owned()
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
            tls_certificate: PathBuf::new(),
            tls_key: PathBuf::new(),
            behind_proxy: vec!["127.0.0.1".to_owned(), "::1".to_owned()],
            metrics_from: vec!["127.0.0.1".to_owned(), "::1".to_owned()],
            requests_per_address: 50,
            requests_per_account: 20,
            requests_per_client: 500,
            connections: 4_096,
            connections_per_address: 128,
            head_seconds: 30,
            idle_seconds: 30,
            bytes_per_second: 1_000,
            security_contacts: Vec::new(),
            security_expires: String::new(),
            security_policy: String::new(),
            log_format: LogFormat::default(),
            otlp_endpoint: String::new(),
            site: String::new(),
            office_address: String::new(),
            office_phone: String::new(),
            mail: None,
            sms: None,
            identity: None,
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
        refuse_secrets(file)?;
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file))
            .merge(Env::raw().only(&["DATABASE_URL"]))
            .merge(Env::prefixed("CHENGXIN_").ignore(&[
                "log",
                "test_pg_url",
                "sample_pages",
                "e2e_shots",
                "pg_sync",
                "fuzz_seconds",
                "fuzz_seed",
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

/// A secret in the configuration stops the start: the file is read by more people than it should be.
fn refuse_secrets(file: &Path) -> Result<(), Failure> {
    // What cannot be read is said in a better place.
    let written: Result<Value, _> = Figment::from(Toml::file(file)).extract();
    let Some(name) = written.ok().and_then(|written| secret_in(&written, "")) else {
        return Ok(());
    };
    Err(Failure::Usage(format!(
        "{}: `{name}` looks like a secret, and secrets have no place in this file: put it into a file of its own \
         (chmod 600) and name that in the setting that ends with _file",
        file.display()
    )))
}

/// The name of the first setting that holds a secret itself.
fn secret_in(value: &Value, at: &str) -> Option<String> {
    const SECRET: [&str; 5] = ["password", "passphrase", "secret", "token", "key"];
    value.as_object()?.iter().find_map(|(name, value)| {
        let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        let last = name.rsplit('_').next().unwrap_or(name).to_lowercase();
        let is_path = ["tls_key"].contains(&name.as_str());
        if value.is_string() && SECRET.contains(&last.as_str()) && !is_path {
            return Some(at);
        }
        secret_in(value, &at)
    })
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
