//! 邮寄和送达: how far a letter has come, as the post says.

use access::{Action, What};
use jiff::civil::Date;
use register::delivery::{Channel, Delivery, DeliveryState, Fault};
use register::event::EventKind;
use register::{DeliveryId, Event, EventId, PersonId, china_date};

use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// What the office enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It went to the post today.
    Posted,
    /// It was served on that day.
    Served(Date),
    /// It came back.
    Returned,
}

/// Keeps how far a letter has come. When it was served, its notices are delivered and the quiet period of
/// their records begins with the day of service; when it came back, they wait again.
///
/// # Law
/// 行政处罚法 61, 民事诉讼法 (送达) — by post, the day of service is the day on the receipt. Whoever shows the letter at
/// the counter has it: that day proves the service as well as a receipt that is not back yet.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if there is no such letter on its way, [`Error::Mistakes`] for a
/// day before it was printed or after today.
pub async fn progress(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    id: DeliveryId,
    progress: Progress,
) -> Result<()> {
    let whom = person.to_string();
    cx.permit(actor, Action::TendDeliveries, What { person: Some(&whom), ..What::default() })?;
    let now = cx.now();
    let tx = cx.store.begin().await?;
    let found = store::delivery::of_person_by_id(&tx, person, id).await?;
    let seen = found.filter(|seen| seen.channel == Channel::Letter).ok_or(Error::NotFound)?;
    let state = match (progress, seen.state) {
        (Progress::Posted, DeliveryState::Waiting) => DeliveryState::Sent { at: now },
        (Progress::Served(on), DeliveryState::Waiting | DeliveryState::Sent { .. }) => {
            if on < china_date(seen.created_at) || on > cx.today() {
                let says = "送达日期不能早于打印的那一天，也不能晚于今天。";
                return Err(Error::Mistakes(vec![mistake("served_on", "served-on", says)]));
            }
            DeliveryState::Served { at: now, on }
        }
        (Progress::Returned, DeliveryState::Sent { .. }) => DeliveryState::Failed { at: now },
        (_, _) => return Err(Error::NotFound),
    };
    let fault = (progress == Progress::Returned).then_some(Fault::Returned);
    let gone = Delivery { state, fault, ..seen.clone() };
    if !store::delivery::advance(&tx, &seen, &gone).await? {
        return Err(Error::NotFound);
    }
    let mut told = Vec::new();
    for mut notice in store::notice::of_person(&tx, person).await? {
        if notice.delivery != Some(id) {
            continue;
        }
        let was_delivered = notice.state.delivered_at().is_some();
        notice.state = match progress {
            Progress::Posted => notice.state.send(now),
            Progress::Served(_) => notice.state.deliver(now),
            Progress::Returned => notice.state.come_back(),
        };
        if progress == Progress::Returned && !was_delivered {
            notice.delivery = None;
        }
        if let (Progress::Served(on), Some(record)) = (progress, notice.record())
            && !was_delivered
        {
            let kind = EventKind::Told { on };
            let (id, by) = (EventId(cx.new_id()), Some(actor.account));
            told.push((person, Event { id, record, kind, sealed: None, by, at: now }));
        }
        store::notice::save_state(&tx, &notice).await?;
    }
    store::record::add_events(&tx, &told).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}
