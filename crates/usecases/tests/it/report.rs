//! Reports on paper: what stands in them, and what their holder is told later.

use register::report::Verdict;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, LIU, MARKET, ZHOU};
use usecases::report::{self, Draft, digest, keep, verify};
use usecases::{Actor, Error, my, statement};

async fn city(engine: testkit::Engine) -> (City, Actor) {
    let city = City::on(engine).await;
    let rows = [
        city.row(LIU, "2026-11-02", "2026-11-03"),
        city.row(LIU, "2026-11-20", "2026-11-20"),
        city.row(ZHOU, "2026-11-02", "2026-11-03"),
    ];
    city.sends(&city.clerk(MARKET), "NP04-MR", &rows).await.unwrap();
    let liu = city.opens_account(LIU).await;
    (city, liu)
}

async fn issued(city: &City, liu: &Actor) -> Draft {
    let draft = report::own(&city.cx, liu).await.unwrap().into_parts().0;
    keep(&city.cx, &draft, b"the file").await.unwrap();
    draft
}

async fn verdict(city: &City, code: &str, file: Option<&[u8]>) -> Verdict {
    verify(&city.cx, code, file.map(digest)).await.unwrap().verdict
}

#[rstest]
#[tokio::test]
async fn i04_a_report_holds_what_is_shown_today_and_says_when_that_changed(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let (city, liu) = city(engine).await;
    city.sees(LIU).await;
    let draft = issued(&city, &liu).await;
    assert_eq!(draft.facts.len(), 1, "the other is still in its quiet period");
    assert_eq!(draft.looks.as_ref().unwrap().len(), 1);
    let code = draft.code.as_str();
    assert_eq!(verdict(&city, code, None).await, Verdict::Genuine);
    assert_eq!(
        verdict(&city, &code.to_lowercase().replace('-', " "), None).await,
        Verdict::Genuine
    );
    assert_eq!(verdict(&city, code, Some(b"the file")).await, Verdict::Genuine);
    assert_eq!(verdict(&city, code, Some(b"another file")).await, Verdict::Changed);
    assert_eq!(verdict(&city, "2345-6789-ABCD-EFGH", None).await, Verdict::Unknown);
    assert_eq!(verdict(&city, "", None).await, Verdict::Unknown);

    // His own words beside a record change it.
    let record = draft.facts[0].record.id;
    statement::state(&city.cx, &liu, liu.person.unwrap(), record, "已经改正。").await.unwrap();
    assert_eq!(verdict(&city, code, None).await, Verdict::Superseded);
    let draft = issued(&city, &liu).await;
    assert_eq!(draft.facts[0].record.statement.as_deref(), Some("已经改正。"));
    assert_eq!(verdict(&city, &draft.code, None).await, Verdict::Genuine);
    // And so does time: the other record's quiet period ends.
    city.stands_on("2026-12-15");
    assert_eq!(verdict(&city, &draft.code, None).await, Verdict::Superseded);
    assert_eq!(issued(&city, &liu).await.facts.len(), 2);
}

#[rstest]
#[tokio::test]
async fn i06_a_report_is_logged_and_one_without_a_log_is_none(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let (city, liu) = city(engine).await;
    let draft = issued(&city, &liu).await;
    let looks = my::looks(&city.cx, &liu, u64::MAX, 50).await.unwrap().looks;
    let look = looks.iter().find(|look| look.door == "report").unwrap();
    assert_eq!(look.matter, draft.report.number);
    assert_eq!(look.records, [draft.facts[0].record.id.to_string()]);
    city.loses_its_log();
    let refused = report::own(&city.cx, &liu).await;
    assert!(matches!(refused, Err(Error::Log)), "{refused:?}");
}

#[rstest]
#[tokio::test]
async fn a_report_for_a_purpose_holds_what_the_purpose_may_see(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let (city, liu) = city(engine).await;
    let market = city.clerk(MARKET);
    let ask = city.ask(LIU, "food-licence-review");
    let draft = report::for_purpose(&city.cx, &market, &ask).await.unwrap().into_parts().0;
    assert_eq!(draft.facts.len(), 1);
    keep(&city.cx, &draft, b"x").await.unwrap();
    assert_eq!(verdict(&city, &draft.code, None).await, Verdict::Genuine);
    city.stands_on("2026-12-15");
    assert_eq!(verdict(&city, &draft.code, None).await, Verdict::Superseded);

    let wrong = city.ask(LIU, "tax-supervision");
    let refused = report::for_purpose(&city.cx, &market, &wrong).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    let nobody = city.ask(("999901197001010011", "另一人"), "food-licence-review");
    let draft = report::for_purpose(&city.cx, &market, &nobody).await.unwrap().into_parts().0;
    assert!(draft.facts.is_empty(), "a number with another name is nobody's");
    let looks = my::looks(&city.cx, &liu, u64::MAX, 50).await.unwrap().looks;
    assert!(looks.iter().filter(|look| !look.is_own).count() >= 2, "both are checks, and logged");
}
