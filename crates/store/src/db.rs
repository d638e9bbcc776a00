//! Connections 连接: one writer and many readers on SQLite, one pool on PostgreSQL.

use std::fs::File;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};
use sea_orm_migration::MigratorTrait;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use crate::error::{Result, StoreError};
use crate::migration::Migrator;

/// Whatever a store function can talk to: the store itself or a transaction.
pub trait Db: ConnectionTrait + Sync {}

impl<T: ConnectionTrait + Sync> Db for T {}

/// A transaction that may write. Dropped without [`Tx::commit`], it changes nothing.
pub type Tx = DatabaseTransaction;

/// Which engine stands behind the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded: WAL, `synchronous=FULL`, one writer at a time.
    Sqlite,
    /// A server.
    Postgres,
}

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
    read: DatabaseConnection,
    write: DatabaseConnection,
    /// Where the embedded database is; a server tends itself.
    embedded: Option<Arc<str>>,
}

/// How many pages (of 4 KiB) the write-ahead log takes before a writer itself carries them over.
const MOST_PAGES_AHEAD: &str = "16384";

/// How often [`Store::tend`] carries pages over.
const TENDED: Duration = Duration::from_millis(40);

/// How long a writer waits for another process before it gives up.
const BUSY: Duration = Duration::from_secs(30);

impl Store {
    /// Opens `sqlite://PATH` (created if missing) or `postgres://…` with at most `readers` readers.
    ///
    /// # Errors
    /// [`StoreError`] if the engine is unknown or cannot be reached.
    pub async fn open(url: &str, readers: u32) -> Result<Self> {
        if url.starts_with("sqlite:") {
            let write = Database::connect(sqlite(url, 1)).await?;
            let read = Database::connect(sqlite(url, readers.max(1))).await?;
            let embedded = Some(Arc::from(url));
            Ok(Self { engine: Engine::Sqlite, read, write, embedded })
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            // What is connected with would repeat what it cannot read.
            postgres(url)?;
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(readers.max(4))
                .acquire_timeout(BUSY)
                .test_before_acquire(false)
                .sqlx_logging(false)
                // We join a few persons to their rows by key. Before the engine has counted a table that
                // has just been filled, it would read the whole of it instead, or take so long a join
                // for granted that it compiles one.
                .map_sqlx_postgres_opts(|options| {
                    options.options([
                        ("enable_hashjoin", "off"),
                        ("enable_mergejoin", "off"),
                        ("enable_seqscan", "off"),
                        ("jit", "off"),
                    ])
                });
            let pool = Database::connect(options).await?;
            let embedded = None;
            Ok(Self { engine: Engine::Postgres, read: pool.clone(), write: pool, embedded })
        } else {
            Err(StoreError::UnknownEngine)
        }
    }

    /// Carries what was written ahead into the database file of the embedded engine and puts it on the
    /// disk, beside the writer, so that no look waits for it. Runs until it is dropped; without it the
    /// writer does the work itself, seldom and all at once.
    ///
    /// # Errors
    /// [`StoreError::Database`] if the database cannot be opened once more.
    pub async fn tend(&self) -> Result<()> {
        let Some(url) = &self.embedded else { return Ok(()) };
        let beside = Database::connect(sqlite(url, 1)).await?;
        let file = database_file(url)?;
        loop {
            tokio::time::sleep(TENDED).await;
            // What is in use now is carried over the next time; what cannot be, by the writer.
            let _ = one(&beside, "PRAGMA wal_checkpoint(PASSIVE)", Vec::new()).await;
            let _ = tokio::task::spawn_blocking(|| file.sync_data()).await;
        }
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// For reading outside a transaction.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Where the embedded database is, if it is one.
    pub(crate) fn embedded(&self) -> Option<&str> {
        self.embedded.as_deref()
    }

    /// For one statement that writes by itself.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Begins a transaction that may write; on SQLite it takes the write lock at once, so that it
    /// never has to give up half-way.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn begin(&self) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.engine == Engine::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// Brings the schema up to date; says how many changes were applied.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn migrate(&self) -> Result<usize> {
        let pending = Migrator::get_pending_migrations(&self.write).await?.len();
        Migrator::up(&self.write, None).await?;
        Ok(pending)
    }

    /// Refuses a database whose schema is not this program's.
    ///
    /// # Errors
    /// [`StoreError::NeedsMigration`].
    pub async fn expect_migrated(&self) -> Result<()> {
        if Migrator::get_pending_migrations(&self.read).await?.is_empty() {
            Ok(())
        } else {
            Err(StoreError::NeedsMigration)
        }
    }

    /// Whether the engine answers.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn ping(&self) -> Result<()> {
        self.read.ping().await.map_err(StoreError::from)
    }

    /// Connections that are open, and of these not in use, by what they are for.
    #[must_use]
    pub fn pools(&self) -> Vec<(&'static str, u64, u64)> {
        let idle = |count: usize| u64::try_from(count).unwrap_or(0);
        match self.engine {
            Engine::Sqlite => {
                let of = |db: &DatabaseConnection| {
                    let pool = db.get_sqlite_connection_pool();
                    (u64::from(pool.size()), idle(pool.num_idle()))
                };
                let ((read, free), (write, still)) = (of(&self.read), of(&self.write));
                vec![("read", read, free), ("write", write, still)]
            }
            Engine::Postgres => {
                let pool = self.read.get_postgres_connection_pool();
                vec![("both", u64::from(pool.size()), idle(pool.num_idle()))]
            }
        }
    }

    /// The whole schema as text, for the snapshot that reviewers read.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn schema(&self) -> Result<String> {
        let sql = match self.engine {
            Engine::Sqlite => {
                "SELECT sql AS line FROM sqlite_master WHERE sql IS NOT NULL \
                 AND name NOT LIKE 'seaql%' AND name NOT LIKE 'sqlite%' ORDER BY name"
            }
            Engine::Postgres => {
                "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable \
                 AS line FROM information_schema.columns WHERE table_schema = current_schema() \
                 AND table_name NOT LIKE 'seaql%' \
                 UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() \
                 AND tablename NOT LIKE 'seaql%' ORDER BY line"
            }
        };
        let rows = all(&self.read, sql, Vec::new()).await?;
        let lines: Result<Vec<String>, _> =
            rows.iter().map(|row| row.try_get("", "line")).collect();
        Ok(lines?.join("\n"))
    }

    /// Closes every connection.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn close(self) -> Result<()> {
        self.write.close().await?;
        Ok(self.read.close().await?)
    }
}

/// Parameters of a server's URL that its client knows, beside `options[…]`; it writes the value of any other into the
/// messages.
const PARAMETERS: &[&str] = &[
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// How the server at `url` is reached.
///
/// # Errors
/// [`StoreError::BadUrl`].
pub(crate) fn postgres(url: &str) -> Result<PgConnectOptions> {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    let is_known = |one: &str| {
        let name = one.split_once('=').map_or(one, |(name, _)| name);
        name.is_empty() || name.starts_with("options[") || PARAMETERS.contains(&name)
    };
    if parameters.split('&').all(is_known) {
        PgConnectOptions::from_str(url).map_err(|_| StoreError::BadUrl)
    } else {
        Err(StoreError::BadUrl)
    }
}

/// The database file, once more.
///
/// Never closed: on POSIX systems, closing any handle of a file gives up every lock that the process
/// has on it, also those that the engine relies on.
fn database_file(url: &str) -> Result<&'static File> {
    let cannot = |error: &dyn std::fmt::Display| StoreError::Database(error.to_string());
    let options = SqliteConnectOptions::from_str(url).map_err(|error| cannot(&error))?;
    let file = File::open(options.get_filename()).map_err(|error| cannot(&error))?;
    Ok(Box::leak(Box::new(file)))
}

pub(crate) fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(BUSY * 4)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|options| {
            options
                .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
                .synchronous(sqlx::sqlite::SqliteSynchronous::Full)
                .busy_timeout(BUSY)
                .foreign_keys(false)
                .statement_cache_capacity(256)
                .pragma("cache_size", "-24000")
                .pragma("wal_autocheckpoint", MOST_PAGES_AHEAD)
                .pragma("temp_store", "memory")
                .pragma("secure_delete", "on")
        });
    options
}

/// Runs one statement that answers with rows.
pub(crate) async fn all(db: &impl Db, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>> {
    Ok(db
        .query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values))
        .await?)
}

/// Runs one statement that answers with at most one row.
pub(crate) async fn one(
    db: &impl Db,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<QueryResult>> {
    Ok(db
        .query_one_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values))
        .await?)
}

/// Runs one statement for its effect; says how many rows it changed.
pub(crate) async fn run(db: &impl Db, sql: &str, values: Vec<Value>) -> Result<u64> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

/// Whether the engine behind `db` is PostgreSQL.
pub(crate) fn is_postgres(db: &impl Db) -> bool {
    db.get_database_backend() == DbBackend::Postgres
}
