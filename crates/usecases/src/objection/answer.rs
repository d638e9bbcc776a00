//! 答复异议: the body that supplied the record corrects, completes, deletes or confirms it.

use access::{Action, What};
use jiff::civil::Date;
use register::event::Cause;
use register::field::Shape;
use register::objection::{Ground, NotNow, Objection, Outcome, PAPERS, REASONS, State};
use register::repair::Move;
use register::{Content, EventKind, Field, ObjectionId, PersonId, Record, Uscc, Value};
use rulebook::Severity;

use super::of;
use crate::case::{change, mistake, read_words, record_of, step, steps, tell};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};
use crate::paper::{self, Received};
use crate::seal;

/// An answer as it was typed.
#[derive(Clone, Default)]
pub struct Answer {
    /// How, by code.
    pub outcome: String,
    /// Why.
    pub reasons: String,
    /// What the record says from now on, where it is corrected or completed; an empty text takes a
    /// field away. Fields that are not named stay.
    pub fields: Vec<(Field, String)>,
    /// The document and whatever else shows it.
    pub papers: Vec<Received>,
}

register::hidden!(Answer);

/// Answers. Record, corrections to all receivers and the person's notice are one transaction.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`] if it has ended.
///
/// # Law
/// 个人信息保护法 46, 50 — corrected in time, or refused with reasons.
pub async fn answer(cx: &Cx, actor: &Actor, id: ObjectionId, answer: Answer) -> Result<Objection> {
    let stood = permitted(cx, actor, id).await?;
    expect_another(cx, actor, &stood).await?;
    let mut mistakes = Vec::new();
    let outcome = Outcome::from_code(&answer.outcome);
    if outcome.is_none() {
        mistakes.push(mistake("outcome", "choice-missing", "请选择核查的结果。"));
    }
    let reasons = read_words("reasons", &answer.reasons, REASONS, &mut mistakes);
    if answer.papers.len() > PAPERS {
        let says = format!("最多交 {PAPERS} 份材料。");
        mistakes.push(mistake("papers", "papers-many", says));
    }
    let (record, _) = record_of(cx, of(&stood)).await?;
    let corrected = match outcome {
        Some(Outcome::Corrected | Outcome::Completed) => {
            let born = born(cx, stood.person).await?;
            corrected(cx, (&record, born), &answer.fields, &mut mistakes)
        }
        Some(Outcome::Deleted | Outcome::Confirmed | Outcome::Unconfirmable) | None => None,
    };
    let (Some(outcome), true) = (outcome, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };

    let now = stood.answer(outcome, cx.now())?;
    let first = match outcome {
        Outcome::Corrected | Outcome::Completed => {
            let (severity, content) = corrected.ok_or(Error::Internal("a corrected record"))?;
            Some((EventKind::Corrected, Some(seal::corrected(severity, &content))))
        }
        // Also if it is gone already: what was wrong does not come back (I17).
        Outcome::Deleted => Some((EventKind::Deleted { on: cx.today() }, None)),
        Outcome::Unconfirmable => {
            Some((EventKind::Noted, Some(opening_words(cx, &stood).await?.into_bytes())))
        }
        Outcome::Confirmed => None,
    };
    let steps = first.into_iter().chain(end_of_contest(&stood)).collect();
    let tx = cx.store.begin().await?;
    if !store::objection::save(&tx, &stood, &now).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), outcome.code(), Some(actor.account), &reasons).await?;
    let papers = paper::of_case(cx, now.person, now.id.0, true, &answer.papers);
    store::case::add_papers(&tx, &papers).await?;
    change(cx, &tx, of(&now), Some(actor.account), steps).await?;
    tell(cx, &tx, of(&now), "objection-answered").await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// What ends with an objection: the mark, and a suspension for silence; not the one of a body that does
/// not act on the result of a challenge.
pub(super) fn end_of_contest(stood: &Objection) -> Vec<(EventKind, Option<Vec<u8>>)> {
    let by = Cause::Objection;
    let mut steps = vec![(EventKind::ContestEnded { by }, None)];
    if stood.state == State::Suspended {
        steps.push((EventKind::Resumed { by }, None));
    }
    steps
}

/// Whoever decided on a repair does not answer the objection to its result (I15).
async fn expect_another(cx: &Cx, actor: &Actor, stood: &Objection) -> Result<()> {
    if stood.ground != Ground::RepairResult {
        return Ok(());
    }
    let db = cx.store.read();
    let decides = [Move::Grant, Move::Refuse, Move::Keep, Move::Revoke].map(Move::code);
    for repair in store::repair::of_person(db, stood.person).await? {
        if repair.record != stood.record {
            continue;
        }
        let steps = store::case::steps(db, stood.person, repair.id.0).await?;
        let last = steps.iter().rev().find(|step| decides.contains(&step.kind.as_str()));
        if last.is_some_and(|step| step.account == Some(actor.account)) {
            let says = "修复是您自己决定的，这件异议要由本单位的另一个人答复。";
            return Err(Error::Mistakes(vec![mistake("reasons", "own-decision", says)]));
        }
    }
    Ok(())
}

/// The objection, if this actor's body has to answer it.
pub(crate) async fn permitted(cx: &Cx, actor: &Actor, id: ObjectionId) -> Result<Objection> {
    let own = actor.agency;
    let agency = own.as_ref().map(Uscc::as_str);
    cx.permit(actor, Action::AnswerObjection, What { agency, ..What::default() })?;
    let agency = agency.unwrap_or_default();
    let found = store::objection::of_agency_by_id(cx.store.read(), agency, id).await?;
    let found = found.ok_or(Error::NotFound)?;
    let person = found.person.to_string();
    let what = What { agency: Some(agency), person: Some(&person), ..What::default() };
    cx.permit(actor, Action::AnswerObjection, what)?;
    Ok(found)
}

/// What the person wrote when he opened it.
async fn opening_words(cx: &Cx, objection: &Objection) -> Result<String> {
    let steps = steps(cx, of(objection)).await?;
    Ok(steps.into_iter().next().map(|step| step.words).unwrap_or_default())
}

/// What the record says after the change, and its class then.
fn corrected(
    cx: &Cx,
    (record, born): (&Record, Option<Date>),
    fields: &[(Field, String)],
    mistakes: &mut Vec<Mistake>,
) -> Option<(Option<Severity>, Content)> {
    let before = mistakes.len();
    let mut content = record.content.clone();
    for (field, text) in fields {
        match value(*field, text) {
            _ if !field.can_be_corrected() => {}
            Some(Some(value)) => content.set(*field, value),
            Some(None) => {
                content.keep_only(|kept| kept != *field);
            }
            None => {
                let says = format!("“{}”看不明白，请核对。", field.title());
                mistakes.push(mistake("fields", "value-unreadable", says));
            }
        }
    }
    if content == record.content && mistakes.len() == before {
        let says = "选了更正或者补充，但是没有改动任何一项。";
        mistakes.push(mistake("fields", "nothing-changed", says));
    }
    let item = cx.rules.item(&record.item)?;
    let dates = (record.document.decided_on, born);
    match register::admission::reclassify(&mut content, item, &cx.rules, cx.today(), dates) {
        // Whoever objects is not made worse off for it (行政处罚法 45).
        Ok(severity) if severity > record.severity => {
            let says = "这样更正以后，信息的类别会更重。本人提出异议，不能因此更重；确实错了的，请\
                        先删除，再按更正后的文书重新报送，重新告知本人。";
            mistakes.push(mistake("fields", "heavier", says));
            None
        }
        Ok(severity) if mistakes.len() == before => Some((severity, content)),
        Ok(_) => None,
        Err(refusals) => {
            for refusal in refusals {
                let (says, _) = crate::wording::refusal(refusal);
                mistakes.push(mistake("fields", refusal.reason.code(), says));
            }
            None
        }
    }
}

/// The person's day of birth, where his document says it.
async fn born(cx: &Cx, person: PersonId) -> Result<Option<Date>> {
    let sealed = store::person::sealed(cx.store.read(), person).await?;
    let (kind, sealed) = sealed.ok_or(Error::NotFound)?;
    let (document, _) = seal::open_identity(&cx.vault, person, &kind, &sealed)?;
    Ok(document.birth_date())
}

/// What was typed for a field: a value, or nothing if it was emptied; `None` if it cannot be read.
fn value(field: Field, text: &str) -> Option<Option<Value>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    Some(Some(match field.shape() {
        Shape::Text => {
            let text = text.replace("\r\n", "\n");
            Value::Text(register::mask::text(&text).unwrap_or(text))
        }
        Shape::Day => Value::Day(intake::read_day(text)?),
        Shape::Amount => Value::Fen(intake::read_yuan(text)?),
    }))
}
