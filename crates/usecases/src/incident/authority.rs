//! 向主管部门报告: the report is printed and sent by hand or by the authority's own system; here stands when and how.

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp, tz};
use register::IncidentId;
use register::incident::{Incident, SHORT};

use super::affected::everybody;
use super::{
    AsSent, advance, announcement, announcement_place, found, may_handle, misplaced, sealed,
};
use crate::case::{mistake, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};

/// When and how the authority was told, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// On which day.
    pub on: String,
    /// At what time, for example `15:30`.
    pub time: String,
    /// By which way, with the number of the receipt.
    pub how: String,
}

/// Keeps when and how the authority was told, and what stood then.
///
/// From now on what was sent is not written anew, and printed
/// again it says the same. In a drill nobody is told; the time is that at which it would have been.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], [`Error::NotFound`], [`Error::NotNow`].
///
/// # Law
/// 个人信息保护法 57 — the departments charged with protecting personal information are told.
pub async fn authority(cx: &Cx, actor: &Actor, id: IncidentId, sent: &Sent) -> Result<Incident> {
    may_handle(cx, actor)?;
    let mut mistakes = Vec::new();
    let how = read_words("how", &sent.how, SHORT, &mut mistakes);
    let stored = store::incident::by_id(cx.store.read(), id).await?.ok_or(Error::NotFound)?;
    let at = read_moment(cx, sent, stored.incident.reported_at, &mut mistakes);
    if stored.announcement.is_none() {
        let says = "请先写好报告和告知的内容。";
        mistakes.push(mistake("how", "announcement-missing", says));
    }
    let (Some(at), true) = (at, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let affected = number(everybody(cx, id).await?.len());
    let told = store::notice::persons_of_incident(cx.store.read(), id).await?;
    let tx = cx.store.begin().await?;
    let stored = found(&tx, id).await?;
    let said = announcement(cx, &stored)?;
    let was = stored.incident;
    let Some(mut said) = said.filter(|_| was.is_worked_on() && was.authority_at.is_none()) else {
        return Err(misplaced(register::incident::Misplaced));
    };
    said.sent = Some(AsSent {
        on: register::china_date(at),
        affected,
        told: number(told.len()),
        people: was.people.code().to_owned(),
    });
    let kept = sealed(cx, announcement_place(&id), &said)?;
    if !store::incident::announce_as_sent(&tx, id, &kept).await? {
        return Err(misplaced(register::incident::Misplaced));
    }
    let now = Incident { authority_at: Some(at), ..was.clone() };
    advance(cx, &tx, (&was, &now), ("authority", actor.account, &how)).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(now)
}

/// The moment that was typed: not before it was reported, not to come.
fn read_moment(
    cx: &Cx,
    sent: &Sent,
    reported_at: Timestamp,
    mistakes: &mut Vec<Mistake>,
) -> Option<Timestamp> {
    let time = sent.time.trim().replace('：', ":");
    let time = time.split_once(':').and_then(|(hour, minute)| {
        Time::new(hour.trim().parse().ok()?, minute.trim().parse().ok()?, 0, 0).ok()
    });
    let Some((day, time)) = intake::read_day(&sent.on).zip(time) else {
        let says = "请填写报告的日期和时间，例如 2026-11-24 和 15:30。";
        mistakes.push(mistake("sent_on", "date-unreadable", says));
        return None;
    };
    let zoned = day.to_datetime(time).to_zoned(tz::TimeZone::fixed(tz::offset(8)));
    let at = zoned.ok()?.timestamp();
    // Typed to the minute.
    if at > cx.now() || at + SignedDuration::from_mins(1) <= reported_at {
        let says = "报告的时间不能早于发现事件，也不能晚于现在。";
        mistakes.push(mistake("sent_on", "sent-on", says));
        return None;
    }
    Some(at)
}
