//! 报告信息安全事件: whoever sees something says so, also without an account; nothing personal is asked of him.

use access::{Action, What};
use jiff::civil::Date;
use register::IncidentId;
use register::incident::{Incident, Kind, People, SHORT, State, WORDS, notice_due};

use super::{Detail, detail_place, expect_no_number, may_handle, read_short, sealed, step};
use crate::case::{mistake, number, read_words};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Mistake, Result};

/// A report as it was typed.
#[derive(Clone, Default)]
pub struct NewIncident {
    /// What happened, by code.
    pub kind: String,
    /// What happened, in words.
    pub what: String,
    /// Since which day; may be empty.
    pub since: String,
    /// Until which day; may be empty.
    pub until: String,
    /// In which systems or places; may be empty.
    pub systems: String,
    /// What has been done already; may be empty.
    pub measures: String,
    /// Whom to ask; only of somebody at work.
    pub contact: String,
    /// Whether it is a drill: only the office begins one.
    pub is_drill: bool,
}

register::hidden!(NewIncident);

/// Enters a report. The time for telling runs from now; whoever lets it in at the door slows down many.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`].
///
/// # Law
/// 个人信息保护法 57 — at once, whoever notices it.
pub async fn report(cx: &Cx, actor: Option<&Actor>, new: NewIncident) -> Result<Incident> {
    if let Some(actor) = actor {
        cx.permit(actor, Action::ReportIncident, What::default())?;
        if new.is_drill {
            may_handle(cx, actor)?;
        }
    } else if new.is_drill {
        return Err(access::Denied { action: Action::HandleIncident }.into());
    }
    let mut mistakes = Vec::new();
    let kind = Kind::from_code(&new.kind);
    if kind.is_none() {
        mistakes.push(mistake("kind", "choice-missing", "请选择发生了什么。"));
    }
    let what = read_words("what", &new.what, WORDS, &mut mistakes);
    expect_no_number("what", &what, &mut mistakes);
    let since = read_day(cx, "since", &new.since, &mut mistakes);
    let until = read_day(cx, "until", &new.until, &mut mistakes);
    if since.zip(until).is_some_and(|(since, until)| until < since) {
        mistakes.push(mistake("until", "until-before", "结束的日期不能早于开始的日期。"));
    }
    let systems = read_short("systems", &new.systems, SHORT, &mut mistakes);
    let measures = read_short("measures", &new.measures, WORDS, &mut mistakes);
    // Whoever is not signed in is asked nothing about himself. A telephone at work is no secret.
    let contact = match actor {
        Some(_) if !new.contact.trim().is_empty() => {
            read_words("contact", &new.contact, SHORT, &mut mistakes)
        }
        Some(_) | None => String::new(),
    };
    let (Some(kind), true) = (kind, mistakes.is_empty()) else {
        return Err(Error::Mistakes(mistakes));
    };
    let due = notice_due(&cx.rules, cx.now());
    let id = IncidentId(cx.new_id());
    let incident = Incident {
        id,
        number: number(if new.is_drill { "YL" } else { "SJ" }, cx.today(), id.0),
        kind,
        state: State::Reported,
        is_drill: new.is_drill,
        reported_at: cx.now(),
        reported_by: actor.map(|actor| actor.account),
        notice_due: due.ok_or(Error::Internal("the rulebook has no incident_notice"))?,
        people: People::Open,
        people_by: None,
        authority_at: None,
        moved_by: None,
        closed_at: None,
    };
    let detail = Detail { what, since, until, systems, measures, contact };
    let detail = sealed(cx, detail_place(&id), &detail)?;
    let tx = cx.store.begin().await?;
    store::incident::add(&tx, &incident, &detail).await?;
    step(cx, &tx, id, "reported", incident.reported_by, "").await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(incident)
}

/// A day that may be left out, and is not to come.
pub(super) fn read_day(
    cx: &Cx,
    field: &'static str,
    typed: &str,
    mistakes: &mut Vec<Mistake>,
) -> Option<Date> {
    if typed.trim().is_empty() {
        return None;
    }
    let day = intake::read_day(typed).filter(|day| *day <= cx.today());
    if day.is_none() {
        let says = "请按 2026-11-24 这样填写日期，不能晚于今天；不清楚的可以不填。";
        mistakes.push(mistake(field, "date-unreadable", says));
    }
    day
}
