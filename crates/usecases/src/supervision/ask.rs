//! 要求说明: the office asks the body to show the matter and to say why it looked.

use access::{Action, What};
use register::SupervisionId;
use register::objection::NotNow;
use register::supervision::{Asked, Done, Supervision, WORDS};
use uuid::Uuid;

use super::{expect_no_number, is_his_own, of, own_look, permit};
use crate::case::{read_words, step};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Samples read at once.
const PAGE: u32 = 500;

/// What is asked of a body about a look that was drawn.
const OF_A_SAMPLE: &str = "这次查询在本月抽查中抽到。请说明为哪件事查询，并提交能够看出确有这件事的材料，例如受理单、审批页。";

/// Asks the body of one case.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`] if it was asked before.
///
/// # Law
/// 个人信息保护法 51, 54 — whoever handles personal information audits how that is done.
pub async fn ask(cx: &Cx, actor: &Actor, id: SupervisionId, words: &str) -> Result<Supervision> {
    cx.permit(actor, Action::AskExplanation, What::default())?;
    let stood = store::supervision::by_id(cx.store.read(), id).await?.ok_or(Error::NotFound)?;
    let sides = permit(cx, actor, Action::AskExplanation, &stood).await?;
    let mut mistakes = Vec::new();
    if is_his_own(cx, actor, &sides).await? {
        mistakes.push(own_look("ask"));
    }
    let words = read_words("ask", words, WORDS, &mut mistakes);
    expect_no_number("ask", &words, &mut mistakes);
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    asked(cx, actor, stood, &words).await
}

/// Asks about everything that was drawn by lot and about which nobody has asked yet, all in the same words; says how
/// many that were. What this actor may not ask about is left to others.
///
/// # Errors
/// [`Error::Denied`].
pub async fn ask_samples(cx: &Cx, actor: &Actor) -> Result<u64> {
    cx.permit(actor, Action::AskExplanation, What::default())?;
    let (mut done, mut last) = (0, SupervisionId(Uuid::nil()));
    loop {
        // All of them, however many there are: what this actor may not ask about is passed over.
        let samples = store::supervision::samples_after(cx.store.read(), last, PAGE).await?;
        let Some(end) = samples.last() else { return Ok(done) };
        last = end.id;
        for case in samples {
            done += u64::from(asked_of_a_sample(cx, actor, case).await?);
        }
    }
}

/// Asks about one sample; `false` if that is not for this actor, or somebody else was faster.
async fn asked_of_a_sample(cx: &Cx, actor: &Actor, case: Supervision) -> Result<bool> {
    let sides = match permit(cx, actor, Action::AskExplanation, &case).await {
        Ok(sides) => sides,
        Err(Error::Denied(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    if is_his_own(cx, actor, &sides).await? {
        return Ok(false);
    }
    match asked(cx, actor, case, OF_A_SAMPLE).await {
        Ok(_) => Ok(true),
        Err(Error::NotNow(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn asked(cx: &Cx, actor: &Actor, stood: Supervision, words: &str) -> Result<Supervision> {
    let due = cx.rules.due("supervision_answer", cx.today());
    let due = due.ok_or(Error::Internal("the rulebook has no supervision_answer"))?.on;
    let was = stood.state;
    let done = Done { by: actor.account, at: cx.now() };
    let now = stood.ask(Asked { done, due })?;
    let tx = cx.store.begin().await?;
    if !store::supervision::save(&tx, &now, was).await? {
        return Err(NotNow::Closed.into());
    }
    step(cx, &tx, of(&now), "asked", Some(actor.account), words).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}
