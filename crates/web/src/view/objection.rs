//! Objections for reading.

use jiff::Timestamp;
use jiff::civil::Date;
use register::duty::Duty;
use register::objection::{Ground, Objection, Outcome, Request, State};
use rulebook::Rules;

use super::by;
use super::case::Shown;
use crate::pages::{Choice, Fact, Tag, Tint};

impl Shown for Objection {
    const PLACE: &'static str = "objections";

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
        self.ground.title().to_owned()
    }

    fn tag(&self) -> Tag {
        match (self.state, self.outcome) {
            (State::Open, _) => Tag::new("核查中", Tint::Open),
            (State::Suspended, _) => Tag::new("逾期未答复，已暂停使用", Tint::Wrong),
            (State::Withdrawn, _) => Tag::new("已撤回", Tint::Over),
            (State::Closed, Some(Outcome::Unconfirmable)) => Tag::new("无法核实", Tint::Over),
            (State::Closed, Some(Outcome::Confirmed)) => Tag::new("核实无误", Tint::Over),
            (State::Closed, Some(outcome)) => Tag::new(outcome.title(), Tint::Good),
            (State::Closed, None) => Tag::new(State::Closed.title(), Tint::Over),
        }
    }

    fn facts(&self, source: &str, rules: &Rules) -> Vec<Fact> {
        let mut facts = vec![
            Fact::new("为什么", self.ground.title()),
            Fact::new("希望怎样", self.request.title()),
            Fact::new("由谁答复", source),
        ];
        if self.is_open() {
            facts.push(Fact::new("单位答复", &format!("最迟 {}", by(self.answer_due, rules))));
            facts.push(Fact::new("办结", &format!("最迟 {}", by(self.due, rules))));
        }
        if self.state == State::Suspended
            && let Some(last) = self.silence_until(rules)
        {
            let says = format!("{}以前仍不答复的，次日删除", by(last.on, rules));
            facts.push(Fact::new("逾期处理", &says));
        }
        facts
    }

    fn step(code: &str, who: &str, source: &str) -> String {
        match code {
            "opened-at-counter" => format!(
                "{who}在窗口提出异议并签名，由信用办代为提交，信息已标注“有异议”，同时转交{source}"
            ),
            "opened" => format!("{who}提出异议，信息已标注“有异议”，同时转交{source}"),
            "extended" => format!("{source}延长核查"),
            "suspended" => format!("{source}到期没有答复，信息暂停使用"),
            "deleted-unanswered" => format!("{source}一直没有答复，信息已删除"),
            "withdrawn" => format!("{who}撤回异议，标注取消"),
            code => Outcome::from_code(code).map_or_else(
                || code.to_owned(),
                |outcome| format!("{source}答复：{}", outcome.title()),
            ),
        }
    }

    fn duty(&self, rules: &Rules) -> Option<Duty> {
        Self::duty(self, rules)
    }

    fn ends(&self) -> Option<Date> {
        Some(self.due)
    }

    fn closed_at(&self) -> Option<Timestamp> {
        self.closed_at
    }
}

/// What can be chosen in a new objection: grounds and requests, with those that were typed.
pub(crate) fn choices(ground: &str, request: &str) -> (Vec<Choice>, Vec<Choice>) {
    let choice = |code: &str, title: &str, chosen: &str| Choice {
        is_chosen: code == chosen,
        ..Choice::new(code, title)
    };
    let grounds = Ground::ALL.iter().map(|one| choice(one.code(), one.title(), ground));
    let requests = Request::ALL.iter().map(|one| choice(one.code(), one.title(), request));
    (grounds.collect(), requests.collect())
}
