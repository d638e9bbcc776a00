//! Steps and papers of cases 办件经过和材料, whatever kind of case it is.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use register::paper::{Paper, PaperKind};
use register::{AccountId, PaperId, PersonId};
use sea_orm::QueryResult;
use uuid::Uuid;

use crate::bulk::{self, Existing};
use crate::convert::{big, count, instant, timestamp, values};
use crate::db::{Db, all, one};
use crate::error::{Result, StoreError};

/// One step of a case, with its words sealed.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its identifier; later steps have greater ones.
    pub id: Uuid,
    /// Whose case.
    pub person: PersonId,
    /// The case.
    pub case: Uuid,
    /// What was done, by code.
    pub kind: String,
    /// Who did it; `None` where time did.
    pub account: Option<AccountId>,
    /// When.
    pub at: Timestamp,
    /// What was said with it, sealed.
    pub words: Option<Vec<u8>>,
}

/// A paper with its name sealed.
#[derive(Clone, Debug)]
pub struct StoredPaper {
    /// The paper; its name is empty until it is opened.
    pub paper: Paper,
    /// Its name, sealed.
    pub name: Vec<u8>,
}

/// Adds a step.
///
/// # Errors
/// [`StoreError`].
pub async fn add_step(db: &impl Db, step: &Step) -> Result<()> {
    let row = values![
        step.person.0,
        step.case,
        step.id,
        step.kind.as_str(),
        step.account.map(|account| account.0),
        instant(step.at),
        step.words.clone(),
    ];
    let columns = ["person_id", "case_id", "id", "kind", "account_id", "at", "words"];
    bulk::insert(db, "case_step", &columns, vec![row], Existing::Fail).await?;
    Ok(())
}

/// The steps of a case, oldest first.
///
/// # Errors
/// [`StoreError`].
pub async fn steps(db: &impl Db, person: PersonId, case: Uuid) -> Result<Vec<Step>> {
    let sql = "SELECT id, kind, account_id, at, words FROM case_step \
               WHERE person_id = $1 AND case_id = $2 ORDER BY id";
    all(db, sql, values![person.0, case])
        .await?
        .iter()
        .map(|row| {
            Ok(Step {
                id: row.try_get("", "id")?,
                person,
                case,
                kind: row.try_get("", "kind")?,
                account: row.try_get::<Option<Uuid>>("", "account_id")?.map(AccountId),
                at: timestamp(row.try_get::<DateTime<Utc>>("", "at")?)?,
                words: row.try_get("", "words")?,
            })
        })
        .collect()
}

/// Kinds of case that a body has to do with.
const OF_AGENCY: [&str; 5] = ["objection", "repair", "challenge", "inquiry", "supervision"];

/// Which case of a body has that number: its kind, which is its table, and its identifier.
///
/// # Errors
/// [`StoreError`].
pub async fn by_number(
    db: &impl Db,
    agency: &str,
    number: &str,
) -> Result<Option<(&'static str, Uuid)>> {
    for kind in OF_AGENCY {
        let sql = format!("SELECT id FROM {kind} WHERE agency = $1 AND number = $2");
        if let Some(row) = one(db, &sql, values![agency, number]).await? {
            return Ok(Some((kind, row.try_get("", "id")?)));
        }
    }
    Ok(None)
}

/// Adds papers.
///
/// # Errors
/// [`StoreError`].
pub async fn add_papers(db: &impl Db, papers: &[StoredPaper]) -> Result<()> {
    let rows = papers.iter().map(|StoredPaper { paper, name }| {
        values![
            paper.person.0,
            paper.case,
            paper.id.0,
            name.clone(),
            paper.kind.code(),
            big(paper.size),
            paper.digest.to_vec(),
            paper.is_of_agency,
            instant(paper.at),
        ]
    });
    let columns =
        ["person_id", "case_id", "id", "name", "kind", "size", "digest", "is_of_agency", "at"];
    bulk::insert(db, "paper", &columns, rows.collect(), Existing::Fail).await?;
    Ok(())
}

/// The papers of a case, in the order in which they came.
///
/// # Errors
/// [`StoreError`].
pub async fn papers(db: &impl Db, person: PersonId, case: Uuid) -> Result<Vec<StoredPaper>> {
    let sql = "SELECT id, name, kind, size, digest, is_of_agency, at FROM paper \
               WHERE person_id = $1 AND case_id = $2 ORDER BY id";
    let rows = all(db, sql, values![person.0, case]).await?;
    rows.iter().map(|row| paper(row, person, case)).collect()
}

/// Whether a paper of that identifier belongs to a case.
///
/// # Errors
/// [`StoreError`].
pub async fn has_paper(db: &impl Db, id: PaperId) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM paper WHERE id = $1 LIMIT 1";
    Ok(one(db, sql, values![id.0]).await?.is_some())
}

fn paper(row: &QueryResult, person: PersonId, case: Uuid) -> Result<StoredPaper> {
    let kind: String = row.try_get("", "kind")?;
    Ok(StoredPaper {
        name: row.try_get("", "name")?,
        paper: Paper {
            id: PaperId(row.try_get::<Uuid>("", "id")?),
            person,
            case,
            name: String::new(),
            kind: PaperKind::from_code(&kind)
                .ok_or(StoreError::BadRow { table: "paper", what: "kind" })?,
            size: count("paper", row.try_get("", "size")?)?,
            digest: crate::record::hash(row, "digest")?,
            is_of_agency: row.try_get("", "is_of_agency")?,
            at: timestamp(row.try_get::<DateTime<Utc>>("", "at")?)?,
        },
    })
}
