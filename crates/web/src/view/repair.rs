//! Repairs for reading.

use jiff::Timestamp;
use jiff::civil::Date;
use register::duty::Duty;
use register::repair::{Repair, State};
use rulebook::Rules;

use super::case::Shown;
use crate::pages::{Fact, Tag, Tint};

impl Shown for Repair {
    const PLACE: &'static str = "repairs";

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
        "申请修复".to_owned()
    }

    fn tag(&self) -> Tag {
        let tint = match self.state {
            State::Asked => Tint::Underway,
            State::Accepted => Tint::Underway,
            State::Hearing => Tint::Open,
            State::Granted => Tint::Good,
            State::Refused | State::Withdrawn | State::Revoked => Tint::Over,
        };
        Tag::new(self.state.title(), tint)
    }

    fn facts(&self, source: &str, rules: &Rules) -> Vec<Fact> {
        let mut facts = vec![Fact::new("由谁决定", source)];
        let by = |day: Date| format!("最迟 {}", super::by(day, rules));
        match self.state {
            State::Asked => {
                facts.push(Fact::new("决定是否受理", &by(self.accept_due)));
                facts.push(Fact::new("告知结果", &by(self.due)));
            }
            State::Accepted => facts.push(Fact::new("告知结果", &by(self.due))),
            State::Hearing => {
                let days = super::rules::days(rules, "repair_hearing");
                facts.push(Fact::new("本人陈述意见", &format!("收到告知书后 {days} 个工作日以内")));
            }
            State::Granted | State::Refused | State::Withdrawn | State::Revoked => {}
        }
        facts
    }

    fn step(code: &str, who: &str, source: &str) -> String {
        match code {
            "asked" => format!("{who}申请修复，同时转交{source}"),
            "told-the-court" => format!("{who}请{source}核对是否应当删除"),
            "pledged" => format!("{who}签署信用承诺"),
            "accepted" => format!("{source}受理，正在核对履行情况"),
            "extended" => format!("{source}延长办理"),
            "granted" => format!("{source}准予修复，停止展示、共享和使用"),
            "refused" => format!("{source}不予修复"),
            "withdrawn" => format!("{who}撤回申请"),
            "hearing" => format!("{source}认为应当撤销这次修复，请{who}陈述意见"),
            "heard" => format!("{who}陈述意见"),
            "kept" => format!("{source}决定维持修复"),
            "revoked" => format!("{source}决定撤销修复"),
            code => code.to_owned(),
        }
    }

    fn duty(&self, rules: &Rules) -> Option<Duty> {
        Self::duty(self, rules)
    }

    /// A hearing has no day of its own: his days run from when the proposal reached him, and the body decides after.
    fn ends(&self) -> Option<Date> {
        (self.state != State::Hearing).then_some(self.due)
    }

    fn without_a_day(&self, rules: &Rules) -> String {
        if self.state != State::Hearing {
            return String::new();
        }
        let days = super::rules::days(rules, "repair_hearing");
        format!("收到告知书后 {days} 个工作日以内说明意见")
    }

    fn closed_at(&self) -> Option<Timestamp> {
        self.closed_at
    }
}
