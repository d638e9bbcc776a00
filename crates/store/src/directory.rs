//! The directory 人员索引 while its key rotates: which key leads to persons, and rows on their way from one to another.
//!
//! Whoever enters a person writes a row for each key of [`KeyState::Filling`], [`KeyState::Read`] and
//! [`KeyState::Leaving`]; whoever looks one up reads by the one of [`KeyState::Read`]. Rows of the table of keys are held
//! while somebody enters, so that a key begins or ends only between two who do.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use sea_orm::QueryResult;

use crate::convert::{big, count, instant, timestamp, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::{Result, StoreError};
use crate::person::Mark;

/// What a key does in the directory.
///
/// ```text
///   Filling ──▶ Read ──▶ Leaving ──▶ Former
///    rows are    looked    still       rows go, but those that
///    added       up by it  written     an old report needs
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Every person is getting a row of it.
    Filling,
    /// Persons are looked up by it.
    Read,
    /// Somebody may still look up by it.
    Leaving,
    /// It leads to what was noted about people who were not known yet.
    Former,
}

impl KeyState {
    /// Its name in the table.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Filling => "filling",
            Self::Read => "read",
            Self::Leaving => "leaving",
            Self::Former => "former",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Filling, Self::Read, Self::Leaving, Self::Former];
        all.into_iter().find(|state| state.code() == code)
    }
}

/// A key of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryKey {
    /// Its number in the key file.
    pub key: u16,
    /// What it does.
    pub state: KeyState,
    /// Since when; `None` for the first key, since ever.
    pub since: Option<Timestamp>,
    /// The size of the log when nobody was logged any more under a stand-in that it made.
    pub looks: Option<u64>,
}

const SQL: &str = "SELECT key_id, state, since, looks FROM directory_key";

/// All of them, by number.
///
/// # Errors
/// [`StoreError`].
pub async fn keys(db: &impl Db) -> Result<Vec<DirectoryKey>> {
    all(db, &format!("{SQL} ORDER BY key_id"), Vec::new()).await?.iter().map(key).collect()
}

/// The same, held so that none begins or ends before this transaction does.
///
/// # Errors
/// [`StoreError`].
pub async fn held(db: &impl Db) -> Result<Vec<DirectoryKey>> {
    locked(db, "FOR SHARE").await
}

/// The same, held so that nobody enters anyone before this transaction ends.
///
/// # Errors
/// [`StoreError`].
pub async fn alone(db: &impl Db) -> Result<Vec<DirectoryKey>> {
    locked(db, "FOR UPDATE").await
}

async fn locked(db: &impl Db, how: &str) -> Result<Vec<DirectoryKey>> {
    // The embedded engine lets one transaction write at a time. On a server the rows are read once they are held: who
    // has waited for them would otherwise not see what came beside them meanwhile.
    if is_postgres(db) {
        all(db, &format!("SELECT key_id FROM directory_key ORDER BY key_id {how}"), Vec::new())
            .await?;
    }
    keys(db).await
}

/// Keeps what a key does now.
///
/// # Errors
/// [`StoreError`].
pub async fn put(db: &impl Db, key: &DirectoryKey) -> Result<()> {
    let (since, looks) = (key.since.map(instant), key.looks.map(big));
    let sql = "UPDATE directory_key SET state = $1, since = $2, looks = $3 WHERE key_id = $4";
    let values = values![key.state.code(), since, looks, i32::from(key.key)];
    if run(db, sql, values).await? == 0 {
        let sql = "INSERT INTO directory_key (key_id, state, since, looks) VALUES ($1, $2, $3, $4)";
        let values = values![i32::from(key.key), key.state.code(), since, looks];
        run(db, sql, values).await?;
    }
    Ok(())
}

/// Adds a row of another key beside one that is there, with all that it says; `false` if there is one, or somebody works
/// on the person in this moment. It waits for nobody.
///
/// # Errors
/// [`StoreError`].
pub async fn add_beside(db: &impl Db, blind: &[u8; 32], new: &Mark) -> Result<bool> {
    let free = if is_postgres(db) { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "INSERT INTO person_key (blind, person_id, name_mark, died_on, key_id) \
         SELECT $1, person_id, $2, died_on, $3 FROM person_key WHERE blind = $4 {free} \
         ON CONFLICT DO NOTHING"
    );
    let (new_blind, name_mark) = (new.blind.to_vec(), new.name_mark.to_vec());
    let values = values![new_blind, name_mark, i32::from(new.key), blind.to_vec()];
    Ok(run(db, &sql, values).await? == 1)
}

/// Blind indexes of rows of a key, after `after` in their order, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn rows_of(db: &impl Db, key: u16, after: &[u8], limit: u32) -> Result<Vec<[u8; 32]>> {
    let sql = format!(
        "SELECT blind FROM person_key WHERE blind > $1 AND key_id = $2 ORDER BY blind LIMIT {limit}"
    );
    let rows = all(db, &sql, values![after.to_vec(), i32::from(key)]).await?;
    rows.iter().map(|row| crate::record::hash(row, "blind")).collect()
}

/// Removes a row, unless a report was issued about its document before the register knew anybody by it.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(db: &impl Db, blind: &[u8; 32]) -> Result<bool> {
    let sql = "DELETE FROM person_key WHERE blind = $1 \
               AND NOT EXISTS (SELECT 1 FROM report r WHERE r.blind = $2)";
    Ok(run(db, sql, values![blind.to_vec(), blind.to_vec()]).await? == 1)
}

/// How many rows there are of a key.
///
/// # Errors
/// [`StoreError`].
pub async fn count_of(db: &impl Db, key: u16) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS n FROM person_key WHERE key_id = $1";
    let row = one(db, sql, values![i32::from(key)]).await?;
    row.map_or(Ok(0), |row| count("person_key", row.try_get("", "n")?))
}

fn key(row: &QueryResult) -> Result<DirectoryKey> {
    let bad = |what| StoreError::BadRow { table: "directory_key", what };
    let state: String = row.try_get("", "state")?;
    let since: Option<DateTime<Utc>> = row.try_get("", "since")?;
    let looks: Option<i64> = row.try_get("", "looks")?;
    Ok(DirectoryKey {
        key: u16::try_from(row.try_get::<i32>("", "key_id")?)
            .map_err(|_| bad("number of a key"))?,
        state: KeyState::from_code(&state).ok_or_else(|| bad("state"))?,
        since: since.map(timestamp).transpose()?,
        looks: looks.map(|looks| count("directory_key", looks)).transpose()?,
    })
}
