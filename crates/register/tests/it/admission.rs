//! What may become a record, case by case.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up is to fail at once")]

use jiff::civil::{Date, date};
use register::admission::{Admitted, Candidate, admit};
use register::{Content, Field, Uscc, Value};
use rstest::rstest;
use rulebook::Rules;

/// Born on 1 January 1970.
const ADULT: &str = "999901197001010011";
/// A child of ten years.
const CHILD: &str = "999901201606010013";

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

fn decision() -> Content {
    [
        (Field::DocumentNo, text("示罚字〔2026〕1号")),
        (Field::Violation, text("无照经营")),
        (Field::LegalBasis, text("市场主体登记管理条例第四十三条")),
        (Field::PenaltyKinds, text("罚款")),
        (Field::FineFen, Value::Fen(500_000)),
        (Field::DecidedOn, Value::Day(date(2026, 10, 1))),
        (Field::ActOn, Value::Day(date(2026, 9, 1))),
        (Field::Procedure, text("普通程序")),
    ]
    .into_iter()
    .collect()
}

fn licence() -> Content {
    [
        (Field::DocumentNo, text("示许字〔2026〕1号")),
        (Field::LicenceNo, text("SL1")),
        (Field::DecidedOn, Value::Day(date(2026, 10, 1))),
    ]
    .into_iter()
    .collect()
}

const TODAY: Date = date(2026, 11, 23);

fn ask(item: &str, number: &str, content: Content) -> Result<Admitted, Vec<&'static str>> {
    let rules = Rules::bundled().unwrap();
    let candidate =
        Candidate { id_number: number, name: "柳𬭚", content, ..Candidate::default() };
    let agency = Uscc::parse("11999901TEMR000151").unwrap();
    admit(candidate, rules.item(item).unwrap(), agency, &rules, TODAY)
        .map_err(|refusals| refusals.into_iter().map(|refusal| refusal.reason.code()).collect())
}

fn with(mut content: Content, field: Field, value: Value) -> Content {
    content.set(field, value);
    content
}

fn without(content: &Content, field: Field) -> Content {
    Field::ALL
        .iter()
        .filter(|known| **known != field)
        .filter_map(|known| Some((*known, content.get(*known)?.clone())))
        .collect()
}

#[rstest]
#[case::plain(decision(), &[])]
#[case::in_force(with(decision(), Field::LicenceState, text("有效")), &[])]
#[case::revoked(with(decision(), Field::LicenceState, text("已撤销")), &["not-in-force"])]
#[case::number(with(decision(), Field::LicenceState, text("1")), &["state-unknown"])]
#[case::hollow(with(decision(), Field::LegalBasis, text("根据有关规定罚款500元")), &["basis-vague"])]
#[case::spot(with(decision(), Field::Procedure, text("简易程序")), &["procedure-not-simple"])]
#[case::no_fine_of(with(decision(), Field::PenaltyKinds, text("免予罚款")), &["no-penalty"])]
#[case::public_security(
    with(decision(), Field::DocumentNo, text("凌公（城关）行罚决字〔2026〕12号")),
    &["sealed-public-security"]
)]
#[case::detention_in_words(
    with(decision(), Field::PenaltyContent, text("行政拘留五日")),
    &["sealed-public-security"]
)]
#[case::other_bodies_have_such_numbers_too(
    with(decision(), Field::DocumentNo, text("示城管行罚决字〔2026〕12号")),
    &[]
)]
fn a_penalty(#[case] content: Content, #[case] codes: &[&str]) {
    assert_eq!(ask("NP04-MR", ADULT, content).err().unwrap_or_default(), codes);
}

#[test]
fn the_road_takes_the_ordinary_procedure_only_and_asks_where_it_cannot_tell() {
    let small = with(decision(), Field::FineFen, Value::Fen(5_000));
    let unsaid = without(&small, Field::Procedure);
    assert_eq!(ask("NP04-TR", ADULT, unsaid.clone()).unwrap_err(), ["procedure-needed"]);
    assert!(ask("NP04-TR", ADULT, small).is_ok());
    assert!(ask("NP04-MR", ADULT, unsaid).is_ok(), "others take both");
    let large = without(&decision(), Field::Procedure);
    assert!(ask("NP04-TR", ADULT, large).is_ok(), "too much for the spot");
}

#[rstest]
#[case::licence("NP03", CHILD, licence())]
#[case::wrong_check_digit("NP04-MR", "999901201606010014", decision())]
#[case::nothing_dates_the_act("NP04-MR", CHILD, without(&without(&decision(), Field::ActOn), Field::DecidedOn))]
fn nothing_about_a_child_is_kept(
    #[case] item: &str,
    #[case] number: &str,
    #[case] content: Content,
) {
    assert_eq!(ask(item, number, content).unwrap_err(), ["under-age"]);
}

#[test]
fn who_came_of_age_lately_needs_the_day_of_the_act() {
    // 22 years old when it was decided; acts are punished for up to five years.
    let young = "999901200405010012";
    assert!(ask("NP04-MR", young, decision()).is_ok());
    let unsaid = without(&decision(), Field::ActOn);
    assert_eq!(ask("NP04-MR", young, unsaid).unwrap_err(), ["act-date-needed"]);
}

#[test]
fn who_is_told_before_the_decision_is_served_is_told_when_it_is() {
    let rules = Rules::bundled().unwrap();
    let candidate = Candidate {
        id_number: ADULT,
        name: "柳𬭚",
        repair_notice_served_on: Some(date(2026, 10, 2)),
        content: with(decision(), Field::ServedOn, Value::Day(date(2026, 11, 20))),
        ..Candidate::default()
    };
    let agency = Uscc::parse("11999901TEMR000151").unwrap();
    let item = rules.item("NP04-MR").unwrap();
    let admitted = admit(candidate, item, agency, &rules, TODAY).unwrap();
    assert_eq!(admitted.told_on, Some(date(2026, 11, 20)));
}

#[test]
fn numbers_of_people_are_starred_in_running_text_and_a_decision_keeps_its_number() {
    let content = with(decision(), Field::DocumentNo, text("15201234567"));
    let facts = "乙（999901197001010012，旧号999901700101001，卡号6222020200112233446）";
    let content = with(content, Field::Facts, text(facts));
    let admitted = ask("NP04-MR", ADULT, content).unwrap();
    assert_eq!(admitted.content.text(Field::DocumentNo), Some("15201234567"));
    let facts = admitted.content.text(Field::Facts).unwrap();
    assert!(facts.chars().all(|c| !c.is_ascii_digit()), "{facts}");
}
