//! 申请修复: all conditions are looked at once, and all that is missing is told at once.

use access::{Action, What};
use register::objection::NotNow;
use register::repair::{Brings, PLEDGE, Repair, State, Unmet, WORDS, is_of_the_court, unmet};
use register::{PersonId, RecordId, RepairId};

use super::of;
use crate::begin_case::expect_can_begin;
use crate::case::{Of, mistake, number, read_words, record_of, step};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::paper::{self, Received};

/// A repair as it was asked for.
#[derive(Clone, Default)]
pub struct NewRepair {
    /// How the person mended and performed, in his words.
    pub words: String,
    /// He says that all is mended and performed.
    pub is_performed: bool,
    /// He signed the pledge.
    pub has_pledged: bool,
    /// What shows it.
    pub papers: Vec<Received>,
}

register::hidden!(NewRepair);

/// Asks for the repair of a record.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`] with every condition that is not met, [`Error::NotFound`],
/// [`Error::RepairOpen`].
///
/// # Law
/// 信用修复管理办法 (2026) 2, 3; 国办发〔2025〕22号 — free, at most two papers.
pub async fn ask(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    record: RecordId,
    new: NewRepair,
) -> Result<Repair> {
    let whom = person.to_string();
    cx.permit(actor, Action::OpenObjection, What { person: Some(&whom), ..What::default() })?;
    let id = RepairId(cx.new_id());
    let (found, history) = record_of(cx, Of { person, case: id.0, record }).await?;
    let today = cx.today();
    let brings = Brings {
        is_performed: new.is_performed,
        has_pledged: new.has_pledged,
        papers: new.papers.len(),
    };
    let missing = unmet(&found, &history, brings, &cx.rules, today).map_err(|_| Error::NotFound)?;
    let mut mistakes = Vec::new();
    for one in missing {
        let (field, says) = match one {
            Unmet::TooEarly => {
                let class = found.severity.ok_or(Error::NotFound)?;
                let from = cx.rules.display(class, found.document.decided_on).repair_from;
                let says = format!(
                    "还没有满最短公示期，{}年{}月{}日起可以申请。",
                    from.year(),
                    from.month(),
                    from.day()
                );
                ("words", says)
            }
            Unmet::NotPerformed => {
                ("performed", "请确认已经改正，并且履行了文书规定的全部义务。".to_owned())
            }
            Unmet::NoPledge => ("pledge", "请阅读并签署信用承诺。".to_owned()),
            Unmet::NoProof => ("papers", "请交一份履行证明，例如缴款收据、整改验收单。".to_owned()),
        };
        mistakes.push(mistake(field, one.code(), says));
    }
    let most = usize::try_from(cx.rules.limit("repair_documents")).unwrap_or(0);
    if new.papers.len() > most {
        let says = format!("最多交 {most} 份履行证明，信用承诺在本页签署，不用另交。");
        mistakes.push(mistake("papers", "papers-many", says));
    }
    let words = read_words("words", &new.words, WORDS, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let is_of_the_court = is_of_the_court(&found, &cx.rules);
    let (accept, result) = if is_of_the_court {
        ("court_delete", "court_delete")
    } else {
        ("repair_accept", "repair_result")
    };
    let due = |kind: &str| {
        let due = cx.rules.due(kind, today);
        due.map(|due| due.on).ok_or(Error::Internal("the rulebook has no deadline of a repair"))
    };
    let repair = Repair {
        id,
        number: number("XF", today, id.0),
        person,
        record,
        agency: found.source,
        state: State::Asked,
        received_at: cx.now(),
        accept_due: due(accept)?,
        due: due(result)?,
        is_extended: false,
        is_heard: false,
        closed_at: None,
    };
    let tx = cx.store.begin().await?;
    expect_can_begin(cx, &tx, actor, (&found, &history)).await?;
    if !store::repair::add(&tx, &repair).await? {
        return Err(Error::RepairOpen);
    }
    let asked = if is_of_the_court { "told-the-court" } else { "asked" };
    step(cx, &tx, of(&repair), asked, Some(actor.account), &words).await?;
    if new.has_pledged {
        step(cx, &tx, of(&repair), "pledged", Some(actor.account), PLEDGE).await?;
    }
    let papers = paper::of_case(cx, person, id.0, false, &new.papers);
    store::case::add_papers(&tx, &papers).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(repair)
}

/// Takes it back.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::NotNow`] if it has ended.
pub async fn withdraw(cx: &Cx, actor: &Actor, person: PersonId, id: RepairId) -> Result<Repair> {
    let whom = person.to_string();
    cx.permit(actor, Action::OpenObjection, What { person: Some(&whom), ..What::default() })?;
    let found = store::repair::of_person_by_id(cx.store.read(), person, id).await?;
    let stood = found.ok_or(Error::NotFound)?;
    let closed = NotNow::Closed;
    let now = stood.withdraw(cx.now()).ok_or(closed)?;
    let tx = cx.store.begin().await?;
    if !store::repair::save(&tx, &stood, &now).await? {
        return Err(closed.into());
    }
    step(cx, &tx, of(&now), "withdrawn", Some(actor.account), "").await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// The person says what he thinks of the proposal to revoke his repair.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`] if nothing is proposed.
pub async fn hear(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    id: RepairId,
    words: &str,
) -> Result<Repair> {
    let whom = person.to_string();
    cx.permit(actor, Action::OpenObjection, What { person: Some(&whom), ..What::default() })?;
    let found = store::repair::of_person_by_id(cx.store.read(), person, id).await?;
    let stood = found.ok_or(Error::NotFound)?;
    let now = stood.hear().ok_or(NotNow::Closed)?;
    let mut mistakes = Vec::new();
    let words = read_words("words", words, WORDS, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let tx = cx.store.begin().await?;
    if !store::repair::save(&tx, &stood, &now).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), "heard", Some(actor.account), &words).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}
