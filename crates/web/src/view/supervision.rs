//! Supervision of look-ups, for reading. Nobody who was looked at is named; the looks are positions in the log.

use intake::{Encoding, FileError, TableFormat, TableWriter};
use jiff::civil::Date;
use register::supervision::patterns::Limits;
use register::supervision::{Finding, Origin, Rule, State, Supervision};
use report::FigureTable;
use rulebook::Rules;
use usecases::case::Step;
use usecases::supervision::{CaseFile, Figure, Listed, Month, SeenLook};

use super::{agency, by, moment};
use crate::pages::case::CaseStep;
use crate::pages::format::{grouped, zh_date};
use crate::pages::office::{RuleText, SupervisedLook, SupervisionGroup, SupervisionRow};
use crate::pages::{Choice, Fact, Tag, Tint};
use crate::view::case::left;

/// What a number is replaced by behind which there are too few people.
const HIDDEN: &str = "略";

/// What a case is about, in a line.
pub(crate) fn about(case: &Supervision) -> String {
    match (case.origin, case.rule) {
        (Origin::Pattern, Some(rule)) => rule.title().to_owned(),
        (Origin::Sample | Origin::Pattern | Origin::Inquiry, _) => case.origin.title().to_owned(),
    }
}

/// Where it stands, in a word.
pub(crate) fn tag(case: &Supervision, today: Date) -> Tag {
    match (case.state, case.closed) {
        (State::Closed, Some((_, finding))) => {
            let tint = match finding {
                Finding::InOrder => Tint::Good,
                Finding::NotExplained => Tint::Open,
                Finding::Wrongful => Tint::Wrong,
            };
            Tag::new(finding.title(), tint)
        }
        (State::Asked, _) if case.is_overdue(today) => Tag::new("逾期没有说明", Tint::Wrong),
        (State::Asked, _) => Tag::new(case.state.title(), Tint::Underway),
        (State::Found | State::Answered | State::Closed, _) => {
            Tag::new(case.state.title(), Tint::Open)
        }
    }
}

/// Whether the looks are the office's own: then it explains them, and does not judge them alone.
pub(crate) fn is_of_office(case: &Supervision, rules: &Rules) -> bool {
    let found = rules.agency(case.agency.as_str());
    found.is_some_and(|agency| agency.kind == "credit-office")
}

/// A page of one of the office's lists.
pub(crate) fn group(of: &Listed, rules: &Rules, today: Date) -> SupervisionGroup {
    let until = of.skipped + u64::try_from(of.cases.len()).unwrap_or(0);
    let page = |number: u32| format!("/office/supervision?list={}&page={number}", of.pile.code());
    let (is_first, is_last) = (of.skipped == 0, until >= of.in_all);
    SupervisionGroup {
        title: of.pile.title().to_owned(),
        in_all: grouped(of.in_all),
        rows: of.cases.iter().map(|case| row(case, rules, today)).collect(),
        about: if is_first && is_last {
            String::new()
        } else {
            format!("这里是第 {} 到 {} 件。", grouped(of.skipped + 1), grouped(until))
        },
        before: if is_first { String::new() } else { page(of.number - 1) },
        after: if is_last { String::new() } else { page(of.number + 1) },
    }
}

/// A case in the office's list.
pub(crate) fn row(case: &Supervision, rules: &Rules, today: Date) -> SupervisionRow {
    SupervisionRow {
        href: format!("/office/supervision/{}", case.id),
        number: case.number.clone(),
        agency: agency(rules, case.agency.as_str()),
        about: about(case),
        looks: format!("{} 次", grouped(case.looks)),
        at: zh_date(usecases::china_date(case.to)),
        due: match (case.state, case.asked) {
            (State::Asked, Some(asked)) => left(asked.due, rules, today),
            (State::Found | State::Answered | State::Asked | State::Closed, _) => String::new(),
        },
        tag: tag(case, today),
    }
}

/// What the rules look for, with the numbers of the rulebook.
pub(crate) fn rules_text(rules: &Rules) -> Vec<RuleText> {
    let limits = Limits::of(rules);
    Rule::ALL
        .iter()
        .map(|rule| RuleText { title: rule.title().to_owned(), says: says(*rule, &limits) })
        .collect()
}

fn says(rule: Rule, limits: &Limits) -> String {
    match rule {
        Rule::ManyLookers => format!(
            "{} 天里有 {} 个经办人，或者 {} 个单位的经办人，查询同一个人。业务系统不算。",
            limits.lookers_days, limits.lookers, limits.bodies
        ),
        Rule::OutOfHours => format!(
            "一个经办人在休息日，或者 {} 点以前、{} 点以后，一天查询 {} 次以上。业务系统不算。",
            limits.hours_from, limits.hours_to, limits.out_of_hours
        ),
        Rule::Burst => format!(
            "一个账号 {} 分钟里查询 {} 次以上，并且超过它平时一整天的次数。",
            limits.burst_minutes, limits.burst
        ),
        Rule::Fruitless => format!(
            "一个账号一天有 {} 次以上被拒绝或者查不到，并且超过它平时的 {} 倍。",
            limits.fruitless, limits.fruitless_times
        ),
        Rule::OneMatter => {
            format!("一个账号一天用同一个办理事项编号查询 {} 个人以上。", limits.matter_persons)
        }
        Rule::BeforeLeaving => format!(
            "一个账号停用以前 {} 天里查询 {} 次以上，并且超过平时同样天数的次数。",
            limits.leaving_days, limits.leaving
        ),
    }
}

/// What is known of a case, without its looks.
pub(crate) fn facts(file: &CaseFile, rules: &Rules) -> Vec<Fact> {
    let case = &file.case;
    let mut facts = vec![Fact::new("怎样发现", case.origin.title())];
    if let Some(rule) = case.rule {
        facts.push(Fact::new(
            "规则",
            &format!("{}：{}", rule.title(), says(rule, &Limits::of(rules))),
        ));
    }
    facts.push(Fact::new("查询的单位", &agency(rules, case.agency.as_str())));
    if case.account.is_some() {
        let login = file.looks.first().and_then(|look| look.login.as_deref());
        facts.push(Fact::new("账号", login.unwrap_or("（已注销）")));
    }
    let time = if case.from == case.to {
        moment(case.from)
    } else {
        format!("{} 至 {}", moment(case.from), moment(case.to))
    };
    facts.push(Fact::new("时间", &time));
    let number = format!("{} 次，{} 人", grouped(case.looks), grouped(case.persons));
    facts.push(Fact::new("查询", &number));
    if let Some(asked) = case.asked {
        facts.push(Fact::new("说明期限", &by(asked.due, rules)));
    }
    facts
}

/// One look of a case.
pub(crate) fn look(look: &SeenLook, rules: &Rules) -> SupervisedLook {
    let purpose = look.purpose.as_deref().and_then(|code| rules.purpose(code));
    let what = match (purpose, look.door.as_str()) {
        (Some(purpose), _) => purpose.title.clone(),
        (None, "mandate") => "凭本人授权".to_owned(),
        (None, "counter") => "窗口办理".to_owned(),
        (None, "opening") => "启封".to_owned(),
        (None, "whole-number") => "查看完整证件号码".to_owned(),
        (None, _) => "办理事项".to_owned(),
    };
    SupervisedLook {
        seq: grouped(look.seq),
        at: moment(look.at),
        login: look.login.clone().unwrap_or_else(|| "（已注销）".to_owned()),
        what,
        matter: look.matter.clone(),
        result: if look.is_refused {
            "被拒绝".to_owned()
        } else if look.door == "whole-number" {
            "完整证件号码".to_owned()
        } else {
            format!("{} 条信息", look.records)
        },
        is_wrongful: look.is_wrongful,
    }
}

/// What stands beside a look that should not have been. About a look of the office itself its auditor may have found so, or
/// a lead who had nothing to do with it.
pub(crate) fn wrongful(at: jiff::Timestamp, number: &str, is_of_office: bool) -> String {
    let on = zh_date(usecases::china_date(at));
    if is_of_office {
        return format!(
            "由没有参与这次查询的人核对，认定信用办的这次查询不应该发生（{number}，{on}）。您可以要求信用办说明和赔偿，\
             也可以向审计单位反映，或者投诉、起诉。"
        );
    }
    format!(
        "信用办认定这次查询不应该发生（{number}，{on}）。您可以要求查询的单位说明和赔偿，也可以投诉、起诉。"
    )
}

/// The looks as they are ticked where some of them should not have been.
pub(crate) fn to_tick(looks: &[SeenLook], chosen: &[u64]) -> Vec<Choice> {
    let choice = |look: &SeenLook| Choice {
        is_chosen: chosen.contains(&look.seq),
        ..Choice::new(
            &look.seq.to_string(),
            &format!("存证 {}，{}，{}", grouped(look.seq), moment(look.at), look.matter),
        )
    };
    looks.iter().map(choice).collect()
}

/// What was done.
pub(crate) fn steps(steps: &[Step], case: &Supervision, rules: &Rules) -> Vec<CaseStep> {
    let source = agency(rules, case.agency.as_str());
    let is_of_office = is_of_office(case, rules);
    let step = |step: &Step| CaseStep {
        title: match (step.kind.as_str(), Finding::from_code(&step.kind)) {
            (_, Some(finding)) => format!("认定：{}", finding.title()),
            ("asked", None) if is_of_office => "请信用办自己说明".to_owned(),
            ("asked", None) => format!("信用办请{source}说明"),
            ("answered", None) => format!("{source}说明"),
            (code, None) => code.to_owned(),
        },
        at: moment(step.at),
        words: step.words.lines().map(str::to_owned).collect(),
    };
    steps.iter().map(step).collect()
}

/// The month as it is called: `2026年11月`.
pub(crate) fn month_title(month: &Month) -> String {
    format!("{}年{}月", month.month.year(), month.month.month())
}

/// The month as it is asked for: `2026-11`.
pub(crate) fn month_code(month: &Month) -> String {
    format!("{}-{:02}", month.month.year(), month.month.month())
}

/// What is said before the tables.
pub(crate) fn month_about(month: &Month) -> Vec<String> {
    let mut about = vec![
        "只统计次数和人数，没有任何人的姓名。包括核查、凭授权查询、窗口办理和启封；本人看自己的档案、办理异议和修复时\
         的查看不算。"
            .to_owned(),
        format!(
            "人数少于 {} 的写“{HIDDEN}”；只有一行这样的，人数最少的另一行也写“{HIDDEN}”，以免推算出来。",
            month.least
        ),
        "异常情形只看查询行为，不使用姓氏、住址等被查询人的情况；列出来只是要问清楚，不等于不应该。".to_owned(),
    ];
    if !month.is_over {
        about.push("这个月还没有结束，数字还会变；抽查在下个月第一天进行。".to_owned());
    }
    about
}

/// The month in tables: the same on the page, on paper and in the workbook.
pub(crate) fn month_tables(month: &Month, rules: &Rules) -> Vec<FigureTable> {
    let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let figures = |figures: &[Figure], name: &dyn Fn(&str) -> String| -> Vec<Vec<String>> {
        let row = |figure: &Figure| {
            let shown = figure.number.map(|(looks, persons)| (grouped(looks), grouped(persons)));
            let (looks, persons) = shown.unwrap_or_else(|| (HIDDEN.to_owned(), HIDDEN.to_owned()));
            vec![name(&figure.of), looks, persons]
        };
        figures.iter().map(row).collect()
    };
    let table = |title: &str, head: &[&str], rows: Vec<Vec<String>>, none: &str| FigureTable {
        title: title.to_owned(),
        head: texts(head),
        rows,
        none: none.to_owned(),
    };
    let body = |code: &str| {
        if code.is_empty() { "信用办".to_owned() } else { agency(rules, code) }
    };
    let purpose = |code: &str| match (code, rules.purpose(code)) {
        ("", _) => "凭授权查询、窗口办理和启封".to_owned(),
        (_, Some(purpose)) => purpose.title.clone(),
        (code, None) => code.to_owned(),
    };
    let outcome = |code: &str| match code {
        "answered" => "给出结果（没有信息的也算）".to_owned(),
        "refused" => "拒绝".to_owned(),
        code => code.to_owned(),
    };
    let samples = month.samples.iter().map(|one| {
        vec![body(&one.agency), grouped(one.drawn), grouped(one.explained), grouped(one.open)]
    });
    let patterns = month
        .rules
        .iter()
        .map(|one| vec![one.rule.title().to_owned(), grouped(one.found), grouped(one.open)]);
    let mut findings: Vec<Vec<String>> = month
        .findings
        .iter()
        .map(|(finding, count)| vec![finding.title().to_owned(), grouped(*count)])
        .collect();
    findings
        .push(vec!["单位自己承认不应该查询（已经算在上面）".to_owned(), grouped(month.admitted)]);
    findings.push(vec!["还没有认定".to_owned(), grouped(month.open)]);
    findings.push(vec!["其中逾期没有说明".to_owned(), grouped(month.overdue)]);
    let counts = |of| [of, "查询次数", "被查询人数"];
    vec![
        table("各单位的查询", &counts("单位"), figures(&month.agencies, &body), "没有查询。"),
        table("按用途", &counts("用途"), figures(&month.purposes, &purpose), "没有查询。"),
        table("按结果", &counts("结果"), figures(&month.outcomes, &outcome), "没有查询。"),
        table("抽查", &["单位", "抽到", "已说明", "还没认定"], samples.collect(), "没有抽到查询。"),
        table("异常情形", &["规则", "发现", "还没认定"], patterns.collect(), "没有。"),
        table("认定", &["结果", "件数"], findings, "没有。"),
    ]
}

/// The tables one below the other in a workbook. Every cell is text: none is ever read as a formula.
///
/// # Errors
/// If the workbook cannot be written.
pub(crate) fn workbook(title: &str, tables: &[FigureTable]) -> Result<Vec<u8>, FileError> {
    let head = [title.to_owned()];
    let mut table = TableWriter::new(TableFormat::Xlsx, Encoding::Utf8, Vec::new(), &head)?;
    for one in tables {
        table.row(&[])?;
        table.row(std::slice::from_ref(&one.title))?;
        table.row(&one.head)?;
        for row in &one.rows {
            table.row(row)?;
        }
        if one.rows.is_empty() {
            table.row(std::slice::from_ref(&one.none))?;
        }
    }
    table.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month() -> Month {
        Month {
            month: jiff::civil::date(2026, 11, 1),
            is_over: false,
            agencies: vec![
                Figure { of: "11999901TEMR000151".to_owned(), number: Some((1_204, 987)) },
                Figure { of: String::new(), number: None },
            ],
            purposes: Vec::new(),
            outcomes: Vec::new(),
            samples: Vec::new(),
            rules: Vec::new(),
            admitted: 1,
            findings: vec![(Finding::Wrongful, 2)],
            open: 3,
            overdue: 0,
            least: 5,
        }
    }

    #[test]
    fn every_row_has_as_many_cells_as_its_head_and_small_numbers_are_not_there() {
        let rules = Rules::bundled().unwrap();
        let tables = month_tables(&month(), &rules);
        for table in &tables {
            assert!(table.rows.iter().all(|row| row.len() == table.head.len()), "{}", table.title);
        }
        assert_eq!(tables[0].rows[0][1..], ["1,204", "987"]);
        assert_eq!(tables[0].rows[1], ["信用办", "略", "略"]);
        assert!(month_about(&month()).join("").contains("还没有结束"));
    }

    #[test]
    fn every_rule_is_said_with_its_numbers() {
        for text in rules_text(&Rules::bundled().unwrap()) {
            assert!(text.says.chars().any(|sign| sign.is_ascii_digit()), "{}", text.title);
            assert!(!text.says.contains(" 0 "), "{}", text.says);
        }
    }

    #[test]
    fn a_list_says_what_it_leaves_out_and_leads_there() {
        let rules = Rules::bundled().unwrap();
        let pile = register::supervision::Pile::Patterns;
        let listed = |number, skipped, cases: usize| Listed {
            pile,
            number,
            skipped,
            cases: vec![case("11999901TEMR000151"); cases],
            in_all: 120,
        };
        let today = jiff::civil::date(2026, 12, 1);
        let second = group(&listed(2, 50, 50), &rules, today);
        assert_eq!(second.about, "这里是第 51 到 100 件。");
        assert!(second.before.ends_with("list=patterns&page=1"), "{}", second.before);
        assert!(second.after.ends_with("list=patterns&page=3"), "{}", second.after);
        let last = group(&listed(3, 100, 20), &rules, today);
        assert_eq!((last.about.as_str(), last.after.as_str()), ("这里是第 101 到 120 件。", ""));
    }

    #[test]
    fn a_look_of_the_office_is_not_judged_by_the_office_alone() {
        let rules = Rules::bundled().unwrap();
        let office = rules.agencies().iter().find(|one| one.kind == "credit-office").unwrap();
        assert!(is_of_office(&case(&office.uscc), &rules));
        assert!(!is_of_office(&case("11999901TEMR000151"), &rules));
        let at = jiff::Timestamp::UNIX_EPOCH;
        assert!(!wrongful(at, "JD", true).contains("信用办认定"));
        assert!(wrongful(at, "JD", false).starts_with("信用办认定"));
    }

    fn case(agency: &str) -> Supervision {
        Supervision {
            id: register::SupervisionId(uuid::Uuid::nil()),
            number: "JD20261201-7F3K2Q".to_owned(),
            key: String::new(),
            origin: Origin::Pattern,
            rule: Some(Rule::Burst),
            agency: register::Uscc::parse(agency).unwrap(),
            account: None,
            from: jiff::Timestamp::UNIX_EPOCH,
            to: jiff::Timestamp::UNIX_EPOCH,
            looks: 16,
            persons: 14,
            found_at: jiff::Timestamp::UNIX_EPOCH,
            state: State::Found,
            asked: None,
            answered: None,
            closed: None,
        }
    }

    #[test]
    fn a_workbook_is_one() {
        let rules = Rules::bundled().unwrap();
        let bytes = workbook("月报", &month_tables(&month(), &rules)).unwrap();
        assert!(bytes.starts_with(b"PK"));
    }
}
