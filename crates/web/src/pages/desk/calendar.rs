//! Reminders and the calendar 提醒和日历: on a desk, or in the office.

use askama::Template;

use crate::pages::{Here, Link, Shell, Tag, Tint, t};

/// `/desk/calendar` and `/office/calendar`
#[derive(Template)]
#[template(path = "desk/calendar.html")]
pub struct CalendarPage {
    /// The frame.
    pub shell: Shell,
    /// Where it leads back to.
    pub back: Link,
    /// Its own address.
    pub place: String,
    /// The address to subscribe to, shown once; empty otherwise.
    pub address: String,
    /// Since when there is an address; empty if there is none.
    pub since: String,
    /// Reminders, newest first.
    pub reminders: Vec<ReminderRow>,
}

/// One reminder.
#[derive(Clone, Debug)]
pub struct ReminderRow {
    /// When it was given, in full.
    pub at: String,
    /// Who was reminded.
    pub agency: String,
    /// Of what.
    pub what: String,
    /// How far it had come.
    pub stage: Tag,
    /// The last day.
    pub due: String,
}

impl CalendarPage {
    /// One reminder; an address was just made.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::DeskToday),
            back: Link::new("/desk", "今天要办"),
            place: t("/desk/calendar"),
            address: t("https://example.invalid/calendar/9f86d081884c7d659a2feaa0c55ad015.ics"),
            since: t("2026年11月24日 09:00"),
            reminders: vec![ReminderRow {
                at: t("2026年11月24日 09:00"),
                agency: t("凌源市市场监督管理局"),
                what: t("答复异议 YY20261118-7F3K2Q"),
                stage: Tag::new("即将到期", Tint::Open),
                due: t("2026年11月25日"),
            }],
        }
    }

    /// Nothing yet.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self {
            address: String::new(),
            since: String::new(),
            reminders: Vec::new(),
            ..Self::sample()
        }
    }
}
