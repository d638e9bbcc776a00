//! Backups 备份: a copy of the whole database as it stood at one moment, taken while others write, and what
//! the copy says of itself.
//!
//! | engine | the copy | put back |
//! |---|---|---|
//! | SQLite | `VACUUM INTO` a new file | the file itself |
//! | PostgreSQL | `pg_dump` of an exported snapshot | `pg_restore`, all or nothing |

use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr as _;

use sea_orm::{
    AccessMode, ConnectOptions, Database, IsolationLevel, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::SchemaManager;
use sqlx::sqlite::SqliteConnectOptions;

use crate::access_entry::{self, Head};
use crate::convert::{count, values};
use crate::db::{Db, Engine, Store, Tx, all, one, postgres, run, sqlite};
use crate::error::{Result, StoreError};
use crate::{health, retention};

/// What a copy says of itself, read from the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Version of the engine that made it.
    pub version: String,
    /// Changes of the schema that were applied, oldest first.
    pub migrations: Vec<String>,
    /// The newest head of the log.
    pub head: Option<Head>,
    /// The mark of the month keys with which it is sealed.
    pub months: Option<[u8; 32]>,
}

async fn copied(db: &impl Db, log: &str) -> Result<Copied> {
    let sql = "SELECT version FROM seaql_migrations ORDER BY version";
    let migrations: Result<Vec<String>, _> =
        all(db, sql, Vec::new()).await?.iter().map(|row| row.try_get("", "version")).collect();
    Ok(Copied {
        version: health::version(db).await?,
        migrations: migrations?,
        head: access_entry::head(db, log).await?,
        months: retention::months_mark(db).await?,
    })
}

/// Copies the embedded database as it stands now into a new file; nobody else waits meanwhile.
///
/// # Errors
/// [`StoreError`], also if the file is there already.
pub async fn copy_into(store: &Store, file: &Path) -> Result<()> {
    let unfit = |what: &str| StoreError::Database(format!("{}: {what}", file.display()));
    let Some(url) = store.embedded() else { return Err(unfit("only for SQLite")) };
    let to = file.to_str().ok_or_else(|| unfit("the name of the folder is not UTF-8"))?;
    // A connection of its own, so that every look still finds its reader.
    let beside = Database::connect(sqlite(url, 1)).await?;
    let done = run(&beside, "VACUUM INTO $1", values![to]).await;
    beside.close().await?;
    done.map(|_| ())
}

/// What a copy in a file says of itself; the file stays as it is.
///
/// # Errors
/// [`StoreError`].
pub async fn of_file(file: &Path, log: &str) -> Result<Copied> {
    let file = file.to_owned();
    let mut options = ConnectOptions::new("sqlite://copy");
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| options.filename(&file).read_only(true));
    let db = Database::connect(options).await?;
    let said = copied(&db, log).await;
    db.close().await?;
    said
}

/// A moment of a PostgreSQL database that `pg_dump` can look at too, as long as this is held.
#[derive(Debug)]
pub struct Snapshot {
    tx: Tx,
    id: String,
    /// What the database says of itself at that moment.
    pub copied: Copied,
}

/// Holds on to this moment.
///
/// # Errors
/// [`StoreError`].
pub async fn snapshot(store: &Store, log: &str) -> Result<Snapshot> {
    let options = TransactionOptions {
        isolation_level: Some(IsolationLevel::RepeatableRead),
        access_mode: Some(AccessMode::ReadOnly),
        ..TransactionOptions::default()
    };
    let tx = store.read().begin_with_options(options).await?;
    let row = one(&tx, "SELECT pg_export_snapshot() AS id", Vec::new()).await?;
    let row = row.ok_or(StoreError::BadRow { table: "snapshot", what: "id" })?;
    let id = row.try_get("", "id")?;
    let copied = copied(&tx, log).await?;
    Ok(Snapshot { tx, id, copied })
}

impl Snapshot {
    /// Lets go of it.
    ///
    /// # Errors
    /// [`StoreError::Database`] if the server has ended it before.
    pub async fn end(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }
}

/// How the client programs of PostgreSQL reach the database.
///
/// By their environment, which only this user can see, never by arguments, which everybody on the machine can.
pub struct Server {
    tools: PathBuf,
    host: String,
    port: u16,
    user: String,
    database: String,
    password: Option<String>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Server {
    /// The one at `url`; `tools` is the folder of the programs, empty if they are found by themselves.
    ///
    /// A password that is not in the URL they find where this program did: `PGPASSWORD`, `PGPASSFILE`, `~/.pgpass`.
    ///
    /// # Errors
    /// [`StoreError::BadUrl`].
    pub fn at(url: &str, tools: &Path) -> Result<Self> {
        let options = postgres(url)?;
        let socket = options.get_socket().map(|folder| folder.display().to_string());
        let user = options.get_username().to_owned();
        Ok(Self {
            tools: tools.to_owned(),
            host: socket.unwrap_or_else(|| options.get_host().to_owned()),
            port: options.get_port(),
            database: options.get_database().unwrap_or(&user).to_owned(),
            user,
            password: password(url),
        })
    }

    /// Writes all that the snapshot sees to standard output.
    #[must_use]
    pub fn dump(&self, snapshot: &Snapshot) -> Command {
        let mut command = self.program("pg_dump");
        command.args(["--format=custom", "--no-owner", "--no-privileges", "--no-password"]);
        command.arg(format!("--snapshot={}", snapshot.id));
        command
    }

    /// Takes from standard input what [`Server::dump`] wrote: all of it, or nothing.
    #[must_use]
    pub fn restore(&self) -> Command {
        let mut command = self.program("pg_restore");
        command.args(["--single-transaction", "--exit-on-error", "--no-password"]);
        command.args(["--no-owner", "--no-privileges"]);
        command.arg(format!("--dbname={}", self.database));
        command
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.tools.join(name));
        command
            .env("PGHOST", &self.host)
            .env("PGPORT", self.port.to_string())
            .env("PGUSER", &self.user)
            .env("PGDATABASE", &self.database);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password);
        }
        command
    }
}

/// Whether a URL holds a password.
#[must_use]
pub fn has_password(url: &str) -> bool {
    password(url).is_some()
}

/// The password in a URL, before its host or among its parameters.
fn password(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let named = parameters.split('&').find_map(|one| one.strip_prefix("password="));
    if let Some(password) = named {
        return Some(plain(&password.replace('+', " ")));
    }
    let (place, _) = place.split_once('/').unwrap_or((place, ""));
    let (who, _) = place.rsplit_once('@')?;
    who.split_once(':').map(|(_, password)| plain(password))
}

/// Text whose odd bytes were written as `%` and two digits.
fn plain(text: &str) -> String {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        match piece.split_at_checked(2).map(|(code, rest)| (u8::from_str_radix(code, 16), rest)) {
            Some((Ok(byte), rest)) => {
                bytes.push(byte);
                bytes.extend_from_slice(rest.as_bytes());
            }
            Some((Err(_), _)) | None => {
                bytes.push(b'%');
                bytes.extend_from_slice(piece.as_bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Ends every session and every access token in a database that was put back; says how many there were. A schema that is
/// older may know only some of them.
///
/// # Errors
/// [`StoreError`].
pub async fn end_sign_ins(store: &Store) -> Result<u64> {
    let mut ended = 0;
    for table in ["session", "access_token"] {
        if SchemaManager::new(store.read()).has_table(table).await? {
            ended += run(store.writer(), &format!("DELETE FROM {table}"), Vec::new()).await?;
        }
    }
    Ok(ended)
}

/// Which engine a URL names.
///
/// # Errors
/// [`StoreError::UnknownEngine`].
pub fn engine_of(url: &str) -> Result<Engine> {
    match url.split_once(':').map(|(engine, _)| engine) {
        Some("sqlite") => Ok(Engine::Sqlite),
        Some("postgres" | "postgresql") => Ok(Engine::Postgres),
        Some(_) | None => Err(StoreError::UnknownEngine),
    }
}

/// The file of an embedded database.
///
/// # Errors
/// [`StoreError::UnknownEngine`] if the URL names none.
pub fn file_of(url: &str) -> Result<PathBuf> {
    if engine_of(url)? != Engine::Sqlite {
        return Err(StoreError::UnknownEngine);
    }
    let options = SqliteConnectOptions::from_str(url).map_err(|_| StoreError::UnknownEngine)?;
    Ok(options.get_filename().to_owned())
}

/// Whether nothing is there yet: no file, or no table of anybody's.
///
/// # Errors
/// [`StoreError`], also if the server cannot be reached.
pub async fn is_empty(url: &str) -> Result<bool> {
    if engine_of(url)? == Engine::Sqlite {
        return Ok(!file_of(url)?.exists());
    }
    let store = Store::open(url, 1).await?;
    let sql = "SELECT COUNT(*) AS tables FROM pg_tables \
               WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
    let row = one(store.read(), sql, Vec::new()).await;
    store.close().await?;
    let row = row?.ok_or(StoreError::BadRow { table: "pg_tables", what: "count" })?;
    Ok(count("pg_tables", row.try_get("", "tables")?)? == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_found_wherever_a_url_has_it() {
        assert_eq!(password("postgres://u:p%40%2Fs@host:5/db").as_deref(), Some("p@/s"));
        assert_eq!(password("postgres://u:a:b@host/db").as_deref(), Some("a:b"));
        assert_eq!(password("postgres://u@host/db?password=a+b%25").as_deref(), Some("a b%"));
        assert_eq!(password("postgres://u@host/db?x=password"), None);
        assert_eq!(password("postgres://host/d@b:c"), None);
        assert_eq!(plain("100%"), "100%");
        assert_eq!(plain("%诚%E8%AF%9A"), "%诚诚");
    }

    #[test]
    fn no_argument_of_a_program_holds_the_password() {
        let server = Server::at("postgres://u:secret@127.0.0.1:5/db", Path::new("/opt")).unwrap();
        let command = server.restore();
        assert_eq!(command.get_program(), "/opt/pg_restore");
        assert!(command.get_args().all(|one| !one.to_string_lossy().contains("secret")));
        let given: Vec<_> =
            command.get_envs().filter_map(|(name, value)| Some((name, value?))).collect();
        for (name, value) in
            [("PGPASSWORD", "secret"), ("PGHOST", "127.0.0.1"), ("PGDATABASE", "db")]
        {
            assert!(given.contains(&(name.as_ref(), value.as_ref())), "{name}");
        }
        assert!(!format!("{server:?}").contains("secret"));
    }

    /// Odd signs that are not written as `%` and digits, and a name that was mistyped.
    #[test]
    fn i14_a_url_that_cannot_be_read_is_not_repeated() {
        for url in [
            "postgres://u:geheim#7@h/db",
            "postgres://u:geheim/7@h/db",
            "postgres://u:geheim?7@h/db",
            "postgres://u:7?geheim=7@h/db",
            "postgres://u@h/db?pasword=geheim",
            "postgres://u@h/db?port=geheim",
        ] {
            let refused = postgres(url).unwrap_err().to_string();
            assert!(refused.contains("cannot be read") && !refused.contains("geheim"), "{refused}");
            assert!(Server::at(url, Path::new("")).is_err(), "{url}");
        }
        for url in [
            "postgres://u:geheim%237@h:5/db?sslmode=disable&options[jit]=off",
            "postgres:///db?host=/run/postgresql&user=u",
        ] {
            assert!(postgres(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_url_names_its_engine() {
        assert_eq!(engine_of("sqlite://a.db").unwrap(), Engine::Sqlite);
        assert_eq!(engine_of("postgresql://h/db").unwrap(), Engine::Postgres);
        assert!(engine_of("mysql://h/db").is_err());
        assert_eq!(file_of("sqlite:///a/b.sqlite?mode=rwc").unwrap(), Path::new("/a/b.sqlite"));
        assert!(file_of("postgres://h/db").is_err());
    }
}
