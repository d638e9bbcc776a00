//! 办理修复: taken up, extended once, granted or refused with reasons; revoked only after the days of a hearing.

use access::{Action, What};
use register::objection::{NotNow, REASONS};
use register::repair::{Move, Repair, State};
use register::{EventKind, RepairId, Uscc, china_date};

use super::of;
use crate::case::{change, is_gone, mistake, read_words, step, tell};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// The text that tells the person of the proposal to revoke.
const HEARING: &str = "repair-hearing";

/// Decides. A grant ends display, sharing and use, and tells every receiver, in one transaction.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`] without reasons where they are owed, [`Error::NotFound`],
/// [`Error::NotNow`] if it does not stand there.
///
/// # Law
/// 信用修复管理办法 (2026) 3; 国办发〔2025〕22号 — decided by whoever determined the fact.
pub async fn decide(
    cx: &Cx,
    actor: &Actor,
    id: RepairId,
    decision: &str,
    reasons: &str,
) -> Result<Repair> {
    let stood = permitted(cx, actor, id).await?;
    let mut mistakes = Vec::new();
    let decision = Move::from_code(decision);
    if decision.is_none() {
        mistakes.push(mistake("decision", "choice-missing", "请选择怎样办理。"));
    }
    let needs_none = matches!(decision, Some(Move::Accept | Move::Grant));
    let reasons = if needs_none && reasons.trim().is_empty() {
        String::new()
    } else {
        read_words("reasons", reasons, REASONS, &mut mistakes)
    };
    let (Some(decision), true) = (decision, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    if matches!(decision, Move::Keep | Move::Revoke) {
        expect_another(cx, actor, &stood).await?;
    }
    let ends = hearing_ends(cx, &stood).await?;
    let is_over = ends.is_some_and(|last| cx.today() > last.on);
    let now = stood.make(decision, is_over, &cx.rules, cx.today(), cx.now());
    let now = now.ok_or(if stood.closed_at.is_none() { NotNow::Early } else { NotNow::Closed })?;
    let tx = cx.store.begin().await?;
    // The record before the case, as whoever erases takes them.
    store::retention::held(&tx, stood.person, stood.record).await?.ok_or(Error::NotFound)?;
    if !store::repair::save(&tx, &stood, &now).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), decision.code(), Some(actor.account), &reasons).await?;
    let (ends, text) = match decision {
        Move::Accept => (None, "repair-accepted"),
        Move::Extend => (None, "repair-extended"),
        Move::Grant => (Some(EventKind::Repaired { on: cx.today() }), "repair-granted"),
        Move::Refuse => (None, "repair-refused"),
        Move::Propose => (None, HEARING),
        Move::Keep => (None, "repair-kept"),
        Move::Revoke => (Some(EventKind::RepairRevoked), "repair-revoked"),
    };
    // Gone is gone: whoever received it was told when it went.
    let ends = if is_gone(&tx, of(&now)).await? { None } else { ends };
    let ends = ends.into_iter().map(|kind| (kind, None)).collect();
    change(cx, &tx, of(&now), Some(actor.account), ends).await?;
    tell(cx, &tx, of(&now), text).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// The last day on which the person may say what he thinks of the proposal to revoke his repair; `None` where nothing
/// is proposed, or it has not reached him. His days run from the day on which it did, as the quiet period does.
pub(super) async fn hearing_ends(cx: &Cx, repair: &Repair) -> Result<Option<rulebook::Due>> {
    if repair.state != State::Hearing {
        return Ok(None);
    }
    let notices = store::notice::of_person(cx.store.read(), repair.person).await?;
    // Newest first: the proposal that stands.
    let proposed =
        notices.iter().find(|one| one.text == HEARING && one.record() == Some(repair.record));
    let reached = proposed.and_then(|one| one.state.delivered_at());
    Ok(reached.and_then(|at| cx.rules.due("repair_hearing", china_date(at))))
}

/// Whoever proposed to revoke does not decide on what the person answers (I15).
async fn expect_another(cx: &Cx, actor: &Actor, stood: &Repair) -> Result<()> {
    let steps = store::case::steps(cx.store.read(), stood.person, stood.id.0).await?;
    let last = steps.iter().rev().find(|step| step.kind == Move::Propose.code());
    if last.is_none_or(|step| step.account != Some(actor.account)) {
        return Ok(());
    }
    let says = "撤销修复是您提出的。听取本人意见以后，要由本单位的另一个人决定。";
    Err(Error::Mistakes(vec![mistake("decision", "own-decision", says)]))
}

/// The repair, if this actor's body has to decide it.
pub(crate) async fn permitted(cx: &Cx, actor: &Actor, id: RepairId) -> Result<Repair> {
    let own = actor.agency;
    let agency = own.as_ref().map(Uscc::as_str);
    cx.permit(actor, Action::AnswerObjection, What { agency, ..What::default() })?;
    let agency = agency.unwrap_or_default();
    let found = store::repair::of_agency_by_id(cx.store.read(), agency, id).await?;
    let found = found.ok_or(Error::NotFound)?;
    let person = found.person.to_string();
    let what = What { agency: Some(agency), person: Some(&person), ..What::default() };
    cx.permit(actor, Action::AnswerObjection, what)?;
    Ok(found)
}
