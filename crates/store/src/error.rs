//! What can go wrong while keeping and finding.

use thiserror::Error;

/// A failure of the store: never holds a personal value.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The engine failed or refused.
    #[error("database: {0}")]
    Database(String),
    /// A stored value cannot be read as what it should be.
    #[error("database: a stored value cannot be read: {0}")]
    Unreadable(String),
    /// A key is there already.
    #[error("database: a key is taken already")]
    Taken,
    /// The URL names no engine that we know.
    #[error("DATABASE_URL must begin with sqlite:// or postgres://")]
    UnknownEngine,
    /// The URL of a server cannot be read. Nothing of it is repeated: a password may stand in it.
    #[error(
        "DATABASE_URL cannot be read: in its password write # as %23, / as %2F, ? as %3F, @ as %40, % as %25; after \
         its first ? stand parameters of PostgreSQL only (host, port, user, dbname, password, sslmode …)"
    )]
    BadUrl,
    /// A stored row cannot be true.
    #[error("table {table}: a stored row cannot be true ({what})")]
    BadRow { table: &'static str, what: &'static str },
    /// The schema is older or newer than this program.
    #[error("the database needs `chengxin migrate` first")]
    NeedsMigration,
}

/// Result of a store function.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl From<sea_orm::DbErr> for StoreError {
    fn from(error: sea_orm::DbErr) -> Self {
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Self::Taken,
            Some(_) | None if is_unreadable(&error) => {
                Self::Unreadable(without_values(&error.to_string()))
            }
            Some(_) | None => Self::Database(without_values(&error.to_string())),
        }
    }
}

/// Whether the engine gave a value, and the value is not what it should be.
fn is_unreadable(error: &sea_orm::DbErr) -> bool {
    use sea_orm::{DbErr, RuntimeErr};
    if let DbErr::Query(RuntimeErr::SqlxError(error)) = error {
        return matches!(
            **error,
            sqlx::Error::ColumnDecode { .. }
                | sqlx::Error::Decode(_)
                | sqlx::Error::ColumnNotFound(_)
        );
    }
    matches!(error, DbErr::Type(_) | DbErr::TryIntoErr { .. } | DbErr::Json(_))
}

/// Engines repeat values in some messages (`Key (login)=(…)`): what stands in brackets after `=` goes.
fn without_values(message: &str) -> String {
    match message.split_once("=(") {
        Some((before, _)) => format!("{before}=(…)"),
        None => message.to_owned(),
    }
}

impl StoreError {
    /// Whether a key was taken already: then nothing of the transaction was written.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Taken)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_never_stand_in_messages() {
        assert_eq!(super::without_values("Key (a)=(999901) exists"), "Key (a)=(…)");
        assert_eq!(super::without_values("disk full"), "disk full");
    }
}
