//! 提出异议: marked at once, and with the body that supplied the record in the same moment.

use access::{Action, What};
use register::event::Cause;
use register::objection::{Ground, Objection, PAPERS, Request, State, WORDS, deadlines};
use register::{EventKind, ObjectionId, PersonId, RecordId};

use super::of;
use crate::begin_case::expect_can_begin;
use crate::case::{change, mistake, number, read_words, step};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::paper::{self, Received};
use crate::seal;

/// An objection as it was typed.
#[derive(Clone, Default)]
pub struct NewObjection {
    /// Why, by code.
    pub ground: String,
    /// What is asked for, by code.
    pub request: String,
    /// The person's words.
    pub words: String,
    /// Papers that were received.
    pub papers: Vec<Received>,
}

register::hidden!(NewObjection);

/// Opens an objection of a person to a record about him. From its first moment the record is marked
/// for whoever sees it, and words and papers lie before the body that must answer.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`] if it is not his record or he has died,
/// [`Error::Archived`] if somebody else objects for him to what is archived, [`Error::ObjectionOpen`] if one
/// to this record is open.
///
/// # Law
/// 个人信息保护法 46, 50 — the right to have it corrected, and an easy way to ask for it.
pub async fn open(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    record: RecordId,
    new: NewObjection,
) -> Result<Objection> {
    let whom = person.to_string();
    cx.permit(actor, Action::OpenObjection, What { person: Some(&whom), ..What::default() })?;
    let mut mistakes = Vec::new();
    let ground = Ground::from_code(&new.ground);
    if ground.is_none() {
        mistakes.push(mistake("ground", "choice-missing", "请选择为什么提出异议。"));
    }
    let request = Request::from_code(&new.request);
    if request.is_none() {
        mistakes.push(mistake("request", "choice-missing", "请选择希望怎样处理。"));
    }
    let words = read_words("words", &new.words, WORDS, &mut mistakes);
    if new.papers.len() > PAPERS {
        let says = format!("最多交 {PAPERS} 份材料，请选最要紧的。");
        mistakes.push(mistake("papers", "papers-many", says));
    }
    let (Some(ground), Some(request), true) = (ground, request, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };

    let today = cx.today();
    let due = deadlines(&cx.rules, today);
    let due = due.ok_or(Error::Internal("the rulebook has no deadlines of an objection"))?;
    let tx = cx.store.begin().await?;
    let stored = store::record::of_person(&tx, person).await?;
    let stored = stored.into_iter().find(|stored| stored.id == record).ok_or(Error::NotFound)?;
    let agency = stored.source;
    let (found, history) = seal::open_record(&cx.vault, stored)?;
    if history.withdrawn_on.is_some() {
        return Err(Error::NotFound);
    }
    expect_can_begin(cx, &tx, actor, (&found, &history)).await?;
    let id = ObjectionId(cx.new_id());
    let objection = Objection {
        id,
        number: number("YY", today, id.0),
        person,
        record,
        agency,
        ground,
        request,
        state: State::Open,
        received_at: cx.now(),
        answer_due: due.answer.on,
        due: due.whole.on,
        is_extended: false,
        outcome: None,
        closed_at: None,
    };
    if !store::objection::add(&tx, &objection).await? {
        return Err(Error::ObjectionOpen);
    }
    let how = if actor.person == Some(person) { "opened" } else { "opened-at-counter" };
    step(cx, &tx, of(&objection), how, Some(actor.account), &words).await?;
    let papers = paper::of_case(cx, person, id.0, false, &new.papers);
    store::case::add_papers(&tx, &papers).await?;
    let marked = vec![(EventKind::Contested { by: Cause::Objection }, None)];
    change(cx, &tx, of(&objection), Some(actor.account), marked).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(objection)
}
