//! Answers of the bundled rulebook.

use jiff::civil::date;
use rstest::rstest;
use rulebook::{ItemRefusal, PenaltyKind, Procedure, Rules, Severity};

fn rules() -> Rules {
    Rules::bundled().unwrap_or_else(|findings| {
        unreachable!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

#[rstest]
#[case("11", None, None, Severity::Slight)]
#[case("21", Some(150_000), None, Severity::General)]
#[case("21", Some(20_000), None, Severity::Slight)]
#[case("21", Some(20_000), Some(Procedure::Ordinary), Severity::General)]
#[case("21", Some(100_000_000), None, Severity::Serious)]
#[case("21", Some(100_000_000), Some(Procedure::Simple), Severity::Slight)]
#[case("11;21", Some(150_000), None, Severity::General)]
#[case("21;33", Some(150_000), None, Severity::Serious)]
#[case("31", None, None, Severity::General)]
#[case("44", None, None, Severity::Serious)]
fn classes(
    #[case] kinds: &str,
    #[case] fine: Option<i64>,
    #[case] procedure: Option<Procedure>,
    #[case] class: Severity,
) {
    let rules = rules();
    let item = rules.item("NP04-MR").unwrap();
    let kinds = PenaltyKind::from_text(kinds).unwrap();
    let answer = rules.severity(item, &kinds, fine, procedure);
    assert_eq!(answer.class, class);
    assert!(!answer.because.is_empty());
}

#[test]
fn display_periods_count_from_the_decision() {
    let rules = rules();
    let general = rules.display(Severity::General, date(2026, 7, 3));
    assert_eq!((general.repair_from, general.ends_on), (date(2026, 10, 3), date(2027, 7, 3)));
    assert!(general.shown && !rules.display(Severity::Slight, date(2026, 7, 3)).shown);
    let month_end = rules.display(Severity::General, date(2026, 11, 30));
    assert_eq!(month_end.repair_from, date(2027, 2, 28));
    let earlier = rules.display(Severity::Serious, date(2026, 3, 31));
    assert_eq!(earlier.repair_from, date(2026, 6, 30), "the earlier rule was kinder");
    assert_eq!(earlier.ends_on, date(2029, 3, 31));
}

#[test]
fn i09_a_child_of_the_leap_day_is_an_adult_from_the_first_of_march() {
    let adulthood = rules().adulthood();
    let born = date(2008, 2, 29);
    assert!(!adulthood.is_adult_on(born, date(2026, 2, 28)));
    assert!(adulthood.is_adult_on(born, date(2026, 3, 1)));
    assert!(!adulthood.is_adult_on(date(2008, 5, 1), date(2026, 5, 1)));
    assert!(adulthood.is_adult_on(date(2008, 5, 1), date(2026, 5, 2)));
}

#[test]
fn every_agency_of_the_city_has_what_it_needs() {
    let rules = rules();
    for code in ["MR", "TR", "HC", "HR", "TX", "EE", "AG", "HE", "ED"] {
        let item = rules.item_in_force(&format!("NP04-{code}"), date(2026, 11, 23)).unwrap();
        assert!(item.adverse && item.layout == "penalty", "{code}");
        let agency = rules.agencies().iter().find(|a| item.supplied_by.contains(&a.kind)).unwrap();
        assert!(rules.purposes_of(&agency.kind).next().is_some(), "{}", agency.name);
        assert!(rules.remedy(agency).is_some());
    }
    assert!(!rules.item("NP04-TR").unwrap().takes(Procedure::Simple));
    assert_eq!(rules.item_in_force("NP99", date(2026, 1, 1)).unwrap_err(), ItemRefusal::Unknown);
    for number in 1..=14 {
        let start = format!("NP{number:02}");
        assert!(rules.items().iter().any(|item| item.code.starts_with(&start)), "{start}");
    }
    assert_eq!(rules.measures().len(), 14);
    assert_eq!(rules.incentives().len(), 7);
}

#[test]
fn an_explanation_names_its_sources() {
    let rules = rules();
    let answer = rules.explain("NP04-MR", date(2026, 7, 3)).unwrap();
    assert_eq!(answer.periods.len(), 3);
    assert!(!answer.purposes.is_empty() && !answer.remedies.is_empty());
    assert!(answer.item.basis.iter().all(|basis| !basis.act.is_empty()));
    assert!(!rules.unconfirmed().is_empty(), "what was not read stands in the list");
}

#[test]
fn public_security_is_recognised_by_any_of_its_marks() {
    let rules = rules();
    let sealed = rules.sealed();
    assert!(sealed.is_public_security("示公（治）行罚决字〔2026〕12号", "", "", ""));
    assert!(sealed.is_public_security("", "罚款；行政拘留", "", ""));
    assert!(sealed.is_public_security("", "51", "", ""));
    assert!(sealed.is_public_security("", "", "《治安管理处罚法》第四十三条", ""));
    assert!(sealed.is_public_security("", "", "", "示例市公安局"));
    assert!(!sealed.is_public_security(
        "示市监罚字〔2026〕103号",
        "21",
        "食品安全法第126条",
        "示例市市场监督管理局"
    ));
}

#[test]
fn public_security_is_recognised_in_the_texts_and_in_cells_that_could_not_be_read() {
    let rules = rules();
    let sealed = rules.sealed();
    for text in ["治安管理处罚决定书", "行政拘留五日", "因殴打他人受到治安管理处罚"]
    {
        assert!(sealed.is_named_in(text) && sealed.marks_cell(text), "{text}");
    }
    for cell in ["示公（城关）行罚决字〔2026〕12号", "示例市公安局", "拘留", "治安管理处罚法43"]
    {
        assert!(sealed.marks_cell(cell), "{cell}");
    }
    for cell in ["51", "21", "无照经营", "已告知公安局配合", "食品安全法第126条", ""]
    {
        assert!(!sealed.marks_cell(cell), "{cell}");
    }
}

#[test]
fn periods_that_an_earlier_rule_changed_name_it() {
    let rules = rules();
    let names_it = |day, class: usize| {
        let answer = rules.explain("NP04-MR", day).unwrap();
        answer.periods[class].basis.iter().any(|basis| basis.act.contains("（2023）"))
    };
    assert!(names_it(date(2026, 3, 31), 2), "serious: 3 months instead of 12");
    assert!(!names_it(date(2026, 3, 31), 1), "general: nothing changed");
    assert!(!names_it(date(2026, 4, 1), 2));
}
