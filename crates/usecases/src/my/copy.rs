//! 我的信息副本: everything that is kept about a person, for him to take away.

use jiff::Timestamp;
use register::RecordId;
use register::notice::Notice;

use super::file::{MyFile, gather};
use super::looks::{MyLook, looks};
use super::myself;
use crate::access_log::{self, Disclosed, Door, Look};
use crate::case::{Head, Step, steps};
use crate::cx::{Actor, Cx};
use crate::error::Result;

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
    /// What he was told.
    pub notices: Vec<Notice>,
    /// What he asked for, newest first in each kind.
    pub cases: Vec<CopiedCase>,
}

/// One case with its words; its papers are downloaded one by one.
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
    let notices = store::notice::of_person(db, person).await?;
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
    access_log::before(cx, look, Copy { file, looks, refused, notices, cases }).await
}

async fn copied<T: Head>(
    cx: &Cx,
    head: &T,
    state: &'static str,
    closed_at: Option<Timestamp>,
) -> Result<CopiedCase> {
    Ok(CopiedCase {
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
