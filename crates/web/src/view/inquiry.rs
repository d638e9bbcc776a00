//! Inquiries about looks, for reading.

use jiff::Timestamp;
use jiff::civil::Date;
use register::duty::Duty;
use register::inquiry::{Inquiry, State};
use rulebook::Rules;
use usecases::inquiry::Case;

use super::by;
use super::case::{Shown, step_row};
use super::{agency, moment, went_out};
use crate::pages::case::CaseView;
use crate::pages::format::grouped;
use crate::pages::{Fact, Tag, Tint};

impl Shown for Inquiry {
    const PLACE: &'static str = "inquiries";

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
        format!("存证 {} 的查询", grouped(self.look))
    }

    fn tag(&self) -> Tag {
        let tint = match self.state {
            State::Asked => Tint::Underway,
            State::Explained => Tint::Over,
            State::Mistaken => Tint::Wrong,
        };
        Tag::new(self.state.title(), tint)
    }

    fn facts(&self, source: &str, rules: &Rules) -> Vec<Fact> {
        let mut facts = vec![Fact::new("由谁说明", source)];
        if self.closed_at.is_none() {
            facts.push(Fact::new("说明", &format!("最迟 {}", by(self.due, rules))));
        }
        facts
    }

    fn step(code: &str, who: &str, source: &str) -> String {
        match code {
            "asked" => format!("{who}不明白这次查询，请{source}说明"),
            "explained" => format!("{source}说明了为什么查询"),
            "mistaken" => format!("{source}承认不应该查询"),
            code => code.to_owned(),
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

/// An inquiry on its own page.
pub(crate) fn view(case: &Case, rules: &Rules, is_mine: bool) -> CaseView {
    let Case { inquiry, look, steps } = case;
    let source = agency(rules, inquiry.agency.as_str());
    let purpose = look.purpose.as_deref().and_then(|code| rules.purpose(code));
    let mut facts = inquiry.facts(&source, rules);
    facts.push(Fact::new("查询时间", &moment(look.at)));
    if let Some(purpose) = purpose {
        facts.push(Fact::new("用途", &purpose.title));
    }
    if !look.matter.is_empty() {
        facts.push(Fact::new("办理事项", &look.matter));
    }
    let saw = went_out(look).unwrap_or_else(|| "没有看到任何信息".to_owned());
    facts.push(Fact::new("看到的内容", &saw));
    CaseView {
        id: inquiry.id(),
        number: inquiry.number.clone(),
        title: inquiry.about(),
        tag: inquiry.tag(),
        facts,
        steps: steps.iter().map(|step| step_row::<Inquiry>(step, &source, is_mine)).collect(),
        papers: Vec::new(),
        told: Vec::new(),
        is_open: inquiry.closed_at.is_none(),
    }
}
