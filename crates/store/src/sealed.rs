//! Sealed values 加封的值 wherever they stand: how many name which key, and putting one anew in its place.
//!
//! Only what a standing key sealed is counted or handed out here. What a month's key sealed goes with that key.

use sea_orm::Value;
use uuid::Uuid;

use crate::convert::{count, values};
use crate::db::{Db, all, is_postgres, one, run};
use crate::error::{Result, StoreError};

/// A column of sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The table's key, all of it identifiers.
    pub key: &'static [&'static str],
    /// Which of the key is the row to which values are sealed.
    pub row: usize,
}

const fn column(
    table: &'static str,
    column: &'static str,
    key: &'static [&'static str],
    row: usize,
) -> Column {
    Column { table, column, key, row }
}

/// Every column that may hold what a standing key sealed, the details of looks aside: those are sealed by months.
pub const COLUMNS: [Column; 21] = [
    column("person", "sealed", &["person_id"], 0),
    column("record", "content", &["person_id", "id"], 1),
    column("record_event", "content", &["person_id", "record_id", "id"], 2),
    column("case_step", "words", &["person_id", "case_id", "id"], 2),
    column("paper", "name", &["person_id", "case_id", "id"], 2),
    column("contact", "address", &["person_id", "id"], 1),
    column("contact", "code", &["person_id", "id"], 1),
    column("mandate", "purpose", &["person_id", "id"], 1),
    column("opening", "detail", &["person_id", "id"], 1),
    column("opening", "reasons", &["person_id", "id"], 1),
    column("death", "detail", &["person_id", "id"], 1),
    column("second_factor", "secret", &["account_id"], 0),
    column("passkey", "name", &["id"], 0),
    column("passkey", "credential", &["id"], 0),
    column("account_request", "sealed", &["id"], 0),
    column("incident", "detail", &["id"], 0),
    column("incident", "announcement", &["id"], 0),
    column("incident_step", "words", &["incident_id", "id"], 1),
    column("incident_task", "what", &["incident_id", "id"], 1),
    column("incident_search", "criteria", &["incident_id", "id"], 1),
    column("incident_search", "persons", &["incident_id", "id"], 1),
];

/// The column of details of looks. None is sealed with a standing key any more; one that is left is counted.
const LOOKS: (&str, &str) = ("access_entry", "detail");

/// A month's key has this bit in the first byte of what it sealed.
const MONTHS: [u8; 1] = [0x80];

/// A value that is to be sealed anew.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The key of its row in the table.
    pub key: Vec<Uuid>,
    /// The row to which it is sealed.
    pub row: Uuid,
    /// The value.
    pub text: Vec<u8>,
}

/// How many values stand in each column that begin with `head`; columns without one are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn uses(db: &impl Db, head: [u8; 3]) -> Result<Vec<(&'static str, &'static str, u64)>> {
    let columns = COLUMNS.iter().map(|column| (column.table, column.column));
    let mut found = Vec::new();
    for (table, column) in columns.chain([LOOKS]) {
        let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE substr({column}, 1, 3) = $1");
        let row = one(db, &sql, values![head.to_vec()]).await?;
        let number = row.map_or(Ok(0), |row| count(table, row.try_get("", "n")?))?;
        if number > 0 {
            found.push((table, column, number));
        }
    }
    Ok(found)
}

/// Values that a standing key sealed which does not begin with `head`, after `after` in the order of the table's key, at
/// most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn others(
    db: &impl Db,
    of: &Column,
    head: [u8; 3],
    after: &[Uuid],
    limit: u32,
) -> Result<Vec<Sealed>> {
    let (table, column, key) = (of.table, of.column, of.key.join(", "));
    let mut sql = format!(
        "SELECT {key}, {column} AS sealed FROM {table} \
         WHERE substr({column}, 1, 3) <> $1 AND substr({column}, 1, 1) < $2"
    );
    let mut bound = values![head.to_vec(), MONTHS.to_vec()];
    if !after.is_empty() {
        let places: Vec<String> = (3..).take(after.len()).map(|at| format!("${at}")).collect();
        sql.push_str(&format!(" AND ({key}) > ({})", places.join(", ")));
        bound.extend(after.iter().copied().map(Value::from));
    }
    let rows = all(db, &format!("{sql} ORDER BY {key} LIMIT {limit}"), bound).await?;
    rows.iter()
        .map(|row| {
            let parts = of.key.iter().map(|name| row.try_get::<Uuid>("", name));
            let key = parts.collect::<Result<Vec<_>, _>>()?;
            let bad = StoreError::BadRow { table, what: "key" };
            let sealed_to = key.get(of.row).copied().ok_or(bad)?;
            Ok(Sealed { key, row: sealed_to, text: row.try_get("", "sealed")? })
        })
        .collect()
}

/// Puts a value in the place of another, if that still stands there; `false` if not, or if somebody works on the row in
/// this moment. It waits for nobody.
///
/// # Errors
/// [`StoreError`].
pub async fn replace(db: &impl Db, of: &Column, was: &Sealed, now: Vec<u8>) -> Result<bool> {
    let (table, column) = (of.table, of.column);
    let places = |from: usize| -> String {
        let places = of.key.iter().zip(from..).map(|(name, at)| format!("{name} = ${at} AND "));
        places.collect()
    };
    let mut bound = values![now];
    let mut bind = || bound.extend(was.key.iter().copied().map(Value::from));
    bind();
    let last = of.key.len() + 2;
    let sql = if is_postgres(db) {
        // The row is held first, or left to whoever holds it.
        bind();
        let last = last + of.key.len();
        format!(
            "UPDATE {table} SET {column} = $1 WHERE {}{column} = ${last} AND EXISTS \
             (SELECT 1 FROM {table} WHERE {}TRUE FOR UPDATE SKIP LOCKED)",
            places(2),
            places(2 + of.key.len()),
        )
    } else {
        format!("UPDATE {table} SET {column} = $1 WHERE {}{column} = ${last}", places(2))
    };
    bound.push(was.text.clone().into());
    Ok(run(db, &sql, bound).await? == 1)
}
