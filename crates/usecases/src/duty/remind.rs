//! 提醒: once at half of the days, once with one day left, once when they are over.

use register::duty::Duty;

use crate::cx::Cx;
use crate::error::Result;

/// Duties of one kind looked at in one turn: the soonest due, which are those to be reminded of.
const MOST: u32 = 5_000;

/// Reminds whoever has something to do; says how many reminders are new. Runs twice, or in two
/// processes, without reminding twice.
///
/// # Errors
/// [`crate::Error::Store`].
pub async fn remind(cx: &Cx) -> Result<u64> {
    let (today, now) = (cx.today(), cx.now());
    let mut done = 0;
    // Read first: whoever holds a transaction must not wait for another connection.
    let duties = open(cx).await?;
    let tx = cx.store.begin().await?;
    for duty in duties {
        if let Some(stage) = duty.stage(&cx.rules, today) {
            done += u64::from(store::duty::remind(&tx, &duty, stage, now).await?);
        }
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(done)
}

async fn open(cx: &Cx) -> Result<Vec<Duty>> {
    let (db, rules) = (cx.store.read(), &cx.rules);
    let mut duties: Vec<Duty> = Vec::new();
    let objections = store::objection::open(db, MOST).await?;
    duties.extend(objections.iter().filter_map(|one| one.duty(rules)));
    let repairs = store::repair::open(db, MOST).await?;
    duties.extend(repairs.iter().filter_map(|one| one.duty(rules)));
    let challenges = store::challenge::due(db, MOST).await?;
    duties.extend(challenges.iter().filter_map(|one| one.duty(rules)));
    let inquiries = store::inquiry::open(db, MOST).await?;
    duties.extend(inquiries.iter().filter_map(|one| one.duty(rules)));
    let asked = store::supervision::asked(db, MOST).await?;
    duties.extend(asked.iter().filter_map(|one| one.duty(rules)));
    let corrections = store::correction::open(db, MOST).await?;
    duties.extend(corrections.iter().filter_map(|one| one.duty(rules)));
    Ok(duties)
}
