//! Cases of every kind in one list, and what was decided in one of them as a letter says it.

use register::Record;
use register::challenge::Ending;
use register::objection::Outcome;
use rulebook::Rules;
use usecases::any_case::AnyCase;
use usecases::china_date;
use usecases::letter::Said;

use super::agency;
use super::case::{self, Shown};
use crate::pages::Fact;
use crate::pages::format::zh_date;
use crate::pages::office::CounterCase;
use crate::view::record;

/// A case in the list that is shown at the counter.
pub(crate) fn row(case: &AnyCase, rules: &Rules) -> CounterCase {
    match case {
        AnyCase::Objection(one) => row_of("异议", one, "", rules),
        AnyCase::Repair(one) => row_of("修复", one, "", rules),
        AnyCase::Challenge(one) => {
            row_of("复议、诉讼登记", one, one.ending.map_or("", Ending::title), rules)
        }
        AnyCase::Inquiry(one) => row_of("查询疑问", one, "", rules),
    }
}

/// Of most kinds the state says how it ended; `outcome` is what it does not say.
fn row_of<T: Shown>(kind: &str, case: &T, outcome: &str, rules: &Rules) -> CounterCase {
    let row = case::mine(case, rules);
    CounterCase {
        number: row.number,
        title: format!("{kind}：{}", row.title),
        tag: row.tag,
        outcome: outcome.to_owned(),
        due: row.due,
    }
}

/// What was decided and said, for whom only the letter reaches; `record` as it stands now, if it is about one.
pub(crate) fn in_words(said: &Said, record: Option<&Record>, rules: &Rules) -> Vec<String> {
    let mut lines = match &said.case {
        AnyCase::Objection(one) => words(one, said, rules),
        AnyCase::Repair(one) => words(one, said, rules),
        AnyCase::Challenge(one) => words(one, said, rules),
        AnyCase::Inquiry(one) => words(one, said, rules),
    };
    let is_objection = matches!(said.case, AnyCase::Objection(_));
    let outcome = Outcome::from_code(&said.step.kind).filter(|_| is_objection);
    let is_changed = matches!(outcome, Some(Outcome::Corrected | Outcome::Completed));
    if let Some(record) = record.filter(|_| is_changed) {
        lines.push(format!("现在登记的内容：{}。", in_a_line(&record::facts(record, rules))));
    }
    if !said.corrections.is_empty() {
        let told = said.corrections.iter().map(|sent| {
            let Fact { label, value, .. } = case::told(sent, rules);
            format!("{label}，{value}")
        });
        let told = told.collect::<Vec<_>>().join("；");
        lines.push(format!("收到过这条信息的单位，都已经通知：{told}。"));
    }
    lines
}

fn words<T: Shown>(case: &T, said: &Said, rules: &Rules) -> Vec<String> {
    let source = agency(rules, case.agency());
    let about = in_a_line(&case.facts(&source, rules));
    let done = T::step(&said.step.kind, "您", &source);
    let mut lines = vec![
        format!("办件编号 {}。{about}。", case.number()),
        format!("{}，{done}。", zh_date(china_date(said.step.at))),
    ];
    if !said.step.words.is_empty() {
        lines.push(format!("理由和说明：{}", said.step.words));
    }
    if !said.papers.is_empty() {
        let names: Vec<_> = said.papers.iter().map(|paper| paper.name.as_str()).collect();
        lines.push(format!(
            "{source}提供的材料：{}。要看内容的，可以请信用办开立账号，登录后在“我的办件”里看。",
            names.join("、")
        ));
    }
    lines
}

fn in_a_line(facts: &[Fact]) -> String {
    facts
        .iter()
        .map(|fact| format!("{}：{}", fact.label, fact.value))
        .collect::<Vec<_>>()
        .join("；")
}
