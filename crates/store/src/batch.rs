//! Batches 批次 and the rows that came back.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::batch::{Batch, BatchState, Counts, Rejection};
use register::{AccountId, BatchId, Uscc};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::bulk::{self, Existing};
use crate::convert::{big, count, instant, timestamp, uscc, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// Enters a batch that begins to run; `false` if the same file of the same agency is running already.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, batch: &Batch) -> Result<bool> {
    let sql = "INSERT INTO batch (id, agency, sent_by, item, digest, bytes, unread, state, \
               rows_read, accepted, duplicates, rejected, sent_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', 0, 0, 0, 0, $8) ON CONFLICT DO NOTHING";
    let values = values![
        batch.id.0,
        batch.agency.as_str(),
        batch.sent_by.0,
        batch.item.as_str(),
        batch.digest.to_vec(),
        big(batch.bytes),
        serde_json::Value::from(batch.unread.clone()).to_string(),
        instant(batch.sent_at),
    ];
    Ok(run(db, sql, values).await? == 1)
}

/// Keeps counts and state of a batch that stood after `stood` rows; `false` if it has ended, or
/// somebody else has read on meanwhile: then nothing is kept.
///
/// # Errors
/// [`StoreError`].
pub async fn save(db: &impl Db, batch: &Batch, stood: u64) -> Result<bool> {
    let sql = "UPDATE batch SET state = $1, failure = $2, rows_read = $3, accepted = $4, \
               duplicates = $5, rejected = $6, ended_at = $7 \
               WHERE id = $8 AND state = 'running' AND rows_read = $9";
    let failure = match &batch.state {
        BatchState::Failed { code } => Some(code.as_str()),
        BatchState::Running | BatchState::Done => None,
    };
    let values = values![
        batch.state.code(),
        failure,
        big(batch.counts.read),
        big(batch.counts.accepted),
        big(batch.counts.duplicates),
        big(batch.counts.rejected),
        batch.ended_at.map(instant),
        batch.id.0,
        big(stood),
    ];
    Ok(run(db, sql, values).await? == 1)
}

const COLUMNS: &str = "SELECT id, agency, sent_by, item, digest, bytes, unread, state, failure, \
                       rows_read, accepted, duplicates, rejected, sent_at, ended_at FROM batch";

/// One batch.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(db: &impl Db, id: BatchId) -> Result<Option<Batch>> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    one(db, &sql, values![id.0]).await?.as_ref().map(batch).transpose()
}

/// The batch of this very file that has begun and not ended, if there is one.
///
/// # Errors
/// [`StoreError`].
pub async fn running(
    db: &impl Db,
    agency: Uscc,
    item: &str,
    digest: &[u8; 32],
) -> Result<Option<Batch>> {
    let sql =
        format!("{COLUMNS} WHERE agency = $1 AND item = $2 AND digest = $3 AND state = 'running'");
    let values = values![agency.as_str(), item, digest.to_vec()];
    one(db, &sql, values).await?.as_ref().map(batch).transpose()
}

/// Batches that were sent before `before` and have not ended, oldest first, at most 1,000.
///
/// # Errors
/// [`StoreError`].
pub async fn running_since(db: &impl Db, before: Timestamp) -> Result<Vec<BatchId>> {
    let sql =
        "SELECT id FROM batch WHERE state = 'running' AND sent_at < $1 ORDER BY sent_at LIMIT 1000";
    let rows = all(db, sql, values![instant(before)]).await?;
    rows.iter().map(|row| Ok(BatchId(row.try_get::<Uuid>("", "id")?))).collect()
}

/// An agency's batches, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn of_agency(db: &impl Db, agency: Uscc, limit: u32) -> Result<Vec<Batch>> {
    let sql = format!("{COLUMNS} WHERE agency = $1 ORDER BY sent_at DESC, id DESC LIMIT {limit}");
    all(db, &sql, values![agency.as_str()]).await?.iter().map(batch).collect()
}

/// Everybody's batches, newest first, for the office.
///
/// # Errors
/// [`StoreError`].
pub async fn latest(db: &impl Db, limit: u32) -> Result<Vec<Batch>> {
    let sql = format!("{COLUMNS} ORDER BY sent_at DESC, id DESC LIMIT {limit}");
    all(db, &sql, Vec::new()).await?.iter().map(batch).collect()
}

/// Enters the reasons for which rows came back.
///
/// # Errors
/// [`StoreError`].
pub async fn add_rejections(db: &impl Db, batch: BatchId, rejections: &[Rejection]) -> Result<()> {
    let mut last_row = 0;
    let mut ordinal = 0_i64;
    let rows: Vec<_> = rejections
        .iter()
        .map(|rejection| {
            ordinal = if rejection.row == last_row { ordinal + 1 } else { 0 };
            last_row = rejection.row;
            values![
                batch.0,
                big(rejection.row),
                ordinal,
                rejection.column.as_str(),
                rejection.code.as_str(),
                rejection.says.as_str(),
                rejection.next.as_str(),
                rejection.is_sealed,
            ]
        })
        .collect();
    let columns =
        ["batch_id", "row_no", "ordinal", "column_title", "code", "says", "next_step", "is_sealed"];
    bulk::insert(db, "rejection", &columns, rows, Existing::Fail).await?;
    Ok(())
}

/// Reasons for which rows of a batch came back, from `after_row` on, by row, at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn rejections(
    db: &impl Db,
    batch: BatchId,
    after_row: u64,
    limit: u32,
) -> Result<Vec<Rejection>> {
    let sql = format!(
        "SELECT row_no, column_title, code, says, next_step, is_sealed FROM rejection \
         WHERE batch_id = $1 AND row_no > $2 ORDER BY row_no, ordinal LIMIT {limit}"
    );
    let rows = all(db, &sql, values![batch.0, big(after_row)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Rejection {
                row: count("rejection", row.try_get("", "row_no")?)?,
                column: row.try_get("", "column_title")?,
                code: row.try_get("", "code")?,
                says: row.try_get("", "says")?,
                next: row.try_get("", "next_step")?,
                is_sealed: row.try_get("", "is_sealed")?,
            })
        })
        .collect()
}

fn batch(row: &QueryResult) -> Result<Batch> {
    let failure: Option<String> = row.try_get("", "failure")?;
    let state: String = row.try_get("", "state")?;
    let state = match (state.as_str(), failure) {
        ("running", None) => BatchState::Running,
        ("done", None) => BatchState::Done,
        ("failed", Some(code)) => BatchState::Failed { code },
        _ => return Err(StoreError::BadRow { table: "batch", what: "state" }),
    };
    let number = |column: &str| count("batch", row.try_get::<i64>("", column)?);
    let ended_at: Option<DateTime<Utc>> = row.try_get("", "ended_at")?;
    Ok(Batch {
        id: BatchId(row.try_get::<Uuid>("", "id")?),
        agency: uscc("batch", &row.try_get::<String>("", "agency")?)?,
        sent_by: AccountId(row.try_get::<Uuid>("", "sent_by")?),
        item: row.try_get("", "item")?,
        digest: crate::record::hash(row, "digest")?,
        bytes: number("bytes")?,
        unread: serde_json::from_str(&row.try_get::<String>("", "unread")?)
            .map_err(|_| StoreError::BadRow { table: "batch", what: "unread columns" })?,
        state,
        counts: Counts {
            read: number("rows_read")?,
            accepted: number("accepted")?,
            duplicates: number("duplicates")?,
            rejected: number("rejected")?,
        },
        sent_at: timestamp(row.try_get::<DateTime<Utc>>("", "sent_at")?)?,
        ended_at: ended_at.map(timestamp).transpose()?,
    })
}
