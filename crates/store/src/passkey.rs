//! Passkeys 通行密钥: sealed credentials, found by a keyed hash; and challenges that were answered, each once.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::AccountId;
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{count, instant, timestamp, values};
use crate::db::{Db, all, one, run};
use crate::error::Result;

/// A passkey of an account.
#[derive(Clone, Debug)]
pub struct Passkey {
    /// Its identifier.
    pub id: Uuid,
    /// Whose.
    pub account: AccountId,
    /// Keyed hash of what its device calls it.
    pub mark: [u8; 32],
    /// What its owner calls it, sealed.
    pub name: Vec<u8>,
    /// Its public key and what is known of its device, sealed.
    pub credential: Vec<u8>,
    /// How often it had been used at its last use, as its device counts; always 0 where it does not.
    pub counter: u32,
    /// Since when.
    pub added_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

/// What a use changes.
#[derive(Clone, Debug)]
pub struct Use {
    /// Of which.
    pub id: Uuid,
    /// The credential as it is now, sealed.
    pub credential: Vec<u8>,
    /// How often it was used now.
    pub counter: u32,
    /// When.
    pub at: Timestamp,
}

const COLUMNS: &str =
    "SELECT id, account_id, mark, name, credential, counter, added_at, used_at FROM passkey";

/// Adds one; `false` if that one is known already, of whichever account.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn add(db: &impl Db, passkey: &Passkey) -> Result<bool> {
    let sql = "INSERT INTO passkey (id, account_id, mark, name, credential, counter, added_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let values = values![
        passkey.id,
        passkey.account.0,
        passkey.mark.to_vec(),
        passkey.name.clone(),
        passkey.credential.clone(),
        i64::from(passkey.counter),
        instant(passkey.added_at),
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Those of an account, the oldest first.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn of_account(db: &impl Db, account: AccountId) -> Result<Vec<Passkey>> {
    let sql = format!("{COLUMNS} WHERE account_id = $1 ORDER BY added_at, id");
    all(db, &sql, values![account.0]).await?.iter().map(passkey).collect()
}

/// Whether an account has one.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn exists(db: &impl Db, account: AccountId) -> Result<bool> {
    let sql = "SELECT id FROM passkey WHERE account_id = $1 LIMIT 1";
    Ok(one(db, sql, values![account.0]).await?.is_some())
}

/// Notes that one was used. `false` if it was removed meanwhile, or counts no further than it did before: then its key
/// may be in two devices.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn used(db: &impl Db, account: AccountId, used: &Use) -> Result<bool> {
    let sql = "UPDATE passkey SET credential = $1, counter = $2, used_at = $3 \
               WHERE id = $4 AND account_id = $5 \
               AND (counter < $6 OR (counter = 0 AND $7 = 0))";
    let counter = i64::from(used.counter);
    let values = values![
        used.credential.clone(),
        counter,
        instant(used.at),
        used.id,
        account.0,
        counter,
        counter
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Removes one; `false` if there is none.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn remove(db: &impl Db, account: AccountId, id: Uuid) -> Result<bool> {
    let sql = "DELETE FROM passkey WHERE account_id = $1 AND id = $2";
    Ok(run(db, sql, values![account.0, id]).await? == 1)
}

/// Removes all of an account.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn remove_all(db: &impl Db, account: AccountId) -> Result<u64> {
    run(db, "DELETE FROM passkey WHERE account_id = $1", values![account.0]).await
}

/// Notes that a challenge was answered; `false` if it was before.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn spend(db: &impl Db, challenge: Uuid, ends_at: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO passkey_spent (id, ends_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    Ok(run(db, sql, values![challenge, instant(ends_at)]).await? == 1)
}

/// Forgets challenges that are too old to be answered in any case.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn forget_spent(db: &impl Db, now: Timestamp) -> Result<u64> {
    run(db, "DELETE FROM passkey_spent WHERE ends_at < $1", values![instant(now)]).await
}

fn passkey(row: &QueryResult) -> Result<Passkey> {
    let used_at: Option<DateTime<Utc>> = row.try_get("", "used_at")?;
    let counter = count("passkey", row.try_get("", "counter")?)?;
    Ok(Passkey {
        id: row.try_get("", "id")?,
        account: AccountId(row.try_get::<Uuid>("", "account_id")?),
        mark: crate::record::hash(row, "mark")?,
        name: row.try_get("", "name")?,
        credential: row.try_get("", "credential")?,
        counter: u32::try_from(counter).unwrap_or(u32::MAX),
        added_at: timestamp(row.try_get::<DateTime<Utc>>("", "added_at")?)?,
        used_at: used_at.map(timestamp).transpose()?,
    })
}
