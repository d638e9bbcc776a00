//! 出具报告: gather what may be shown, log it, let it be printed, keep its digest.

use register::disclosure::{Fact, facts_for};
use register::report::Report;
use register::{IdDocument, PersonId, PersonName, ReportId};
use sha2::{Digest, Sha256};

use super::fingerprint;
use crate::access_log::{self, Disclosed, Door, Look};
use crate::check::{self, Ask};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::{self, MyLook, myself};
use crate::{case, seal, secret_code};

/// Looks that a report lists, the latest first.
const LOOKS: u32 = 30;

/// A report that is to be printed. It counts once it was kept.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The report; its digest is still unknown.
    pub report: Report,
    /// The code by which its holder checks it.
    pub code: String,
    /// The person's document.
    pub document: IdDocument,
    /// His name.
    pub name: PersonName,
    /// What may be shown.
    pub facts: Vec<Fact>,
    /// Who looked, for the person's own report.
    pub looks: Option<Vec<MyLook>>,
    /// In which matter, for a purpose.
    pub matter: String,
    /// Signature over number, time and code.
    pub signature: Vec<u8>,
    /// The public key that checks it.
    pub public_key: String,
}

/// The person's own report: what others may see of him today, his own words, and who looked.
///
/// # Law
/// 个人信息保护法 45 — a copy, free of charge.
///
/// # Errors
/// [`Error::Denied`], [`Error::Log`].
pub async fn own(cx: &Cx, actor: &Actor) -> Result<Disclosed<Draft>> {
    let person = myself(cx, actor)?;
    let file = my::gather(cx, person).await?;
    let records = file.records.into_iter().map(|mine| (mine.record, mine.history)).collect();
    let facts = facts_for(records, |_| true, &cx.rules, cx.today());
    let mut looks = my::looks(cx, actor, u64::MAX, LOOKS).await?.looks;
    looks.retain(|look| !look.is_own);
    let mut draft =
        draft(cx, actor, person, (file.document, file.name), facts, None, String::new())?;
    draft.looks = Some(looks);
    let mut look = Look::by(actor, Door::Report, person);
    look.matter.clone_from(&draft.report.number);
    look.giving(&draft.facts);
    access_log::before(cx, look, draft).await
}

/// A report for a purpose in a matter: a check, on paper. It is logged, and refused, like any check.
///
/// # Errors
/// Of a check.
pub async fn for_purpose(cx: &Cx, actor: &Actor, ask: &Ask) -> Result<Disclosed<Draft>> {
    let checked = check::one(cx, actor, ask).await?;
    let mut mistakes = Vec::new();
    let who = seal::read_person(&ask.id_kind, &ask.id_number, &ask.name, cx.today(), &mut mistakes);
    let (document, name) = who.ok_or(Error::Mistakes(mistakes))?;
    let blind = seal::blind(&cx.vault, &document);
    let found = cx.person(blind).await?;
    let person = found.map_or_else(|| seal::stand_in(&blind), |found| found.person);
    let purpose = Some(ask.purpose.trim().to_owned());
    let matter = ask.matter.trim().to_owned();
    checked.try_map(|facts| draft(cx, actor, person, (document, name), facts, purpose, matter))
}

fn draft(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    (document, name): (IdDocument, PersonName),
    facts: Vec<Fact>,
    purpose: Option<String>,
    matter: String,
) -> Result<Draft> {
    let id = ReportId(cx.new_id());
    let report = Report {
        id,
        number: case::number("BG", cx.today(), id.0),
        person,
        purpose,
        fingerprint: fingerprint(&cx.vault, &facts),
        digest: [0; 32],
        issued_at: cx.now(),
        issued_by: actor.account,
    };
    let code = secret_code::code(cx.bytes());
    let message = format!("chengxin-report\n{}\n{}\n{code}", report.number, report.issued_at);
    let signer = cx.vault.signer();
    let signature = signer.sign(message.as_bytes());
    let public_key = signer.public_key_of(&signature)?.to_string();
    Ok(Draft { report, code, document, name, facts, looks: None, matter, signature, public_key })
}

/// The digest by which a file is known again.
#[must_use]
pub fn digest(file: &[u8]) -> [u8; 32] {
    Sha256::digest(file).into()
}

/// Keeps a report with the digest of its file: from now on its code leads to it. Only then may the file be
/// handed out.
///
/// # Errors
/// [`Error::Store`].
pub async fn keep(cx: &Cx, draft: &Draft, file: &[u8]) -> Result<()> {
    let report = Report { digest: digest(file), ..draft.report.clone() };
    let tx = cx.store.begin().await?;
    let mark = secret_code::mark(&cx.vault, "report-code", &draft.code);
    store::report::add(&tx, &report, &mark).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// The person's own reports, newest first.
///
/// # Errors
/// [`Error::Denied`].
pub async fn mine(cx: &Cx, actor: &Actor) -> Result<Vec<Report>> {
    let person = myself(cx, actor)?;
    let mut reports = store::report::of_person(cx.store.read(), person).await?;
    reports.truncate(10);
    Ok(reports)
}
