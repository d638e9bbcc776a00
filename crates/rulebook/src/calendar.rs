//! Calendar 工作日历: data by year, from the State Council's notices; other years are provisional (I16).

use std::collections::{BTreeSet, HashSet};

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use crate::basis::Basis;

/// A run of days off, with the days that are worked for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayOff {
    /// Name of the holiday.
    pub name: String,
    /// First day off.
    pub from: TomlDate,
    /// Last day off.
    pub to: TomlDate,
    /// Weekend days that are worked.
    pub work: Vec<TomlDate>,
}

/// A date as TOML writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TomlDate(pub Date);

impl<'de> Deserialize<'de> for TomlDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let date = toml::value::Datetime::deserialize(deserializer)?;
        date.to_string().parse().map(Self).map_err(serde::de::Error::custom)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct YearFile {
    pub(crate) year: i16,
    pub(crate) basis: Vec<Basis>,
    #[expect(dead_code, reason = "for the reader of the file; its form is checked")]
    pub(crate) read_on: TomlDate,
    #[expect(dead_code, reason = "for the reader of the file; its form is checked")]
    pub(crate) review_by: TomlDate,
    pub(crate) holiday: Vec<DayOff>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProvisionalFile {
    pub(crate) basis: Vec<Basis>,
    #[expect(dead_code, reason = "for the reader of the file; its form is checked")]
    pub(crate) read_on: TomlDate,
    #[expect(dead_code, reason = "for the reader of the file; its form is checked")]
    pub(crate) review_by: TomlDate,
    pub(crate) fixed: Vec<String>,
    pub(crate) lunar: Vec<LunarYear>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LunarYear {
    #[expect(dead_code, reason = "for the reader of the file")]
    pub(crate) year: i16,
    pub(crate) days: Vec<TomlDate>,
}

/// Working days of every year.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    years: BTreeSet<i16>,
    off: HashSet<Date>,
    work: HashSet<Date>,
    fixed: HashSet<(i8, i8)>,
    lunar: HashSet<Date>,
}

impl Calendar {
    pub(crate) fn new(years: &[YearFile], provisional: Option<&ProvisionalFile>) -> Self {
        let mut calendar = Self::default();
        for file in years {
            calendar.years.insert(file.year);
            for holiday in &file.holiday {
                let mut day = holiday.from.0;
                while day <= holiday.to.0 {
                    calendar.off.insert(day);
                    let Ok(next) = day.tomorrow() else { break };
                    day = next;
                }
                calendar.work.extend(holiday.work.iter().map(|day| day.0));
            }
        }
        if let Some(file) = provisional {
            calendar.fixed = file.fixed.iter().filter_map(|day| month_day(day)).collect();
            calendar.lunar =
                file.lunar.iter().flat_map(|year| &year.days).map(|day| day.0).collect();
        }
        calendar
    }

    /// Years whose notice is loaded.
    pub fn years(&self) -> impl Iterator<Item = i16> {
        self.years.iter().copied()
    }

    /// Whether the State Council's notices that can speak of that day are loaded; otherwise every answer
    /// about it is provisional. The notice of a year may also move the last days of the year before.
    #[must_use]
    pub fn is_loaded(&self, day: Date) -> bool {
        let is_last_week = day.month() == 12 && day.day() > 24;
        self.years.contains(&day.year())
            && (!is_last_week || self.years.contains(&(day.year() + 1)))
    }

    /// Whether people work on that day.
    #[must_use]
    pub fn is_working_day(&self, day: Date) -> bool {
        let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let is_holiday = self.off.contains(&day)
            || (!self.years.contains(&day.year())
                && (self.fixed.contains(&(day.month(), day.day())) || self.lunar.contains(&day)));
        self.work.contains(&day) || !(is_weekend || is_holiday)
    }

    /// The day `number` working days after `from`, which itself does not count; and whether a year on
    /// the way is provisional.
    #[must_use]
    pub fn add_working_days(&self, from: Date, number: u32) -> (Date, bool) {
        let mut day = from;
        let mut left = number;
        let mut is_provisional = !self.is_loaded(from);
        while left > 0 {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            is_provisional |= !self.is_loaded(day);
            left -= u32::from(self.is_working_day(day));
        }
        (day, is_provisional)
    }

    /// The first working day from `day` on.
    #[must_use]
    pub fn next_working_day(&self, day: Date) -> (Date, bool) {
        let mut day = day;
        let mut is_provisional = !self.is_loaded(day);
        while !self.is_working_day(day) {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            is_provisional |= !self.is_loaded(day);
        }
        (day, is_provisional)
    }

    /// Working days after `from` up to and with `to`; negative if `to` lies before.
    #[must_use]
    pub fn working_days_between(&self, from: Date, to: Date) -> i32 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let mut day = from;
        let mut count = 0;
        while day < to {
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            count += i32::from(self.is_working_day(day));
        }
        count
    }
}

pub(crate) fn month_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    // A leap year, so that every day of a year exists.
    let day = Date::new(2000, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some((day.month(), day.day()))
}
