//! 信息变动: what happens to a record after it has entered. Nothing in it is changed; an event is added.

use access::{Action, What};
use register::event::Cause;
use register::mask::bare;
use register::{Event, EventId, EventKind, Field, IdDocument, PersonId, RecordId};

use crate::access_log::{self, Door, Look};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::{correction, retention, seal};

/// What is to happen to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The person says that it is wrong: whoever sees it sees that too.
    Contest,
    /// The objection has ended.
    EndContest,
    /// Nobody may see or use it for now.
    Suspend,
    /// It may be seen and used again.
    Resume,
    /// The body that supplied it takes it back, for good.
    Withdraw,
}

impl Change {
    const fn action(self) -> Action {
        match self {
            Self::Contest | Self::EndContest | Self::Suspend | Self::Resume => {
                Action::NoteObjection
            }
            Self::Withdraw => Action::WithdrawRecord,
        }
    }
}

/// Adds a change to a record; says whether it was one. Seen by every door from the next question on.
///
/// Runs twice without harm: what is so already is no change.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
///
/// # Law
/// 个人信息保护法 46, 47 — what is wrong is corrected, what has lost its ground is erased.
pub async fn change(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    record: RecordId,
    change: Change,
) -> Result<bool> {
    let tx = cx.store.begin().await?;
    // Held first: of two who change it at once the second sees what the first did.
    store::retention::held(&tx, person, record).await?;
    let stored = store::record::of_person(&tx, person).await?;
    let stored = stored.into_iter().find(|stored| stored.id == record);
    // Who may not change it is not told whether it is there.
    let source = stored.as_ref().map(|stored| stored.source);
    let whose = person.to_string();
    let agency = source.as_ref().map(register::Uscc::as_str);
    let what = What { agency, person: Some(&whose), ..What::default() };
    cx.permit(actor, change.action(), what)?;
    let (_, history) = seal::open_record(&cx.vault, stored.ok_or(Error::NotFound)?)?;
    let by = Cause::Office;
    let (is_news, kind) = match change {
        // The office ends what the office noted, and nothing else.
        Change::Contest => (!history.is_contested_by(by), EventKind::Contested { by }),
        Change::EndContest => (history.is_contested_by(by), EventKind::ContestEnded { by }),
        Change::Suspend => (!history.is_suspended_by(by), EventKind::Suspended { by }),
        Change::Resume => (history.is_suspended_by(by), EventKind::Resumed { by }),
        Change::Withdraw => {
            (history.withdrawn_on.is_none(), EventKind::Withdrawn { on: cx.today() })
        }
    };
    if !is_news {
        return Ok(false);
    }
    let by = Some(actor.account);
    let event = Event { id: EventId(cx.new_id()), record, kind, sealed: None, by, at: cx.now() };
    store::record::add_events(&tx, &[(person, event.clone())]).await?;
    correction::send(cx, &tx, person, &event).await?;
    retention::after(cx, &tx, person, &event).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(true)
}

/// The same at the counter, for the records of a person that a decision's number names; says how many
/// were changed. That the counter looked is logged first, like every look, and the person sees it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if the person has no record with that number, for a
/// withdrawal none that this body supplied.
pub async fn change_by_number(
    cx: &Cx,
    actor: &Actor,
    document: &IdDocument,
    document_no: &str,
    what: Change,
) -> Result<usize> {
    let own = actor.agency;
    let agency = own.as_ref().map(register::Uscc::as_str);
    cx.permit(actor, what.action(), What { agency, ..What::default() })?;
    let blind = seal::blind(cx, document)?;
    let found = cx.person(blind).await?;
    let person = found.as_ref().map_or_else(|| seal::stand_in(&blind), |found| found.person);
    let whose = person.to_string();
    cx.permit(actor, what.action(), What { agency, person: Some(&whose), ..What::default() })?;
    let mut named = Vec::new();
    for stored in found.map(|found| found.records).unwrap_or_default() {
        if what == Change::Withdraw && Some(stored.source) != own {
            continue;
        }
        let (record, _) = seal::open_record(&cx.vault, stored)?;
        let number = record.content.text(Field::DocumentNo).unwrap_or_default();
        if bare(number) == bare(document_no) {
            named.push(record.id);
        }
    }
    let mut look = Look::by(actor, Door::Counter, person);
    look.matter = document_no.to_owned();
    look.records.clone_from(&named);
    let named = access_log::before(cx, look, named).await?;
    let mut changed = 0;
    for record in named.facts() {
        changed += usize::from(change(cx, actor, person, *record, what).await?);
    }
    if named.facts().is_empty() { Err(Error::NotFound) } else { Ok(changed) }
}
