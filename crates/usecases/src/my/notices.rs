//! 我的告知书: what the person was told; opening one marks it as read.

use jiff::civil::Date;
use register::inquiry::Inquiry;
use register::notice::{About, Notice};
use register::record::History;
use register::{NoticeId, PersonId, PersonName, Record, RecordId};
use store::record::Stored;

use super::looks::{MyLook, with_findings};
use super::myself;
use crate::access_log::{self, Disclosed, Door, Look};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::incident::Told;
use crate::seal;

/// The person's notices, newest first. They say nothing about him until one is opened.
///
/// # Errors
/// [`Error::Denied`].
pub async fn notices(cx: &Cx, actor: &Actor) -> Result<Vec<Notice>> {
    let person = myself(cx, actor)?;
    Ok(store::notice::of_person(cx.store.read(), person).await?)
}

/// A notice that its addressee has opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The notice.
    pub notice: Notice,
    /// His name.
    pub name: PersonName,
    /// What it is about, as that stands now.
    pub subject: Subject,
}

/// What a notice is about, as that stands now.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A record.
    Record {
        /// What it says.
        record: Box<Record>,
        /// What happened to it.
        history: History,
        /// The last day of the case that was extended, in a notice that tells so.
        extended_until: Option<Date>,
    },
    /// The answer to a question about a look.
    Inquiry(Inquiry),
    /// Looks that one case of supervision found should not have been, in the order of the log.
    Looks(Vec<MyLook>),
    /// An incident in which his information was.
    Incident(Box<Told>),
}

impl Subject {
    /// The record, if it is one.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        match self {
            Self::Record { record, .. } => Some(record),
            Self::Inquiry(_) | Self::Looks(_) => None,
            Self::Incident(_) => None,
        }
    }
}

/// What a notice is about, if it is still there; `records` are the person's.
pub(crate) async fn subject(
    cx: &Cx,
    notice: &Notice,
    records: &[Stored],
) -> Result<Option<Subject>> {
    match notice.about {
        About::Record(id) => {
            let Some(found) = records.iter().find(|one| one.id == id) else { return Ok(None) };
            let (record, history) = seal::open_record(&cx.vault, found.clone())?;
            let extended_until = extended_until(cx, notice, id).await?;
            Ok(Some(Subject::Record { record: Box::new(record), history, extended_until }))
        }
        About::Inquiry(id) => {
            let found = store::inquiry::of_person_by_id(cx.store.read(), notice.person, id).await?;
            Ok(found.map(Subject::Inquiry))
        }
        About::Look(seq) => {
            let looks = wrongful_with(cx, notice.person, seq).await?;
            Ok((!looks.is_empty()).then_some(Subject::Looks(looks)))
        }
        About::Incident(id) => {
            let told = crate::incident::told_of(cx, id).await?;
            Ok(told.map(|told| Subject::Incident(Box::new(told))))
        }
    }
}

/// The look at that position, and all others at the same person that the same notice tells him of.
async fn wrongful_with(cx: &Cx, person: PersonId, seq: u64) -> Result<Vec<MyLook>> {
    let db = cx.store.read();
    let seqs = store::supervision::told_with(db, cx.log.name(), person, seq).await?;
    let entries = store::access_entry::at(db, cx.log.name(), &seqs).await?;
    with_findings(cx, entries).await
}

/// The last day of the case that this notice says was extended, as it is reckoned today.
async fn extended_until(cx: &Cx, notice: &Notice, record: RecordId) -> Result<Option<Date>> {
    let (db, person) = (cx.store.read(), notice.person);
    // Newest first: the one that had begun when this was told.
    match notice.text.as_str() {
        "objection-extended" => {
            let mut all = store::objection::of_person(db, person).await?;
            all.retain(|one| one.record == record && one.received_at <= notice.created_at);
            Ok(all.into_iter().find(|one| one.is_extended).map(|one| one.due))
        }
        "repair-extended" => {
            let mut all = store::repair::of_person(db, person).await?;
            all.retain(|one| one.record == record && one.received_at <= notice.created_at);
            Ok(all.into_iter().find(|one| one.is_extended).map(|one| one.due))
        }
        _ => Ok(None),
    }
}

/// Opens one notice with what it is about.
///
/// # Errors
/// [`Error::NotFound`] if it is not his.
pub async fn notice(cx: &Cx, actor: &Actor, id: NoticeId) -> Result<Disclosed<Opened>> {
    let person = myself(cx, actor)?;
    let tx = cx.store.begin().await?;
    // What was written while he opened his account is delivered now: he has it before his eyes.
    crate::notice::deliver(cx, &tx, person).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    let db = cx.store.read();
    let notices = store::notice::of_person(db, person).await?;
    let mut notice = notices.into_iter().find(|notice| notice.id == id).ok_or(Error::NotFound)?;
    let stored = store::record::of_person(db, person).await?;
    let subject = subject(cx, &notice, &stored).await?.ok_or(Error::NotFound)?;
    let (kind, sealed) = store::person::sealed(db, person).await?.ok_or(Error::NotFound)?;
    let (_, name) = seal::open_identity(&cx.vault, person, &kind, &sealed)?;
    notice.state = notice.state.read(cx.now());

    let mut look = Look::by(actor, Door::OwnFile, person);
    look.records = subject.record().map(|record| record.id).into_iter().collect();
    let read = notice.clone();
    let opened = access_log::before(cx, look, Opened { notice, name, subject }).await?;
    // He has read it only once it can be shown.
    let tx = cx.store.begin().await?;
    store::notice::save_state(&tx, &read).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(opened)
}
