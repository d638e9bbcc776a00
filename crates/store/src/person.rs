//! Persons 信用主体: found by the blind index of their document, never listed.

use jiff::Timestamp;
use jiff::civil::Date;
use register::PersonId;
use sea_orm::Value;
use uuid::Uuid;

use crate::bulk::{self, Existing};
use crate::convert::{day, instant, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::Result;

/// Where the directory leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Keyed hash of kind and number.
    pub blind: [u8; 32],
    /// The person.
    pub person: PersonId,
    /// Keyed hash of the name: the name must fit too, nothing is matched by number alone.
    pub name_mark: [u8; 32],
    /// Whether he has died: nothing is entered about him any more.
    pub is_dead: bool,
}

/// How somebody is found by one key of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Number of the key.
    pub key: u16,
    /// Keyed hash of kind and number.
    pub blind: [u8; 32],
    /// Keyed hash of the name.
    pub name_mark: [u8; 32],
}

/// A person who is to be entered.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// The person.
    pub person: PersonId,
    /// His places in the directory: several while its key rotates.
    pub marks: Vec<Mark>,
    /// Kind of document, by code.
    pub id_kind: &'static str,
    /// Number and name, sealed.
    pub sealed: Vec<u8>,
    /// When.
    pub recorded_at: Timestamp,
}

/// Enters persons; one who is there already stays as he is (two files may name him at once). Says how many places in the
/// directory were free.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn add(db: &impl Db, persons: &[NewPerson]) -> Result<u64> {
    let marks = persons.iter().flat_map(|new| new.marks.iter().map(move |mark| (new.person, mark)));
    let keys = marks.map(|(person, mark)| {
        let (blind, name_mark) = (mark.blind.to_vec(), mark.name_mark.to_vec());
        values![blind, person.0, name_mark, i32::from(mark.key)]
    });
    let columns = ["blind", "person_id", "name_mark", "key_id"];
    let added = bulk::insert(db, "person_key", &columns, keys.collect(), Existing::Keep).await?;
    let rows = persons.iter().map(|new| {
        values![new.person.0, new.id_kind, new.sealed.clone(), instant(new.recorded_at)]
    });
    let columns = ["person_id", "id_kind", "sealed", "recorded_at"];
    bulk::insert(db, "person", &columns, rows.collect(), Existing::Keep).await?;
    Ok(added)
}

/// The directory's entries for these blind indexes; those that nobody has are not in it.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn find(db: &impl Db, blinds: &[[u8; 32]]) -> Result<Vec<Key>> {
    keys(db, blinds, "").await
}

/// The same, held so that nobody notes a death or erases one of them before this transaction ends.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn find_held(db: &impl Db, blinds: &[[u8; 32]]) -> Result<Vec<Key>> {
    // The embedded engine lets one transaction write at a time.
    keys(db, blinds, if is_postgres(db) { "FOR SHARE" } else { "" }).await
}

/// The entry for one blind index, held so that nobody else does anything with him before this transaction ends.
///
/// Of two who open his account at the same moment the second sees what the first has done.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn find_alone(db: &impl Db, blind: &[u8; 32]) -> Result<Option<Key>> {
    // The embedded engine lets one transaction write at a time.
    let tail = if is_postgres(db) { "FOR UPDATE" } else { "" };
    Ok(keys(db, &[*blind], tail).await?.into_iter().next())
}

async fn keys(db: &impl Db, blinds: &[[u8; 32]], tail: &str) -> Result<Vec<Key>> {
    let values = blinds.iter().map(|blind| Value::from(blind.to_vec())).collect();
    let sql = "SELECT blind, person_id, name_mark, died_on FROM person_key WHERE blind";
    let rows = bulk::among(db, sql, values, tail).await?;
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        keys.push(Key {
            blind: crate::record::hash(&row, "blind")?,
            person: PersonId(row.try_get::<Uuid>("", "person_id")?),
            name_mark: crate::record::hash(&row, "name_mark")?,
            is_dead: row.try_get::<Option<chrono::NaiveDate>>("", "died_on")?.is_some(),
        });
    }
    Ok(keys)
}

/// Number and name of one person, still sealed.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn sealed(db: &impl Db, person: PersonId) -> Result<Option<(String, Vec<u8>)>> {
    let sql = "SELECT id_kind, sealed FROM person WHERE person_id = $1";
    let Some(row) = one(db, sql, values![person.0]).await? else { return Ok(None) };
    Ok(Some((row.try_get("", "id_kind")?, row.try_get("", "sealed")?)))
}

/// Of these persons, those who are here.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn existing(db: &impl Db, persons: &[PersonId]) -> Result<Vec<PersonId>> {
    let values = persons.iter().map(|person| Value::from(person.0)).collect();
    let rows = bulk::among(db, "SELECT person_id FROM person WHERE person_id", values, "").await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?))).collect()
}

/// Of these persons, those who have an account of their own, so that a notice can reach them.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn with_inbox(db: &impl Db, persons: &[PersonId]) -> Result<Vec<PersonId>> {
    let values = persons.iter().map(|person| Value::from(person.0)).collect();
    let sql = "SELECT person_id FROM account WHERE role = 'citizen' AND disabled_at IS NULL AND person_id";
    let rows = bulk::among(db, sql, values, "").await?;
    rows.iter().map(|row| Ok(PersonId(row.try_get::<Uuid>("", "person_id")?))).collect()
}

/// Persons with kind of document, number and name, sealed, after `after` in the order of their identifiers, at most
/// `limit`.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn page(
    db: &impl Db,
    after: PersonId,
    limit: u32,
) -> Result<Vec<(PersonId, String, Vec<u8>)>> {
    let sql = format!(
        "SELECT person_id, id_kind, sealed FROM person WHERE person_id > $1 ORDER BY person_id LIMIT {limit}"
    );
    let rows = all(db, &sql, values![after.0]).await?;
    rows.iter()
        .map(|row| {
            let person = PersonId(row.try_get::<Uuid>("", "person_id")?);
            Ok((person, row.try_get("", "id_kind")?, row.try_get("", "sealed")?))
        })
        .collect()
}

/// Notes in the directory that a person has died, or that he lives after all; `false` if he is not in it. Whoever enters
/// something about him, or moves his place to another key, is waited for.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn set_died_on(db: &impl Db, person: PersonId, on: Option<Date>) -> Result<bool> {
    hold(db, person).await?;
    let sql = "UPDATE person_key SET died_on = $1 WHERE person_id = $2";
    Ok(run(db, sql, values![on.map(day), person.0]).await? > 0)
}

/// Holds a person's places in the directory; what comes after this statement sees all that was waited for.
pub(crate) async fn hold(db: &impl Db, person: PersonId) -> Result<()> {
    // The embedded engine lets one transaction write at a time.
    if is_postgres(db) {
        let sql = "SELECT blind FROM person_key WHERE person_id = $1 ORDER BY blind FOR UPDATE";
        all(db, sql, values![person.0]).await?;
    }
    Ok(())
}
