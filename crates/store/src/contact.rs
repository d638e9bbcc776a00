//! Contacts 联系方式: where a person chose to be told.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use register::delivery::Channel;
use register::{ContactId, PersonId};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk;
use crate::convert::{count, day, instant, timestamp, values};
use crate::db::{Db, one, run};
use crate::error::{Result, StoreError};

/// A contact with what is sealed in it.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its identifier.
    pub id: ContactId,
    /// Whose.
    pub person: PersonId,
    /// By which way.
    pub channel: Channel,
    /// The address, sealed.
    pub address: Vec<u8>,
    /// The code that proves it, sealed.
    pub code: Vec<u8>,
    /// Until when the code counts.
    pub code_until: Timestamp,
    /// Wrong codes so far.
    pub tries: u32,
    /// When it was proved.
    pub confirmed_at: Option<Timestamp>,
}

/// Keeps a person's contact in place of any before.
///
/// # Errors
/// [`StoreError`].
pub async fn set(db: &impl Db, contact: &Stored) -> Result<()> {
    remove(db, contact.person).await?;
    let sql = "INSERT INTO contact (person_id, id, channel, address, code, code_until, tries, \
               confirmed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = values![
        contact.person.0,
        contact.id.0,
        contact.channel.code(),
        contact.address.clone(),
        contact.code.clone(),
        instant(contact.code_until),
        i32::try_from(contact.tries).unwrap_or(i32::MAX),
        contact.confirmed_at.map(instant),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Removes a person's contact; `false` if there was none.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(db: &impl Db, person: PersonId) -> Result<bool> {
    Ok(run(db, "DELETE FROM contact WHERE person_id = $1", values![person.0]).await? == 1)
}

/// A person's contact.
///
/// # Errors
/// [`StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Option<Stored>> {
    let sql = "SELECT person_id, id, channel, address, code, code_until, tries, confirmed_at \
               FROM contact WHERE person_id = $1";
    one(db, sql, values![person.0]).await?.as_ref().map(stored).transpose()
}

/// Counts one try at the code, if any is left; `false` if not. Of many that come together none is free.
///
/// # Errors
/// [`StoreError`].
pub async fn count_try(db: &impl Db, person: PersonId, id: ContactId, most: u32) -> Result<bool> {
    let sql =
        "UPDATE contact SET tries = tries + 1 WHERE person_id = $1 AND id = $2 AND tries < $3";
    let most = i32::try_from(most).unwrap_or(i32::MAX);
    Ok(run(db, sql, values![person.0, id.0, most]).await? == 1)
}

/// Keeps that it was proved; `false` if another has taken its place.
///
/// # Errors
/// [`StoreError`].
pub async fn confirm(db: &impl Db, person: PersonId, id: ContactId, at: Timestamp) -> Result<bool> {
    let sql = "UPDATE contact SET confirmed_at = $1 WHERE person_id = $2 AND id = $3";
    Ok(run(db, sql, values![instant(at), person.0, id.0]).await? == 1)
}

/// What went out before a code is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodesSent {
    /// Codes that the person had sent that day.
    pub by_person: u64,
    /// Codes that went to the address that day, whoever had them sent.
    pub to_address: u64,
    /// When the person had the last one sent, that day or before.
    pub last: Option<Timestamp>,
}

/// The codes of a day: the person's, and those to the address with that mark.
///
/// # Errors
/// [`StoreError`].
pub async fn codes_sent(
    db: &impl Db,
    person: PersonId,
    address_mark: &[u8; 32],
    on: Date,
) -> Result<CodesSent> {
    let number = |row: Option<QueryResult>| -> Result<u64> {
        count("code_sent", row.map_or(Ok(0), |row| row.try_get("", "n"))?)
    };
    let sql = "SELECT COUNT(*) AS n FROM code_sent WHERE person_id = $1 AND sent_on = $2";
    let by_person = number(one(db, sql, values![person.0, day(on)]).await?)?;
    let sql = "SELECT COUNT(*) AS n FROM code_sent WHERE address_mark = $1 AND sent_on = $2";
    let to_address = number(one(db, sql, values![address_mark.to_vec(), day(on)]).await?)?;
    let sql = "SELECT sent_at FROM code_sent WHERE person_id = $1 \
               ORDER BY sent_on DESC, nth DESC LIMIT 1";
    let last = one(db, sql, values![person.0]).await?;
    let last =
        last.map(|row| timestamp(row.try_get::<DateTime<Utc>>("", "sent_at")?)).transpose()?;
    Ok(CodesSent { by_person, to_address, last })
}

/// Counts one more code; `false` if another of this person, or to this address, was counted at this moment.
///
/// # Errors
/// [`StoreError`].
pub async fn add_code(
    db: &impl Db,
    person: PersonId,
    address_mark: &[u8; 32],
    before: CodesSent,
    (on, at): (Date, Timestamp),
) -> Result<bool> {
    let sql = "INSERT INTO code_sent (person_id, sent_on, nth, address_mark, address_nth, sent_at) \
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let values = values![
        person.0,
        day(on),
        i32::try_from(before.by_person + 1).unwrap_or(i32::MAX),
        address_mark.to_vec(),
        i32::try_from(before.to_address + 1).unwrap_or(i32::MAX),
        instant(at),
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Forgets the codes of the days before.
///
/// # Errors
/// [`StoreError`].
pub async fn forget_codes(db: &impl Db, today: Date) -> Result<u64> {
    run(db, "DELETE FROM code_sent WHERE sent_on < $1", values![day(today)]).await
}

/// Of these persons, those who can be told somewhere, with the contact and its way.
///
/// # Errors
/// [`StoreError`].
pub async fn confirmed_of(
    db: &impl Db,
    persons: &[PersonId],
) -> Result<Vec<(PersonId, ContactId, Channel)>> {
    let values = persons.iter().map(|person| Value::from(person.0)).collect();
    let sql = "SELECT person_id, id, channel FROM contact \
               WHERE confirmed_at IS NOT NULL AND person_id";
    let rows = bulk::among(db, sql, values, "").await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let person = PersonId(row.try_get::<Uuid>("", "person_id")?);
        let id = ContactId(row.try_get::<Uuid>("", "id")?);
        found.push((person, id, channel(&row)?));
    }
    Ok(found)
}

fn channel(row: &QueryResult) -> Result<Channel> {
    Channel::from_code(&row.try_get::<String>("", "channel")?)
        .ok_or(StoreError::BadRow { table: "contact", what: "channel" })
}

fn stored(row: &QueryResult) -> Result<Stored> {
    let confirmed_at: Option<DateTime<Utc>> = row.try_get("", "confirmed_at")?;
    let tries: i32 = row.try_get("", "tries")?;
    Ok(Stored {
        id: ContactId(row.try_get::<Uuid>("", "id")?),
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        channel: channel(row)?,
        address: row.try_get("", "address")?,
        code: row.try_get("", "code")?,
        code_until: timestamp(row.try_get::<DateTime<Utc>>("", "code_until")?)?,
        tries: u32::try_from(tries)
            .map_err(|_| StoreError::BadRow { table: "contact", what: "tries" })?,
        confirmed_at: confirmed_at.map(timestamp).transpose()?,
    })
}
