//! 撤回同意、删除: no reason is asked, nothing of it is shown from the next question on, whoever received it is
//! told, and it is erased as soon as all have acknowledged that.

use register::record::History;
use register::{EventKind, PersonId, RecordId};
use store::Tx;

use super::{item, step};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::myself;
use crate::{correction, retention};

/// Takes back the consent to one kind: all facts of that kind are gone. Says how many there were.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if no consent to this kind runs.
///
/// # Law
/// 个人信息保护法 15, 47 — as easily taken back as given; then erased.
pub async fn end(cx: &Cx, actor: &Actor, code: &str) -> Result<usize> {
    let person = myself(cx, actor)?;
    let item = item(cx, code)?;
    let tx = cx.store.begin().await?;
    // First: whoever is entering facts by it has finished, and what he entered goes too.
    if !store::consent::end(&tx, person, &item.code, cx.now()).await? {
        return Err(Error::NotFound);
    }
    let mut gone = 0;
    for stored in held(&tx, person).await? {
        if stored.item == item.code && History::of(&stored.events).withdrawn_on.is_none() {
            let kind = EventKind::ConsentEnded { on: cx.today() };
            go(cx, &tx, actor, (person, stored.id), kind).await?;
            gone += 1;
        }
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(gone)
}

/// Removes one honour or one entry of volunteering; the consent goes on. Runs twice without harm.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if it is not one of his, or of another kind.
pub async fn remove(cx: &Cx, actor: &Actor, record: RecordId) -> Result<()> {
    let person = myself(cx, actor)?;
    let tx = cx.store.begin().await?;
    // One after the other, where it is pressed twice at once.
    store::consent::held(&tx, &[person]).await?;
    store::retention::held(&tx, person, record).await?.ok_or(Error::NotFound)?;
    let stored = store::record::of_person(&tx, person).await?;
    let stored = stored.into_iter().find(|stored| stored.id == record).ok_or(Error::NotFound)?;
    item(cx, &stored.item)?;
    if History::of(&stored.events).withdrawn_on.is_none() {
        go(cx, &tx, actor, (person, record), EventKind::Removed { on: cx.today() }).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// A person's records, held first, so that nobody else takes one away in this moment.
async fn held(tx: &Tx, person: PersonId) -> Result<Vec<store::record::Stored>> {
    for stored in store::record::of_person(tx, person).await? {
        store::retention::held(tx, person, stored.id).await?;
    }
    Ok(store::record::of_person(tx, person).await?)
}

async fn go(
    cx: &Cx,
    tx: &Tx,
    actor: &Actor,
    (person, record): (PersonId, RecordId),
    kind: EventKind,
) -> Result<()> {
    let event = step(cx, tx, actor, (person, record), kind).await?;
    correction::send(cx, tx, person, &event).await?;
    retention::after(cx, tx, person, &event).await
}
