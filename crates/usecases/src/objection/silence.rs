//! 逾期不答复: a body that cannot say in time why a fact is right may not go on using it.

use register::EventKind;
use register::objection::{NotNow, Objection, State};

use super::{change, step, tell};
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
    let (mut done, mut after) = (0, uuid::Uuid::nil());
    loop {
        let overdue = store::objection::overdue(cx.store.read(), today, after, PAGE).await?;
        let Some(last) = overdue.last() else { return Ok(done) };
        after = last.id.0;
        for stood in overdue {
            match stood.silence(&cx.rules, today, cx.now()) {
                Ok(now) => done += u64::from(one(cx, &stood, &now).await?),
                Err(NotNow::Early | NotNow::Closed) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Takes one step; `false` if the body answered at this very moment.
async fn one(cx: &Cx, stood: &Objection, now: &Objection) -> Result<bool> {
    let (kind, text, steps) = if now.state == State::Suspended {
        ("suspended", "objection-suspended", vec![(EventKind::Suspended, None)])
    } else {
        let deleted = (EventKind::Deleted { on: cx.today() }, None);
        let steps = vec![deleted, (EventKind::ContestEnded, None)];
        ("deleted-unanswered", "objection-answered", steps)
    };
    let tx = cx.store.begin().await?;
    if !store::objection::save(&tx, stood, now).await? {
        return Ok(false);
    }
    step(cx, &tx, now, kind, None, "").await?;
    change(cx, &tx, now, None, steps).await?;
    tell(cx, &tx, now, text).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(true)
}
