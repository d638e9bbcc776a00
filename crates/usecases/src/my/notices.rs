//! 我的告知书: what the person was told; opening one marks it as read.

use register::notice::Notice;
use register::record::History;
use register::{NoticeId, PersonName, Record};

use super::myself;
use crate::access_log::{self, Disclosed, Door, Look};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
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
    /// The record it is about.
    pub record: Record,
    /// What happened to the record.
    pub history: History,
}

/// Opens one notice with the record it is about.
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
    let stored = stored.into_iter().find(|r| r.id == notice.record).ok_or(Error::NotFound)?;
    let (record, history) = seal::open_record(&cx.vault, stored)?;
    let (kind, sealed) = store::person::sealed(db, person).await?.ok_or(Error::NotFound)?;
    let (_, name) = seal::open_identity(&cx.vault, person, &kind, &sealed)?;
    notice.state = notice.state.read(cx.now());

    let mut look = Look::by(actor, Door::OwnFile, person);
    look.records = vec![record.id];
    let read = notice.clone();
    let opened = access_log::before(cx, look, Opened { notice, name, record, history }).await?;
    // He has read it only once it can be shown.
    let tx = cx.store.begin().await?;
    store::notice::save_state(&tx, &read).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(opened)
}
