//! 个人公共信用信息报告: what the register holds about one person, on paper, for that person.

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::engine::{Identity, print};
use crate::world::Template;
use crate::{Pdf, ReportError};

/// A report as it is issued to the person it is about.
///
/// Of each list `None` leaves the section out, an empty one says in a sentence that there is nothing.
/// Everything is printed as given: what may be shown was decided before.
///
/// There is no section 基本信息, and there will be none: of a person the register keeps his document and his name, which
/// stand at the head, and nothing else about who he is (个人信息保护法 6).
#[derive(Clone, Serialize)]
pub struct CreditReport {
    /// 报告编号.
    pub number: String,
    /// 出具时间, in the city's civil time.
    pub issued_at: DateTime,
    /// 出具单位.
    pub issuer: String,
    /// 姓名, as on the identity document.
    pub name: String,
    /// 证件类型, e.g. 居民身份证.
    pub id_kind: String,
    /// 证件号码, already masked: this crate masks nothing.
    pub masked_id_number: String,
    /// 行政许可.
    pub licences: Option<Vec<Licence>>,
    /// 行政处罚和名单, within their period of display.
    pub penalties: Option<Vec<Penalty>>,
    /// 荣誉和志愿 that the person agreed to show.
    pub honours: Option<Vec<Honour>>,
    /// 信用承诺 that still bind.
    pub pledges: Option<Vec<Pledge>>,
    /// 本人声明, all in one place; each stands in the [`Mark`] of its record as well.
    pub statements: Option<Vec<Statement>>,
    /// 查询记录: who has looked, the latest first.
    pub accesses: Option<Vec<AccessEntry>>,
    /// How many looks there are in all, those that are not printed included.
    pub accesses_in_all: u64,
    /// What the report may be used for, one sentence, if it is limited.
    pub valid_for: Option<String>,
    /// Where to object: office, telephone, address, page.
    pub objection_contact: String,
    /// How its origin can be checked; without it the report says that it is unsigned.
    pub signature: Option<Signature>,
}

/// Whether the person says that a record is wrong, and his own words beside it.
#[derive(Clone, Default, Serialize)]
pub struct Mark {
    /// 有异议.
    pub is_contested: bool,
    /// 复议、诉讼中.
    pub is_challenged: bool,
    /// 本人声明 about this record.
    pub statement: Option<String>,
    /// 异议（无法核实）: what the person said that could neither be confirmed nor refuted.
    pub noted: Option<String>,
}

/// 行政许可.
#[derive(Clone, Serialize)]
pub struct Licence {
    pub title: String,
    /// 许可编号.
    pub licence_no: String,
    /// 许可机关.
    pub authority: String,
    pub decided_on: Date,
    /// `None`: without end.
    pub valid_until: Option<Date>,
    pub mark: Mark,
}

/// 行政处罚, or an entry on a statutory list.
#[derive(Clone, Serialize)]
pub struct Penalty {
    /// What it is in words, e.g. 行政处罚 or the name of the list.
    pub kind: String,
    /// 违法行为 or the ground for the entry.
    pub title: String,
    /// 文书号.
    pub document_no: String,
    /// 处罚内容 in words.
    pub outcome: String,
    /// 决定机关.
    pub authority: String,
    pub decided_on: Date,
    /// Last day on which it is shown.
    pub display_until: Option<Date>,
    pub mark: Mark,
}

/// 荣誉 or 志愿服务.
#[derive(Clone, Serialize)]
pub struct Honour {
    pub title: String,
    /// 授予单位.
    pub awarded_by: String,
    pub awarded_on: Date,
    pub mark: Mark,
}

/// 信用承诺, and how it was kept.
#[derive(Clone, Serialize)]
pub struct Pledge {
    pub title: String,
    /// 受理单位.
    pub received_by: String,
    pub made_on: Date,
    /// 履行情况 in words.
    pub outcome: String,
    pub mark: Mark,
}

/// 本人声明.
#[derive(Clone, Serialize)]
pub struct Statement {
    pub made_on: Date,
    /// What the record says that it stands beside.
    pub about: String,
    pub text: String,
}

/// One look into the register.
#[derive(Clone, Serialize)]
pub struct AccessEntry {
    pub at: DateTime,
    /// 查询单位.
    pub by: String,
    /// 查询用途.
    pub purpose: String,
}

/// How the origin of the report can be checked.
#[derive(Clone, Serialize)]
pub struct Signature {
    /// E.g. `SM2 with SM3`.
    pub algorithm: String,
    pub public_key: String,
    /// The signature as short text.
    pub value: String,
    /// What its holder types to check it.
    pub code: String,
    /// The fingerprint of what the report says, as it was signed.
    pub fingerprint: String,
    /// Where it can be checked; printed as text and as a QR code.
    pub verify_url: String,
}

/// Prints the report.
pub fn credit_report(report: &CreditReport) -> Result<Pdf, ReportError> {
    for (field, text) in [("number", &report.number), ("name", &report.name)] {
        if text.trim().is_empty() {
            return Err(ReportError::Empty { field });
        }
    }
    let identity = Identity {
        ident: format!("credit-report/{}", report.number),
        issued_at: report.issued_at,
        verify_url: report.signature.as_ref().map(|signature| signature.verify_url.as_str()),
    };
    print(Template::CreditReport, report, identity, Vec::new())
}
