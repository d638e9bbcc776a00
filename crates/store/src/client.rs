//! Client credentials 系统凭据: secrets and access tokens of machines, each kept by its hash alone.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::client::{ClientSecret, Scope};
use register::{Account, AccountId, Role, Uscc};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{instant, timestamp, uscc, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// What a secret or a token leads to; whether it still holds is for the caller to say.
#[derive(Clone, Debug)]
pub struct Found {
    /// The account of the machine.
    pub account: Account,
    /// What it may be used for: the machine's scope, and of a token what it was narrowed to.
    pub scope: Scope,
    /// Hash of the secret itself, or of the one that the token was asked for with.
    pub secret_hash: [u8; 32],
    /// That secret.
    pub secret: ClientSecret,
    /// When it ends: a token no later than its secret.
    pub ends_at: Timestamp,
}

/// An access token to be kept.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its SHA-256.
    pub hash: [u8; 32],
    /// The secret that it was asked for with.
    pub secret_hash: [u8; 32],
    /// Whose it is.
    pub account: AccountId,
    /// What it was narrowed to.
    pub scope: Scope,
    /// When it was made.
    pub made_at: Timestamp,
    /// From when on it opens nothing.
    pub expires_at: Timestamp,
}

/// A machine with its secrets, the newest first.
#[derive(Clone, Debug)]
pub struct Machine {
    /// What the log calls it; its client identifier.
    pub login: String,
    /// In which role.
    pub role: Role,
    /// For which body.
    pub agency: Option<Uscc>,
    /// Whether it is switched off.
    pub is_disabled: bool,
    /// What it was let in for.
    pub scope: Scope,
    /// Its secrets, also those that have ended, until they are removed.
    pub secrets: Vec<ClientSecret>,
}

/// Says what a machine is let in for.
///
/// # Errors
/// [`StoreError`].
pub async fn set_scope(db: &impl Db, account: AccountId, scope: &Scope) -> Result<()> {
    let sql = "UPDATE account SET purposes = $1, items = $2, also = $3 WHERE id = $4";
    let (purposes, items) = (codes(&scope.purposes), codes(&scope.items));
    run(db, sql, values![purposes, items, codes(&scope.also), account.0]).await?;
    Ok(())
}

/// Keeps a secret.
///
/// # Errors
/// [`StoreError`].
pub async fn add_secret(
    db: &impl Db,
    hash: &[u8; 32],
    account: AccountId,
    secret: &ClientSecret,
) -> Result<()> {
    let sql = "INSERT INTO client_secret (hash, account_id, made_at, expires_at) \
               VALUES ($1, $2, $3, $4)";
    let (made_at, expires_at) = (instant(secret.made_at), instant(secret.expires_at));
    run(db, sql, values![hash.to_vec(), account.0, made_at, expires_at]).await?;
    Ok(())
}

const OF_SECRET: &str = "s.hash AS secret_hash, s.account_id AS account_id, \
                         s.made_at AS made_at, s.expires_at AS expires_at, \
                         s.last_used_at AS last_used_at, a.purposes AS purposes, a.items AS items, \
                         a.also AS also";

/// What a secret leads to.
///
/// # Errors
/// [`StoreError`].
pub async fn by_secret(db: &impl Db, hash: &[u8; 32]) -> Result<Option<Found>> {
    let sql = format!(
        "SELECT {OF_SECRET} FROM client_secret s JOIN account a ON a.id = s.account_id \
         WHERE s.hash = $1"
    );
    let Some(row) = one(db, &sql, values![hash.to_vec()]).await? else { return Ok(None) };
    found(db, &row).await
}

/// What an access token leads to. Without the secret that it was asked for with it leads nowhere.
///
/// # Errors
/// [`StoreError`].
pub async fn by_token(db: &impl Db, hash: &[u8; 32]) -> Result<Option<Found>> {
    let sql = format!(
        "SELECT {OF_SECRET}, t.purposes AS own_purposes, t.items AS own_items, \
         t.also AS own_also, t.expires_at AS own_expires_at \
         FROM access_token t JOIN client_secret s ON s.hash = t.secret_hash \
         JOIN account a ON a.id = s.account_id WHERE t.hash = $1"
    );
    let Some(row) = one(db, &sql, values![hash.to_vec()]).await? else { return Ok(None) };
    let own = scope(&row, ("own_purposes", "own_items", "own_also"))?;
    let ends_at = timestamp(row.try_get::<DateTime<Utc>>("", "own_expires_at")?)?;
    let found = found(db, &row).await?;
    Ok(found.map(|found| Found {
        scope: found.scope.and(&own),
        ends_at: ends_at.min(found.ends_at),
        ..found
    }))
}

/// Notes that a secret was used, unless that was noted since `before`.
///
/// # Errors
/// [`StoreError`].
pub async fn touch(db: &impl Db, hash: &[u8; 32], at: Timestamp, before: Timestamp) -> Result<()> {
    let sql = "UPDATE client_secret SET last_used_at = $1 \
               WHERE hash = $2 AND (last_used_at IS NULL OR last_used_at < $3)";
    run(db, sql, values![instant(at), hash.to_vec(), instant(before)]).await?;
    Ok(())
}

/// Keeps an access token.
///
/// # Errors
/// [`StoreError`].
pub async fn add_token(db: &impl Db, token: &NewToken) -> Result<()> {
    let sql = "INSERT INTO access_token (hash, secret_hash, account_id, purposes, items, also, \
               made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = values![
        token.hash.to_vec(),
        token.secret_hash.to_vec(),
        token.account.0,
        codes(&token.scope.purposes),
        codes(&token.scope.items),
        codes(&token.scope.also),
        instant(token.made_at),
        instant(token.expires_at),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Lets the newest secret of a machine end at `newest_ends`, unless it ends before, and all others at
/// `now`: two at most live side by side.
///
/// # Errors
/// [`StoreError`].
pub async fn end_secrets(
    db: &impl Db,
    account: AccountId,
    newest_ends: Timestamp,
    now: Timestamp,
) -> Result<()> {
    let sql = "SELECT hash FROM client_secret WHERE account_id = $1 \
               ORDER BY made_at DESC, hash DESC LIMIT 1";
    let Some(row) = one(db, sql, values![account.0]).await? else { return Ok(()) };
    let newest: Vec<u8> = row.try_get("", "hash")?;
    let sql = "UPDATE client_secret SET expires_at = $1 \
               WHERE account_id = $2 AND hash <> $3 AND expires_at > $1";
    run(db, sql, values![instant(now), account.0, newest.clone()]).await?;
    let sql = "UPDATE client_secret SET expires_at = $1 WHERE hash = $2 AND expires_at > $1";
    run(db, sql, values![instant(newest_ends), newest]).await?;
    Ok(())
}

/// Ends every secret and removes every token of the account of that login.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn end_all(db: &impl Db, login: &str, at: Timestamp) -> Result<()> {
    let sql = "UPDATE client_secret SET expires_at = $1 WHERE expires_at > $1 \
               AND account_id IN (SELECT id FROM account WHERE login = $2)";
    run(db, sql, values![instant(at), login]).await?;
    let sql = "DELETE FROM access_token \
               WHERE account_id IN (SELECT id FROM account WHERE login = $1)";
    run(db, sql, values![login]).await?;
    Ok(())
}

/// Removes tokens that ended before `tokens`, and secrets that ended before `secrets`.
///
/// # Errors
/// [`StoreError`].
pub async fn remove_ended(db: &impl Db, tokens: Timestamp, secrets: Timestamp) -> Result<u64> {
    let sql = "DELETE FROM access_token WHERE expires_at < $1";
    let removed = run(db, sql, values![instant(tokens)]).await?;
    let sql = "DELETE FROM client_secret WHERE expires_at < $1";
    Ok(removed + run(db, sql, values![instant(secrets)]).await?)
}

/// Machines with their secrets, by login, at most 10,000 secrets.
///
/// # Errors
/// [`StoreError`].
pub async fn list(db: &impl Db) -> Result<Vec<Machine>> {
    let sql = "SELECT a.login, a.role, a.agency, a.disabled_at, a.purposes, a.items, a.also, \
               s.made_at, s.expires_at, s.last_used_at \
               FROM account a LEFT JOIN client_secret s ON s.account_id = a.id \
               WHERE a.role IN ('system', 'institution') \
               ORDER BY a.login, s.made_at DESC, s.hash LIMIT 10000";
    let mut machines: Vec<Machine> = Vec::new();
    for row in all(db, sql, Vec::new()).await? {
        let login: String = row.try_get("", "login")?;
        if machines.last().is_none_or(|last| last.login != login) {
            machines.push(machine(&row, login)?);
        }
        let made_at: Option<DateTime<Utc>> = row.try_get("", "made_at")?;
        if let (Some(last), true) = (machines.last_mut(), made_at.is_some()) {
            last.secrets.push(secret(&row)?);
        }
    }
    Ok(machines)
}

fn machine(row: &QueryResult, login: String) -> Result<Machine> {
    let role: String = row.try_get("", "role")?;
    let agency: Option<String> = row.try_get("", "agency")?;
    Ok(Machine {
        login,
        role: role
            .parse::<Role>()
            .map_err(|_| StoreError::BadRow { table: "account", what: "role" })?,
        agency: agency.map(|code| uscc("account", &code)).transpose()?,
        is_disabled: row.try_get::<Option<DateTime<Utc>>>("", "disabled_at")?.is_some(),
        scope: scope(row, ("purposes", "items", "also"))?,
        secrets: Vec::new(),
    })
}

async fn found(db: &impl Db, row: &QueryResult) -> Result<Option<Found>> {
    let id = AccountId(row.try_get::<Uuid>("", "account_id")?);
    let Some(account) = crate::account::by_id(db, id).await? else { return Ok(None) };
    let secret = secret(row)?;
    let hash: Vec<u8> = row.try_get("", "secret_hash")?;
    let secret_hash: [u8; 32] =
        hash.try_into().map_err(|_| StoreError::BadRow { table: "client_secret", what: "hash" })?;
    let scope = scope(row, ("purposes", "items", "also"))?;
    Ok(Some(Found { account, scope, secret_hash, secret, ends_at: secret.expires_at }))
}

fn secret(row: &QueryResult) -> Result<ClientSecret> {
    let last: Option<DateTime<Utc>> = row.try_get("", "last_used_at")?;
    Ok(ClientSecret {
        made_at: timestamp(row.try_get::<DateTime<Utc>>("", "made_at")?)?,
        expires_at: timestamp(row.try_get::<DateTime<Utc>>("", "expires_at")?)?,
        last_used_at: last.map(timestamp).transpose()?,
    })
}

/// Codes in one column: no value is all of them, an empty one is none.
fn codes(codes: &Option<Vec<String>>) -> Option<String> {
    codes.as_ref().map(|codes| codes.join(","))
}

fn scope(row: &QueryResult, (purposes, items, also): (&str, &str, &str)) -> Result<Scope> {
    let read = |column: &str| -> Result<Option<Vec<String>>> {
        let kept: Option<String> = row.try_get("", column)?;
        let split = |kept: String| {
            kept.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect()
        };
        Ok(kept.map(split))
    };
    Ok(Scope { purposes: read(purposes)?, items: read(items)?, also: read(also)? })
}
