//! Reports on paper: what stands in them, and what their holder is told later.

use register::report::Verdict;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, LIU, MARKET, ZHOU};
use usecases::repair::{self, NewRepair};
use usecases::report::{self, Draft, digest, keep, message, verify};
use usecases::{Actor, Error, my, paper, retention, statement};

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
    assert_eq!(draft.own.as_ref().unwrap().looks.looks.len(), 1);
    let code = draft.code.as_str();
    assert_eq!(verdict(&city, code, None).await, Verdict::CodeOnly, "nobody has shown the file");
    assert_eq!(
        verdict(&city, &code.to_lowercase().replace('-', " "), None).await,
        Verdict::CodeOnly
    );
    assert_eq!(verdict(&city, code, Some(b"the file")).await, Verdict::Genuine);
    assert_eq!(verdict(&city, code, Some(b"another file")).await, Verdict::Changed);
    assert_eq!(verdict(&city, "2345-6789-ABCD-EFGH", None).await, Verdict::Unknown);
    assert_eq!(verdict(&city, "", None).await, Verdict::Unknown);

    // His own words beside a record change it.
    let record = draft.facts[0].record.id;
    statement::state(&city.cx, &liu, liu.person.unwrap(), record, "已经改正。").await.unwrap();
    assert_eq!(verdict(&city, code, None).await, Verdict::Superseded);
    assert_eq!(verdict(&city, code, Some(b"the file")).await, Verdict::Superseded);
    let draft = issued(&city, &liu).await;
    assert_eq!(draft.facts[0].record.statement.as_deref(), Some("已经改正。"));
    let statements = &draft.own.as_ref().unwrap().statements;
    assert_eq!(statements.len(), 1);
    assert_eq!((statements[0].record, statements[0].words.as_str()), (record, "已经改正。"));
    assert_eq!(statements[0].on, city.cx.today());
    assert_eq!(verdict(&city, &draft.code, None).await, Verdict::CodeOnly);
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
    assert!(draft.own.is_none(), "who looked, and what he pledged, is for the person himself");
    keep(&city.cx, &draft, b"x").await.unwrap();
    assert_eq!(verdict(&city, &draft.code, Some(b"x")).await, Verdict::Genuine);
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

#[rstest]
#[tokio::test]
async fn his_own_looks_displace_nobody_elses_from_the_report(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let (city, liu) = city(engine).await;
    let none = issued(&city, &liu).await.own.unwrap().looks;
    assert_eq!((none.looks.len(), none.in_all), (0, 0), "nobody else has looked");
    city.sees(LIU).await;
    for _ in 0..40 {
        my::file(&city.cx, &liu).await.unwrap();
    }
    let one = issued(&city, &liu).await.own.unwrap().looks;
    assert_eq!((one.looks.len(), one.in_all), (1, 1));
    assert_eq!(one.looks[0].agency.as_deref(), Some(MARKET));
    for _ in 0..32 {
        city.sees(LIU).await;
    }
    let many = issued(&city, &liu).await.own.unwrap().looks;
    assert_eq!((many.looks.len(), many.in_all), (30, 33), "the others are counted");
    assert!(many.looks.is_sorted_by(|one, next| one.seq > next.seq), "the latest first");
    assert!(many.looks[0].seq > one.looks[0].seq);
}

#[rstest]
#[tokio::test]
async fn a_look_from_before_he_was_known_is_in_the_report(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    city.sees(LIU).await;
    let liu = city.opens_account(LIU).await;
    let looks = issued(&city, &liu).await.own.unwrap().looks;
    assert_eq!((looks.looks.len(), looks.in_all), (1, 1));
}

#[rstest]
#[tokio::test]
async fn the_signature_covers_what_the_report_says(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let (city, liu) = city(engine).await;
    let draft = issued(&city, &liu).await;
    let fits = |report: &register::report::Report, code: &str| {
        let signed = message(report, code);
        city.cx.vault.signer().verify(signed.as_bytes(), &draft.signature).is_ok()
    };
    assert!(fits(&draft.report, &draft.code));
    assert!(!fits(&draft.report, "2345-6789-ABCD-EFGH"));
    let mut other = draft.report.clone();
    other.fingerprint[0] ^= 1;
    assert!(!fits(&other, &draft.code), "another report with the same number, time and code");
    // All of it stands on the paper, the time as it is printed there.
    let signed = message(&draft.report, &draft.code);
    let lines: Vec<&str> = signed.lines().collect();
    let printed = [draft.report.number.as_str(), "2026-11-23 12:00", draft.code.as_str()];
    assert_eq!(lines[1..4], printed);
}

#[rstest]
#[tokio::test]
async fn a_pledge_stands_in_the_report_while_it_binds_and_its_record_is_shown(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
    #[values("granted", "refused")] decision: &str,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let clerk = city.clerk(MARKET);
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&clerk, "NP04-MR", &[row]).await.unwrap();
    let before = issued(&city, &liu).await;
    assert!(before.own.as_ref().unwrap().pledges.is_empty());
    let record = before.facts[0].record.id;
    let receipt = paper::receive(&city.cx, "收据.pdf", b"%PDF-1.7 receipt").unwrap().unwrap();
    let new = NewRepair {
        words: "罚款已经交清。".to_owned(),
        is_performed: true,
        has_pledged: true,
        papers: vec![receipt],
    };
    let asked = repair::ask(&city.cx, &liu, liu.person.unwrap(), record, new).await.unwrap();
    // That he used a right is not told by a report that he has given out before.
    assert_eq!(verdict(&city, &before.code, None).await, Verdict::CodeOnly);
    assert_eq!(verdict(&city, &before.code, Some(b"the file")).await, Verdict::Genuine);
    let draft = issued(&city, &liu).await;
    let pledges = &draft.own.as_ref().unwrap().pledges;
    assert_eq!(pledges.len(), 1);
    assert_eq!((pledges[0].repair, pledges[0].record), (asked.id, record));
    assert_eq!((pledges[0].agency.as_str(), pledges[0].on), (MARKET, city.cx.today()));
    assert_eq!(verdict(&city, &draft.code, None).await, Verdict::CodeOnly);

    repair::decide(&city.cx, &clerk, asked.id, "accepted", "").await.unwrap();
    assert_eq!(verdict(&city, &draft.code, None).await, Verdict::CodeOnly, "it still binds");
    repair::decide(&city.cx, &clerk, asked.id, decision, "理由写在这里。").await.unwrap();
    assert_eq!(verdict(&city, &draft.code, None).await, Verdict::Superseded);
    let after = issued(&city, &liu).await;
    assert!(after.own.as_ref().unwrap().pledges.is_empty(), "nor does it name what is repaired");
    assert_eq!(after.facts.len(), usize::from(decision == "refused"));
    let told = if decision == "refused" { Verdict::CodeOnly } else { Verdict::Superseded };
    assert_eq!(verdict(&city, &before.code, None).await, told, "only what is recorded counts");
}

/// A report for a purpose about whom nobody here has by number and name.
async fn issued_about(city: &City, who: (&str, &str)) -> Draft {
    let ask = city.ask(who, "food-licence-review");
    let market = city.clerk(MARKET);
    let draft = report::for_purpose(&city.cx, &market, &ask).await.unwrap().into_parts().0;
    assert!(draft.facts.is_empty());
    keep(&city.cx, &draft, b"nothing").await.unwrap();
    draft
}

#[rstest]
#[tokio::test]
async fn i04_that_nothing_is_recorded_holds_only_until_something_is(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let (city, liu) = city(engine).await;
    let number = testkit::number(7);
    let wang = (number.as_str(), "王生");
    let unknown = issued_about(&city, wang).await;
    let misnamed = issued_about(&city, (LIU.0, "另一人")).await;
    // A code tells no more than a check: not whether the number is known under another name.
    for draft in [&unknown, &misnamed] {
        assert!(draft.report.asked.is_some());
        assert_ne!(draft.report.person, liu.person.unwrap());
        assert_eq!(verdict(&city, &draft.code, None).await, Verdict::CodeOnly);
        assert_eq!(verdict(&city, &draft.code, Some(b"nothing")).await, Verdict::Genuine);
    }
    assert!(report::mine(&city.cx, &liu).await.unwrap().is_empty(), "it is not about him");

    let row = city.row(wang, "2026-11-02", "2026-11-03");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(wang).await, 1);
    assert_eq!(verdict(&city, &unknown.code, Some(b"nothing")).await, Verdict::Superseded);
    assert_eq!(verdict(&city, &misnamed.code, Some(b"nothing")).await, Verdict::Genuine);
}

#[rstest]
#[tokio::test]
async fn reports_about_nobody_here_go_with_their_looks(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let (city, _) = city(engine).await;
    let number = testkit::number(7);
    let unknown = issued_about(&city, (number.as_str(), "王生")).await;
    let misnamed = issued_about(&city, (LIU.0, "另一人")).await;
    for (day, left) in [("2031-11-22", Verdict::CodeOnly), ("2031-11-24", Verdict::Unknown)] {
        city.stands_on(day);
        retention::erase(&city.cx).await.unwrap();
        for draft in [&unknown, &misnamed] {
            assert_eq!(verdict(&city, &draft.code, None).await, left, "{day}");
        }
    }
}
