//! 登记复议、诉讼: marked at once; the person tells how it ended, or takes the entry back.

use access::{Action, What};
use register::challenge::{Challenge, Course, Ending, State, WORDS};
use register::objection::{NotNow, PAPERS};
use register::{ChallengeId, EventKind, PersonId, RecordId};

use super::of;
use crate::begin_case::expect_can_begin;
use crate::case::{Of, change, mistake, number, read_words, record_of, step};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};
use crate::paper::{self, Received};

/// A challenge, or its result, as it was typed.
#[derive(Clone, Default)]
pub struct NewChallenge {
    /// Before whom, or how it ended; by code.
    pub choice: String,
    /// Which body or court, under which number, since when.
    pub words: String,
    /// What shows it.
    pub papers: Vec<Received>,
}

register::hidden!(NewChallenge);

fn permit(cx: &Cx, actor: &Actor, person: PersonId) -> Result<()> {
    let whom = person.to_string();
    cx.permit(actor, Action::OpenObjection, What { person: Some(&whom), ..What::default() })
}

fn read(new: &NewChallenge, shows: &str, mistakes: &mut Vec<Mistake>) -> String {
    if new.papers.is_empty() {
        mistakes.push(mistake("papers", "no-proof", format!("请交{shows}。")));
    }
    if new.papers.len() > PAPERS {
        let says = format!("最多交 {PAPERS} 份材料，请选最要紧的。");
        mistakes.push(mistake("papers", "papers-many", says));
    }
    read_words("words", &new.words, WORDS, mistakes)
}

/// Enters that the decision behind a record is challenged. The record is marked in the same moment.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`] also if he has died, [`Error::Archived`] if
/// somebody else enters it for him about what is archived, [`Error::ChallengeOpen`].
///
/// # Law
/// 行政复议法 11, 20; 行政诉讼法 44–46.
pub async fn enter(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    record: RecordId,
    new: NewChallenge,
) -> Result<Challenge> {
    permit(cx, actor, person)?;
    let mut mistakes = Vec::new();
    let course = Course::from_code(&new.choice);
    if course.is_none() {
        mistakes.push(mistake("choice", "choice-missing", "请选择是复议还是诉讼。"));
    }
    let words = read(&new, "受理通知书或者立案通知书", &mut mistakes);
    let (Some(course), true) = (course, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let id = ChallengeId(cx.new_id());
    let (found, history) = record_of(cx, Of { person, case: id.0, record }).await?;
    if history.withdrawn_on.is_some() {
        return Err(Error::NotFound);
    }
    let challenge = Challenge {
        id,
        number: number("FS", cx.today(), id.0),
        person,
        record,
        agency: found.source,
        course,
        state: State::Pending,
        received_at: cx.now(),
        ending: None,
        due: None,
        is_suspended: false,
        closed_at: None,
    };
    let tx = cx.store.begin().await?;
    expect_can_begin(cx, &tx, actor, (&found, &history)).await?;
    if !store::challenge::add(&tx, &challenge).await? {
        return Err(Error::ChallengeOpen);
    }
    step(cx, &tx, of(&challenge), course.code(), Some(actor.account), &words).await?;
    let papers = paper::of_case(cx, person, id.0, false, &new.papers);
    store::case::add_papers(&tx, &papers).await?;
    let marked = vec![(EventKind::Challenged, None)];
    change(cx, &tx, of(&challenge), Some(actor.account), marked).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(challenge)
}

/// The person tells how it ended. If the decision no longer stands, the body that supplied the record
/// has the days of the rulebook to withdraw it.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`].
///
/// # Law
/// 行政处罚法 48.
pub async fn report(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    id: ChallengeId,
    new: NewChallenge,
) -> Result<Challenge> {
    permit(cx, actor, person)?;
    let found = store::challenge::of_person_by_id(cx.store.read(), person, id).await?;
    let stood = found.ok_or(Error::NotFound)?;
    let mut mistakes = Vec::new();
    let ending = Ending::from_code(&new.choice);
    if ending.is_none() {
        mistakes.push(mistake("choice", "choice-missing", "请选择结果是什么。"));
    }
    let words = read(&new, "复议决定书、判决书或者裁定书", &mut mistakes);
    let (Some(ending), true) = (ending, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let now = stood.report(ending, &cx.rules, cx.today(), cx.now()).ok_or(NotNow::Closed)?;
    let tx = cx.store.begin().await?;
    if !store::challenge::save(&tx, &stood, &now).await? {
        return Err(NotNow::Closed.into());
    }
    let kind = format!("reported-{}", ending.code());
    step(cx, &tx, of(&now), &kind, Some(actor.account), &words).await?;
    let papers = paper::of_case(cx, person, id.0, false, &new.papers);
    store::case::add_papers(&tx, &papers).await?;
    if !now.is_open() {
        let ended = vec![(EventKind::ChallengeEnded, None)];
        change(cx, &tx, of(&now), Some(actor.account), ended).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// Takes the entry back; the mark goes.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::NotNow`].
pub async fn withdraw(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    id: ChallengeId,
) -> Result<Challenge> {
    permit(cx, actor, person)?;
    let found = store::challenge::of_person_by_id(cx.store.read(), person, id).await?;
    let stood = found.ok_or(Error::NotFound)?;
    let now = stood.withdraw(cx.now()).ok_or(NotNow::Closed)?;
    let tx = cx.store.begin().await?;
    if !store::challenge::save(&tx, &stood, &now).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), "withdrawn", Some(actor.account), "").await?;
    let ended = vec![(EventKind::ChallengeEnded, None)];
    change(cx, &tx, of(&now), Some(actor.account), ended).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}
