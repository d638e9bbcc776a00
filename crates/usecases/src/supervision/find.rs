//! 认定: the office says what it found, with reasons; whoever should not have been looked at is told.

use std::collections::BTreeMap;

use access::{Action, What};
use register::notice::About;
use register::objection::NotNow;
use register::opening::second_of_two;
use register::supervision::{Done, Finding, Supervision, WORDS};
use register::{AccountId, PersonId, SupervisionId};

use super::{is_his_own, of, own_look, permit};
use crate::case::{mistake, read_words, step, tell_about};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// A finding as it was typed.
#[derive(Clone, Default)]
pub struct NewFinding {
    /// What was found, by code.
    pub finding: String,
    /// Why.
    pub words: String,
    /// Which of the looks should not have been, by their positions; counts only where that was found.
    pub looks: Vec<u64>,
}

register::hidden!(NewFinding);

/// Records a finding. It needs another person than who asked, than who explained, and than who looked (I12, I15).
///
/// Found that looks should not have been, each person is told once: which looks, on which days, what he can do; and
/// it stands beside those looks on his page.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotSecond`], [`Error::NotNow`] while the
/// body still has time, or if it was said before.
///
/// # Law
/// 个人信息保护法 44, 48, 51, 69.
pub async fn find(
    cx: &Cx,
    actor: &Actor,
    id: SupervisionId,
    new: &NewFinding,
) -> Result<Supervision> {
    cx.permit(actor, Action::SuperviseLooks, What::default())?;
    let stood = store::supervision::by_id(cx.store.read(), id).await?.ok_or(Error::NotFound)?;
    let entries = permit(cx, actor, Action::RecordFinding, &stood).await?;
    let mut mistakes = Vec::new();
    if is_his_own(cx, actor, &entries).await? {
        mistakes.push(own_look("finding"));
    }
    let finding = Finding::from_code(&new.finding);
    if finding.is_none() {
        mistakes.push(mistake("finding", "choice-missing", "请选择认定的结果。"));
    }
    let is_wrongful = finding == Some(Finding::Wrongful);
    let named = store::supervision::looks(cx.store.read(), id).await?;
    let mut wrongful = new.looks.clone();
    wrongful.retain(|seq| is_wrongful && named.iter().any(|look| look.seq == *seq));
    if is_wrongful && wrongful.is_empty() {
        mistakes.push(mistake("looks", "looks-missing", "请选择哪几次查询不应该。"));
    }
    let words = read_words("reasons", &new.words, WORDS, &mut mistakes);
    let (Some(finding), true) = (finding, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let before = [stood.asked.map(|asked| asked.done.by), stood.answered.map(|done| done.by)];
    for other in before.into_iter().flatten() {
        let first = (other, person_of(cx, other).await?);
        second_of_two(first, (actor.account, actor.person))?;
    }
    let was = stood.state;
    let done = Done { by: actor.account, at: cx.now() };
    let now = stood.find(finding, done, cx.today())?;

    // One notice a person, about the first of his looks.
    let mut told: BTreeMap<PersonId, u64> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| wrongful.contains(&entry.seq)) {
        told.entry(entry.person).or_insert(entry.seq);
    }
    let tx = cx.store.begin().await?;
    if !store::supervision::save(&tx, &now, was).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), finding.code(), Some(actor.account), &words).await?;
    store::supervision::mark_wrongful(&tx, id, &wrongful).await?;
    for (person, seq) in told {
        // Nobody of that number may be in the register, and nobody is told who has died.
        let is_known = store::person::sealed(&tx, person).await?.is_some();
        if is_known && !store::death::counts(&tx, person).await? {
            tell_about(cx, &tx, person, About::Look(seq), "look-wrongful").await?;
        }
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

async fn person_of(cx: &Cx, account: AccountId) -> Result<Option<PersonId>> {
    let found = store::account::by_id(cx.store.read(), account).await?;
    Ok(found.and_then(|account| account.person))
}
