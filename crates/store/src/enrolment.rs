//! Enrolment codes 设置码: by their marks. As long as one stands for an account, no second factor is set up without it.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::AccountId;

use crate::convert::{instant, timestamp, values};
use crate::db::{Db, one, run};
use crate::error::Result;

/// Sets the code of an account, in place of any before.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn set(
    db: &impl Db,
    account: AccountId,
    mark: &[u8; 32],
    ends_at: Timestamp,
) -> Result<()> {
    remove(db, account).await?;
    let sql = "INSERT INTO enrolment (account_id, mark, ends_at) VALUES ($1, $2, $3)";
    run(db, sql, values![account.0, mark.to_vec(), instant(ends_at)]).await?;
    Ok(())
}

/// The code that an account needs, with when it ends. One that has ended still stands: nothing is set up without one.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn of_account(db: &impl Db, account: AccountId) -> Result<Option<([u8; 32], Timestamp)>> {
    let sql = "SELECT mark, ends_at FROM enrolment WHERE account_id = $1";
    let Some(row) = one(db, sql, values![account.0]).await? else { return Ok(None) };
    let ends_at = timestamp(row.try_get::<DateTime<Utc>>("", "ends_at")?)?;
    Ok(Some((crate::record::hash(&row, "mark")?, ends_at)))
}

/// Takes it away: it was used, or none is needed any more.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn remove(db: &impl Db, account: AccountId) -> Result<()> {
    run(db, "DELETE FROM enrolment WHERE account_id = $1", values![account.0]).await?;
    Ok(())
}
