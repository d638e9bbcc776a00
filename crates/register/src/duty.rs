//! Duties 要办的事: what a body must do by which day, whatever kind of case it belongs to.
//!
//! The rulebook's days are the only calendar. A duty is reminded of three times: when half of its days
//! are over, when one is left, and when none is.

use jiff::civil::Date;
use rulebook::Rules;
use uuid::Uuid;

use crate::challenge::Challenge;
use crate::codes::codes;
use crate::correction::Correction;
use crate::inquiry::Inquiry;
use crate::objection::Objection;
use crate::repair::Repair;
use crate::supervision::{State, Supervision};
use crate::{Uscc, china_date};

codes! {
    /// What has to be done.
    pub enum Kind {
        /// Answer an objection.
        Objection = "objection", "答复异议";
        /// Decide on a repair.
        Repair = "repair", "办理修复";
        /// Act on the result of a challenge.
        Challenge = "challenge", "按复议、诉讼结果办理";
        /// Explain a look.
        Inquiry = "inquiry", "说明查询";
        /// Acknowledge a correction.
        Correction = "correction", "确认更正通知";
        /// Show the office why one looked.
        Supervision = "supervision", "查询监督说明";
    }
}

codes! {
    /// How far a duty has come.
    pub enum Stage {
        /// Half of its working days are over.
        Half = "half", "期限过半";
        /// It is due today or on the next working day.
        LastDay = "last-day", "即将到期";
        /// Its last day is over.
        Overdue = "overdue", "已逾期";
    }
}

/// One thing to be done by a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// What.
    pub kind: Kind,
    /// The case, or the correction.
    pub case: Uuid,
    /// Its number, as everybody quotes it; empty for a correction, which has none.
    pub number: String,
    /// Who has to.
    pub agency: Uscc,
    /// Working days from its first day to its last.
    pub days: i32,
    /// The last day on which it is in time.
    pub due: Date,
}

impl Duty {
    /// How far it has come on `today`; `None` in its first half.
    #[must_use]
    pub fn stage(&self, rules: &Rules, today: Date) -> Option<Stage> {
        if today > self.due {
            return Some(Stage::Overdue);
        }
        match rules.calendar().working_days_between(today, self.due) {
            ..=1 => Some(Stage::LastDay),
            left if left * 2 <= self.days => Some(Stage::Half),
            _ => None,
        }
    }
}

/// The days of a case that is open, as they were worked out when it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// Its kind.
    pub kind: Kind,
    /// Who has to act.
    pub agency: Uscc,
    /// When it began; of a challenge, when its result was told.
    pub since: jiff::Timestamp,
    /// Whether it was extended.
    pub is_extended: bool,
    /// The earlier of its two days, where it has two.
    pub first: Option<Date>,
    /// Its last day.
    pub last: Date,
}

impl Days {
    /// The same by the calendar that is loaded now: a day that was provisional moves when its year's holidays
    /// become known (I16).
    #[must_use]
    pub fn recounted(&self, rules: &Rules) -> Option<Self> {
        let from = china_date(self.since);
        let is_court = rules.agency(self.agency.as_str()).is_some_and(|body| body.kind == "court");
        let (first, last, extends) = match self.kind {
            Kind::Objection => (Some("objection_provider"), "objection", "objection_extend"),
            Kind::Repair if is_court => (Some("court_delete"), "court_delete", "repair_extend"),
            Kind::Repair => (Some("repair_accept"), "repair_result", "repair_extend"),
            Kind::Inquiry => (None, "inquiry_answer", ""),
            Kind::Correction => (None, "correction_ack", ""),
            Kind::Supervision => (None, "supervision_answer", ""),
            Kind::Challenge => (None, "withdraw", ""),
        };
        let due = |kind: &str, extended: bool| {
            let on = rules.due(kind, from)?.on;
            if extended { rules.due(extends, on).map(|due| due.on) } else { Some(on) }
        };
        // An extension of a repair is one of its result alone.
        let both = self.is_extended && self.kind == Kind::Objection;
        let first = match first {
            Some(kind) => Some(due(kind, both)?),
            None => None,
        };
        Some(Self { first, last: due(last, self.is_extended)?, ..*self })
    }
}

fn days(rules: &Rules, since: jiff::Timestamp, due: Date) -> i32 {
    rules.calendar().working_days_between(china_date(since), due)
}

impl Objection {
    /// What the body that supplied the record has to do about it.
    #[must_use]
    pub fn duty(&self, rules: &Rules) -> Option<Duty> {
        self.is_open().then(|| Duty {
            kind: Kind::Objection,
            case: self.id.0,
            number: self.number.clone(),
            agency: self.agency,
            days: days(rules, self.received_at, self.answer_due),
            due: self.answer_due,
        })
    }
}

impl Repair {
    /// What the body that determined the fact has to do about it; nothing while the person is heard.
    #[must_use]
    pub fn duty(&self, rules: &Rules) -> Option<Duty> {
        self.is_open().then(|| Duty {
            kind: Kind::Repair,
            case: self.id.0,
            number: self.number.clone(),
            agency: self.agency,
            days: days(rules, self.received_at, self.next_due()),
            due: self.next_due(),
        })
    }
}

impl Challenge {
    /// What the body that supplied the record has to do about it; nothing while there is no result.
    #[must_use]
    pub fn duty(&self, rules: &Rules) -> Option<Duty> {
        let due = self.due.filter(|_| self.is_open())?;
        let days = rules.deadline("withdraw").map_or(0, |deadline| deadline.n);
        Some(Duty {
            kind: Kind::Challenge,
            case: self.id.0,
            number: self.number.clone(),
            agency: self.agency,
            days: i32::try_from(days).unwrap_or(i32::MAX),
            due,
        })
    }
}

impl Inquiry {
    /// What the body that looked has to do about it.
    #[must_use]
    pub fn duty(&self, rules: &Rules) -> Option<Duty> {
        self.closed_at.is_none().then(|| Duty {
            kind: Kind::Inquiry,
            case: self.id.0,
            number: self.number.clone(),
            agency: self.agency,
            days: days(rules, self.asked_at, self.due),
            due: self.due,
        })
    }
}

impl Supervision {
    /// What the body that looked has to do about it; nothing before it is asked.
    #[must_use]
    pub fn duty(&self, rules: &Rules) -> Option<Duty> {
        let asked = self.asked.filter(|_| self.state == State::Asked)?;
        Some(Duty {
            kind: Kind::Supervision,
            case: self.id.0,
            number: self.number.clone(),
            agency: self.agency,
            days: days(rules, asked.done.at, asked.due),
            due: asked.due,
        })
    }
}

impl Correction {
    /// What its receiver has to do about it.
    #[must_use]
    pub fn duty(&self, rules: &Rules) -> Option<Duty> {
        self.acknowledged_at.is_none().then(|| Duty {
            kind: Kind::Correction,
            case: self.id.0,
            number: String::new(),
            agency: self.receiver,
            days: days(rules, self.sent_at, self.due),
            due: self.due,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// Ten working days over the National Day holidays of 2026, which end with a day made up for.
    #[test]
    fn a_duty_is_reminded_of_at_half_at_the_last_day_and_after() {
        let rules = Rules::bundled().unwrap();
        let since = date(2026, 9, 21);
        let due = rules.due("repair_result", since).unwrap().on;
        let duty = Duty {
            kind: Kind::Repair,
            case: Uuid::nil(),
            number: String::new(),
            agency: Uscc::parse("11999901TEMR000151").unwrap(),
            days: rules.calendar().working_days_between(since, due),
            due,
        };
        assert_eq!(duty.days, 10);
        let mut day = since;
        let mut stages = Vec::new();
        while day <= due.tomorrow().unwrap() {
            let stage = duty.stage(&rules, day);
            if stages.last() != Some(&stage) {
                stages.push(stage);
            }
            day = day.tomorrow().unwrap();
        }
        let expected = [None, Some(Stage::Half), Some(Stage::LastDay), Some(Stage::Overdue)];
        assert_eq!(stages, expected);
    }
}
