//! What is asked for accounts 账号申请.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::sign_in::{AccountRequest, Wish};
use register::{AccountId, Role};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{instant, timestamp, uscc, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// What a request holds until it is decided, and nobody sees in the list.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// Kind of document of the human being whom the account is for, with number and name, sealed.
    pub human: Option<(String, Vec<u8>)>,
    /// Mark of the code without which no second factor is set up then.
    pub code_mark: Option<[u8; 32]>,
}

/// Asks; `false` if the same is asked already.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, request: &AccountRequest, kept: &Kept) -> Result<bool> {
    let sql = "INSERT INTO account_request (id, wish, login, role, agency, reasons, asked_by, \
               asked_at, id_kind, sealed, code_mark) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    let (id_kind, sealed) = kept.human.clone().unzip();
    let values = values![
        request.id,
        request.wish.code(),
        request.login.as_str(),
        request.role.code(),
        request.agency.map(|agency| agency.as_str().to_owned()),
        request.reasons.as_str(),
        request.asked_by.0,
        instant(request.asked_at),
        id_kind,
        sealed,
        kept.code_mark.map(|mark| mark.to_vec()),
    ];
    Ok(run(db, sql, values).await? == 1)
}

const COLUMNS: &str = "SELECT id, wish, login, role, agency, reasons, asked_by, asked_at, \
                       decided_by, decided_at, is_granted FROM account_request";

/// One request.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(db: &impl Db, id: Uuid) -> Result<Option<AccountRequest>> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    one(db, &sql, values![id]).await?.as_ref().map(request).transpose()
}

/// What a request holds that is not decided yet.
///
/// # Errors
/// [`StoreError`].
pub async fn kept(db: &impl Db, id: Uuid) -> Result<Kept> {
    let sql = "SELECT id_kind, sealed, code_mark FROM account_request WHERE id = $1";
    let Some(row) = one(db, sql, values![id]).await? else { return Ok(Kept::default()) };
    let bad = |_| StoreError::BadRow { table: "account_request", what: "code_mark" };
    let mark: Option<Vec<u8>> = row.try_get("", "code_mark")?;
    let id_kind: Option<String> = row.try_get("", "id_kind")?;
    Ok(Kept {
        human: id_kind.zip(row.try_get::<Option<Vec<u8>>>("", "sealed")?),
        code_mark: mark.map(<[u8; 32]>::try_from).transpose().map_err(bad)?,
    })
}

/// What waits first, then the newest, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn list(db: &impl Db, limit: u32) -> Result<Vec<AccountRequest>> {
    let sql = format!(
        "{COLUMNS} ORDER BY CASE WHEN decided_at IS NULL THEN 0 ELSE 1 END, asked_at DESC \
         LIMIT {limit}"
    );
    all(db, &sql, Vec::new()).await?.iter().map(request).collect()
}

/// Decides; `false` if that was done meanwhile. What it held is gone with that.
///
/// # Errors
/// [`StoreError`].
pub async fn decide(
    db: &impl Db,
    id: Uuid,
    (by, at, is_granted): (AccountId, Timestamp, bool),
) -> Result<bool> {
    let sql = "UPDATE account_request SET decided_by = $1, decided_at = $2, is_granted = $3, \
               id_kind = NULL, sealed = NULL, code_mark = NULL \
               WHERE id = $4 AND decided_at IS NULL";
    Ok(run(db, sql, values![by.0, instant(at), is_granted, id]).await? == 1)
}

/// Erases what was decided before that moment; says how many.
///
/// # Errors
/// [`StoreError`].
pub async fn erase(db: &impl Db, before: Timestamp) -> Result<u64> {
    let sql = "DELETE FROM account_request WHERE decided_at < $1";
    run(db, sql, values![instant(before)]).await
}

fn request(row: &QueryResult) -> Result<AccountRequest> {
    let text = |column: &str| row.try_get::<String>("", column);
    let bad = |what| StoreError::BadRow { table: "account_request", what };
    let by = row.try_get::<Option<Uuid>>("", "decided_by")?.map(AccountId);
    let at = row.try_get::<Option<DateTime<Utc>>>("", "decided_at")?.map(timestamp).transpose()?;
    let granted: Option<bool> = row.try_get("", "is_granted")?;
    let agency: Option<String> = row.try_get("", "agency")?;
    Ok(AccountRequest {
        id: row.try_get("", "id")?,
        wish: Wish::from_code(&text("wish")?).ok_or(bad("wish"))?,
        login: text("login")?,
        role: text("role")?.parse::<Role>().map_err(|_| bad("role"))?,
        agency: agency.map(|code| uscc("account_request", &code)).transpose()?,
        reasons: text("reasons")?,
        asked_by: AccountId(row.try_get::<Uuid>("", "asked_by")?),
        asked_at: timestamp(row.try_get::<DateTime<Utc>>("", "asked_at")?)?,
        decided: by.zip(at).zip(granted).map(|((by, at), granted)| (by, at, granted)),
    })
}
