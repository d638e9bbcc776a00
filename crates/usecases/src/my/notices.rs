//! 我的告知书: what the person was told; opening one marks it as read.

use register::notice::Notice;
use register::{NoticeId, Record};

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

/// Opens one notice with the record it is about.
///
/// # Errors
/// [`Error::NotFound`] if it is not his.
pub async fn notice(cx: &Cx, actor: &Actor, id: NoticeId) -> Result<Disclosed<(Notice, Record)>> {
    let person = myself(cx, actor)?;
    let tx = cx.store.begin().await?;
    let notices = store::notice::of_person(&tx, person).await?;
    let mut notice = notices.into_iter().find(|notice| notice.id == id).ok_or(Error::NotFound)?;
    let stored = store::record::of_person(&tx, person).await?;
    let stored = stored.into_iter().find(|r| r.id == notice.record).ok_or(Error::NotFound)?;
    let (record, _) = seal::open_record(&cx.vault, stored)?;
    notice.state = notice.state.read(cx.now());
    store::notice::save_state(&tx, &notice).await?;
    tx.commit().await.map_err(store::StoreError::from)?;

    let mut look = Look::by(actor, Door::OwnFile, person);
    look.records = vec![record.id];
    access_log::before(cx, look, (notice, record)).await
}
