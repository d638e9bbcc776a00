//! 核验报告: whoever holds a report asks whether it is ours and still holds. The answer names nobody.

use jiff::Timestamp;
use register::disclosure::facts_for;
use register::report::{Asked, Verdict};
use store::record::Stored;

use super::fingerprint;
use super::own::pledges;
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

/// Checks a report by its code, and the SHA-256 of its file if one was shown.
///
/// Whether the facts have changed is all that is said of them, so nothing is logged as a look. By the code alone
/// nothing is said of what the paper in hand says.
///
/// The signature on the paper is for whoever checks it without us; here code, digest and fingerprint answer.
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
    let stored = match &report.asked {
        None => store::record::of_person(db, report.person).await?,
        Some(asked) => of_asked(cx, asked).await?,
    };
    let mut records = Vec::new();
    for stored in stored {
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
    let mut pledges = match &report.purpose {
        None => pledges(cx, report.person, &facts).await?,
        Some(_) => Vec::new(),
    };
    // Whoever asks for a repair changes no fact, and what he signs later does not tell of the reports that he has given
    // out: that he used a right is nobody's business.
    pledges.retain(|pledge| pledge.at <= report.issued_at);
    let now = fingerprint(&cx.vault, &facts, &pledges);
    let verdict = report.judge(file, now);
    Ok(Checked { verdict, report: Some((report.number, report.issued_at)) })
}

/// The records of whom the register did not know when the report was issued, if it does now: by the document and the
/// name, as a check finds him.
async fn of_asked(cx: &Cx, asked: &Asked) -> Result<Vec<Stored>> {
    let found = cx.person(asked.blind).await?;
    let found = found.filter(|found| found.name_mark == asked.name_mark);
    Ok(found.map(|found| found.records).unwrap_or_default())
}
