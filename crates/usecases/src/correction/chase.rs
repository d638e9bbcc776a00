//! 追送和催办: looks that were under way while a fact changed, and receivers that keep silent.

use jiff::SignedDuration;
use register::{Event, EventId, EventKind, PersonId};

use super::{change_of, is_no_news, send};
use crate::cx::Cx;
use crate::delivery::{self, Push};
use crate::error::Result;
use crate::receivers::{given_out, to_be_told};

/// How far back changes are looked at again. A look is answered within seconds of reading its facts;
/// a day leaves room for a machine that slept.
const BACK: SignedDuration = SignedDuration::from_hours(24);

/// Changes read at once.
const PAGE: u32 = 500;

/// Sends what a look under way would have missed, and reminds whoever has not acknowledged in time.
///
/// Such a look read the fact before the change, and its entry came after. What cannot be done about one
/// person keeps nobody else waiting.
///
/// # Errors
/// [`crate::Error::Store`]; of what could not be done, the first.
pub async fn chase(cx: &Cx) -> Result<u64> {
    let now = cx.now();
    let mut from = (now.checked_sub(BACK).unwrap_or(now), EventId(uuid::Uuid::nil()));
    let (mut done, mut failed) = (0, None);
    loop {
        let page = store::record::changes_since(cx.store.read(), from, PAGE).await?;
        let Some((_, last)) = page.last() else { break };
        from = (last.at, last.id);
        for (person, event) in page {
            match one(cx, person, &event).await {
                Ok(sent) => done += sent,
                Err(error) => {
                    tracing::error!(%error, event = %event.id, "a change could not be chased");
                    failed.get_or_insert(error);
                }
            }
        }
    }
    let tx = cx.store.begin().await?;
    let reminded = store::correction::remind(&tx, cx.today(), now).await?;
    // A system gets it once more, as something new: under the old key it would take it for a copy.
    delivery::push(cx, &tx, Push::Reminder, &reminded).await?;
    done += u64::try_from(reminded.len()).unwrap_or(u64::MAX);
    tx.commit().await.map_err(store::StoreError::from)?;
    failed.map_or(Ok(done), Err)
}

/// Sends what is missing after one change; writes only where something is.
async fn one(cx: &Cx, person: PersonId, event: &Event) -> Result<u64> {
    if !is_missing(cx, person, event).await? {
        return Ok(0);
    }
    let tx = cx.store.begin().await?;
    let sent = send(cx, &tx, person, event).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(sent)
}

async fn is_missing(cx: &Cx, person: PersonId, event: &Event) -> Result<bool> {
    let db = cx.store.read();
    // A look after it tells nothing of a suspension that is over: of these only those are told who had it before.
    let is_passing = matches!(event.kind, EventKind::Suspended { .. } | EventKind::Resumed { .. });
    if is_passing || change_of(event.kind).is_none() {
        return Ok(false);
    }
    let given = given_out(cx, db, person).await?;
    if given.is_empty() {
        return Ok(false);
    }
    let stored = store::record::of_person(db, person).await?;
    let events = stored.into_iter().find(|stored| stored.id == event.record);
    let events = events.map(|one| one.events).unwrap_or_default();
    if is_no_news(event, &events) {
        return Ok(false);
    }
    let told = to_be_told(&given, event, &events);
    let mut sent = store::correction::of_person(db, person).await?;
    sent.retain(|sent| sent.event == event.id);
    Ok(told.keys().any(|body| sent.iter().all(|sent| sent.receiver.as_str() != body)))
}
