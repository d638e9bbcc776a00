//! Challenges of decisions, for reading.

use jiff::Timestamp;
use jiff::civil::Date;
use register::challenge::{Challenge, Course, Ending, State};
use register::duty::Duty;
use rulebook::Rules;

use super::by;
use super::case::Shown;
use crate::pages::{Fact, Tag, Tint};

impl Shown for Challenge {
    const PLACE: &'static str = "challenges";

    fn id(&self) -> String {
        self.id.to_string()
    }

    fn number(&self) -> &str {
        &self.number
    }

    fn agency(&self) -> &str {
        self.agency.as_str()
    }

    fn about(&self) -> String {
        self.course.title().to_owned()
    }

    fn tag(&self) -> Tag {
        let tint = match (self.state, self.is_suspended) {
            (State::Pending, _) => Tint::Underway,
            (State::Reported, false) => Tint::Open,
            (State::Reported, true) => Tint::Wrong,
            (State::Closed | State::Withdrawn, _) => Tint::Over,
        };
        let title = if self.is_suspended {
            "逾期未办理，已暂停使用"
        } else {
            self.state.title()
        };
        Tag::new(title, tint)
    }

    fn facts(&self, source: &str, rules: &Rules) -> Vec<Fact> {
        let mut facts = vec![Fact::new("途径", self.course.title()), Fact::new("报送单位", source)];
        if let Some(ending) = self.ending {
            facts.push(Fact::new("结果", ending.title()));
        }
        if let (State::Reported, Some(due)) = (self.state, self.due) {
            facts.push(Fact::new("单位按结果办理", &format!("最迟 {}", by(due, rules))));
        }
        facts
    }

    fn step(code: &str, who: &str, source: &str) -> String {
        let reported = code.strip_prefix("reported-").and_then(Ending::from_code);
        match (code, Course::from_code(code), Ending::from_code(code), reported) {
            (_, Some(course), ..) => {
                format!("{who}登记{}，信息已标注“复议、诉讼中”", course.title())
            }
            (_, _, Some(ending), _) if ending.annuls() => {
                format!("{source}按结果办理：{}，信息已撤下", ending.title())
            }
            (_, _, Some(ending), _) => format!("{source}登记结果：{}", ending.title()),
            (.., Some(ending)) => format!("{who}登记结果：{}", ending.title()),
            ("handed-in", ..) => format!("{source}提交证据材料"),
            ("suspended", ..) => format!("{source}到期没有办理，信息暂停使用"),
            ("withdrawn", ..) => format!("{who}撤回登记，标注取消"),
            (code, ..) => code.to_owned(),
        }
    }

    fn duty(&self, rules: &Rules) -> Option<Duty> {
        Self::duty(self, rules)
    }

    fn ends(&self) -> Option<Date> {
        self.due
    }

    fn closed_at(&self) -> Option<Timestamp> {
        self.closed_at
    }
}
