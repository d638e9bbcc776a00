//! Second factors 验证码: sealed secrets, each code good once; spare codes as marks.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::AccountId;
use uuid::Uuid;

use crate::bulk::{self, Existing};
use crate::convert::{big, count, instant, timestamp, values};
use crate::db::{Db, one, run};
use crate::error::Result;

/// The second factor of an account.
#[derive(Clone, Debug)]
pub struct SecondFactor {
    /// Whose.
    pub account: AccountId,
    /// The secret that the app shares, sealed.
    pub secret: Vec<u8>,
    /// The last step of time whose code was used.
    pub used_step: u64,
    /// Since when.
    pub added_at: Timestamp,
}

/// Sets it up, in place of any before.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn set(db: &impl Db, factor: &SecondFactor) -> Result<()> {
    remove(db, factor.account).await?;
    let sql = "INSERT INTO second_factor (account_id, secret, used_step, added_at) \
               VALUES ($1, $2, $3, $4)";
    let values = values![
        factor.account.0,
        factor.secret.clone(),
        big(factor.used_step),
        instant(factor.added_at),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// That of an account.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn of_account(db: &impl Db, account: AccountId) -> Result<Option<SecondFactor>> {
    let sql = "SELECT secret, used_step, added_at FROM second_factor WHERE account_id = $1";
    let Some(row) = one(db, sql, values![account.0]).await? else { return Ok(None) };
    Ok(Some(SecondFactor {
        account,
        secret: row.try_get("", "secret")?,
        used_step: count("second_factor", row.try_get("", "used_step")?)?,
        added_at: timestamp(row.try_get::<DateTime<Utc>>("", "added_at")?)?,
    }))
}

/// Uses the code of a step; `false` if that one, or a later, was used before.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn use_step(db: &impl Db, account: AccountId, step: u64) -> Result<bool> {
    let sql = "UPDATE second_factor SET used_step = $1 WHERE account_id = $2 AND used_step < $3";
    Ok(run(db, sql, values![big(step), account.0, big(step)]).await? == 1)
}

/// Takes it away with its spare codes.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn remove(db: &impl Db, account: AccountId) -> Result<()> {
    for table in ["second_factor", "spare_code"] {
        run(db, &format!("DELETE FROM {table} WHERE account_id = $1"), values![account.0]).await?;
    }
    Ok(())
}

/// Keeps spare codes.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn add_spare(db: &impl Db, account: AccountId, marks: &[[u8; 32]]) -> Result<()> {
    let rows = marks.iter().map(|mark| values![account.0, mark.to_vec()]).collect();
    bulk::insert(db, "spare_code", &["account_id", "mark"], rows, Existing::Fail).await?;
    Ok(())
}

/// Uses a spare code; `false` if there is none like it any more.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn use_spare(db: &impl Db, account: AccountId, mark: &[u8; 32]) -> Result<bool> {
    let sql = "DELETE FROM spare_code WHERE account_id = $1 AND mark = $2";
    Ok(run(db, sql, values![account.0, mark.to_vec()]).await? == 1)
}

/// Takes the spare codes away.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn remove_spare(db: &impl Db, account: AccountId) -> Result<u64> {
    run(db, "DELETE FROM spare_code WHERE account_id = $1", values![account.0]).await
}

/// How many spare codes are left.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn spare_left(db: &impl Db, account: AccountId) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS n FROM spare_code WHERE account_id = $1";
    let row = one(db, sql, values![account.0]).await?;
    row.map_or(Ok(0), |row| count("spare_code", row.try_get::<i64>("", "n")?))
}

/// Identifiers of accounts that have one, or a passkey, for the list of accounts.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn all_accounts(db: &impl Db) -> Result<Vec<AccountId>> {
    let sql = "SELECT account_id FROM second_factor UNION SELECT account_id FROM passkey";
    let rows = crate::db::all(db, sql, Vec::new()).await?;
    rows.iter().map(|row| Ok(AccountId(row.try_get::<Uuid>("", "account_id")?))).collect()
}
