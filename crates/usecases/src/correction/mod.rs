//! 更正通知: a change reaches everybody who received the fact, and stays open until each has
//! acknowledged it (I13).

mod acknowledge;
mod chase;
mod see;

pub use acknowledge::{acknowledge, acknowledged_by_system};
pub use chase::chase;
pub(crate) use see::message;
pub use see::{Message, Received, overdue, received};

use access::{Action, What};
use jiff::Timestamp;
use register::correction::{Change, Correction};
use register::record::History;
use register::{CorrectionId, Event, EventKind, PersonId, Uscc};
use store::Tx;
use store::record::Stored;

use crate::cx::{Actor, Cx};
use crate::delivery::{self, Push};
use crate::error::{Error, Result};
use crate::receivers::{given_out, to_be_told};
use crate::seal;
use register::china_date;

/// Lets in who may see and acknowledge what that body received.
fn permit(cx: &Cx, actor: &Actor, agency: Option<&str>) -> Result<()> {
    let is_within = actor.scope.as_ref().is_none_or(|scope| scope.has_corrections());
    let what = What { agency, ..What::default() };
    let permitted = cx.permit(actor, Action::AcknowledgeCorrection, what);
    permitted.map_err(|denied| if is_within { denied } else { Error::OutsideScope })
}

/// What a step means to whoever received the record; nothing for steps that change no fact.
const fn change_of(kind: EventKind) -> Option<Change> {
    match kind {
        EventKind::Corrected => Some(Change::Corrected),
        EventKind::Deleted { .. } => Some(Change::Deleted),
        EventKind::Withdrawn { .. } => Some(Change::Withdrawn),
        EventKind::Repaired { .. } => Some(Change::Repaired),
        EventKind::Annulled { .. } => Some(Change::Annulled),
        EventKind::ConsentEnded { .. } | EventKind::Removed { .. } => Some(Change::ConsentEnded),
        // Whoever has it may not go on using what nobody is shown any more.
        EventKind::Suspended { .. } => Some(Change::Suspended),
        EventKind::Resumed { .. } => Some(Change::Resumed),
        EventKind::Entered { .. }
        | EventKind::Told { .. }
        | EventKind::Contested { .. }
        | EventKind::ContestEnded { .. }
        | EventKind::Challenged
        | EventKind::ChallengeEnded
        | EventKind::RepairRevoked
        | EventKind::Stated
        | EventKind::StatementRemoved
        | EventKind::Noted
        | EventKind::Allowed { .. }
        | EventKind::OwnerDied { .. }
        | EventKind::OwnerLives => None,
    }
}

/// Whether a step is no news to whoever received the record: it was gone before and they were told so, or is kept from
/// use on another account too.
pub(crate) fn is_no_news(event: &Event, events: &[Event]) -> bool {
    let before = History::of(events.iter().take_while(|earlier| earlier.id != event.id));
    let is_gone = before.withdrawn_on.is_some();
    match event.kind {
        EventKind::Deleted { .. }
        | EventKind::Withdrawn { .. }
        | EventKind::Annulled { .. }
        | EventKind::ConsentEnded { .. }
        | EventKind::Removed { .. } => is_gone,
        EventKind::Suspended { .. } => {
            is_gone || before.repaired_on.is_some() || before.is_suspended
        }
        EventKind::Resumed { .. } => {
            is_gone || before.repaired_on.is_some() || History::of(events).is_suspended
        }
        EventKind::Entered { .. }
        | EventKind::Told { .. }
        | EventKind::Contested { .. }
        | EventKind::ContestEnded { .. }
        | EventKind::Challenged
        | EventKind::ChallengeEnded
        | EventKind::Corrected
        | EventKind::Repaired { .. }
        | EventKind::RepairRevoked
        | EventKind::Stated
        | EventKind::StatementRemoved
        | EventKind::Noted
        | EventKind::Allowed { .. }
        | EventKind::OwnerDied { .. }
        | EventKind::OwnerLives => false,
    }
}

/// Whether a record is shown today.
fn is_shown(cx: &Cx, stored: Option<Stored>) -> Result<bool> {
    let Some(stored) = stored else { return Ok(false) };
    let (record, history) = seal::open_record(&cx.vault, stored)?;
    Ok(record.standing(&history, &cx.rules, cx.today()).is_shown())
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
    let stored = stored.into_iter().find(|stored| stored.id == event.record);
    let events = stored.as_ref().map(|stored| stored.events.clone()).unwrap_or_default();
    if is_no_news(event, &events) {
        return Ok(0);
    }
    // What is over meanwhile may not be used again: for whoever has it, it stays kept from use.
    if change == Change::Resumed && !is_shown(cx, stored)? {
        return Ok(0);
    }
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
            is_overtaken: false,
        })
        .collect();
    // "For now" is over: late, it would arrive after what is true now.
    store::correction::overtake(tx, person, event.record, event.id, now).await?;
    let new = store::correction::add(tx, &corrections).await?;
    if !cx.channels.receivers.is_empty() {
        // Those that were there before keep their names.
        let mut sent = store::correction::of_person(tx, person).await?;
        sent.retain(|sent| sent.event == event.id && sent.acknowledged_at.is_none());
        delivery::push(cx, tx, Push::First, &sent).await?;
    }
    Ok(new)
}
