//! Deadlines 期限: how long, since when, by which article.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::calendar::Calendar;

/// What a number of days means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 工作日: make-up working days count, holidays do not.
    WorkingDays,
    /// 日: every day counts; a last day off moves to the next working day.
    CalendarDays,
    /// 自然日: every day counts, and so does the last one.
    PlainDays,
    /// 月: the same day of the month, or its last day.
    Months,
}

impl Unit {
    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::WorkingDays => "个工作日",
            Self::CalendarDays => "日",
            Self::PlainDays => "日（不顺延）",
            Self::Months => "个月",
        }
    }
}

/// A period that begins with an event.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Its name, for example `objection`.
    pub kind: String,
    /// What has to be done by then.
    pub title: String,
    /// The event from which it runs.
    pub since: String,
    /// How many.
    pub n: u32,
    /// Of what.
    pub unit: Unit,
    /// Why.
    pub basis: Vec<Basis>,
}

/// The last day of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Whether a year on the way has no holiday notice loaded yet (I16).
    pub is_provisional: bool,
    /// The last day on which it can be done in time.
    pub on: Date,
}

impl Deadline {
    /// The last day, counted from the day after `from`.
    ///
    /// # Law
    /// 行政处罚法 85, 行政复议法 88 — which days are working days; the day of the event does not count,
    /// a last day off moves to the next working day.
    #[must_use]
    pub fn after(&self, from: Date, calendar: &Calendar) -> Due {
        let (on, is_provisional) = match self.unit {
            Unit::WorkingDays => calendar.add_working_days(from, self.n),
            Unit::CalendarDays => {
                calendar.next_working_day(from.saturating_add(i64::from(self.n).days()))
            }
            Unit::PlainDays => (from.saturating_add(i64::from(self.n).days()), false),
            Unit::Months => {
                calendar.next_working_day(from.saturating_add(i64::from(self.n).months()))
            }
        };
        Due { is_provisional, on }
    }
}
