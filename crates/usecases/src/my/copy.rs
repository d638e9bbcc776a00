//! 我的信息副本: everything that is kept about a person, for him to take away.

use jiff::Timestamp;
use register::RecordId;
use register::consent::Consent;
use register::contact::Contact;
use register::correction::Correction;
use register::delivery::Delivery;
use register::inquiry::Inquiry;
use register::mandate::Mandate;
use register::notice::Notice;
use register::opening::Opening;
use register::paper::Paper;
use register::report::Report;

use super::file::{MyFile, gather};
use super::looks::{MyLook, looks};
use super::myself;
use super::notices::{Subject, subject};
use crate::access_log::{self, Disclosed, Door, Look};
use crate::case::{Head, Step, steps};
use crate::cx::{Actor, Cx};
use crate::error::Result;
use crate::paper;

/// Looks read at once.
const LOOKS: u32 = 500;

/// Everything that is kept about a person.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Who he is, and his records.
    pub file: MyFile,
    /// Every look at him, newest first.
    pub looks: Vec<MyLook>,
    /// How many looks were tried and refused.
    pub refused: u64,
    /// What he was told, with what it is about.
    pub notices: Vec<(Notice, Option<Subject>)>,
    /// What he asked for, newest first in each kind.
    pub cases: Vec<CopiedCase>,
    /// Looks that he did not understand, with what was said.
    pub inquiries: Vec<(Inquiry, Vec<Step>)>,
    /// Whom he allowed to look.
    pub mandates: Vec<Mandate>,
    /// What he allows to be kept, and allowed.
    pub consents: Vec<Consent>,
    /// How he wants to be reached.
    pub contact: Option<Contact>,
    /// What left the house for him or about him.
    pub deliveries: Vec<Delivery>,
    /// Who was told that a fact changed, and who has acknowledged it.
    pub corrections: Vec<Correction>,
    /// Reports that were issued.
    pub reports: Vec<Report>,
    /// What two people opened of his archive, or decided not to.
    pub openings: Vec<Opening>,
}

/// One case with its words; of its papers the names and digests, the files are downloaded one by one.
#[derive(Clone, Debug)]
pub struct CopiedCase {
    /// Its number.
    pub number: String,
    /// The record that it is about.
    pub record: RecordId,
    /// Where it stands, in Chinese.
    pub state: &'static str,
    /// When it began.
    pub received_at: Timestamp,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// What was done, oldest first.
    pub steps: Vec<Step>,
    /// Papers of both sides.
    pub papers: Vec<Paper>,
}

/// Gives the person a copy of everything. The look is logged like any other.
///
/// # Errors
/// [`crate::Error::Denied`], [`crate::Error::Log`].
///
/// # Law
/// 个人信息保护法 45 — to see and to copy, and to take it elsewhere.
pub async fn copy(cx: &Cx, actor: &Actor) -> Result<Disclosed<Copy>> {
    let person = myself(cx, actor)?;
    let file = gather(cx, person).await?;
    let (looks, refused) = all_looks(cx, actor).await?;
    let db = cx.store.read();
    let records = store::record::of_person(db, person).await?;
    let mut notices = Vec::new();
    for notice in store::notice::of_person(db, person).await? {
        let subject = subject(cx, &notice, &records).await?;
        notices.push((notice, subject));
    }
    let mut cases = Vec::new();
    for one in store::objection::of_person(db, person).await? {
        cases.push(copied(cx, &one, one.state.title(), one.closed_at).await?);
    }
    for one in store::repair::of_person(db, person).await? {
        cases.push(copied(cx, &one, one.state.title(), one.closed_at).await?);
    }
    for one in store::challenge::of_person(db, person).await? {
        cases.push(copied(cx, &one, one.state.title(), one.closed_at).await?);
    }
    let mut look = Look::by(actor, Door::OwnFile, person);
    look.records = file.records.iter().map(|mine| mine.record.id).collect();
    let mut inquiries = Vec::new();
    for one in store::inquiry::of_person(db, person).await? {
        let steps = steps(cx, crate::inquiry::of(&one)).await?;
        inquiries.push((one, steps));
    }
    let copy = Copy {
        file,
        looks,
        refused,
        notices,
        cases,
        inquiries,
        mandates: crate::mandate::mine(cx, actor).await?,
        consents: store::consent::of_person(db, person).await?,
        contact: crate::contact::of(cx, person).await?,
        deliveries: store::delivery::of_person(db, person).await?,
        corrections: store::correction::of_person(db, person).await?,
        reports: store::report::of_person(db, person).await?,
        openings: store::opening::of_person(db, person).await?,
    };
    access_log::before(cx, look, copy).await
}

async fn copied<T: Head>(
    cx: &Cx,
    head: &T,
    state: &'static str,
    closed_at: Option<Timestamp>,
) -> Result<CopiedCase> {
    let of = head.of();
    let papers = store::case::papers(cx.store.read(), of.person, of.case).await?;
    Ok(CopiedCase {
        papers: paper::opened(cx, papers)?,
        number: head.number().to_owned(),
        record: head.of().record,
        state,
        received_at: head.since(),
        closed_at,
        steps: steps(cx, head.of()).await?,
    })
}

async fn all_looks(cx: &Cx, actor: &Actor) -> Result<(Vec<MyLook>, u64)> {
    let mut all = Vec::new();
    let mut before = u64::MAX;
    loop {
        let page = looks(cx, actor, before, LOOKS).await?;
        all.extend(page.looks);
        match all.last().filter(|_| page.has_older) {
            Some(oldest) => before = oldest.seq,
            None => return Ok((all, page.refused)),
        }
    }
}
