//! 核对去世登记: the second person confirms it, and everything about the dead stops in one transaction; or it
//! was wrong, and everything goes on as before.

use access::Action;
use register::{DeathId, Event, EventId, EventKind, PersonId};
use store::Tx;

use crate::counter::may;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::opening::expect_second;
use crate::retention;

/// Confirms a death: nobody is shown anything about the person any more, nothing new enters, his own
/// accounts are switched off, and no message is sent to his address.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotSecond`], [`Error::NotFound`] if it does not wait for that.
pub async fn confirm(cx: &Cx, actor: &Actor, person: PersonId, id: DeathId) -> Result<()> {
    may(cx, actor, person, Action::ConfirmDeath)?;
    let tx = cx.store.begin().await?;
    let (death, _) = store::death::by_id(&tx, person, id).await?.ok_or(Error::NotFound)?;
    expect_second(&tx, death.noted_by, actor).await?;
    // One moment: what was switched off in it is switched on again if it was wrong.
    let now = cx.now();
    if !store::death::confirm(&tx, (person, id), actor.account, now).await? {
        return Err(Error::NotFound);
    }
    // First: what is being entered about the person in this moment is waited for, and then stopped too.
    if !store::person::set_died_on(&tx, person, Some(death.died_on)).await? {
        return Err(Error::NotFound);
    }
    let kind = EventKind::OwnerDied { on: death.died_on };
    everywhere(cx, &tx, actor, person, kind).await?;
    store::account::disable_of_person(&tx, person, now).await?;
    store::contact::remove(&tx, person).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    cx.forget_callers();
    Ok(())
}

/// Ends a note of a death that was wrong: what it stopped goes on.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if it was ended before.
pub async fn end(cx: &Cx, actor: &Actor, person: PersonId, id: DeathId) -> Result<()> {
    may(cx, actor, person, Action::ConfirmDeath)?;
    let tx = cx.store.begin().await?;
    store::death::by_id(&tx, person, id).await?.ok_or(Error::NotFound)?;
    // As it stands in this moment: somebody may have confirmed it since it was read.
    let confirmed_at = store::death::end(&tx, (person, id), cx.now()).await?;
    if let Some(at) = confirmed_at.ok_or(Error::NotFound)? {
        if !store::person::set_died_on(&tx, person, None).await? {
            return Err(Error::NotFound);
        }
        everywhere(cx, &tx, actor, person, EventKind::OwnerLives).await?;
        // What relatives were granted goes on no longer.
        for stored in store::record::of_person(&tx, person).await? {
            match retention::redate(cx, &tx, person, stored.id).await {
                Ok(()) | Err(Error::NotFound) => {}
                Err(Error::Store(error)) => return Err(error.into()),
                // One that no longer opens keeps nobody dead. It stays until somebody has looked at it.
                Err(error) => {
                    tracing::error!(%error, record = %stored.id, "no day to erase it by");
                    store::retention::set_day(&tx, person, stored.id, None).await?;
                }
            }
        }
        store::account::enable_of_person(&tx, person, at).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// Adds a step to every record of the person.
async fn everywhere(
    cx: &Cx,
    tx: &Tx,
    actor: &Actor,
    person: PersonId,
    kind: EventKind,
) -> Result<()> {
    let by = Some(actor.account);
    let events: Vec<_> = store::record::of_person(tx, person)
        .await?
        .into_iter()
        .map(|stored| {
            let id = EventId(cx.new_id());
            (person, Event { id, record: stored.id, kind, sealed: None, by, at: cx.now() })
        })
        .collect();
    Ok(store::record::add_events(tx, &events).await?)
}
