//! 研判和控制: is it one, and does it go no further?

use register::IncidentId;
use register::incident::{Incident, WORDS};

use super::{advance, expect_no_number, expect_uninvolved, found, may_handle, misplaced};
use crate::case::{mistake, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Judges a report, with reasons. One that is none still needs a second person to close it: nobody buries it alone.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`].
pub async fn triage(
    cx: &Cx,
    actor: &Actor,
    id: IncidentId,
    is_one: Option<bool>,
    words: &str,
) -> Result<Incident> {
    may_handle(cx, actor)?;
    let mut mistakes = Vec::new();
    if is_one.is_none() {
        mistakes.push(mistake("finding", "choice-missing", "请选择是不是信息安全事件。"));
    }
    let words = read_words("triage_words", words, WORDS, &mut mistakes);
    expect_no_number("triage_words", &words, &mut mistakes);
    expect_uninvolved(cx, actor, id, "triage_words", &mut mistakes).await?;
    let (Some(is_one), true) = (is_one, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let tx = cx.store.begin().await?;
    let was = found(&tx, id).await?.incident;
    let now = was.clone().triage(is_one, actor.account).map_err(misplaced)?;
    advance(cx, &tx, (&was, &now), (now.state.code(), actor.account, &words)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// Says, with reasons, that what was taken for one is none, as long as nobody was told. A second person has to close it.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`] once authority or people were told.
pub async fn withdraw(cx: &Cx, actor: &Actor, id: IncidentId, words: &str) -> Result<Incident> {
    may_handle(cx, actor)?;
    let mut mistakes = Vec::new();
    let words = read_words("withdraw_words", words, WORDS, &mut mistakes);
    expect_no_number("withdraw_words", &words, &mut mistakes);
    expect_uninvolved(cx, actor, id, "withdraw_words", &mut mistakes).await?;
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let tx = cx.store.begin().await?;
    let was = found(&tx, id).await?.incident;
    let now = was.clone().withdraw(actor.account).map_err(misplaced)?;
    advance(cx, &tx, (&was, &now), (now.state.code(), actor.account, &words)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// Says that it goes no further, and by what.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`].
pub async fn contain(cx: &Cx, actor: &Actor, id: IncidentId, words: &str) -> Result<Incident> {
    may_handle(cx, actor)?;
    let mut mistakes = Vec::new();
    let words = read_words("contain_words", words, WORDS, &mut mistakes);
    expect_no_number("contain_words", &words, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let tx = cx.store.begin().await?;
    let was = found(&tx, id).await?.incident;
    let now = was.clone().contain(actor.account).map_err(misplaced)?;
    advance(cx, &tx, (&was, &now), (now.state.code(), actor.account, &words)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}
