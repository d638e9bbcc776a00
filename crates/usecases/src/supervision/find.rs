//! 认定: the office says what it found, with reasons; whoever should not have been looked at is told.

use access::{Action, What};
use register::objection::NotNow;
use register::opening::second_of_two;
use register::supervision::{Done, Finding, Supervision, WORDS};
use register::{AccountId, PersonId, SupervisionId};

use super::tell::tell_of;
use super::{expect_no_number, is_his_own, of, own_look, permit};
use crate::case::{mistake, read_words, step};
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
    /// None of them should have been: also those that no page lists.
    pub is_all: bool,
}

register::hidden!(NewFinding);

/// Records a finding. It needs another person than who asked, than who explained, and than who looked (I12, I15).
///
/// Found that looks should not have been, each person is told once: which looks, on which days, what he can do; and
/// it stands beside those looks on his page. Of very many some are told later, by the job.
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
    let sides = permit(cx, actor, Action::RecordFinding, &stood).await?;
    let mut mistakes = Vec::new();
    if is_his_own(cx, actor, &sides).await? {
        mistakes.push(own_look("finding"));
    }
    let finding = Finding::from_code(&new.finding);
    if finding.is_none() {
        mistakes.push(mistake("finding", "choice-missing", "请选择认定的结果。"));
    }
    let is_wrongful = finding == Some(Finding::Wrongful);
    let wrongful = if is_wrongful { ticked(cx, id, &new.looks).await? } else { Vec::new() };
    let is_all = is_wrongful && new.is_all;
    if is_wrongful && !is_all && wrongful.is_empty() {
        mistakes.push(mistake("looks", "looks-missing", "请选择哪几次查询不应该。"));
    }
    let words = read_words("reasons", &new.words, WORDS, &mut mistakes);
    expect_no_number("reasons", &words, &mut mistakes);
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

    let tx = cx.store.begin().await?;
    if !store::supervision::save(&tx, &now, was).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), finding.code(), Some(actor.account), &words).await?;
    if is_all {
        store::supervision::mark_all_wrongful(&tx, id).await?;
    } else {
        store::supervision::mark_wrongful(&tx, id, &wrongful).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    if is_wrongful && let Err(error) = tell_of(cx, &now).await {
        tracing::error!(%error, case = %now.id, "those looked at are told later, by the job");
    }
    Ok(now)
}

/// Which of the case's looks were ticked.
async fn ticked(cx: &Cx, id: SupervisionId, typed: &[u64]) -> Result<Vec<u64>> {
    let named = store::supervision::looks(cx.store.read(), id).await?;
    let named: Vec<u64> = named.iter().map(|look| look.seq).collect();
    Ok(typed.iter().copied().filter(|seq| named.binary_search(seq).is_ok()).collect())
}

async fn person_of(cx: &Cx, account: AccountId) -> Result<Option<PersonId>> {
    let found = store::account::by_id(cx.store.read(), account).await?;
    Ok(found.and_then(|account| account.person))
}
