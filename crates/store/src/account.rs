//! Accounts 账号.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::{Account, AccountId, PersonId, Role};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{instant, uscc, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::{Result, StoreError};

/// An account with what it signs in by, hashed.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account.
    pub account: Account,
    /// Argon2 hash of the password.
    pub password_hash: Option<String>,
    /// Whether somebody else made the password: then one's own is chosen at the next sign-in.
    pub is_temporary: bool,
}

/// Enters an account; `false` if the login is taken.
///
/// # Errors
/// [`StoreError`].
pub async fn add(
    db: &impl Db,
    account: &Account,
    password_hash: Option<&str>,
    at: Timestamp,
) -> Result<bool> {
    let sql = "INSERT INTO account (id, login, role, agency, person_id, password_hash, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let values = values![
        account.id.0,
        account.login.as_str(),
        account.role.code(),
        account.agency.map(|agency| agency.as_str().to_owned()),
        account.person.map(|person| person.0),
        password_hash,
        instant(at),
    ];
    Ok(run(db, sql, values).await? == 1)
}

const COLUMNS: &str = "SELECT id, login, role, agency, person_id, password_hash, disabled_at, is_temporary FROM account";

/// The account of that login.
///
/// # Errors
/// [`StoreError`].
pub async fn by_login(db: &impl Db, login: &str) -> Result<Option<Credentials>> {
    let sql = format!("{COLUMNS} WHERE login = $1");
    one(db, &sql, values![login]).await?.as_ref().map(credentials).transpose()
}

/// One account.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(db: &impl Db, id: AccountId) -> Result<Option<Account>> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    let row = one(db, &sql, values![id.0]).await?;
    Ok(row.as_ref().map(credentials).transpose()?.map(|found| found.account))
}

/// All accounts by login, at most 10,000.
///
/// # Errors
/// [`StoreError`].
pub async fn list(db: &impl Db) -> Result<Vec<Account>> {
    let sql = format!("{COLUMNS} ORDER BY login LIMIT 10000");
    let rows = all(db, &sql, Vec::new()).await?;
    rows.iter().map(|row| Ok(credentials(row)?.account)).collect()
}

/// All accounts of human beings at work, by login: however many persons have one of their own.
///
/// # Errors
/// [`StoreError`].
pub async fn at_work(db: &impl Db) -> Result<Vec<Account>> {
    let roles: Vec<&str> =
        Role::ALL.into_iter().filter(|role| role.needs_second_factor()).map(Role::code).collect();
    let places: Vec<String> = (1..=roles.len()).map(|n| format!("${n}")).collect();
    let sql = format!("{COLUMNS} WHERE role IN ({}) ORDER BY login", places.join(", "));
    let values = roles.into_iter().map(sea_orm::Value::from).collect();
    all(db, &sql, values).await?.iter().map(|row| Ok(credentials(row)?.account)).collect()
}

/// Whether the office has a lead who can sign in.
///
/// # Errors
/// [`StoreError`].
pub async fn has_lead(db: &impl Db) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM account WHERE role = $1 AND disabled_at IS NULL LIMIT 1";
    Ok(one(db, sql, values![Role::OfficeLead.code()]).await?.is_some())
}

/// The account of that identifier, held so that nobody else changes what it signs in by before this transaction ends.
///
/// Whoever holds an account and then anything else of it (its session, its second factor) takes the account first.
///
/// # Errors
/// [`StoreError`].
pub async fn hold(db: &impl Db, id: AccountId) -> Result<Option<Credentials>> {
    // The embedded engine lets one transaction write at a time.
    let tail = if is_postgres(db) { " FOR UPDATE" } else { "" };
    let sql = format!("{COLUMNS} WHERE id = $1{tail}");
    one(db, &sql, values![id.0]).await?.as_ref().map(credentials).transpose()
}

/// Says who the human being behind an account is, if that was not known; `false` if it was.
///
/// # Errors
/// [`StoreError`].
pub async fn bind(db: &impl Db, id: AccountId, person: PersonId) -> Result<bool> {
    let sql = "UPDATE account SET person_id = $1 WHERE id = $2 AND person_id IS NULL";
    Ok(run(db, sql, values![person.0, id.0]).await? == 1)
}

/// Switches an account off; `false` if there is none, or it is off already.
///
/// # Errors
/// [`StoreError`].
pub async fn disable(db: &impl Db, login: &str, at: Timestamp) -> Result<bool> {
    let sql = "UPDATE account SET disabled_at = $1 WHERE login = $2 AND disabled_at IS NULL";
    if run(db, sql, values![instant(at), login]).await? == 0 {
        return Ok(false);
    }
    // A machine's secrets and tokens end with it, and do not come back if it is switched on again.
    crate::client::end_all(db, login, at).await?;
    // It may have been the last of a person.
    let sql = "INSERT INTO leaving (person_id) SELECT person_id FROM account \
               WHERE login = $1 AND person_id IS NOT NULL ON CONFLICT DO NOTHING";
    run(db, sql, values![login]).await?;
    Ok(true)
}

fn credentials(row: &QueryResult) -> Result<Credentials> {
    let role: String = row.try_get("", "role")?;
    let agency: Option<String> = row.try_get("", "agency")?;
    Ok(Credentials {
        account: Account {
            id: AccountId(row.try_get::<Uuid>("", "id")?),
            login: row.try_get("", "login")?,
            role: role
                .parse::<Role>()
                .map_err(|_| StoreError::BadRow { table: "account", what: "role" })?,
            agency: agency.map(|code| uscc("account", &code)).transpose()?,
            person: row.try_get::<Option<Uuid>>("", "person_id")?.map(PersonId),
            is_disabled: row.try_get::<Option<DateTime<Utc>>>("", "disabled_at")?.is_some(),
        },
        password_hash: row.try_get("", "password_hash")?,
        is_temporary: row.try_get("", "is_temporary")?,
    })
}

/// Switches off the accounts that a person has of his own, so that nobody signs in as him.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn disable_of_person(db: &impl Db, person: PersonId, at: Timestamp) -> Result<u64> {
    let sql = "UPDATE account SET disabled_at = $1 \
               WHERE person_id = $2 AND role = 'citizen' AND disabled_at IS NULL";
    run(db, sql, values![instant(at), person.0]).await
}

/// Switches on again what was switched off at that moment.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn enable_of_person(db: &impl Db, person: PersonId, at: Timestamp) -> Result<u64> {
    let sql = "UPDATE account SET disabled_at = NULL \
               WHERE person_id = $1 AND role = 'citizen' AND disabled_at = $2";
    run(db, sql, values![person.0, instant(at)]).await
}

/// The account of that identifier, with what it signs in by.
///
/// # Errors
/// [`StoreError`].
pub async fn credentials_of(db: &impl Db, id: AccountId) -> Result<Option<Credentials>> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    one(db, &sql, values![id.0]).await?.as_ref().map(credentials).transpose()
}

/// Sets a password; `is_temporary` if it was made by somebody else.
///
/// # Errors
/// [`StoreError`].
pub async fn set_password(
    db: &impl Db,
    id: AccountId,
    password_hash: &str,
    is_temporary: bool,
) -> Result<()> {
    let sql = "UPDATE account SET password_hash = $1, is_temporary = $2 WHERE id = $3";
    run(db, sql, values![password_hash, is_temporary, id.0]).await?;
    Ok(())
}

/// Sets a password that its owner chose in place of `before`; `false` if that is not the one any more.
///
/// # Errors
/// [`StoreError`].
pub async fn change_password(
    db: &impl Db,
    id: AccountId,
    (before, password_hash): (&str, &str),
) -> Result<bool> {
    let sql = "UPDATE account SET password_hash = $1, is_temporary = $2 \
               WHERE id = $3 AND password_hash = $4 AND disabled_at IS NULL";
    Ok(run(db, sql, values![password_hash, false, id.0, before]).await? == 1)
}

/// The account that a person has of his own: one that is on, or else one that was switched off.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Option<Account>> {
    let sql = format!(
        "{COLUMNS} WHERE person_id = $1 AND role = 'citizen' \
         ORDER BY (disabled_at IS NOT NULL), created_at, id LIMIT 1"
    );
    let row = one(db, &sql, values![person.0]).await?;
    Ok(row.as_ref().map(credentials).transpose()?.map(|found| found.account))
}
