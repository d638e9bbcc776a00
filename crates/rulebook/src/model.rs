//! The tables of the rulebook, as they stand in the files.

use serde::{Deserialize, Serialize};

use crate::basis::{Basis, Status};
use crate::calendar::TomlDate;
use crate::penalty::{Procedure, Severity};

/// A catalogue item 目录事项: what may be recorded, by whom, on what basis.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// For example `NP04-MR`.
    pub code: String,
    /// On screen.
    pub title: String,
    /// What may be said, in one plain sentence.
    pub what: String,
    /// First day on which it may be supplied.
    #[serde(serialize_with = "as_text")]
    pub from: TomlDate,
    /// Last day, if it has ended.
    #[serde(default, serialize_with = "as_text_option")]
    pub until: Option<TomlDate>,
    /// Kinds of body that may supply it.
    pub supplied_by: Vec<String>,
    /// Whether it speaks against the person.
    pub adverse: bool,
    /// Layout of the file: `penalty`, `licence`, `honour`, `volunteering`, or `none` while it is not taken in by file.
    pub layout: String,
    /// `internal`, `government`, `mandated` or `consent`.
    pub grade: String,
    /// Procedures whose decisions it takes; empty where that does not apply.
    #[serde(default)]
    pub procedures: Vec<Procedure>,
    /// Whitelist of fields, by the names of the register.
    pub fields: Vec<String>,
    /// How long it is kept in sight, in plain words.
    pub how_long: String,
    /// The impact assessment without which nothing of it comes in; empty where nothing does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub assessment: String,
    /// Why.
    pub basis: Vec<Basis>,
    /// When the sources were read.
    #[serde(serialize_with = "as_text")]
    pub read_on: TomlDate,
    /// When they must be read again.
    #[serde(serialize_with = "as_text")]
    pub review_by: TomlDate,
}

impl Item {
    /// Whether decisions of that procedure may be supplied.
    #[must_use]
    pub fn takes(&self, procedure: Procedure) -> bool {
        self.procedures.is_empty() || self.procedures.contains(&procedure)
    }

    /// Whether it exists only by the person's own consent (I11).
    #[must_use]
    pub fn needs_consent(&self) -> bool {
        self.grade == "consent"
    }
}

/// A body of the city 单位 and its power.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Unified social credit code.
    pub uscc: String,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// Kind, for example `market-regulation`.
    pub kind: String,
    /// Statutory power.
    pub basis: Vec<Basis>,
}

/// A purpose 查询用途 for which a body may look at a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// For example `licence-review`.
    pub code: String,
    /// On screen.
    pub title: String,
    /// Kinds of body that may use it.
    pub users: Vec<String>,
    /// Items that it may see; a trailing `*` stands for the rest of a code.
    pub items: Vec<String>,
    /// What a matter looks like.
    pub matter_example: String,
    /// The impact assessment without which nobody looks for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub assessment: String,
    /// The statute that needs it.
    pub basis: Vec<Basis>,
}

impl Purpose {
    /// Whether the purpose may see records of that item.
    #[must_use]
    pub fn may_see(&self, item: &str) -> bool {
        self.items.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => item.starts_with(start),
            None => item == pattern,
        })
    }
}

/// An impact assessment 个人信息保护影响评估: why a feed or a purpose may be switched on.
///
/// # Law
/// 个人信息保护法 55, 56 — before it begins: lawful and necessary, what it does to people, whether the measures
/// fit the risk.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// For example `PIA-LICENCE`; items and purposes name it.
    pub code: String,
    /// On screen.
    pub title: String,
    /// Whether purpose and means are lawful, proper and necessary.
    pub lawfulness: String,
    /// What it does to people, and the risks.
    pub effects: String,
    /// What is done against the risks, and whether it fits.
    pub measures: String,
    /// What follows from it.
    pub conclusion: String,
    /// Role of who wrote it.
    pub written_by: String,
    /// Role of the second person, who approved it (I12).
    pub approved_by: String,
    /// When.
    #[serde(serialize_with = "as_text")]
    pub approved_on: TomlDate,
    /// When it must be done again.
    #[serde(serialize_with = "as_text")]
    pub review_by: TomlDate,
    /// Why.
    pub basis: Vec<Basis>,
}

impl Assessment {
    /// Whether a code is the number of an assessment that was written in the office (`PG20261124-7F3K2Q`): such a
    /// one stands in the database, not here.
    #[must_use]
    pub fn is_of_office(code: &str) -> bool {
        let Some((day, letters)) = code.strip_prefix("PG").and_then(|rest| rest.split_once('-'))
        else {
            return false;
        };
        day.len() == 8
            && day.chars().all(|sign| sign.is_ascii_digit())
            && letters.len() == 6
            && letters.chars().all(|sign| sign.is_ascii_digit() || sign.is_ascii_uppercase())
    }
}

/// The periods of one class.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRule {
    /// The class.
    pub code: Severity,
    /// Months from the decision until repair may be asked for.
    pub min_months: u32,
    /// Months from the decision until it ends by itself.
    pub max_months: u32,
    /// Whether it is displayed at all.
    pub shown: bool,
    /// Why.
    pub basis: Vec<Basis>,
}

/// A field that may never be stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForbiddenField {
    /// On screen.
    pub title: String,
    /// Field names that would hold it.
    pub names: Vec<String>,
    /// Why.
    pub basis: Vec<Basis>,
}

/// How sealed records are recognised at the door.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// Parts of a decision's number, without brackets; `*` stands for what lies between two parts.
    pub document_no: Vec<String>,
    /// Kinds of penalty, number or word.
    pub penalty_kinds: Vec<String>,
    /// Parts of a legal basis.
    pub legal_basis: Vec<String>,
    /// Parts of a decision's title or operative part.
    pub words: Vec<String>,
    /// Parts of a deciding body's name.
    pub authority: Vec<String>,
    /// Why.
    pub basis: Vec<Basis>,
}

impl Sealed {
    /// Whether a row is a record of public security.
    ///
    /// # Law
    /// 治安管理处罚法 136 — such records are sealed and given to nobody.
    #[must_use]
    pub fn is_public_security(
        &self,
        document_no: &str,
        penalty_kinds: &str,
        legal_basis: &str,
        authority: &str,
    ) -> bool {
        let any = |text: &str, marks: &[String]| {
            let text = without_brackets(text);
            marks.iter().any(|mark| holds(&text, mark))
        };
        any(document_no, &self.document_no)
            || any(legal_basis, &self.legal_basis)
            || any(authority, &self.authority)
            || penalty_kinds
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| self.penalty_kinds.iter().any(|mark| word == mark))
            || penalty_kinds.contains("拘留")
    }

    /// Whether a title or an operative part names such a record.
    #[must_use]
    pub fn is_named_in(&self, text: &str) -> bool {
        self.words.iter().any(|word| text.contains(word.as_str()))
    }

    /// Whether a cell is a mark of such a record whatever column it stands in: for rows whose cells
    /// could not be told apart.
    #[must_use]
    pub fn marks_cell(&self, cell: &str) -> bool {
        let text = without_brackets(cell);
        self.is_named_in(cell)
            || self.document_no.iter().chain(&self.legal_basis).any(|mark| holds(&text, mark))
            || self.authority.iter().any(|mark| text.ends_with(mark.as_str()))
            // A bare number may be anything in a cell whose column is not known.
            || self
                .penalty_kinds
                .iter()
                .filter(|kind| kind.parse::<u8>().is_err())
                .any(|kind| text == *kind)
    }
}

fn without_brackets(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"（）()〔〕[]【】［］".contains(*c)).collect()
}

/// Whether the parts of a mark stand in the text, in their order.
fn holds(text: &str, mark: &str) -> bool {
    let mut rest = text;
    for part in mark.split('*') {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    true
}

/// A text that a person is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeText {
    /// For example `record-entered`.
    pub code: String,
    /// Heading.
    pub title: String,
    /// Paragraphs with `{places}`.
    pub paragraphs: Vec<String>,
    /// Why it must be told.
    pub basis: Vec<Basis>,
}

/// Where to turn against an act of a kind of body.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// Kinds of body; `*` for all that are not named.
    pub kinds: Vec<String>,
    /// The body that reconsiders.
    pub body: String,
    /// The court.
    pub court: String,
    /// Why.
    pub basis: Vec<Basis>,
}

/// A list that a statute creates.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Code.
    pub code: String,
    /// On screen.
    pub title: String,
    /// Who decides.
    pub decided_by: String,
    /// Longest term in months; 0 while the decider's own term is followed.
    pub max_months: u32,
    /// Whether persons on it are published here.
    pub published_here: bool,
    /// Item under which its entries are recorded.
    pub item: String,
    /// Why.
    pub basis: Vec<Basis>,
}

/// A measure of the national list.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Number in the list.
    pub code: String,
    /// On screen.
    pub title: String,
    /// 1 reduces rights, 2 manages, 3 is others' own choice.
    pub tier: u8,
    /// Who applies it.
    pub applied_by: String,
    /// Whether it can meet a natural person.
    pub natural_person: bool,
    /// Lists that it needs, by code; empty where none is needed.
    #[serde(default)]
    pub lists: Vec<String>,
    /// Why.
    pub basis: Vec<Basis>,
}

/// A convenience for people who kept their word.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incentive {
    /// Code.
    pub code: String,
    /// On screen.
    pub title: String,
    /// Who offers it.
    pub owner: String,
    /// Its one condition.
    pub condition: String,
    /// Why.
    pub basis: Vec<Basis>,
}

/// A number that the law or we set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Name, for example `simple_max_fine_fen`.
    pub name: String,
    /// What it limits.
    pub title: String,
    /// The number.
    pub value: i64,
    /// Of what.
    pub unit: String,
    /// Why.
    pub basis: Vec<Basis>,
}

/// A rule that somebody must still confirm.
#[derive(Clone, Debug, Serialize)]
pub struct Unconfirmed {
    /// File.
    pub file: String,
    /// Line.
    pub line: usize,
    /// Which rule.
    pub what: String,
    /// Which source.
    pub source: String,
    /// How it is known.
    pub status: Status,
    /// What to know about it.
    pub note: Option<String>,
}

fn as_text<S: serde::Serializer>(date: &TomlDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&date.0)
}

fn as_text_option<S: serde::Serializer>(
    date: &Option<TomlDate>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => serializer.collect_str(&date.0),
        None => serializer.serialize_none(),
    }
}
