//! The product 产品: the built program with its imaginary city.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::process::Process;

/// Somebody invented who has an account.
#[derive(Clone, Debug)]
pub struct Person {
    /// As in the identity document.
    pub name: String,
    /// Of a region that does not exist.
    pub number: String,
}

pub(crate) struct Product {
    pub(crate) address: String,
    said: Vec<String>,
    process: Process,
    pub(crate) dir: TempDir,
}

impl Product {
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// The same with this configuration.
    pub(crate) fn start_with(settings: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("settings.toml"), settings).unwrap();
        Self::run(dir, None)
    }

    /// The same at a public address, as far as one machine has one: browsers use passkeys for a name alone.
    pub(crate) fn start_named() -> Self {
        // Taken by nobody a moment ago.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("http://localhost:{port}");
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("settings.toml"), format!("site = \"{address}\"\n"))
            .unwrap();
        let product = Self::run_at(dir, &format!("127.0.0.1:{port}"), None);
        Self { address, ..product }
    }

    /// The same, as if it were this moment now.
    pub(crate) fn start_at(moment: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("settings.toml"), "").unwrap();
        Self::run(dir, Some(moment))
    }

    /// Stops it and starts it anew at this moment, with all that it has.
    pub(crate) fn goes_on_at(self, moment: &str) -> Self {
        let Self { dir, said, process, .. } = self;
        drop(process);
        let anew = Self::run(dir, Some(moment));
        Self { said, ..anew }
    }

    fn run(dir: TempDir, moment: Option<&str>) -> Self {
        Self::run_at(dir, "127.0.0.1:0", moment)
    }

    fn run_at(dir: TempDir, listen: &str, moment: Option<&str>) -> Self {
        let mut command = program(dir.path());
        command.arg("--config").arg(dir.path().join("settings.toml"));
        command.args(["demo", "--listen", listen, "--data"]).arg(dir.path().join("data"));
        if let Some(moment) = moment {
            command.args(["--at", moment]);
        }
        let process = Process::start(&mut command, dir.path().join("chengxin.log"));
        let said = process.says("Ctrl+C", Duration::from_secs(120));
        let address = said.iter().find_map(|line| line.split_once("http://"));
        let address = format!("http://{}", address.expect("demo tells its address").1.trim());
        Self { address, said, process, dir }
    }

    /// Who has that account, as printed at the start: `citizen-1  what：name，number`.
    pub(crate) fn person(&self, login: &str) -> Person {
        let line = self.said.iter().find(|line| line.trim().starts_with(login));
        let line = line.unwrap_or_else(|| panic!("no account {login} in {:#?}", self.said));
        let (name, number) = line.rsplit_once('：').unwrap().1.split_once('，').unwrap();
        assert!(number.starts_with("9999"), "only invented people");
        Person { name: name.trim().to_owned(), number: number.trim().to_owned() }
    }

    /// A file of invented rows in the writing system of old programs, from `chengxin sample`.
    pub(crate) fn sample(&self, item: &str, rows: u32) -> PathBuf {
        let file = self.dir.path().join(format!("{item}.csv"));
        let mut command = program(self.dir.path());
        command.args(["sample", "--item", item, "--rows", &rows.to_string(), "--seed", "2026"]);
        command.args(["--format", "csv", "--encoding", "gb18030", "--out"]).arg(&file);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        file
    }
}

/// The program beside this test, without the settings of whoever runs the test.
fn program(dir: &Path) -> Command {
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(2).expect("a test lies in target/PROFILE/deps");
    let program = folder.join("chengxin");
    if !program.exists() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo).args(["build", "--package", "chengxin"]).status();
        assert!(built.is_ok_and(|status| status.success()), "cargo build --package chengxin");
    }
    let mut command = Command::new(program);
    command.current_dir(dir).env_remove("DATABASE_URL");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CHENGXIN_") {
            command.env_remove(name);
        }
    }
    command
}
