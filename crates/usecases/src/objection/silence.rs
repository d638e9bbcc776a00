//! 逾期不答复: a body that cannot say in time why a fact is right may not go on using it.

use register::EventKind;
use register::event::Cause;
use register::objection::{NotNow, Objection, State};

use super::of;
use crate::case::{change, step, tell};
use crate::cx::Cx;
use crate::error::Result;

/// Objections looked at in one go.
const PAGE: u32 = 200;

/// Suspends records whose body let its day pass, and deletes them after the further days of the
/// rulebook. Says how many steps were taken.
///
/// # Errors
/// [`crate::Error::Store`].
///
/// # Law
/// 个人信息保护法 8, 46 (the days by our own rule O10).
pub async fn silence(cx: &Cx) -> Result<u64> {
    let today = cx.today();
    let (mut done, mut failed, mut after) = (0, None, uuid::Uuid::nil());
    loop {
        let overdue = store::objection::overdue(cx.store.read(), today, after, PAGE).await?;
        let Some(last) = overdue.last() else { return failed.map_or(Ok(done), Err) };
        after = last.id.0;
        for stood in overdue {
            match stood.silence(&cx.rules, today, cx.now()) {
                Ok(now) => match one(cx, &stood, &now).await {
                    Ok(is_done) => done += u64::from(is_done),
                    // One that cannot be done keeps nobody else waiting (O10).
                    Err(error) => {
                        tracing::error!(%error, objection = %stood.id, "silence does not count yet");
                        failed.get_or_insert(error);
                    }
                },
                Err(NotNow::Early | NotNow::Closed) => {}
                Err(error) => {
                    failed.get_or_insert(error.into());
                }
            }
        }
    }
}

/// Takes one step; `false` if the body answered at this very moment.
async fn one(cx: &Cx, stood: &Objection, now: &Objection) -> Result<bool> {
    let (kind, text, steps) = if now.state == State::Suspended {
        (
            "suspended",
            "objection-suspended",
            vec![(EventKind::Suspended { by: Cause::Objection }, None)],
        )
    } else {
        // Also if it is gone already: what was wrong does not come back (I17).
        let steps = vec![
            (EventKind::Deleted { on: cx.today() }, None),
            (EventKind::ContestEnded { by: Cause::Objection }, None),
        ];
        ("deleted-unanswered", "objection-answered", steps)
    };
    let tx = cx.store.begin().await?;
    if !store::objection::save(&tx, stood, now).await? {
        return Ok(false);
    }
    step(cx, &tx, of(now), kind, None, "").await?;
    change(cx, &tx, of(now), None, steps).await?;
    tell(cx, &tx, of(now), text).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(true)
}
