//! Disclosure 查询结果: what one purpose may see of a person's records on one day.

use jiff::civil::Date;
use rulebook::Rules;

use crate::record::History;
use crate::{Content, EventId, Record, Standing};

/// A fact that may be told for a purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The record.
    pub record: Record,
    /// Whether the person contests it: it may not be the sole ground of anything (I5).
    pub is_contested: bool,
    /// Whether the decision is challenged before the body that reviews it, or a court.
    pub is_challenged: bool,
    /// The last correction that is in it.
    pub corrected_by: Option<EventId>,
    /// First day on which it is no longer shown.
    pub ends_on: Option<Date>,
}

/// Of `records`, those of which `may_see` allows the item, on `today`: within display, after the quiet
/// period, not suspended, not withdrawn. A purpose of the rulebook or a mandate says what may be seen.
///
/// # Law
/// 个人信息保护法 6, 34 — only what the purpose needs, only within statutory powers.
#[must_use]
pub fn facts_for(
    records: Vec<(Record, History)>,
    may_see: impl Fn(&str) -> bool,
    rules: &Rules,
    today: Date,
) -> Vec<Fact> {
    records
        .into_iter()
        .filter(|(record, _)| may_see(&record.item))
        .filter_map(|(record, history)| match record.standing(&history, rules, today) {
            Standing::Shown { ends_on, .. } => {
                let History { is_contested, is_challenged, corrected_by, .. } = history;
                Some(Fact { record, is_contested, is_challenged, corrected_by, ends_on })
            }
            Standing::Waiting
            | Standing::Quiet { .. }
            | Standing::NotDisplayed { .. }
            | Standing::Ended { .. }
            | Standing::Suspended
            | Standing::Withdrawn { .. }
            | Standing::Repaired { .. }
            | Standing::OwnerDied { .. } => None,
        })
        .collect()
}

/// What of a record's content goes out: never the text of the facts beyond what the item allows.
#[must_use]
pub fn told(content: &Content) -> Vec<(&'static str, String)> {
    content.iter().map(|(field, value)| (field.code(), crate::mask::plain(value))).collect()
}
