//! Mandates 授权, and the codes that lead to them.

use chrono::{DateTime, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use register::mandate::Mandate;
use register::{MandateId, PersonId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{date, day, instant, timestamp, uscc, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// A mandate with its purpose still sealed; the purpose of `mandate` is empty.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The mandate.
    pub mandate: Mandate,
    /// Its purpose, sealed.
    pub purpose: Vec<u8>,
}

/// Keeps a mandate.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, mandate: &Mandate, purpose: Vec<u8>) -> Result<()> {
    let sql = "INSERT INTO mandate (person_id, id, number, grantee, purpose, items, until, uses, \
               used, given_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = values![
        mandate.person.0,
        mandate.id.0,
        mandate.number.as_str(),
        mandate.grantee.as_str(),
        purpose,
        mandate.items.join(","),
        day(mandate.until),
        small(mandate.uses),
        small(mandate.used),
        instant(mandate.given_at),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Lets a code lead to a mandate, in place of any before; of the code only its mark is kept.
///
/// # Errors
/// [`StoreError`].
pub async fn set_code(
    db: &impl Db,
    person: PersonId,
    id: MandateId,
    mark: &[u8; 32],
) -> Result<()> {
    let sql = "DELETE FROM mandate_code WHERE person_id = $1 AND mandate_id = $2";
    run(db, sql, values![person.0, id.0]).await?;
    let sql = "INSERT INTO mandate_code (mark, person_id, mandate_id) VALUES ($1, $2, $3)";
    run(db, sql, values![mark.to_vec(), person.0, id.0]).await?;
    Ok(())
}

/// Takes a mandate back; `false` if it was before, or there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn revoke(db: &impl Db, person: PersonId, id: MandateId, at: Timestamp) -> Result<bool> {
    let sql = "UPDATE mandate SET revoked_at = $1 \
               WHERE person_id = $2 AND id = $3 AND revoked_at IS NULL";
    Ok(run(db, sql, values![instant(at), person.0, id.0]).await? == 1)
}

/// Counts one use, if the mandate still holds in this very moment; `false` if it does not. Of two that
/// come together to a last use, one is told `false`.
///
/// # Errors
/// [`StoreError`].
pub async fn count_use(db: &impl Db, person: PersonId, id: MandateId, today: Date) -> Result<bool> {
    let sql = "UPDATE mandate SET used = used + 1 WHERE person_id = $1 AND id = $2 \
               AND revoked_at IS NULL AND used < uses AND until >= $3";
    Ok(run(db, sql, values![person.0, id.0, day(today)]).await? == 1)
}

const COLUMNS: &str = "SELECT m.person_id, m.id, m.number, m.grantee, m.purpose, m.items, m.until, \
                       m.uses, m.used, m.given_at, m.revoked_at FROM mandate m";

/// A person's mandates, newest first, at most 500.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Stored>> {
    let sql = format!("{COLUMNS} WHERE m.person_id = $1 ORDER BY m.id DESC LIMIT 500");
    all(db, &sql, values![person.0]).await?.iter().map(mandate).collect()
}

/// One mandate of a person.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person_by_id(
    db: &impl Db,
    person: PersonId,
    id: MandateId,
) -> Result<Option<Stored>> {
    let sql = format!("{COLUMNS} WHERE m.person_id = $1 AND m.id = $2");
    one(db, &sql, values![person.0, id.0]).await?.as_ref().map(mandate).transpose()
}

/// The mandate that a code leads to, if that body was named in it.
///
/// # Errors
/// [`StoreError`].
pub async fn of_grantee_by_code(
    db: &impl Db,
    grantee: &str,
    mark: &[u8; 32],
) -> Result<Option<Stored>> {
    let sql = format!(
        "{COLUMNS} JOIN mandate_code c ON c.person_id = m.person_id AND c.mandate_id = m.id \
         WHERE c.mark = $1 AND m.grantee = $2"
    );
    one(db, &sql, values![mark.to_vec(), grantee]).await?.as_ref().map(mandate).transpose()
}

fn small(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn mandate(row: &QueryResult) -> Result<Stored> {
    let text = |column: &str| row.try_get::<String>("", column);
    let number = |column: &'static str| {
        let value: i32 = row.try_get("", column)?;
        u32::try_from(value).map_err(|_| StoreError::BadRow { table: "mandate", what: column })
    };
    let revoked_at: Option<DateTime<Utc>> = row.try_get("", "revoked_at")?;
    let items = text("items")?;
    Ok(Stored {
        mandate: Mandate {
            id: MandateId(row.try_get::<Uuid>("", "id")?),
            number: text("number")?,
            person: PersonId(row.try_get::<Uuid>("", "person_id")?),
            grantee: uscc("mandate", &text("grantee")?)?,
            purpose: String::new(),
            items: items.split(',').map(str::to_owned).collect(),
            until: date(row.try_get::<NaiveDate>("", "until")?)?,
            uses: number("uses")?,
            used: number("used")?,
            given_at: timestamp(row.try_get::<DateTime<Utc>>("", "given_at")?)?,
            revoked_at: revoked_at.map(timestamp).transpose()?,
        },
        purpose: row.try_get("", "purpose")?,
    })
}
