//! What the API takes and gives. These types are the contract: `/api/openapi.json` is made of them.

use std::collections::BTreeMap;

use register::batch::{Batch, BatchState, Rejection};
use register::disclosure::Fact;
use rulebook::Rules;
use serde::{Deserialize, Serialize};
use usecases::access_log::Position;
use usecases::check::Ask;
use usecases::correction::{Message, Received};
use usecases::log::SignedHead;
use utoipa::ToSchema;

use crate::view;

/// A question about one person for one matter.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Check {
    /// Kind of identity document, `01` to `07`; a citizen's card if left out.
    #[serde(default)]
    #[schema(example = "01")]
    pub(crate) id_kind: String,
    /// Its number.
    #[serde(default)]
    #[schema(example = "999901197001010011")]
    pub(crate) id_number: String,
    /// The person's name.
    #[serde(default)]
    pub(crate) name: String,
    /// Purpose by code, as the rulebook lists it.
    #[serde(default)]
    #[schema(example = "licence-review")]
    pub(crate) purpose: String,
    /// Number of the matter that needs it; the person sees it.
    #[serde(default)]
    pub(crate) matter: String,
}

register::hidden!(Check);

impl From<Check> for Ask {
    fn from(check: Check) -> Self {
        let Check { id_kind, id_number, name, purpose, matter } = check;
        Self { id_kind, id_number: id_number.into(), name: name.into(), purpose, matter }
    }
}

/// Several questions.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct Checks {
    /// At most 1000.
    pub(crate) checks: Vec<Check>,
}

/// Several questions, in an object or as a bare list.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ManyChecks {
    /// In an object.
    Object(Checks),
    /// As a bare list.
    List(Vec<Check>),
}

/// A fact that this body received and that has changed since.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CorrectionView {
    /// Identifier, to acknowledge it by.
    pub(crate) id: String,
    /// The record, as the answer to the look named it.
    pub(crate) record: String,
    /// What became of it: `corrected`, `deleted`, `withdrawn`, `annulled`, `repaired`, `consent-ended`, `suspended`,
    /// `resumed`.
    pub(crate) change: String,
    /// Position in the log of the body's last look that gave it out.
    pub(crate) log_seq: u64,
    /// Matter of that look.
    pub(crate) matter: String,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) sent_at: String,
    /// The last day to acknowledge it.
    #[schema(value_type = String, format = Date)]
    pub(crate) due_on: String,
}

/// An acknowledgement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Acknowledged {
    /// Whether it was the first.
    pub(crate) is_first: bool,
}

impl From<&Received> for CorrectionView {
    fn from(received: &Received) -> Self {
        let Message { id, record, change, log_seq, matter, sent_at, due_on } = received.said();
        Self { id, record, change: change.to_owned(), log_seq, matter, sent_at, due_on }
    }
}

/// A mandate to be used.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Redeem {
    /// The code that the person gave.
    pub(crate) code: String,
    /// In which matter; the person sees it.
    pub(crate) matter: String,
}

register::hidden!(Redeem);

/// The answer to one question. Never repeats name or number.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CheckAnswer {
    /// What the purpose may see; an empty list says nothing about why.
    pub(crate) facts: Vec<FactView>,
    /// The purpose, by code; of a mandate in the person's words.
    pub(crate) purpose: String,
    /// The matter.
    pub(crate) matter: String,
    /// Where this look stands in the log.
    pub(crate) log: LogPosition,
}

/// One fact.
#[derive(Clone, Serialize, ToSchema)]
pub(crate) struct FactView {
    /// Identifier of the record.
    pub(crate) record: String,
    /// Catalogue item.
    pub(crate) item: String,
    /// What it is called.
    pub(crate) title: String,
    /// Values by field code: words, days by ISO 8601, amounts in fen.
    pub(crate) content: BTreeMap<String, serde_json::Value>,
    /// When it was decided.
    #[schema(value_type = String, format = Date)]
    pub(crate) decided_on: String,
    /// Who supplied it.
    pub(crate) source: Source,
    /// Whether the person contests it; then it may not be the sole ground of a decision against him.
    pub(crate) is_contested: bool,
    /// Whether the decision is challenged before the body that reviews it or a court; the same holds.
    pub(crate) is_challenged: bool,
    /// First day on which it is no longer shown.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) ends_on: Option<String>,
    /// The person's own words beside it.
    pub(crate) statement: Option<String>,
    /// What the person said in an objection that could neither be confirmed nor refuted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) noted: Option<String>,
    /// What must be read together with a contested or challenged fact.
    pub(crate) contested_note: Option<String>,
}

register::hidden!(FactView);

/// A body.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Source {
    /// Unified social credit code.
    pub(crate) uscc: String,
    /// Name.
    pub(crate) name: String,
}

/// A place in the log of looks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LogPosition {
    /// The log.
    pub(crate) log: String,
    /// Position, from 0.
    pub(crate) seq: u64,
}

/// One answer of several.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub(crate) enum ManyAnswer {
    /// Answered.
    Answered(CheckAnswer),
    /// Not answered.
    Refused {
        /// Why.
        problem: Problem,
    },
}

impl CheckAnswer {
    /// The answer in the API's form.
    pub(crate) fn new(
        facts: &[Fact],
        position: Position,
        asked: (&str, &str),
        rules: &Rules,
    ) -> Self {
        let (purpose, matter) = asked;
        Self {
            facts: facts.iter().map(|fact| FactView::new(fact, rules)).collect(),
            purpose: purpose.trim().to_owned(),
            matter: matter.trim().to_owned(),
            log: LogPosition { log: position.log, seq: position.seq },
        }
    }
}

impl FactView {
    fn new(fact: &Fact, rules: &Rules) -> Self {
        let record = &fact.record;
        let uscc = record.source.as_str();
        Self {
            record: record.id.to_string(),
            item: record.item.clone(),
            title: view::record::title(record, rules),
            content: view::record::plain(&record.content),
            decided_on: record.document.decided_on.to_string(),
            source: Source { uscc: uscc.to_owned(), name: view::agency(rules, uscc) },
            is_contested: fact.is_contested,
            is_challenged: fact.is_challenged,
            ends_on: fact.ends_on.map(|day| day.to_string()),
            statement: record.statement.clone(),
            noted: record.noted.clone(),
            contested_note: view::record::note(fact.is_contested, fact.is_challenged),
        }
    }
}

/// A file that was sent. Holds no personal value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct BatchView {
    /// Identifier.
    pub(crate) id: String,
    /// Catalogue item.
    pub(crate) item: String,
    /// `running`, `done` or `failed`.
    pub(crate) state: String,
    /// Why it failed.
    pub(crate) failure: Option<String>,
    /// SHA-256 of the file.
    pub(crate) sha256: String,
    /// Size of the file.
    pub(crate) bytes: u64,
    /// Headers of columns that the layout does not know: they are not read.
    pub(crate) unread_columns: Vec<String>,
    /// Rows decided so far.
    pub(crate) read: u64,
    /// Rows that became a record.
    pub(crate) accepted: u64,
    /// Rows that were a record already.
    pub(crate) duplicates: u64,
    /// Rows that came back.
    pub(crate) rejected: u64,
    /// When it was sent.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) sent_at: String,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) ended_at: Option<String>,
}

impl From<&Batch> for BatchView {
    fn from(batch: &Batch) -> Self {
        Self {
            id: batch.id.to_string(),
            item: batch.item.clone(),
            state: batch.state.code().to_owned(),
            failure: match &batch.state {
                BatchState::Failed { code } => Some(code.clone()),
                BatchState::Running | BatchState::Done => None,
            },
            sha256: hex::encode(batch.digest),
            bytes: batch.bytes,
            unread_columns: batch.unread.clone(),
            read: batch.counts.read,
            accepted: batch.counts.accepted,
            duplicates: batch.counts.duplicates,
            rejected: batch.counts.rejected,
            sent_at: batch.sent_at.to_string(),
            ended_at: batch.ended_at.map(|at| at.to_string()),
        }
    }
}

/// Why rows came back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Rejections {
    /// The batch.
    pub(crate) batch: String,
    /// Reasons by row; one row may have several.
    pub(crate) rejections: Vec<RejectionView>,
    /// Ask again with `after_row` set to this row if there may be more.
    pub(crate) next_after_row: Option<u64>,
}

/// One reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RejectionView {
    /// Row in the file, the header being row 1.
    pub(crate) row: u64,
    /// The agency's own header; empty for the row as a whole.
    pub(crate) column: String,
    /// Stable code.
    pub(crate) code: String,
    /// What is wrong.
    pub(crate) says: String,
    /// What to do.
    pub(crate) next: String,
}

impl From<Rejection> for RejectionView {
    fn from(rejection: Rejection) -> Self {
        let Rejection { row, column, code, says, next, is_sealed: _ } = rejection;
        Self { row, column, code, says, next }
    }
}

/// A signed head of the log of looks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct HeadView {
    /// The log.
    pub(crate) log: String,
    /// `sha-256` or `sm3`.
    pub(crate) hash: String,
    /// Leaves.
    pub(crate) size: u64,
    /// Root, in hexadecimal.
    pub(crate) root: String,
    /// When it was signed, in milliseconds since 1970 (UTC).
    pub(crate) at_ms: i64,
    /// Signature over the head's text, in hexadecimal.
    pub(crate) signature: String,
    /// Key that checks it.
    pub(crate) public_key: String,
}

impl From<SignedHead> for HeadView {
    fn from(signed: SignedHead) -> Self {
        Self {
            log: signed.head.log,
            hash: signed.head.kind.name().to_owned(),
            size: signed.head.size,
            root: hex::encode(signed.head.root.0),
            at_ms: signed.head.at_ms,
            signature: hex::encode(signed.signature),
            public_key: signed.public_key,
        }
    }
}

/// Proof that a position is in the log (RFC 9162); says nothing about anyone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct InclusionView {
    /// Position.
    pub(crate) seq: u64,
    /// Leaves under the root.
    pub(crate) size: u64,
    /// Hash of the leaf.
    pub(crate) leaf: String,
    /// Sibling hashes, from the leaf up.
    pub(crate) proof: Vec<String>,
    /// The root.
    pub(crate) root: String,
}

/// Proof that the older log is the beginning of the newer (RFC 9162).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ConsistencyView {
    /// Size of the older log.
    pub(crate) from: u64,
    /// Size of the newer log.
    pub(crate) to: u64,
    /// Root of the older log.
    pub(crate) from_root: String,
    /// Root of the newer log.
    pub(crate) to_root: String,
    /// The proof.
    pub(crate) proof: Vec<String>,
}

/// A refusal or failure (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// `/problems/` and a stable code.
    #[serde(rename = "type")]
    #[schema(example = "/problems/mistakes")]
    pub(crate) kind: String,
    /// Short, in Chinese.
    pub(crate) title: String,
    /// HTTP status.
    pub(crate) status: u16,
    /// What is the matter, in Chinese.
    pub(crate) detail: String,
    /// What to do, in Chinese.
    pub(crate) next: String,
    /// What is wrong field by field.
    pub(crate) mistakes: Vec<FieldMistake>,
    /// Number of this request in our log, if it failed by our fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<String>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FieldMistake {
    /// The field.
    pub(crate) field: String,
    /// Stable code.
    pub(crate) code: String,
    /// What is wrong; never repeats what was sent.
    pub(crate) says: String,
}

/// A report that somebody holds.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyReport {
    /// The code that is printed on it.
    pub(crate) code: String,
    /// SHA-256 of the file in hexadecimal. Without it nobody finds out whether the file was changed.
    #[serde(default)]
    pub(crate) sha256: Option<String>,
}

/// What is said of a report.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ReportVerdict {
    /// `genuine` (the file is the one that was issued, and its facts still hold), `code-only` (the facts still
    /// hold; without `sha256` nothing is said of what the file or the paper says), `superseded` (the facts have
    /// changed since), `changed` (the file is another than was issued) or `unknown`.
    pub(crate) verdict: String,
    /// Its number.
    pub(crate) number: Option<String>,
    /// When it was issued.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) issued_at: Option<String>,
}
