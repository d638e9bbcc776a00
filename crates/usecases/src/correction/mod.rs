//! 更正通知: a change reaches everybody who received the fact, and stays open until each has
//! acknowledged it (I13).

mod acknowledge;
mod chase;
mod see;

pub use acknowledge::{acknowledge, acknowledged_by_system};
pub use chase::chase;
pub(crate) use see::message;
pub use see::{Message, Received, overdue, received};

use jiff::Timestamp;
use register::correction::{Change, Correction};
use register::{CorrectionId, Event, EventKind, PersonId, Uscc};
use store::Tx;

use crate::cx::Cx;
use crate::delivery::{self, Push};
use crate::error::{Error, Result};
use crate::receivers::{given_out, to_be_told};
use register::china_date;

/// What a step means to whoever received the record; nothing for steps that change no fact.
const fn change_of(kind: EventKind) -> Option<Change> {
    match kind {
        EventKind::Corrected => Some(Change::Corrected),
        EventKind::Deleted { .. } => Some(Change::Deleted),
        EventKind::Withdrawn { .. } => Some(Change::Withdrawn),
        EventKind::Repaired { .. } => Some(Change::Repaired),
        EventKind::Annulled { .. } => Some(Change::Annulled),
        EventKind::ConsentEnded { .. } | EventKind::Removed { .. } => Some(Change::ConsentEnded),
        EventKind::Entered { .. }
        | EventKind::Told { .. }
        | EventKind::Contested { .. }
        | EventKind::ContestEnded { .. }
        | EventKind::Challenged
        | EventKind::ChallengeEnded
        | EventKind::Suspended { .. }
        | EventKind::Resumed { .. }
        | EventKind::RepairRevoked
        | EventKind::Stated
        | EventKind::StatementRemoved
        | EventKind::Noted
        | EventKind::Allowed { .. }
        | EventKind::OwnerDied { .. }
        | EventKind::OwnerLives => None,
    }
}

/// Sends a correction to each body that received the record; does nothing where it was sent already.
/// Says how many are new. Asks nothing outside the transaction: connections are few, and whoever holds one
/// must not wait for another.
///
/// # Law
/// 个人信息保护法 46 — what was passed on is corrected too (each receiver by our own rule O12).
pub(crate) async fn send(cx: &Cx, tx: &Tx, person: PersonId, event: &Event) -> Result<u64> {
    let Some(change) = change_of(event.kind) else { return Ok(0) };
    let now: Timestamp = cx.now();
    let due = cx.rules.due("correction_ack", china_date(now));
    let due = due.ok_or(Error::Internal("the rulebook has no correction_ack"))?.on;
    let given = given_out(cx, tx, person).await?;
    let stored = store::record::of_person(tx, person).await?;
    let events = stored.into_iter().find(|stored| stored.id == event.record);
    let events = events.map(|stored| stored.events).unwrap_or_default();
    let corrections: Vec<Correction> = to_be_told(&given, event, &events)
        .into_iter()
        .filter_map(|(agency, look)| Some((Uscc::parse(&agency).ok()?, look)))
        .map(|(receiver, look)| Correction {
            id: CorrectionId(cx.new_id()),
            person,
            record: event.record,
            event: event.id,
            receiver,
            change,
            look,
            sent_at: now,
            due,
            reminded_at: None,
            acknowledged_at: None,
            acknowledged_by: None,
        })
        .collect();
    let new = store::correction::add(tx, &corrections).await?;
    if !cx.channels.receivers.is_empty() {
        // Those that were there before keep their names.
        let mut sent = store::correction::of_person(tx, person).await?;
        sent.retain(|sent| sent.event == event.id && sent.acknowledged_at.is_none());
        delivery::push(cx, tx, Push::First, &sent).await?;
    }
    Ok(new)
}
