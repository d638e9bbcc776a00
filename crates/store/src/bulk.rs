//! Many rows at once 批量写入: the same statement for both engines, a fixed number of rows at a time so
//! that it stays prepared.

use std::fmt::Write as _;

use sea_orm::{QueryResult, Value};

use crate::db::{Db, all, is_postgres, run};
use crate::error::Result;

/// Rows in one statement. Larger groups no longer gain, and each width is prepared once.
const ROWS: usize = 64;
const EIGHT: usize = 8;

/// Most values in one `IN (…)`.
pub(crate) const IN_LIST: usize = 500;

/// What to do with a row whose key is there already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It is a failure.
    Fail,
    /// The row that is there stays.
    Keep,
}

/// Inserts `rows`, each as long as `columns`; says how many went in.
pub(crate) async fn insert(
    db: &impl Db,
    table: &str,
    columns: &[&str],
    rows: Vec<Vec<Value>>,
    existing: Existing,
) -> Result<u64> {
    let mut inserted = 0;
    let mut rows = rows.into_iter();
    let full = statement(db, table, columns, ROWS, existing);
    while rows.len() >= ROWS {
        let values = rows.by_ref().take(ROWS).flatten().collect();
        inserted += run(db, &full, values).await?;
    }
    for (sql, values) in rest(db, table, columns, rows, existing) {
        inserted += run(db, &sql, values).await?;
    }
    Ok(inserted)
}

/// The statements that insert `rows`, each with its values; an existing key is a failure.
pub(crate) fn inserts(
    db: &impl Db,
    table: &str,
    columns: &[&str],
    rows: impl Iterator<Item = Vec<Value>>,
) -> Vec<(String, Vec<Value>)> {
    let rows: Vec<_> = rows.collect();
    let mut rows = rows.into_iter();
    let mut statements = Vec::new();
    while rows.len() >= ROWS {
        let sql = statement(db, table, columns, ROWS, Existing::Fail);
        statements.push((sql, rows.by_ref().take(ROWS).flatten().collect()));
    }
    statements.extend(rest(db, table, columns, rows, Existing::Fail));
    statements
}

/// Fewer than [`ROWS`] rows in eights and what is left of them: two statements, and only fourteen a
/// table are ever prepared.
fn rest(
    db: &impl Db,
    table: &str,
    columns: &[&str],
    mut rows: std::vec::IntoIter<Vec<Value>>,
    existing: Existing,
) -> impl Iterator<Item = (String, Vec<Value>)> {
    let sizes = [rows.len() / EIGHT * EIGHT, rows.len() % EIGHT];
    let statements = sizes.into_iter().filter(|size| *size > 0).map(move |size| {
        let sql = statement(db, table, columns, size, existing);
        (sql, rows.by_ref().take(size).flatten().collect::<Vec<Value>>())
    });
    statements.collect::<Vec<_>>().into_iter()
}

/// Rows whose column is one of `values`; `sql` ends before the list and `tail` follows it.
pub(crate) async fn among(
    db: &impl Db,
    sql: &str,
    values: Vec<Value>,
    tail: &str,
) -> Result<Vec<QueryResult>> {
    let mut found = Vec::new();
    let mut values = values.into_iter();
    loop {
        let part: Vec<Value> = values.by_ref().take(IN_LIST).collect();
        if part.is_empty() {
            return Ok(found);
        }
        // Padded to a power of two with a repeated value: few statements, all prepared.
        let width = part.len().next_power_of_two();
        let padding = part.last().cloned();
        let mut part = part;
        while part.len() < width {
            part.extend(padding.clone());
        }
        let mut text = String::with_capacity(sql.len() + width * 5);
        text.push_str(sql);
        text.push_str(" IN (");
        placeholders(is_postgres(db), &mut text, 1, width);
        text.push_str(") ");
        text.push_str(tail);
        found.extend(all(db, &text, part).await?);
    }
}

fn statement(
    db: &impl Db,
    table: &str,
    columns: &[&str],
    rows: usize,
    existing: Existing,
) -> String {
    let mut sql = format!("INSERT INTO {table} ({}) VALUES ", columns.join(","));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        placeholders(is_postgres(db), &mut sql, row * columns.len() + 1, columns.len());
        sql.push(')');
    }
    if existing == Existing::Keep {
        sql.push_str(" ON CONFLICT DO NOTHING");
    }
    sql
}

/// `?,?,?` on SQLite, where numbered places bind in quadratic time, and `$1,$2,$3` on PostgreSQL.
fn placeholders(postgres: bool, sql: &mut String, from: usize, count: usize) {
    for at in 0..count {
        if at > 0 {
            sql.push(',');
        }
        if postgres {
            let _ = write!(sql, "${}", from + at);
        } else {
            sql.push('?');
        }
    }
}
