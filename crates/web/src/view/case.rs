//! Cases for reading: the same facts for the person, the body that decides, and the office.

use jiff::Timestamp;
use jiff::civil::Date;
use register::correction::Correction;
use register::duty::{Duty, Stage};
use register::paper::Paper;
use rulebook::Rules;
use usecases::case::{Case, Step};
use usecases::china_date;

use super::by;
use super::{agency, moment};
use crate::pages::case::{CasePaper, CaseRow, CaseStep, CaseView};
use crate::pages::format::{grouped_hash, zh_date};
use crate::pages::{Fact, Tag, Tint};
use crate::view;

/// How a kind of case shows itself; the rest is the same for all.
pub(crate) trait Shown {
    /// The last part of its addresses, for example `objections`.
    const PLACE: &'static str;
    /// Identifier for its addresses.
    fn id(&self) -> String;
    /// Its number.
    fn number(&self) -> &str;
    /// Code of the body that has to decide.
    fn agency(&self) -> &str;
    /// What it is about, in a list.
    fn about(&self) -> String;
    /// Where it stands, in a word.
    fn tag(&self) -> Tag;
    /// What was asked, by when it must be decided; `source` is the body.
    fn facts(&self, source: &str, rules: &Rules) -> Vec<Fact>;
    /// What a step of that code was; `who` is the person.
    fn step(code: &str, who: &str, source: &str) -> String;
    /// What its body must do next; `None` while it need not act.
    fn duty(&self, rules: &Rules) -> Option<Duty>;
    /// The last day of the whole case, as the person was promised; `None` while nothing has to end by a day.
    fn ends(&self) -> Option<Date>;
    /// What a list says instead of that day; empty for most.
    fn without_a_day(&self, _rules: &Rules) -> String {
        String::new()
    }
    /// When it ended.
    fn closed_at(&self) -> Option<Timestamp>;
}

/// A case in a list of the person's.
pub(crate) fn mine<T: Shown>(case: &T, rules: &Rules) -> CaseRow {
    CaseRow {
        href: format!("/my/{}/{}", T::PLACE, case.id()),
        number: case.number().to_owned(),
        title: case.about(),
        tag: case.tag(),
        due: match (case.closed_at(), case.ends()) {
            (Some(at), _) => format!("{} 办结", zh_date(china_date(at))),
            (None, Some(day)) => format!("最迟 {} 办结", by(day, rules)),
            (None, None) => case.without_a_day(rules),
        },
    }
}

/// Working days that are left, said in words.
pub(crate) fn left(due: Date, rules: &Rules, today: Date) -> String {
    if due < today {
        return format!("{}到期", by(due, rules));
    }
    match rules.calendar().working_days_between(today, due) {
        0 => format!("今天到期（{}）", by(due, rules)),
        days => format!("还剩 {days} 个工作日，{}到期", by(due, rules)),
    }
}

/// How far a duty has come, in a word.
pub(crate) fn reached(stage: Stage) -> Tag {
    let tint = match stage {
        Stage::Half => Tint::Plain,
        Stage::LastDay => Tint::Open,
        Stage::Overdue => Tint::Wrong,
    };
    Tag::new(stage.title(), tint)
}

/// A case on its own page; `place` is where its papers are, `is_mine` whether the person reads it.
pub(crate) fn view<T: Shown>(
    case: &Case<T>,
    rules: &Rules,
    place: &str,
    is_mine: bool,
) -> CaseView {
    let source = agency(rules, case.head.agency());
    CaseView {
        id: case.head.id(),
        number: case.head.number().to_owned(),
        title: view::record::title(&case.record, rules),
        tag: case.head.tag(),
        facts: case.head.facts(&source, rules),
        steps: case.steps.iter().map(|step| step_row::<T>(step, &source, is_mine)).collect(),
        papers: case.papers.iter().map(|paper| paper_row(paper, place, is_mine)).collect(),
        told: case.corrections.iter().map(|correction| told(correction, rules)).collect(),
        is_open: case.head.closed_at().is_none(),
    }
}

pub(super) fn step_row<T: Shown>(step: &Step, source: &str, is_mine: bool) -> CaseStep {
    let who = if is_mine { "您" } else { "本人" };
    CaseStep {
        title: T::step(&step.kind, who, source),
        at: moment(step.at),
        words: step.words.lines().map(str::to_owned).collect(),
    }
}

pub(super) fn told(correction: &Correction, rules: &Rules) -> Fact {
    let sent = zh_date(china_date(correction.sent_at));
    let came = match correction.acknowledged_at {
        Some(_) if correction.is_overtaken => "已被后来的通知取代".to_owned(),
        Some(at) => format!("{}确认", zh_date(china_date(at))),
        None if correction.reminded_at.is_some() => "逾期没有确认，已经催办".to_owned(),
        None => format!("最迟{}确认", by(correction.due, rules)),
    };
    Fact::new(&agency(rules, correction.receiver.as_str()), &format!("{sent}发出更正通知，{came}"))
}

/// A paper of the office's own, where only one side hands any in.
pub(crate) fn lone_paper(paper: &Paper, place: &str) -> CasePaper {
    let about = format!("{}，{}", paper.kind.title(), view::batch::size(paper.size));
    CasePaper { about, ..paper_row(paper, place, true) }
}

fn paper_row(paper: &Paper, place: &str, is_mine: bool) -> CasePaper {
    let by = match (paper.is_of_agency, is_mine) {
        (true, true) => "单位提交",
        (false, true) => "您提交",
        (true, false) => "本单位提交",
        (false, false) => "本人提交",
    };
    CasePaper {
        href: format!("{place}/papers/{}", paper.id),
        name: paper.name.clone(),
        about: format!("{}，{}，{by}", paper.kind.title(), view::batch::size(paper.size)),
        digest: grouped_hash(&hex::encode(paper.digest)),
    }
}
