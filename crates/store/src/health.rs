//! Health 健康: what a database says of itself, asked without changing anything.

use sea_orm_migration::MigratorTrait;
use sea_orm_migration::migrator::MigrationStatus;

use crate::db::{Db, Store, is_postgres, one};
use crate::error::{Result, StoreError};
use crate::migration::Migrator;

/// What a database says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Version of the engine.
    pub version: String,
    /// Changes of the schema that were applied, oldest first.
    pub applied: Vec<String>,
    /// Changes that this program brings and the database does not have yet.
    pub pending: Vec<String>,
    /// Whether what is committed survives a power cut.
    pub is_durable: bool,
}

/// Asks the database how it is.
///
/// # Errors
/// [`StoreError`], also if the schema is newer than this program.
pub async fn of(store: &Store) -> Result<Health> {
    let db = store.read();
    let (mut applied, mut pending) = (Vec::new(), Vec::new());
    for change in Migrator::get_migration_with_status_read_only(db).await? {
        match change.status() {
            MigrationStatus::Applied => applied.push(change.name().to_owned()),
            MigrationStatus::Pending => pending.push(change.name().to_owned()),
        }
    }
    Ok(Health { version: version(db).await?, applied, pending, is_durable: is_durable(db).await? })
}

/// Version of the engine.
pub(crate) async fn version(db: &impl Db) -> Result<String> {
    let sql = if is_postgres(db) {
        "SELECT current_setting('server_version') AS version"
    } else {
        "SELECT sqlite_version() AS version"
    };
    let row = one(db, sql, Vec::new()).await?;
    let row = row.ok_or(StoreError::BadRow { table: "version", what: "row" })?;
    Ok(row.try_get("", "version")?)
}

/// The embedded engine is told to sync every commit whenever it is opened; a server decides for itself.
async fn is_durable(db: &impl Db) -> Result<bool> {
    if !is_postgres(db) {
        return Ok(true);
    }
    let sql = "SELECT current_setting('fsync') AS synced, \
               current_setting('synchronous_commit') AS waited";
    let Some(row) = one(db, sql, Vec::new()).await? else { return Ok(false) };
    let synced: String = row.try_get("", "synced")?;
    let waited: String = row.try_get("", "waited")?;
    Ok(synced == "on" && waited != "off")
}
