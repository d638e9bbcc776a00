//! 出具报告: gather what may be shown, log it, let it be printed, keep its digest.

use register::disclosure::{Fact, facts_for};
use register::report::{Asked, Report};
use register::{IdDocument, PersonId, PersonName, ReportId};
use sha2::{Digest, Sha256};
use store::person::Mark;

use super::own::{self, Own};
use super::{fingerprint, message};
use crate::access_log::{self, Disclosed, Door, Look};
use crate::check::{self, Ask};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::{self, myself};
use crate::{case, seal, secret_code};

/// A report that is to be printed. It counts once it was kept.
#[derive(Clone)]
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
    /// What only the person's own report holds; `None` for one for a purpose.
    pub own: Option<Own>,
    /// In which matter, for a purpose.
    pub matter: String,
    /// Signature over its [`message`].
    pub signature: Vec<u8>,
    /// The public key that checks it.
    pub public_key: String,
}

register::hidden!(Draft);

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
    let own = own::gather(cx, person, &facts).await?;
    let whom = Whom { person, asked: None, document: file.document, name: file.name };
    let draft = draft(cx, actor, whom, facts, Some(own), (None, String::new()))?;
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
    let typed = (ask.id_number.reveal().as_str(), ask.name.reveal().as_str());
    let who = seal::read_person(&ask.id_kind, typed, cx.today(), &mut mistakes);
    let (document, name) = who.ok_or(Error::Mistakes(mistakes))?;
    let Mark { blind, name_mark, .. } = seal::mark(cx, &document, &name)?;
    // On paper, too, a number with another name is a number that nobody here has.
    let found = cx.person(blind).await?.filter(|found| found.name_mark == name_mark);
    let (person, asked) = match found {
        Some(found) => (found.person, None),
        None => (seal::stand_in(&blind), Some(Asked { blind, name_mark })),
    };
    let whom = Whom { person, asked, document, name };
    let purpose = Some(ask.purpose.trim().to_owned());
    let matter = ask.matter.trim().to_owned();
    checked.try_map(|facts| draft(cx, actor, whom, facts, None, (purpose, matter)))
}

/// Whom a report is about.
struct Whom {
    person: PersonId,
    asked: Option<Asked>,
    document: IdDocument,
    name: PersonName,
}

fn draft(
    cx: &Cx,
    actor: &Actor,
    whom: Whom,
    facts: Vec<Fact>,
    own: Option<Own>,
    (purpose, matter): (Option<String>, String),
) -> Result<Draft> {
    let id = ReportId(cx.new_id());
    let Whom { person, asked, document, name } = whom;
    let pledges = own.as_ref().map(|own| own.pledges.as_slice()).unwrap_or_default();
    let report = Report {
        id,
        number: case::number("BG", cx.today(), id.0),
        person,
        asked,
        purpose,
        fingerprint: fingerprint(&cx.vault, &facts, pledges),
        digest: [0; 32],
        issued_at: cx.now(),
        issued_by: actor.account,
    };
    let code = secret_code::code(cx.bytes());
    let signer = cx.vault.signer();
    let signature = signer.sign(message(&report, &code).as_bytes());
    let public_key = signer.public_key_of(&signature)?.to_string();
    Ok(Draft { report, code, document, name, facts, own, matter, signature, public_key })
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
