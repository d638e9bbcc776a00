//! 办结信息安全事件: told is told, and another person closes it.

use register::IncidentId;
use register::incident::{Incident, Missing, WORDS};

use super::tell::carry_on;
use super::{advance, expect_no_number, expect_uninvolved, found, may_handle, misplaced};
use crate::case::{mistake, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::opening::expect_second;

/// Says that authority and people have been told, or need not be.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`] with all that is missing, [`Error::NotFound`], [`Error::NotNow`].
pub async fn notify(cx: &Cx, actor: &Actor, id: IncidentId) -> Result<Incident> {
    may_handle(cx, actor)?;
    let stored = store::incident::by_id(cx.store.read(), id).await?.ok_or(Error::NotFound)?;
    // Nobody who was found is left out.
    let told = carry_on(cx, &stored.incident).await?;
    let mut mistakes = Vec::new();
    expect_uninvolved(cx, actor, id, "notify", &mut mistakes).await?;
    if told.is_none() {
        let says = "告知书正在写，请过几分钟再办。";
        mistakes.push(mistake("notify", "telling", says));
    }
    let tx = cx.store.begin().await?;
    let was = found(&tx, id).await?.incident;
    let searches = store::incident::searches(&tx, id).await?;
    let missing = was.missing(searches.len()).into_iter().map(|missing| {
        let (code, says) = match missing {
            Missing::Search => ("search-missing", "还没有在存证里查找受影响的人。"),
            Missing::Authority => ("authority-missing", "还没有登记什么时候、怎样向主管部门报告。"),
            Missing::People => ("people-missing", "还没有决定告知本人，还是不需要告知。"),
        };
        mistake("notify", code, says)
    });
    mistakes.extend(missing);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let now = was.clone().notify(actor.account).map_err(misplaced)?;
    advance(cx, &tx, (&was, &now), (now.state.code(), actor.account, "")).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// Closes it with what was learned: another human being than who made the last move (I12), and once every task is
/// done.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotSecond`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`].
pub async fn close(cx: &Cx, actor: &Actor, id: IncidentId, words: &str) -> Result<Incident> {
    may_handle(cx, actor)?;
    let mut mistakes = Vec::new();
    let words = read_words("close_words", words, WORDS, &mut mistakes);
    expect_no_number("close_words", &words, &mut mistakes);
    expect_uninvolved(cx, actor, id, "close_words", &mut mistakes).await?;
    let tx = cx.store.begin().await?;
    let was = found(&tx, id).await?.incident;
    let now = was.clone().close(actor.account, cx.now()).map_err(misplaced)?;
    if let Some(first) = was.moved_by {
        expect_second(&tx, first, actor).await?;
    }
    let open = store::incident::tasks(&tx, id).await?;
    let open = open.iter().filter(|task| task.done.is_none()).count();
    if open > 0 {
        let says = format!("还有 {open} 项任务没有办完。");
        mistakes.push(mistake("close_words", "tasks-open", says));
    }
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    advance(cx, &tx, (&was, &now), (now.state.code(), actor.account, &words)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}
