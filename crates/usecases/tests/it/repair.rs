//! Repairs: asked for at home, decided by whoever determined the fact, ended everywhere together.

use register::correction::Change;
use register::repair::State;
use register::{RecordId, Standing};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TRANSPORT};
use usecases::repair::{self, NewRepair};
use usecases::{Actor, Error, correction, my, objection};

/// A fine of July about Liu that the market bureau has looked at; Liu, and the record.
async fn seen_record(city: &City) -> (Actor, RecordId) {
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let file = my::file(&city.cx, &liu).await.unwrap();
    (liu, file.facts().records[0].record.id)
}

fn receipt(city: &City) -> usecases::paper::Received {
    usecases::paper::receive(&city.cx, "收据.pdf", b"%PDF-1.7 receipt").unwrap().unwrap()
}

fn complete(city: &City) -> NewRepair {
    NewRepair {
        words: "罚款已于 7 月 10 日交清，执照已经补办。".to_owned(),
        is_performed: true,
        has_pledged: true,
        papers: vec![receipt(city)],
    }
}

fn codes(error: Error) -> Vec<&'static str> {
    let Error::Mistakes(mistakes) = error else { unreachable!("{error:?}") };
    mistakes.into_iter().map(|mistake| mistake.code).collect()
}

#[rstest]
#[tokio::test]
async fn scenario_01_a_small_fine_is_repaired_and_everybody_is_told(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    let asked = repair::ask(&city.cx, &liu, whom, record, complete(&city)).await.unwrap();
    assert_eq!(asked.accept_due.to_string(), "2026-11-26");
    assert_eq!(asked.due.to_string(), "2026-12-07");
    let again = repair::ask(&city.cx, &liu, whom, record, complete(&city)).await;
    assert!(matches!(again, Err(Error::RepairOpen)), "{again:?}");
    assert_eq!(city.sees(LIU).await, 1, "asking is not having");

    let clerk = city.clerk(MARKET);
    for other in [city.clerk(TRANSPORT), city.staff(register::Role::OfficeLead)] {
        repair::decide(&city.cx, &other, asked.id, "granted", "").await.unwrap_err();
    }
    let himself = Actor { person: liu.person, ..city.clerk(MARKET) };
    let own = repair::decide(&city.cx, &himself, asked.id, "granted", "").await;
    assert!(matches!(own, Err(Error::Denied(_))), "i15: nobody decides about himself");

    let seen = repair::desk_one(&city.cx, &clerk, asked.id).await.unwrap();
    let kinds: Vec<_> = seen.facts().case.steps.iter().map(|step| step.kind.as_str()).collect();
    assert_eq!((kinds, seen.facts().case.papers.len()), (vec!["asked", "pledged"], 1));
    repair::decide(&city.cx, &clerk, asked.id, "accepted", "").await.unwrap();
    let granted = repair::decide(&city.cx, &clerk, asked.id, "granted", "").await.unwrap();
    assert_eq!(granted.state, State::Granted);
    assert_eq!(city.sees(LIU).await, 0, "i04: over in the same moment");
    let file = my::file(&city.cx, &liu).await.unwrap();
    assert!(matches!(file.facts().records[0].standing, Standing::Repaired { .. }));
    let received = correction::received(&city.cx, &clerk).await.unwrap();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].correction.change, Change::Repaired);
    let twice = repair::decide(&city.cx, &clerk, asked.id, "refused", "再想想").await;
    assert!(matches!(twice, Err(Error::NotNow(_))), "{twice:?}");
    let notices = my::notices(&city.cx, &liu).await.unwrap();
    let texts: Vec<_> = notices.iter().map(|notice| notice.text.as_str()).collect();
    assert!(texts.contains(&"repair-accepted") && texts.contains(&"repair-granted"), "{texts:?}");
}

#[rstest]
#[tokio::test]
async fn everything_that_is_missing_is_told_at_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-11-02", "2026-11-03");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let file = my::file(&city.cx, &liu).await.unwrap();
    let record = file.facts().records[0].record.id;
    let whom = liu.person.unwrap();
    let nothing = NewRepair::default();
    let refused = repair::ask(&city.cx, &liu, whom, record, nothing).await.unwrap_err();
    let expected = ["too-early", "not-performed", "no-pledge", "no-proof", "words-missing"];
    assert_eq!(codes(refused), expected);
    city.stands_on("2027-02-02");
    let papers = (0..3).map(|_| receipt(&city)).collect();
    let many = NewRepair { papers, ..complete(&city) };
    let refused = repair::ask(&city.cx, &liu, whom, record, many).await.unwrap_err();
    assert_eq!(codes(refused), ["papers-many"], "no more than two papers may be asked for");
    repair::ask(&city.cx, &liu, whom, record, complete(&city)).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn scenario_19_a_refusal_has_reasons_and_may_be_asked_again(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    let asked = repair::ask(&city.cx, &liu, whom, record, complete(&city)).await.unwrap();
    let clerk = city.clerk(MARKET);
    let silent = repair::decide(&city.cx, &clerk, asked.id, "refused", " ").await.unwrap_err();
    assert_eq!(codes(silent), ["words-missing"]);
    let early = repair::decide(&city.cx, &clerk, asked.id, "extended", "要核对。").await;
    assert!(matches!(early, Err(Error::NotNow(_))), "it was not taken up yet: {early:?}");
    repair::decide(&city.cx, &clerk, asked.id, "accepted", "").await.unwrap();
    let extended =
        repair::decide(&city.cx, &clerk, asked.id, "extended", "要向银行核对。").await.unwrap();
    assert_eq!(extended.due.to_string(), "2026-12-14");
    repair::decide(&city.cx, &clerk, asked.id, "extended", "再延长。").await.unwrap_err();
    repair::decide(&city.cx, &clerk, asked.id, "refused", "罚款还差 500 元没有交。").await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let again = repair::ask(&city.cx, &liu, whom, record, complete(&city)).await.unwrap();
    let back = repair::withdraw(&city.cx, &liu, whom, again.id).await.unwrap();
    assert_eq!(back.state, State::Withdrawn);
}

#[rstest]
#[tokio::test]
async fn a_repair_is_revoked_only_after_the_person_was_heard(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    let asked = repair::ask(&city.cx, &liu, whom, record, complete(&city)).await.unwrap();
    let clerk = city.clerk(MARKET);
    let decide =
        |step: &'static str| repair::decide(&city.cx, &clerk, asked.id, step, "收据是伪造的。");
    decide("revoked").await.unwrap_err();
    decide("granted").await.unwrap();
    let unheard = repair::hear(&city.cx, &liu, whom, asked.id, "没有伪造。").await;
    assert!(matches!(unheard, Err(Error::NotNow(_))), "nothing is proposed: {unheard:?}");
    let silent = repair::decide(&city.cx, &clerk, asked.id, "hearing", "").await.unwrap_err();
    assert_eq!(codes(silent), ["words-missing"], "a proposal needs reasons");
    let proposed = decide("hearing").await.unwrap();
    assert_eq!((proposed.state, proposed.due.to_string()), (State::Hearing, "2026-11-30".into()));
    assert_eq!(city.sees(LIU).await, 0, "a proposal changes nothing");
    let own = decide("revoked").await;
    assert_eq!(
        codes(own.unwrap_err()),
        ["own-decision"],
        "i15: another decides on what he answers"
    );
    let second = city.clerk(MARKET);
    let decides = |step: &'static str| {
        repair::decide(&city.cx, &second, asked.id, step, "收据是伪造的，本人的说明不能解释。")
    };
    let early = decides("revoked").await;
    assert!(matches!(early, Err(Error::NotNow(_))), "he was not heard yet: {early:?}");
    let long = repair::hear(&city.cx, &liu, whom, asked.id, &"长".repeat(1_001)).await.unwrap_err();
    assert_eq!(codes(long), ["words-long"]);
    repair::hear(&city.cx, &liu, whom, asked.id, "收据是银行打印的。").await.unwrap();
    let early = decides("revoked").await;
    assert!(matches!(early, Err(Error::NotNow(_))), "he may say more: {early:?}");
    city.stands_on("2026-11-30");
    repair::hear(&city.cx, &liu, whom, asked.id, "流水号在上面。").await.unwrap();
    city.stands_on("2026-12-01");
    decides("revoked").await.unwrap();
    let seen = repair::one_of_mine(&city.cx, &liu, asked.id).await.unwrap();
    let kinds: Vec<_> = seen.facts().steps.iter().map(|step| step.kind.as_str()).collect();
    assert_eq!(kinds, ["asked", "pledged", "granted", "hearing", "heard", "heard", "revoked"]);
    let file = my::file(&city.cx, &liu).await.unwrap();
    let standing = file.facts().records[0].standing;
    assert!(matches!(standing, Standing::Quiet { .. }), "i03: told first: {standing:?}");
    assert_eq!(city.sees(LIU).await, 0);
    city.stands_on("2026-12-12");
    assert_eq!(city.sees(LIU).await, 1, "within the display period that it always had");
    repair::ask(&city.cx, &liu, whom, record, complete(&city)).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_hearing_that_nobody_answers_ends_with_its_days(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    let asked = repair::ask(&city.cx, &liu, whom, record, complete(&city)).await.unwrap();
    let clerk = city.clerk(MARKET);
    for (step, why) in [("granted", ""), ("hearing", "收据对不上。")] {
        repair::decide(&city.cx, &clerk, asked.id, step, why).await.unwrap();
    }
    let second = city.clerk(MARKET);
    city.stands_on("2026-11-30");
    repair::decide(&city.cx, &second, asked.id, "revoked", "对不上。").await.unwrap_err();
    let kept = repair::decide(&city.cx, &second, asked.id, "kept", "对上了。").await.unwrap();
    assert_eq!(kept.state, State::Granted, "for him at any time");
    repair::decide(&city.cx, &clerk, asked.id, "hearing", "还是对不上。").await.unwrap();
    city.stands_on("2026-12-08");
    let revoked = repair::decide(&city.cx, &second, asked.id, "revoked", "对不上。").await.unwrap();
    assert_eq!(revoked.state, State::Revoked);
}

#[rstest]
#[tokio::test]
async fn a_decided_repair_is_found_again_by_its_number_and_by_its_body_only(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    let asked = repair::ask(&city.cx, &liu, whom, record, complete(&city)).await.unwrap();
    let clerk = city.clerk(MARKET);
    repair::decide(&city.cx, &clerk, asked.id, "granted", "").await.unwrap();
    assert!(repair::desk(&city.cx, &clerk).await.unwrap().is_empty(), "nothing is due");
    let number = format!(" {} ", asked.number.to_lowercase());
    let found = usecases::duty::by_number(&city.cx, &clerk, &number).await.unwrap();
    assert_eq!(found, (register::duty::Kind::Repair, asked.id.0));
    repair::desk_one(&city.cx, &clerk, asked.id).await.unwrap();
    let other = city.clerk(testkit::TRANSPORT);
    let strange = usecases::duty::by_number(&city.cx, &other, &asked.number).await;
    assert!(matches!(strange, Err(Error::NotFound)), "{strange:?}");
}

#[rstest]
#[tokio::test]
async fn the_days_of_a_hearing_run_from_when_it_reached_the_person(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    let asked = repair::ask(&city.cx, &liu, whom, record, complete(&city)).await.unwrap();
    repair::decide(&city.cx, &city.clerk(MARKET), asked.id, "granted", "").await.unwrap();
    let lead = testkit::lead();
    usecases::account::disable(&city.cx, &lead, &liu.login).await.unwrap();
    let proposes = city.clerk(MARKET);
    repair::decide(&city.cx, &proposes, asked.id, "hearing", "收据对不上。").await.unwrap();
    city.stands_on("2026-12-20");
    let second = city.clerk(MARKET);
    let early = repair::decide(&city.cx, &second, asked.id, "revoked", "收据对不上。").await;
    assert!(matches!(early, Err(Error::NotNow(_))), "nobody has told him: {early:?}");
    // He opens an inbox: from then on his days run.
    city.opens_account(LIU).await;
    city.stands_on("2026-12-25");
    let early = repair::decide(&city.cx, &second, asked.id, "revoked", "收据对不上。").await;
    assert!(matches!(early, Err(Error::NotNow(_))), "{early:?}");
    city.stands_on("2026-12-26");
    repair::decide(&city.cx, &second, asked.id, "revoked", "收据对不上。").await.unwrap();
}

#[rstest]
#[tokio::test]
async fn i15_whoever_refused_a_repair_does_not_answer_the_objection_to_that(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    let asked = repair::ask(&city.cx, &liu, whom, record, complete(&city)).await.unwrap();
    let clerk = city.clerk(MARKET);
    repair::decide(&city.cx, &clerk, asked.id, "refused", "罚款还差 500 元没有交。").await.unwrap();
    let new = objection::NewObjection {
        ground: "repair-result".to_owned(),
        request: "correct".to_owned(),
        words: "罚款交齐了。".to_owned(),
        papers: Vec::new(),
    };
    let opened = objection::open(&city.cx, &liu, whom, record, new).await.unwrap();
    let answer = || objection::Answer {
        outcome: "confirmed".to_owned(),
        reasons: "已核对。".to_owned(),
        ..objection::Answer::default()
    };
    let own = objection::answer(&city.cx, &clerk, opened.id, answer()).await.unwrap_err();
    assert_eq!(codes(own), ["own-decision"]);
    objection::answer(&city.cx, &city.clerk(MARKET), opened.id, answer()).await.unwrap();
}

/// Lists come later; what matters here is whose record it is.
#[rstest]
#[tokio::test]
async fn what_a_court_listed_goes_to_the_court(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let court = "11999901TECT000198";
    city.tampers(&format!("UPDATE record SET source = '{court}'")).await;
    let whom = liu.person.unwrap();
    let told = NewRepair { words: "案款已全部履行。".to_owned(), ..NewRepair::default() };
    let asked = repair::ask(&city.cx, &liu, whom, record, told).await.unwrap();
    assert_eq!((asked.agency.as_str(), asked.due.to_string()), (court, "2026-11-26".into()));
    let other = repair::decide(&city.cx, &city.clerk(MARKET), asked.id, "granted", "").await;
    assert!(matches!(other, Err(Error::NotFound)), "only the court takes it off: {other:?}");
    repair::decide(&city.cx, &city.clerk(court), asked.id, "granted", "").await.unwrap();
    assert_eq!(city.sees(LIU).await, 0);
}
