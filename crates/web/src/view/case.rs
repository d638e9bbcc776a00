//! Cases for reading: the same facts for the person, the body that answers, and the office.

use jiff::civil::Date;
use register::correction::Correction;
use register::objection::{Objection, Outcome, State};
use register::paper::Paper;
use rulebook::Rules;
use usecases::china_date;
use usecases::objection::{Case, Step};

use super::{agency, moment};
use crate::pages::case::{CasePaper, CaseRow, CaseStep, CaseView};
use crate::pages::format::{grouped_hash, zh_date};
use crate::pages::{Fact, Tag, Tint};
use crate::view;

/// Where an objection stands, in a word.
pub(crate) fn tag(objection: &Objection) -> Tag {
    match (objection.state, objection.outcome) {
        (State::Open, _) => Tag::new("核查中", Tint::Open),
        (State::Suspended, _) => Tag::new("逾期未答复，已暂停使用", Tint::Wrong),
        (State::Withdrawn, _) => Tag::new("已撤回", Tint::Over),
        (State::Closed, Some(Outcome::Unconfirmable)) => Tag::new("无法核实", Tint::Over),
        (State::Closed, Some(Outcome::Confirmed)) => Tag::new("核实无误", Tint::Over),
        (State::Closed, Some(outcome)) => Tag::new(outcome.title(), Tint::Good),
        (State::Closed, None) => Tag::new(State::Closed.title(), Tint::Over),
    }
}

/// A case in a list of the person's.
pub(crate) fn mine(objection: &Objection) -> CaseRow {
    CaseRow {
        href: format!("/my/objections/{}", objection.id),
        number: objection.number.clone(),
        title: objection.ground.title().to_owned(),
        tag: tag(objection),
        due: match objection.closed_at {
            None => format!("最迟 {} 办结", zh_date(objection.due)),
            Some(at) => format!("{} 办结", zh_date(china_date(at))),
        },
    }
}

/// Working days that are left, said in words; whether that is one or none.
pub(crate) fn left(due: Date, rules: &Rules, today: Date) -> (String, bool) {
    if due < today {
        return (format!("{}到期，已逾期", zh_date(due)), true);
    }
    let days = rules.calendar().working_days_between(today, due);
    match days {
        0 => (format!("今天到期（{}）", zh_date(due)), true),
        days => (format!("还剩 {days} 个工作日，{}到期", zh_date(due)), days <= 1),
    }
}

/// A case on its own page; `place` is where its papers are, `is_mine` whether the person reads it.
pub(crate) fn view(case: &Case, rules: &Rules, place: &str, is_mine: bool) -> CaseView {
    let objection = &case.objection;
    let source = agency(rules, objection.agency.as_str());
    let mut facts = vec![
        Fact::new("为什么", objection.ground.title()),
        Fact::new("希望怎样", objection.request.title()),
        Fact::new("由谁答复", &source),
    ];
    if objection.is_open() {
        facts.push(Fact::new("单位答复", &format!("最迟 {}", zh_date(objection.answer_due))));
        facts.push(Fact::new("办结", &format!("最迟 {}", zh_date(objection.due))));
    }
    if objection.state == State::Suspended
        && let Some(last) = objection.silence_until(rules)
    {
        let says = format!("{}以前仍不答复的，次日删除", zh_date(last.on));
        facts.push(Fact::new("逾期处理", &says));
    }
    CaseView {
        id: objection.id.to_string(),
        number: objection.number.clone(),
        title: view::record::title(&case.record, rules),
        tag: tag(objection),
        facts,
        steps: case.steps.iter().map(|step| step_row(step, &source, is_mine)).collect(),
        papers: case.papers.iter().map(|paper| paper_row(paper, place, is_mine)).collect(),
        told: case.corrections.iter().map(|correction| told(correction, rules)).collect(),
        is_open: objection.is_open(),
    }
}

fn step_row(step: &Step, source: &str, is_mine: bool) -> CaseStep {
    let who = if is_mine { "您" } else { "本人" };
    let title = match step.kind.as_str() {
        "opened" => format!("{who}提出异议，信息已标注“有异议”，同时转交{source}"),
        "extended" => format!("{source}延长核查"),
        "suspended" => format!("{source}到期没有答复，信息暂停使用"),
        "deleted-unanswered" => format!("{source}一直没有答复，信息已删除"),
        "withdrawn" => format!("{who}撤回异议，标注取消"),
        code => Outcome::from_code(code).map_or_else(
            || code.to_owned(),
            |outcome| format!("{source}答复：{}", outcome.title()),
        ),
    };
    CaseStep { title, at: moment(step.at), words: step.words.lines().map(str::to_owned).collect() }
}

fn told(correction: &Correction, rules: &Rules) -> Fact {
    let sent = zh_date(china_date(correction.sent_at));
    let came = match correction.acknowledged_at {
        Some(at) => format!("{}确认", zh_date(china_date(at))),
        None if correction.reminded_at.is_some() => "逾期没有确认，已经催办".to_owned(),
        None => format!("最迟{}确认", zh_date(correction.due)),
    };
    Fact::new(&agency(rules, correction.receiver.as_str()), &format!("{sent}发出更正通知，{came}"))
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
