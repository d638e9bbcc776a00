//! Impact assessments 个人信息保护影响评估 that the office wrote. None is ever erased: they name nobody, and the law
//! wants them kept.

use chrono::{DateTime, NaiveDate, Utc};
use register::impact::{Decision, ImpactAssessment, Scope};
use register::{AccountId, AssessmentId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::convert::{date, day, instant, timestamp, values};
use crate::db::{Db, all, one, run};
use crate::error::{Result, StoreError};

/// Enters an assessment.
///
/// # Errors
/// [`StoreError`].
pub async fn add(db: &impl Db, new: &ImpactAssessment) -> Result<()> {
    let sql = "INSERT INTO impact_assessment (id, number, scope, code, title, lawfulness, effects, \
               measures, is_fit, conclusion, review_by, written_by, written_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    let values = values![
        new.id.0,
        new.number.as_str(),
        new.scope.code(),
        new.code.as_str(),
        new.title.as_str(),
        new.lawfulness.as_str(),
        new.effects.as_str(),
        new.measures.as_str(),
        new.is_fit,
        new.conclusion.as_str(),
        day(new.review_by),
        new.written_by.0,
        instant(new.written_at),
    ];
    run(db, sql, values).await?;
    Ok(())
}

/// Keeps the decision of the second person; `false` if somebody else decided meanwhile.
///
/// # Errors
/// [`StoreError`].
pub async fn decide(db: &impl Db, id: AssessmentId, decision: &Decision) -> Result<bool> {
    let sql = "UPDATE impact_assessment SET decided_by = $1, decided_at = $2, is_approved = $3, \
               reasons = $4 WHERE id = $5 AND decided_at IS NULL";
    let values = values![
        decision.by.0,
        instant(decision.at),
        decision.is_approved,
        decision.reasons.as_str(),
        id.0,
    ];
    Ok(run(db, sql, values).await? == 1)
}

const COLUMNS: &str = "SELECT id, number, scope, code, title, lawfulness, effects, measures, is_fit, \
                       conclusion, review_by, written_by, written_at, decided_by, decided_at, \
                       is_approved, reasons FROM impact_assessment";

/// One assessment.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(db: &impl Db, id: AssessmentId) -> Result<Option<ImpactAssessment>> {
    let sql = format!("{COLUMNS} WHERE id = $1");
    one(db, &sql, values![id.0]).await?.as_ref().map(assessment).transpose()
}

/// All assessments, those that wait first, then the newest, at most 1,000.
///
/// # Errors
/// [`StoreError`].
pub async fn list(db: &impl Db) -> Result<Vec<ImpactAssessment>> {
    let sql = format!(
        "{COLUMNS} ORDER BY CASE WHEN decided_at IS NULL THEN 0 ELSE 1 END, written_at DESC \
         LIMIT 1000"
    );
    all(db, &sql, Vec::new()).await?.iter().map(assessment).collect()
}

/// Those that a second person has approved, at most 1,000.
///
/// # Errors
/// [`StoreError`].
pub async fn approved(db: &impl Db) -> Result<Vec<ImpactAssessment>> {
    let sql = format!("{COLUMNS} WHERE is_approved = TRUE ORDER BY number LIMIT 1000");
    all(db, &sql, Vec::new()).await?.iter().map(assessment).collect()
}

fn assessment(row: &QueryResult) -> Result<ImpactAssessment> {
    let text = |column: &str| row.try_get::<String>("", column);
    let scope = Scope::from_code(&text("scope")?)
        .ok_or(StoreError::BadRow { table: "impact_assessment", what: "scope" })?;
    let decided_by = row.try_get::<Option<Uuid>>("", "decided_by")?.map(AccountId);
    let decided_at = row.try_get::<Option<DateTime<Utc>>>("", "decided_at")?;
    let decision = match (decided_by, decided_at) {
        (Some(by), Some(at)) => Some(Decision {
            by,
            at: timestamp(at)?,
            is_approved: row.try_get::<Option<bool>>("", "is_approved")?.unwrap_or(false),
            reasons: row.try_get::<Option<String>>("", "reasons")?.unwrap_or_default(),
        }),
        (_, _) => None,
    };
    Ok(ImpactAssessment {
        id: AssessmentId(row.try_get::<Uuid>("", "id")?),
        number: text("number")?,
        scope,
        code: text("code")?,
        title: text("title")?,
        lawfulness: text("lawfulness")?,
        effects: text("effects")?,
        measures: text("measures")?,
        is_fit: row.try_get("", "is_fit")?,
        conclusion: text("conclusion")?,
        review_by: date(row.try_get::<NaiveDate>("", "review_by")?)?,
        written_by: AccountId(row.try_get::<Uuid>("", "written_by")?),
        written_at: timestamp(row.try_get::<DateTime<Utc>>("", "written_at")?)?,
        decision,
    })
}
