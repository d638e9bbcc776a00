//! Reports 报告 that were issued, and the codes that lead to them.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::report::{Asked, Report};
use register::{AccountId, PersonId, ReportId};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::bulk;
use crate::convert::{instant, timestamp, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// Keeps a report and lets a code lead to it; of the code only its mark is kept.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn add(db: &impl Db, report: &Report, mark: &[u8; 32]) -> Result<()> {
    let sql = "INSERT INTO report (person_id, id, number, purpose, fingerprint, digest, issued_at, \
               issued_by, blind, name_mark) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let values = values![
        report.person.0,
        report.id.0,
        report.number.as_str(),
        report.purpose.clone(),
        report.fingerprint.to_vec(),
        report.digest.to_vec(),
        instant(report.issued_at),
        report.issued_by.0,
        report.asked.map(|asked| asked.blind.to_vec()),
        report.asked.map(|asked| asked.name_mark.to_vec()),
    ];
    run(db, sql, values).await?;
    let sql = "INSERT INTO report_code (mark, person_id, report_id) VALUES ($1, $2, $3)";
    run(db, sql, values![mark.to_vec(), report.person.0, report.id.0]).await?;
    Ok(())
}

const COLUMNS: &str = "SELECT r.person_id, r.id, r.number, r.purpose, r.fingerprint, r.digest, \
                       r.issued_at, r.issued_by, r.blind, r.name_mark FROM report r";

/// The report that a code leads to.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn by_code(db: &impl Db, mark: &[u8; 32]) -> Result<Option<Report>> {
    let sql = format!(
        "{COLUMNS} JOIN report_code c ON c.person_id = r.person_id AND c.report_id = r.id \
         WHERE c.mark = $1"
    );
    one(db, &sql, values![mark.to_vec()]).await?.as_ref().map(report).transpose()
}

/// A person's reports, newest first, at most 500.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn of_person(db: &impl Db, person: PersonId) -> Result<Vec<Report>> {
    let sql = format!("{COLUMNS} WHERE r.person_id = $1 ORDER BY r.id DESC LIMIT 500");
    all(db, &sql, values![person.0]).await?.iter().map(report).collect()
}

/// Of these blind indexes, those of whom the register did not know when a report was issued about them.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn asked_among(db: &impl Db, blinds: &[[u8; 32]]) -> Result<Vec<[u8; 32]>> {
    let values = blinds.iter().map(|blind| Value::from(blind.to_vec())).collect();
    let rows = bulk::among(db, "SELECT blind FROM report WHERE blind", values, "").await?;
    rows.iter().map(|row| crate::record::hash(row, "blind")).collect()
}

/// Whether any report is here about whom the register did not know that was issued before `at`.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn is_asked_before(db: &impl Db, at: Timestamp) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM report WHERE blind IS NOT NULL AND issued_at < $1 LIMIT 1";
    Ok(one(db, sql, values![instant(at)]).await?.is_some())
}

/// Erases reports about whom the register did not know that were issued before `at`: there is no person with whom they
/// would go. What is left over goes the next time.
///
/// # Errors
/// [`crate::StoreError`].
pub async fn erase_asked(db: &impl Db, at: Timestamp) -> Result<()> {
    let sql =
        "SELECT person_id, id FROM report WHERE blind IS NOT NULL AND issued_at < $1 LIMIT 500";
    for row in all(db, sql, values![instant(at)]).await? {
        let (person, id): (Uuid, Uuid) = (row.try_get("", "person_id")?, row.try_get("", "id")?);
        let sql = "DELETE FROM report_code WHERE person_id = $1 AND report_id = $2";
        run(db, sql, values![person, id]).await?;
        let sql = "DELETE FROM report WHERE person_id = $1 AND id = $2";
        run(db, sql, values![person, id]).await?;
    }
    Ok(())
}

fn report(row: &QueryResult) -> Result<Report> {
    let mark = |column: &str| -> Result<Option<[u8; 32]>> {
        let bytes: Option<Vec<u8>> = row.try_get("", column)?;
        let bad = |_| StoreError::BadRow { table: "report", what: "hash" };
        bytes.map(|bytes| bytes.try_into().map_err(bad)).transpose()
    };
    let asked = mark("blind")?.zip(mark("name_mark")?);
    Ok(Report {
        id: ReportId(row.try_get::<Uuid>("", "id")?),
        number: row.try_get("", "number")?,
        person: PersonId(row.try_get::<Uuid>("", "person_id")?),
        asked: asked.map(|(blind, name_mark)| Asked { blind, name_mark }),
        purpose: row.try_get("", "purpose")?,
        fingerprint: crate::record::hash(row, "fingerprint")?,
        digest: crate::record::hash(row, "digest")?,
        issued_at: timestamp(row.try_get::<DateTime<Utc>>("", "issued_at")?)?,
        issued_by: AccountId(row.try_get::<Uuid>("", "issued_by")?),
    })
}
