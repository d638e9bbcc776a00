//! The same file into the same tables and indexes: prepared batch inserts, no checks, no encryption.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use sqlx::Connection;
use sqlx::types::chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::{Engine, Outcome};

/// Rows in one statement and statements in one transaction: what the product uses.
const ROWS: usize = 64;
const STATEMENTS: usize = 32;

const TABLES: [(&str, &[&str]); 6] = [
    ("person_key", &["blind", "person_id", "name_mark"]),
    ("person", &["person_id", "id_kind", "sealed", "recorded_at"]),
    (
        "document",
        &["person_id", "id", "kind", "issuer", "decided_on", "served_on", "effective_on", "digest"],
    ),
    (
        "record",
        &[
            "person_id",
            "id",
            "document_id",
            "item",
            "source",
            "batch_id",
            "severity",
            "fingerprint",
            "content",
            "recorded_at",
        ],
    ),
    ("record_event", &["person_id", "record_id", "id", "kind", "day", "at"]),
    ("notice", &["person_id", "id", "record_id", "text", "created_at"]),
];

/// A row as it is written: plain.
struct Row {
    is_new: bool,
    key: [u8; 32],
    name: [u8; 32],
    person: Uuid,
    record: Uuid,
    document: Uuid,
    identity: Vec<u8>,
    content: Vec<u8>,
    digest: [u8; 32],
}

/// Writes the file; gives back how long it took.
pub(crate) async fn run(engine: Engine, url: &str, file: &Path) -> Outcome<Duration> {
    match engine {
        Engine::Sqlite => sqlite(url, file).await,
        Engine::Postgres => postgres(url, file).await,
    }
}

macro_rules! floor {
    ($name:ident, $connection:ty, $numbered:expr, $pragmas:expr) => {
        async fn $name(url: &str, file: &Path) -> Outcome<Duration> {
            let mut connection = <$connection>::connect(url).await?;
            for pragma in $pragmas {
                sqlx::raw_sql(*pragma).execute(&mut connection).await?;
            }
            let started = Instant::now();
            let (sender, mut groups) = tokio::sync::mpsc::channel::<Vec<Row>>(2);
            let path = file.to_owned();
            let reader = tokio::task::spawn_blocking(move || read(&path, &sender));
            let now = DateTime::<Utc>::from_timestamp_millis(1_790_000_000_000).unwrap_or_default();
            let today = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap_or_default();
            let batch = Uuid::now_v7();
            while let Some(rows) = groups.recv().await {
                let mut tx = connection.begin().await?;
                for (table, columns) in TABLES {
                    let is_person = table.starts_with("person");
                    let rows: Vec<&Row> =
                        rows.iter().filter(|row| row.is_new || !is_person).collect();
                    for rows in rows.chunks(ROWS) {
                        let sql = statement(table, columns, rows.len(), $numbered);
                        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
                        for row in rows {
                            query = match table {
                                "person_key" => {
                                    query.bind(&row.key[..]).bind(row.person).bind(&row.name[..])
                                }
                                "person" => query
                                    .bind(row.person)
                                    .bind("01")
                                    .bind(&row.identity[..])
                                    .bind(now),
                                "document" => query
                                    .bind(row.person)
                                    .bind(row.document)
                                    .bind("penalty-decision")
                                    .bind("11999901TEMR000151")
                                    .bind(today)
                                    .bind(today)
                                    .bind(today)
                                    .bind(&row.digest[..]),
                                "record" => query
                                    .bind(row.person)
                                    .bind(row.record)
                                    .bind(row.document)
                                    .bind("NP04-MR")
                                    .bind("11999901TEMR000151")
                                    .bind(batch)
                                    .bind("general")
                                    .bind(&row.digest[..])
                                    .bind(&row.content[..])
                                    .bind(now),
                                "record_event" => query
                                    .bind(row.person)
                                    .bind(row.record)
                                    .bind(row.document)
                                    .bind("entered")
                                    .bind(today)
                                    .bind(now),
                                _ => query
                                    .bind(row.person)
                                    .bind(row.document)
                                    .bind(row.record)
                                    .bind("record-entered")
                                    .bind(now),
                            };
                        }
                        query.execute(&mut *tx).await?;
                    }
                }
                tx.commit().await?;
            }
            reader.await??;
            let elapsed = started.elapsed();
            connection.close().await?;
            Ok(elapsed)
        }
    };
}

floor!(
    sqlite,
    sqlx::SqliteConnection,
    false,
    &[
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA cache_size = -24000",
        "PRAGMA mmap_size = 268435456",
    ]
);
floor!(postgres, sqlx::PgConnection, true, &[] as &[&'static str]);

fn statement(table: &str, columns: &[&str], rows: usize, numbered: bool) -> String {
    let mut sql = format!("INSERT INTO {table} ({}) VALUES ", columns.join(","));
    let mut place = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for at in 0..columns.len() {
            place += 1;
            let comma = if at == 0 { "" } else { "," };
            let _ = if numbered { write!(sql, "{comma}${place}") } else { write!(sql, "{comma}?") };
        }
        sql.push(')');
    }
    sql
}

fn read(path: &Path, groups: &tokio::sync::mpsc::Sender<Vec<Row>>) -> Outcome<()> {
    let mut reader = csv::Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    let number = column(&headers, "CF_XDR_ZJHM")?;
    let name = column(&headers, "CF_XDR_MC")?;
    let mut persons: HashMap<[u8; 18], Uuid> = HashMap::new();
    let mut group = Vec::new();
    for row in reader.records() {
        let row = row?;
        let number = row.get(number).unwrap_or_default();
        let mut id = [0; 18];
        for (to, from) in id.iter_mut().zip(number.bytes()) {
            *to = from;
        }
        let key: [u8; 32] = Sha256::digest(number).into();
        let mut content = Vec::with_capacity(512);
        for field in &row {
            content.extend_from_slice(field.as_bytes());
            content.push(0);
        }
        let person = Uuid::now_v7();
        let is_new = !persons.contains_key(&id);
        group.push(Row {
            is_new,
            key,
            name: Sha256::digest(row.get(name).unwrap_or_default()).into(),
            person: *persons.entry(id).or_insert(person),
            record: Uuid::now_v7(),
            document: Uuid::now_v7(),
            identity: number.as_bytes().to_vec(),
            digest: Sha256::digest(&content).into(),
            content,
        });
        if group.len() == ROWS * STATEMENTS
            && groups.blocking_send(std::mem::take(&mut group)).is_err()
        {
            return Ok(());
        }
    }
    if !group.is_empty() {
        let _ = groups.blocking_send(group);
    }
    Ok(())
}

/// Where a column is.
pub(crate) fn column(headers: &csv::StringRecord, name: &str) -> Outcome<usize> {
    let at = headers.iter().position(|header| header.trim_start_matches('\u{feff}') == name);
    Ok(at.ok_or_else(|| format!("no column {name}"))?)
}
