//! The product as it is shipped: the release binary, its command line, its server.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::Connection;

use crate::{Engine, Outcome};

/// The item that is sent and the body that sends it.
pub(crate) const ITEM: &str = "NP04-MR";
pub(crate) const AGENCY: &str = "11999901TEMR000151";

/// A folder, a database and the binary that works on them.
pub(crate) struct Product {
    binary: PathBuf,
    pub(crate) dir: PathBuf,
    engine: Engine,
    rows: u64,
}

/// A server that is stopped when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    pub(crate) started: Instant,
}

impl Product {
    /// Builds the binary in the release profile, as cargo would.
    pub(crate) fn build(dir: PathBuf, engine: Engine, rows: u64) -> Outcome<Self> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let built = Command::new(cargo)
            .args(["build", "--release", "--quiet", "--package", "chengxin"])
            .status()?;
        if !built.success() {
            return Err("chengxin cannot be built".into());
        }
        let binary = std::env::current_exe()?.with_file_name("chengxin");
        Ok(Self { binary, dir, engine, rows })
    }

    fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// The database of the product, or another one beside it.
    pub(crate) fn database(&self, name: &str) -> Outcome<String> {
        Ok(match self.engine {
            Engine::Sqlite => format!("sqlite://{}", self.dir.join(name).display()),
            Engine::Postgres => {
                let server = std::env::var("CHENGXIN_TEST_PG_URL").map_err(|_| {
                    "no PostgreSQL: run `tools/with-postgres cargo run --release -p bench -- …`"
                })?;
                format!("{server}/bench_{name}")
            }
        })
    }

    pub(crate) fn command(&self, args: &[&str]) -> Outcome<Command> {
        let mut command = Command::new(&self.binary);
        command
            .args(args)
            .current_dir(&self.dir)
            .env("CHENGXIN_DATA", self.data())
            .env("DATABASE_URL", self.database("register")?)
            // One machine asks as fast as it can: counted as always, refused never.
            .env("CHENGXIN_REQUESTS_PER_CLIENT", "1000000");
        Ok(command)
    }

    /// Runs one command to its end and gives back what it printed.
    pub(crate) fn run(&self, args: &[&str]) -> Outcome<String> {
        let output = self.command(args)?.output()?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            return Err(format!("chengxin {}: {text}", args.join(" ")).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The file that is sent, made once.
    pub(crate) fn file(&self) -> Outcome<PathBuf> {
        let path = self.dir.join(format!("sample-{}.csv", self.rows));
        if !path.exists() {
            let (rows, out) = (self.rows.to_string(), path.display().to_string());
            self.run(&["sample", "--item", ITEM, "--rows", &rows, "--out", &out])?;
        }
        Ok(path)
    }

    /// An empty database with the schema in it; an earlier one is dropped.
    pub(crate) async fn empty(&self, name: &str) -> Outcome<String> {
        let url = self.database(name)?;
        match self.engine {
            Engine::Sqlite => {
                for end in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(self.dir.join(format!("{name}{end}")));
                }
            }
            Engine::Postgres => {
                let (server, _) = url.rsplit_once('/').ok_or("a URL without a database")?;
                let mut connection =
                    sqlx::PgConnection::connect(&format!("{server}/postgres")).await?;
                for sql in ["DROP DATABASE IF EXISTS", "CREATE DATABASE"] {
                    let sql = sqlx::AssertSqlSafe(format!("{sql} bench_{name}"));
                    sqlx::raw_sql(sql).execute(&mut connection).await?;
                }
            }
        }
        let store = store::Store::open(&url, 1).await?;
        store.migrate().await?;
        store.close().await?;
        Ok(url)
    }

    /// An empty register with its keys.
    pub(crate) async fn fresh(&self) -> Outcome<()> {
        self.empty("register").await?;
        if !self.data().join("keys.toml").exists() {
            self.run(&["migrate"])?;
        }
        Ok(())
    }

    /// A register that holds the file; built only if it is not there.
    pub(crate) async fn filled(&self) -> Outcome<()> {
        let done = self.dir.join(format!("filled-{}-{}", self.engine.name(), self.rows));
        if !done.exists() {
            self.fresh().await?;
            let file = self.file()?.display().to_string();
            self.run(&["intake", "--item", ITEM, "--agency", AGENCY, &file])?;
            std::fs::write(done, "")?;
        }
        Ok(())
    }

    /// Remembers that the register holds the file.
    pub(crate) fn is_filled(&self) -> Outcome<()> {
        Ok(std::fs::write(
            self.dir.join(format!("filled-{}-{}", self.engine.name(), self.rows)),
            "",
        )?)
    }

    /// A token of a system that checks for the agency.
    pub(crate) fn token(&self) -> Outcome<String> {
        let name = format!("bench-{}", uuid::Uuid::now_v7());
        let args = ["account", "add", "--kind", "system", "--role", "system", "--agency", AGENCY];
        let text = self.run(&[&args[..], &["--name", &name, "--json"]].concat())?;
        let answer: serde_json::Value = serde_json::from_str(&text)?;
        let token = answer.get("token").and_then(serde_json::Value::as_str);
        Ok(token.ok_or("no token was printed")?.to_owned())
    }

    /// Starts the product's server.
    pub(crate) fn serve(&self) -> Outcome<Server> {
        Server::start(self.command(&["serve", "--listen", "127.0.0.1:0"])?)
    }

    /// Starts the bare server on the same database.
    pub(crate) fn serve_floor(&self) -> Outcome<Server> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["floor-server", "--database", &self.database("register")?]);
        Server::start(command)
    }
}

impl Server {
    fn start(mut command: Command) -> Outcome<Self> {
        let started = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let stderr = child.stderr.take().ok_or("no standard error")?;
        let mut server = Self { child, address: String::new(), started };
        let mut lines = BufReader::new(stderr).lines();
        for line in lines.by_ref() {
            if let Some((_, address)) = line?.split_once("http://") {
                address.trim().clone_into(&mut server.address);
                break;
            }
        }
        if server.address.is_empty() {
            return Err("the server stopped before it listened".into());
        }
        // Its log must go somewhere, or it would wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(server)
    }

    /// Most memory that it has held, in megabytes.
    pub(crate) fn peak_mb(&self) -> Option<f64> {
        peak_mb(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Most memory that a living process has held, in megabytes.
pub(crate) fn peak_mb(process: u32) -> Option<f64> {
    let status =
        std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"));
    let status = status.ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some((kilobytes / 1_024.0).round())
}

/// Runs a command to its end and watches how much memory it holds.
pub(crate) fn watched(mut command: Command) -> Outcome<(Duration, f64)> {
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn()?;
    let mut peak: f64 = 0.0;
    loop {
        peak = peak.max(peak_mb(child.id()).unwrap_or(0.0));
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                return Err("the command failed".into());
            }
            return Ok((started.elapsed(), peak));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
