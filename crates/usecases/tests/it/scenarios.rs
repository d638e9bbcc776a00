//! What people meet, from beginning to end. Others of these scenarios stand beside their subject
//! (01, 19: `repair.rs`; 06: `objection.rs`; 07: `challenge.rs`; 13: `mandate.rs`); those whose part of
//! the house comes later are named here and wait.

use register::Standing;
use register::correction::Change;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{CHILD, City, Engine, HEADER, LIU, MARKET, TRANSPORT, ZHOU};
use usecases::mandate::{self, NewMandate};
use usecases::objection::{self, Answer, NewObjection};
use usecases::{Actor, batch, correction, my};

async fn objects(city: &City, person: &Actor, ground: &str) -> objection::Step {
    let file = my::file(&city.cx, person).await.unwrap();
    let record = file.facts().records[0].record.id;
    let new = NewObjection {
        ground: ground.to_owned(),
        request: "delete".to_owned(),
        words: "不是我。".to_owned(),
        papers: Vec::new(),
    };
    let whom = person.person.unwrap();
    let opened = objection::open(&city.cx, person, whom, record, new).await.unwrap();
    let case = objection::one_of_mine(&city.cx, person, opened.id).await.unwrap();
    case.facts().steps[0].clone()
}

/// The fine on the spot has its own column for the procedure.
#[rstest]
#[tokio::test]
async fn scenario_02_a_slight_penalty_is_shown_to_nobody(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-11-02", "2026-11-03").replace("罚款,0.15", "罚款,0.005");
    let file = format!("{HEADER},处罚程序\n{row},简易程序\n");
    let clerk = city.clerk(MARKET);
    let batch = city.sends_file(&clerk, "NP04-MR", file.as_bytes()).await.unwrap();
    assert_eq!(batch.counts.accepted, 1);
    assert_eq!(city.sees(LIU).await, 0, "no purpose sees it");
    let file = my::file(&city.cx, &liu).await.unwrap();
    let standing = file.facts().records[0].standing;
    assert!(matches!(standing, Standing::NotDisplayed { .. }), "{standing:?}");
    let notices = my::notices(&city.cx, &liu).await.unwrap();
    let text = city.cx.rules.notice(&notices[0].text).unwrap();
    let says = text.paragraphs.concat();
    assert!(says.contains("当场作出的处罚应当先申请行政复议"), "{says}");
}

#[rstest]
#[tokio::test]
async fn scenario_03_a_public_security_penalty_is_refused_and_not_kept(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06").replace("罚款,0.15", "行政拘留,");
    let clerk = city.clerk(MARKET);
    let sent = city.sends(&clerk, "NP04-MR", &[row]).await.unwrap();
    assert_eq!((sent.counts.accepted, sent.counts.rejected), (0, 1));
    let (_, reasons) = batch::rejections(&city.cx, &clerk, sent.id, 0, 10).await.unwrap();
    assert_eq!(reasons[0].code, "sealed-public-security");
    assert!(my::file(&city.cx, &liu).await.unwrap().facts().records.is_empty());
}

#[rstest]
#[tokio::test]
async fn scenario_04_nothing_is_kept_about_a_minor(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let row = city.row(CHILD, "2026-07-03", "2026-07-06");
    let sent = city.sends(&clerk, "NP04-MR", &[row]).await.unwrap();
    let (_, reasons) = batch::rejections(&city.cx, &clerk, sent.id, 0, 10).await.unwrap();
    assert_eq!((sent.counts.accepted, reasons[0].code.as_str()), (0, "under-age"));
    assert_eq!(city.sees(CHILD).await, 0);
}

#[rstest]
#[tokio::test]
async fn scenario_05_the_wrong_person_is_taken_out_and_both_readers_are_told(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let zhou = city.opens_account(ZHOU).await;
    let (market, transport) = (city.clerk(MARKET), city.clerk(TRANSPORT));
    let row = city.row(ZHOU, "2026-07-03", "2026-07-06");
    city.sends(&market, "NP04-MR", &[row]).await.unwrap();
    // Two bodies see it: one by statute, one by his own mandate.
    assert_eq!(city.sees(ZHOU).await, 1);
    let new = NewMandate {
        grantee: TRANSPORT.to_owned(),
        purpose: "入职核对".to_owned(),
        items: vec!["NP04-MR".to_owned()],
        until: "2026-12-01".to_owned(),
        uses: "1".to_owned(),
    };
    let (_, code) = mandate::give(&city.cx, &zhou, new).await.unwrap();
    mandate::redeem(&city.cx, &transport, &code, "入职 1 号").await.unwrap();

    let step = objects(&city, &zhou, "not-me").await;
    assert_eq!(step.kind, "opened", "marked and forwarded in the same moment");
    let open = objection::mine(&city.cx, &zhou).await.unwrap();
    assert_eq!(open[0].answer_due.to_string(), "2026-11-26", "three working days");
    let answer = Answer {
        outcome: "deleted".to_owned(),
        reasons: "号码录错，当事人另有其人。".to_owned(),
        ..Answer::default()
    };
    objection::answer(&city.cx, &market, open[0].id, answer).await.unwrap();
    for receiver in [&market, &transport] {
        let told = correction::received(&city.cx, receiver).await.unwrap();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].correction.change, Change::Deleted);
    }
    assert_eq!(city.sees(ZHOU).await, 0);
}

/// The National Day holidays of 2026 end with a Saturday that is made up for.
#[rstest]
#[tokio::test]
async fn scenario_18_working_days_follow_the_calendar_that_is_loaded(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    city.stands_on("2026-09-30");
    objects(&city, &liu, "wrong-fact").await;
    let open = objection::mine(&city.cx, &liu).await.unwrap();
    assert_eq!(open[0].answer_due.to_string(), "2026-10-10", "8, 9 and Saturday the 10th");
    let calendar = city.cx.rules.calendar();
    assert!(calendar.is_loaded(open[0].answer_due));
    let beyond = city.cx.rules.due("objection", "2027-12-30".parse().unwrap()).unwrap();
    assert!(beyond.is_provisional, "a year that is not loaded is never guessed silently");
}

macro_rules! later {
    ($($name:ident: $topic:literal;)*) => {$(
        #[test]
        #[ignore = $topic]
        fn $name() {
            unimplemented!($topic);
        }
    )*};
}

later! {
    scenario_08_a_defaulter_who_pays_is_off_the_list_within_days: "statutory lists";
    scenario_09_a_term_ends_on_its_day_whoever_objects: "statutory lists";
    scenario_10_no_responsible_person_without_a_decision_of_his_own: "statutory lists";
    scenario_11_a_curious_clerk_is_refused_and_audited: "supervision of look-ups";
    scenario_12_nobody_gets_records_in_bulk: "the market's part";
    scenario_14_consent_withdrawn_the_page_is_gone: "exemplary people";
    scenario_15_a_legacy_black_list_is_refused_row_by_row: "statutory lists";
    scenario_16_no_data_about_pupils: "schools and workplaces";
    scenario_17_measures_against_conscription_refusal_end: "measures";
    scenario_20_a_contractor_reads_nothing: "operators' access";
}
