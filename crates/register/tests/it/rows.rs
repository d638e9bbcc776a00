//! Admission: what a row must say, and which rows are refused or sealed. One finding, one test.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up is to fail at once"
)]

use jiff::civil::{Date, date};
use register::admission::{Cell, Operator, admit, sealed_at_sight};
use register::{Admitted, Candidate, Content, Field, Refusal, RefusalReason, Uscc, Value};
use rstest::rstest;
use rulebook::Rules;

const TODAY: Date = date(2026, 11, 23);
const ADULT: &str = "999901197001010011";
/// Born on 1 June 2012: 14 years old today.
const FOURTEEN: &str = "999901201206010049";
/// Born on 1 June 2016, with the right check digit.
const TEN: &str = "999901201606010048";

/// A row, ready to be changed.
struct Row {
    item: &'static str,
    id_kind: &'static str,
    id_number: &'static str,
    party: &'static str,
    operator: Operator<'static>,
    born_on: Option<Date>,
    name: &'static str,
    told: Option<Date>,
    content: Content,
}

impl Row {
    /// A fine of 1,500 yuan by the market-regulation bureau, in order in every respect.
    fn penalty() -> Self {
        let content = [
            (Field::DocumentNo, Value::Text("示市监罚字〔2026〕12号".to_owned())),
            (Field::Violation, Value::Text("无照经营".to_owned())),
            (Field::Facts, Value::Text("经查属实。".to_owned())),
            (Field::LegalBasis, Value::Text("食品安全法第一百二十二条".to_owned())),
            (Field::PenaltyKinds, Value::Text("罚款".to_owned())),
            (Field::FineFen, Value::Fen(150_000)),
            (Field::ActOn, Value::Day(date(2026, 6, 3))),
            (Field::DecidedOn, Value::Day(date(2026, 7, 3))),
            (Field::ServedOn, Value::Day(date(2026, 7, 6))),
        ];
        Self {
            item: "NP04-MR",
            id_kind: "01",
            id_number: ADULT,
            party: "自然人",
            operator: Operator::default(),
            born_on: None,
            name: "柳明",
            told: Some(date(2026, 7, 6)),
            content: content.into_iter().collect(),
        }
    }

    fn licence() -> Self {
        let content = [
            (Field::DocumentNo, Value::Text("示许〔2026〕12号".to_owned())),
            (Field::LicenceNo, Value::Text("JY12113820012345".to_owned())),
            (Field::DecidedOn, Value::Day(date(2026, 7, 3))),
        ];
        Self { item: "NP03", content: content.into_iter().collect(), ..Self::penalty() }
    }

    fn says(mut self, field: Field, text: &str) -> Self {
        self.content.set(field, Value::Text(text.to_owned()));
        self
    }

    fn on(mut self, field: Field, day: Date) -> Self {
        self.content.set(field, Value::Day(day));
        self
    }

    /// Decided so recently that even a slight matter is not over.
    fn lately(self) -> Self {
        let day = date(2026, 10, 12);
        let row = self.on(Field::DecidedOn, day).on(Field::ServedOn, day);
        Self { told: Some(day), ..row }
    }

    fn fined(mut self, fen: i64) -> Self {
        self.content.set(Field::FineFen, Value::Fen(fen));
        self
    }

    fn with(mut self, field: Field, value: Value) -> Self {
        self.content.set(field, value);
        self
    }

    fn without(mut self, field: Field) -> Self {
        self.content.keep_only(|kept| kept != field);
        self
    }

    fn of(self, id_number: &'static str) -> Self {
        Self { id_number, ..self }
    }

    fn by(self, id_kind: &'static str, id_number: &'static str) -> Self {
        Self { id_kind, id_number, ..self }
    }

    fn under(self, item: &'static str) -> Self {
        Self { item, ..self }
    }

    fn enters(self) -> Result<Admitted, Vec<Refusal>> {
        let rules = Rules::bundled().unwrap();
        let candidate = Candidate {
            id_kind: self.id_kind,
            id_number: self.id_number,
            name: self.name,
            party: self.party,
            operator: self.operator,
            born_on: self.born_on,
            repair_notice_served_on: self.told,
            content: self.content,
        };
        let agency = Uscc::parse("11999901TEMR000151").unwrap();
        admit(candidate, rules.item(self.item).unwrap(), agency, &rules, TODAY)
    }

    /// The codes against it.
    fn codes(self) -> Vec<&'static str> {
        match self.enters() {
            Ok(_) => Vec::new(),
            Err(refusals) => refusals.iter().map(|refusal| refusal.reason.code()).collect(),
        }
    }

    /// Whether it may not be kept anywhere; then it has one reason and names no column.
    fn seals(self) -> bool {
        let Err(refusals) = self.enters() else { return false };
        let is_sealed = refusals.iter().any(|refusal| refusal.reason.is_sealed());
        assert!(!is_sealed || (refusals.len() == 1 && refusals[0].cell == Cell::Row));
        is_sealed
    }
}

#[test]
fn sound_rows_enter() {
    assert_eq!(Row::penalty().codes(), Vec::<&str>::new());
    assert_eq!(Row::licence().codes(), Vec::<&str>::new());
}

#[test]
fn the_rulebook_knows_the_fields_of_the_register() {
    let ours: Vec<_> = Field::ALL.iter().map(|field| field.code()).collect();
    assert_eq!(rulebook::FIELDS, ours);
}

#[rstest]
#[case("0")]
#[case("０")]
#[case("正常")]
#[case(" 有效 ")]
fn a_state_in_force_enters_and_is_not_kept_of_a_penalty(#[case] state: &str) {
    let admitted = Row::penalty().says(Field::LicenceState, state).enters().unwrap();
    assert_eq!(admitted.content.get(Field::LicenceState), None);
    assert!(Row::licence().says(Field::LicenceState, state).enters().is_ok());
}

#[rstest]
#[case::licence(Row::licence().of(TEN), "under-age")]
#[case::penalty(Row::penalty().of(TEN), "under-age")]
#[case::licence_of_his_thirteenth_year(
    Row::licence().of(FOURTEEN).on(Field::DecidedOn, date(2026, 6, 1)), "under-age"
)]
#[case::wrong_check_digit(Row::licence().of("999901201606010041"), "under-age")]
fn i09_nothing_about_a_child_is_kept(#[case] row: Row, #[case] code: &str) {
    let refusals = row.enters().unwrap_err();
    assert_eq!(refusals.len(), 1);
    assert_eq!((refusals[0].cell, refusals[0].reason.code()), (Cell::Row, code));
    assert!(refusals[0].reason.is_sealed());
}

#[test]
fn a_licence_of_a_fourteen_year_old_enters() {
    assert!(Row::licence().of(FOURTEEN).enters().is_ok());
}

#[rstest]
#[case::wrong_check_digit(Row::penalty().of("999901201206010040"))]
#[case::dashes(Row::penalty().of("999901-20120601-0040"))]
#[case::household_book(Row::penalty().by("户口簿", FOURTEEN))]
#[case::wrong_kind(Row::penalty().by("护照", FOURTEEN))]
#[case::nothing_dates_the_act(
    Row::penalty().of(FOURTEEN).without(Field::DecidedOn).without(Field::ActOn)
)]
#[case::act_dated_after_the_decision(
    Row::penalty().of(FOURTEEN).on(Field::ActOn, date(2062, 6, 3))
)]
#[case::only_the_act_is_dated(Row::penalty().of(FOURTEEN).without(Field::DecidedOn))]
fn i09_a_slip_does_not_make_a_childs_row_fit_to_be_kept(#[case] row: Row) {
    assert!(row.seals());
}

#[test]
fn an_adults_slip_is_told_and_given_back() {
    let slip = || Row::penalty().of("999901197001010012");
    assert_eq!(slip().codes(), ["id-number-check-digit"]);
    assert!(!slip().seals());
    let nothing_dated = Row::penalty().without(Field::DecidedOn).without(Field::ActOn);
    assert_eq!(nothing_dated.codes(), ["value-missing"]);
}

#[test]
fn every_kind_of_a_phrase_is_kept_and_classed() {
    let row = Row::penalty().says(Field::PenaltyKinds, "吊销许可证件并处罚款");
    let admitted = row.enters().unwrap();
    assert_eq!(admitted.content.text(Field::PenaltyKinds), Some("罚款；吊销许可证件"));
    assert_eq!(admitted.severity, Some(rulebook::Severity::Serious));
}

#[rstest]
#[case(Field::DocumentNo, "示公（城关）行罚决字〔2026〕12号")]
#[case(Field::DocumentTitle, "治安管理处罚决定书")]
#[case(Field::PenaltyContent, "行政拘留五日")]
#[case(Field::Violation, "违反治安管理处罚规定")]
#[case(Field::Facts, "因殴打他人被处治安管理处罚")]
#[case(Field::LegalBasis, "《治安管理处罚法》第四十三条")]
#[case(Field::PenaltyKinds, "罚款并处行政拘留")]
#[case(Field::Authority, "示例市公安局")]
fn i09_public_security_is_sealed_wherever_it_shows(#[case] field: Field, #[case] text: &str) {
    let row = Row::penalty().says(field, text);
    assert!(row.seals(), "{text}");
}

#[test]
fn i09_rows_whose_cells_could_not_be_told_apart_are_judged_by_all_of_them() {
    let rules = Rules::bundled().unwrap();
    let (penalty, licence) = (rules.item("NP04-MR").unwrap(), rules.item("NP03").unwrap());
    let sight = |item, cells: &[&str]| {
        sealed_at_sight(cells.iter().copied(), item, &rules, TODAY).map(RefusalReason::code)
    };
    let shifted = ["柳明", "", ADULT, "示公（治）行罚决字〔2026〕1号", "2026-07-03"];
    assert_eq!(sight(penalty, &shifted), Some("sealed-public-security"));
    assert_eq!(
        sight(penalty, &["x", "《治安管理处罚法》\u{FFFD}43"]),
        Some("sealed-public-security")
    );
    assert_eq!(sight(penalty, &["小树 999901201206010040", ""]), Some("under-age"));
    assert_eq!(sight(licence, &["小树 999901201206010040", ""]), None, "he is 14");
    assert_eq!(sight(licence, &[TEN]), Some("under-age"));
    assert_eq!(sight(penalty, &["柳明", ADULT, "无照经营", "51", "2026-07-03"]), None);
}

#[rstest]
#[case(Row::penalty().under("NP04-TR").fined(5_000), &["procedure-needed"])]
#[case(Row::penalty().under("NP04-TR").fined(20_000), &["procedure-needed"])]
#[case(Row::penalty().under("NP04-TR").says(Field::PenaltyKinds, "警告").fined(0), &["procedure-needed"])]
#[case(Row::penalty().under("NP04-TR").fined(5_000).says(Field::Procedure, "普通程序"), &[])]
#[case(Row::penalty().under("NP04-TR").fined(5_000).says(Field::Procedure, "当场处罚"), &["procedure-not-taken"])]
#[case(Row::penalty().under("NP04-TR").fined(20_001), &[])]
#[case(Row::penalty().fined(5_000), &[])]
fn an_item_of_the_ordinary_procedure_takes_nothing_else(#[case] row: Row, #[case] codes: &[&str]) {
    assert_eq!(row.lately().codes(), codes);
}

#[rstest]
#[case(Row::penalty().fined(20_000), &[])]
#[case(Row::penalty().fined(20_001), &["procedure-not-simple"])]
#[case(Row::penalty().fined(100_000_000), &["procedure-not-simple"])]
#[case(Row::penalty().fined(5_000).says(Field::PenaltyKinds, "罚款、吊销许可证件"), &["procedure-not-simple"])]
#[case(Row::penalty().fined(5_000).says(Field::PenaltyKinds, "没收违法所得"), &["procedure-not-simple"])]
fn on_the_spot_nothing_graver_than_the_law_allows(#[case] row: Row, #[case] codes: &[&str]) {
    assert_eq!(row.lately().says(Field::Procedure, "简易程序").codes(), codes);
}

#[rstest]
#[case("根据有关规定罚款500元")]
#[case("相关法律法规（2023）")]
#[case("食品安全法有关规定")]
fn relevant_provisions_are_no_basis(#[case] basis: &str) {
    assert_eq!(Row::penalty().says(Field::LegalBasis, basis).codes(), ["basis-vague"]);
}

#[test]
fn i10_running_texts_lose_the_numbers_of_persons_and_documents_keep_theirs() {
    let row = Row::penalty()
        .says(Field::DocumentNo, "15201234567")
        .says(Field::AuthorityCode, "11999901TEMR000151")
        .says(Field::Facts, "与999901 19700101 0012（卡号6222021234567890123）共同经营");
    let content = row.enters().unwrap().content;
    assert_eq!(content.text(Field::DocumentNo), Some("15201234567"));
    assert_eq!(content.text(Field::AuthorityCode), Some("11999901TEMR000151"));
    assert_eq!(
        content.text(Field::Facts),
        Some("与****** ******** ****（卡号*******************）共同经营")
    );
}

#[rstest]
#[case("非自然人", &["not-a-person"])]
#[case("０１", &[])]
#[case("０２", &["not-a-person"])]
#[case("自然人", &[])]
#[case("法人及非法人组织", &["not-a-person"])]
#[case("", &[])]
fn the_party_is_read_as_agencies_write_it(#[case] party: &'static str, #[case] codes: &[&str]) {
    assert_eq!(Row { party, ..Row::penalty() }.codes(), codes);
}

#[test]
fn a_passport_does_not_hide_a_child() {
    let row = || Row::penalty().by("02", "E12345678");
    assert_eq!(row().codes(), ["birth-date-needed"]);
    assert!(Row { born_on: Some(date(1980, 5, 1)), ..row() }.enters().is_ok());
    assert!(Row { born_on: Some(date(2012, 6, 1)), ..row() }.seals());
    // A licence says nothing against anybody; a child's is sealed all the same.
    let licence = || Row::licence().by("02", "E12345678");
    assert!(licence().enters().is_ok());
    assert!(Row { born_on: Some(date(2016, 6, 1)), ..licence() }.seals());
    // A date of birth that makes the holder of a card younger counts too.
    assert!(Row { born_on: Some(date(2012, 6, 1)), ..Row::penalty() }.seals());
}

#[test]
fn a_shop_is_nobody() {
    let shop =
        || Row { party: "个体工商户", name: "凌源市某某小吃店", ..Row::penalty() };
    assert_eq!(shop().codes(), ["name-of-shop"]);
    let operator = Operator { id_kind: "", id_number: ADULT, name: "柳明" };
    let admitted = Row { operator, id_number: "", ..shop() }.enters().unwrap();
    assert_eq!((admitted.name.as_str(), admitted.document.number()), ("柳明", ADULT));
    // The number may stand in the party's own column.
    let operator = Operator { id_number: "", ..operator };
    assert_eq!(Row { operator, ..shop() }.enters().unwrap().name.as_str(), "柳明");
    // Whoever runs a firm is not the party of a row about himself.
    let other = Operator { id_kind: "", id_number: FOURTEEN, name: "别人" };
    assert_eq!(Row { operator: other, ..Row::penalty() }.enters().unwrap().name.as_str(), "柳明");
    for name in ["张建行", "阿卜杜拉·买买提"] {
        assert!(Row { name, ..Row::penalty() }.enters().is_ok(), "{name}");
    }
}

#[test]
fn what_is_no_penalty_and_whose_number_is_a_persons_goes_back() {
    for kinds in ["不予处罚", "免予行政处罚"] {
        let row = Row::penalty().with(Field::PenaltyKinds, Value::Text(kinds.to_owned()));
        assert_eq!(row.codes(), ["no-penalty"], "{kinds}");
    }
    let number = format!("示市监罚字{ADULT}号");
    let row = Row::penalty().with(Field::DocumentNo, Value::Text(number));
    assert_eq!(row.codes(), ["number-of-person"]);
}
