//! 核验报告: whoever holds a report asks whether it is ours and still holds. The answer names nobody.

use jiff::Timestamp;
use register::disclosure::facts_for;
use register::report::Verdict;

use super::fingerprint;
use crate::cx::Cx;
use crate::error::Result;
use crate::{seal, secret_code};

/// What is said of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Whether it holds.
    pub verdict: Verdict,
    /// Its number and when it was issued, unless no report has the code.
    pub report: Option<(String, Timestamp)>,
}

/// Checks a report by its code, and the SHA-256 of its file if one was shown. Whether the facts have changed is all that
/// is said of them, so nothing is logged as a look.
///
/// # Errors
/// [`crate::Error::Store`], [`crate::Error::Vault`].
pub async fn verify(cx: &Cx, code: &str, file: Option<[u8; 32]>) -> Result<Checked> {
    let db = cx.store.read();
    let mark = secret_code::mark(&cx.vault, "report-code", code);
    let Some(report) = store::report::by_code(db, &mark).await? else {
        return Ok(Checked { verdict: Verdict::Unknown, report: None });
    };
    let purpose = report.purpose.as_deref().map(|code| cx.rules.purpose(code));
    let mut records = Vec::new();
    for stored in store::record::of_person(db, report.person).await? {
        records.push(seal::open_record(&cx.vault, stored)?);
    }
    // The person's own report has them newest first.
    if report.purpose.is_none() {
        records.reverse();
    }
    let may_see = |item: &str| match purpose {
        None => true,
        Some(purpose) => purpose.is_some_and(|purpose| purpose.may_see(item)),
    };
    let facts = facts_for(records, may_see, &cx.rules, cx.today());
    let now = fingerprint(&cx.vault, &facts);
    let verdict = report.judge(file, now);
    Ok(Checked { verdict, report: Some((report.number, report.issued_at)) })
}
