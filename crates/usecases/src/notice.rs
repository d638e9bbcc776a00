//! 送达告知书: a notice reaches the person's inbox, and the quiet period of its record begins (I3).

use register::event::EventKind;
use register::{Event, EventId, PersonId};
use store::Tx;

use crate::cx::Cx;
use crate::delivery;
use crate::error::Result;
use register::china_date;

/// Persons whose notices are delivered in one turn of the job.
const PERSONS: u32 = 500;

/// Delivers whatever waits for a person who has an inbox; says how many notices that were.
///
/// # Law
/// 个人信息保护法 17, 行政处罚信息告知 — he is told before anybody sees it.
pub(crate) async fn deliver(cx: &Cx, tx: &Tx, person: PersonId) -> Result<u64> {
    let now = cx.now();
    let mut delivered = 0;
    loop {
        let waiting = store::notice::waiting_of(tx, person).await?;
        if waiting.is_empty() {
            return Ok(delivered);
        }
        let mut told = Vec::with_capacity(waiting.len());
        let mut waiting = waiting;
        for notice in &mut waiting {
            notice.state = notice.state.deliver(now);
        }
        delivery::announce(cx, tx, &mut waiting).await?;
        for notice in waiting {
            store::notice::save_state(tx, &notice).await?;
            delivered += 1;
            let Some(record) = notice.record() else { continue };
            let event = Event {
                id: EventId(cx.new_id()),
                record,
                kind: EventKind::Told { on: china_date(now) },
                sealed: None,
                by: None,
                at: now,
            };
            told.push((person, event));
        }
        store::record::add_events(tx, &told).await?;
    }
}

/// Delivers what still waits for somebody who has an inbox: it was written while the inbox was opened.
///
/// # Errors
/// [`crate::Error::Store`].
pub async fn deliver_waiting(cx: &Cx) -> Result<u64> {
    let mut delivered = 0;
    for person in store::notice::reachable(cx.store.read(), PERSONS).await? {
        let tx = cx.store.begin().await?;
        delivered += deliver(cx, &tx, person).await?;
        tx.commit().await.map_err(store::StoreError::from)?;
    }
    Ok(delivered)
}
