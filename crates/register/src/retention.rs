//! Retention 保存期限: until when a fact is kept at all, archived, before it is erased.
//!
//! ```text
//!   shown ──display over, repaired, withdrawn──▶ archived ──last day of keeping──▶ erased
//!                                                  │ two people open it, for a while
//! ```
//!
//! Archived (封存) is what nobody but the person sees any more: it is worked out like the rest of a record's
//! standing, on the day somebody asks. Only erasing needs a hand, and then nothing is left but hashes.

use jiff::ToSpan;
use jiff::civil::Date;
use rulebook::{Rules, Severity};

use crate::record::History;
use crate::{Content, Event, EventKind, Field, Standing};

/// A month, counted from January 2000: the keys that seal what must go are kept by it.
#[must_use]
pub fn month(day: Date) -> u16 {
    let months = i32::from(day.year()) * 12 + i32::from(day.month()) - 1 - 2_000 * 12;
    u16::try_from(months).unwrap_or(0)
}

/// The first day on which a record is no longer kept; `None` while nothing sets its end (a licence
/// without an end).
///
/// # Law
/// 征信业管理条例 16 — at most five years; 个人信息保护法 19, 47 — no longer than the purpose needs, then
/// erased without being asked.
#[must_use]
pub fn erase_on(
    severity: Option<Severity>,
    decided_on: Date,
    content: &Content,
    rules: &Rules,
) -> Option<Date> {
    let years = |name| i32::try_from(rules.limit(name)).unwrap_or(0).years();
    let (from, kept) = match severity {
        Some(_) => (decided_on, years("negative_outer_years")),
        None => (content.day(Field::ValidUntil)?, years("licence_kept_years")),
    };
    from.checked_add(kept).ok()?.tomorrow().ok()
}

/// The day by which a step makes a record go sooner, if it does: what was taken back, revoked or wrong is
/// kept only as long as somebody could still go to court over it.
///
/// # Law
/// 个人信息保护法 47 — erased where its ground is gone.
#[must_use]
pub fn sooner(kind: EventKind, rules: &Rules) -> Option<Date> {
    match kind {
        EventKind::Withdrawn { on } | EventKind::Deleted { on } | EventKind::Annulled { on } => {
            let months = i32::try_from(rules.limit("withdrawn_kept_months")).unwrap_or(0);
            on.checked_add(months.months()).ok()
        }
        // He wants it gone: at once.
        EventKind::ConsentEnded { on } | EventKind::Removed { on } => Some(on),
        EventKind::Entered { .. }
        | EventKind::Told { .. }
        | EventKind::Contested { .. }
        | EventKind::ContestEnded { .. }
        | EventKind::Challenged
        | EventKind::ChallengeEnded
        | EventKind::Suspended { .. }
        | EventKind::Resumed { .. }
        | EventKind::Corrected
        | EventKind::Repaired { .. }
        | EventKind::RepairRevoked
        | EventKind::Stated
        | EventKind::StatementRemoved
        | EventKind::Noted
        | EventKind::Allowed { .. }
        | EventKind::OwnerDied { .. }
        | EventKind::OwnerLives => None,
    }
}

/// The first day on which a record is no longer kept, by what it says now and by all that has happened to it,
/// oldest first.
#[must_use]
pub fn last_day<'a>(
    severity: Option<Severity>,
    decided_on: Date,
    content: &Content,
    events: impl IntoIterator<Item = &'a Event>,
    rules: &Rules,
) -> Option<Date> {
    let mut day = erase_on(severity, decided_on, content, rules);
    for event in events {
        if let EventKind::Allowed { until } = event.kind {
            day = erase_allowed_on(until, rules);
        } else if let Some(sooner) = sooner(event.kind, rules) {
            day = Some(day.map_or(sooner, |day| day.min(sooner)));
        }
    }
    day
}

/// The first day on which a fact that the person allowed until `until` is no longer kept: long enough to allow
/// it once more.
///
/// # Law
/// 个人信息保护法 15, 47 — erased where consent has ended.
#[must_use]
pub fn erase_allowed_on(until: Date, rules: &Rules) -> Option<Date> {
    let months = i32::try_from(rules.limit("withdrawn_kept_months")).unwrap_or(0);
    until.checked_add(months.months()).ok()
}

/// Whether a record is archived (封存): over for every door, kept only for audit and remedies.
///
/// # Law
/// 信用修复管理办法 (2026) 3 — no longer shown, shared or used.
#[must_use]
pub const fn is_archived(standing: &Standing) -> bool {
    match standing {
        Standing::Ended { .. }
        | Standing::Withdrawn { .. }
        | Standing::Repaired { .. }
        | Standing::OwnerDied { .. } => true,
        Standing::Waiting
        | Standing::Quiet { .. }
        | Standing::Shown { .. }
        | Standing::NotDisplayed { .. }
        | Standing::Suspended => false,
    }
}

/// Why a record that should be gone is still needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// An objection, a repair or a challenge about it has not ended.
    OpenCase,
    /// Somebody who received it has not acknowledged its correction (I13).
    OpenCorrection,
}

/// What still needs it, if anything does: a record under dispute is not destroyed under the parties' hands.
#[must_use]
pub const fn held(history: &History, has_case: bool, has_correction: bool) -> Option<Held> {
    if has_case || history.is_contested || history.is_challenged {
        Some(Held::OpenCase)
    } else if has_correction {
        Some(Held::OpenCorrection)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::Value;

    fn rules() -> Rules {
        Rules::bundled().unwrap()
    }

    #[test]
    fn months_follow_each_other_over_the_year() {
        assert_eq!(month(date(2000, 1, 31)), 0);
        assert_eq!(month(date(2026, 12, 1)) + 1, month(date(2027, 1, 1)));
    }

    #[test]
    fn an_adverse_fact_is_gone_five_years_after_its_decision() {
        let content = Content::default();
        let gone = erase_on(Some(Severity::General), date(2024, 2, 29), &content, &rules());
        assert_eq!(gone, Some(date(2029, 3, 1)));
    }

    #[test]
    fn a_licence_is_kept_for_a_while_after_its_last_day_and_one_without_an_end_has_none() {
        let mut content = Content::default();
        assert_eq!(erase_on(None, date(2024, 5, 1), &content, &rules()), None);
        content.set(Field::ValidUntil, Value::Day(date(2026, 12, 31)));
        let gone = erase_on(None, date(2024, 5, 1), &content, &rules());
        assert_eq!(gone, Some(date(2030, 1, 1)));
    }

    #[test]
    fn what_was_taken_back_goes_sooner() {
        let on = date(2026, 8, 31);
        let sooner = |kind| sooner(kind, &rules());
        assert_eq!(sooner(EventKind::Deleted { on }), Some(date(2027, 2, 28)));
        assert_eq!(sooner(EventKind::Repaired { on }), None);
    }
}
