//! Challenges: the way before a reconsideration body or a court is marked, and its result is followed.

use register::challenge::State;
use register::correction::Change;
use register::{RecordId, Standing};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TRANSPORT};
use usecases::challenge::{self, NewChallenge};
use usecases::{Actor, Error, check, correction, my};

/// A fine of July about Liu that the market bureau has looked at; Liu, the record, and its row.
async fn seen_record(city: &City) -> (Actor, RecordId, String) {
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", std::slice::from_ref(&row)).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let file = my::file(&city.cx, &liu).await.unwrap();
    (liu, file.facts().records[0].record.id, row)
}

fn new(city: &City, choice: &str) -> NewChallenge {
    let paper = usecases::paper::receive(&city.cx, "通知书.pdf", b"%PDF-1.7 notice");
    NewChallenge {
        choice: choice.to_owned(),
        words: "凌政复〔2026〕18 号，11 月 20 日受理。".to_owned(),
        papers: vec![paper.unwrap().unwrap()],
    }
}

#[rstest]
#[tokio::test]
async fn scenario_07_an_annulled_decision_takes_its_record_with_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record, row) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    let nothing = NewChallenge::default();
    let refused = challenge::enter(&city.cx, &liu, whom, record, nothing).await;
    let Err(Error::Mistakes(mistakes)) = refused else { panic!("{refused:?}") };
    let codes: Vec<_> = mistakes.iter().map(|mistake| mistake.code).collect();
    assert_eq!(codes, ["choice-missing", "no-proof", "words-missing"]);

    let entered = challenge::enter(&city.cx, &liu, whom, record, new(&city, "reconsideration"))
        .await
        .unwrap();
    let again = challenge::enter(&city.cx, &liu, whom, record, new(&city, "lawsuit")).await;
    assert!(matches!(again, Err(Error::ChallengeOpen)), "{again:?}");
    let ask = city.ask(LIU, "food-licence-review");
    let told = check::one(&city.cx, &city.clerk(MARKET), &ask).await.unwrap();
    assert!(told.facts()[0].is_challenged, "marked wherever it appears");

    let reported =
        challenge::report(&city.cx, &liu, whom, entered.id, new(&city, "revoked")).await.unwrap();
    assert_eq!(reported.state, State::Reported);
    assert_eq!(reported.due.unwrap().to_string(), "2026-11-26", "three working days");
    let clerk = city.clerk(MARKET);
    let decision = usecases::paper::receive(&city.cx, "决定书.pdf", b"%PDF-1.7 decision");
    let decision = [decision.unwrap().unwrap()];
    let bare = challenge::hand_in(&city.cx, &clerk, entered.id, "决定书。", &[]).await;
    assert!(matches!(bare, Err(Error::Mistakes(_))), "{bare:?}");
    let other = city.clerk(TRANSPORT);
    challenge::hand_in(&city.cx, &other, entered.id, "决定书。", &decision).await.unwrap_err();
    challenge::hand_in(&city.cx, &clerk, entered.id, "决定书和送达回证。", &decision)
        .await
        .unwrap();
    let (bundle, bytes) = challenge::desk_bundle(&city.cx, &clerk, entered.id, 40).await.unwrap();
    assert_eq!(bundle.case.papers.len(), 3);
    let is_there: Vec<_> = bytes.iter().map(Option::is_some).collect();
    assert_eq!(is_there, [true, true, false], "as far as they fit");
    for other in [city.clerk(TRANSPORT), city.staff(register::Role::OfficeLead)] {
        challenge::settle(&city.cx, &other, entered.id, "revoked", "已核对。").await.unwrap_err();
    }
    let himself = Actor { person: liu.person, ..city.clerk(MARKET) };
    let own = challenge::settle(&city.cx, &himself, entered.id, "upheld", "已核对。").await;
    assert!(matches!(own, Err(Error::Denied(_))), "i15: {own:?}");
    challenge::settle(&city.cx, &clerk, entered.id, "revoked", "凌政复决〔2026〕18 号。")
        .await
        .unwrap();
    assert_eq!(city.sees(LIU).await, 0);
    let file = my::file(&city.cx, &liu).await.unwrap();
    let mine = &file.facts().records[0];
    assert!(matches!(mine.standing, Standing::Withdrawn { .. }) && !mine.history.is_challenged);
    let received = correction::received(&city.cx, &clerk).await.unwrap();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].correction.change, Change::Annulled, "every receiver learns why");
    let seen = challenge::one_of_mine(&city.cx, &liu, entered.id).await.unwrap();
    let kinds: Vec<_> = seen.facts().steps.iter().map(|step| step.kind.as_str()).collect();
    assert_eq!(kinds, ["reconsideration", "reported-revoked", "handed-in", "revoked"]);
    assert_eq!(seen.facts().papers.len(), 3, "he sees what the body handed in");
    let again = city.sends(&clerk, "NP04-MR", &[row]).await.unwrap();
    assert_eq!(again.counts.accepted, 0, "i17: it does not come back");
}

#[rstest]
#[tokio::test]
async fn a_body_that_does_not_follow_the_result_loses_the_use_of_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record, _) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    let entered =
        challenge::enter(&city.cx, &liu, whom, record, new(&city, "lawsuit")).await.unwrap();
    challenge::report(&city.cx, &liu, whom, entered.id, new(&city, "unlawful")).await.unwrap();
    city.stands_on("2026-11-26");
    assert_eq!(challenge::silence(&city.cx).await.unwrap(), 0, "its day is not over");
    city.stands_on("2026-11-27");
    assert_eq!(challenge::silence(&city.cx).await.unwrap(), 1);
    assert_eq!(challenge::silence(&city.cx).await.unwrap(), 0, "once");
    assert_eq!(city.sees(LIU).await, 0);
    // The court had upheld it after all: the body shows the judgment, and the record may be seen again.
    let clerk = city.clerk(MARKET);
    challenge::settle(&city.cx, &clerk, entered.id, "upheld", "（2026）行终 8 号。").await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let notices = my::notices(&city.cx, &liu).await.unwrap();
    let texts: Vec<_> = notices.iter().map(|notice| notice.text.as_str()).collect();
    assert!(texts.contains(&"challenge-suspended") && texts.contains(&"challenge-upheld"));
}

#[rstest]
#[tokio::test]
async fn what_was_entered_by_mistake_is_taken_back(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let (liu, record, _) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    for choice in ["withdraw", "upheld"] {
        let new_one = new(&city, "reconsideration");
        let one = challenge::enter(&city.cx, &liu, whom, record, new_one).await.unwrap();
        if choice == "withdraw" {
            challenge::withdraw(&city.cx, &liu, whom, one.id).await.unwrap();
        } else {
            let told = new(&city, choice);
            let ended = challenge::report(&city.cx, &liu, whom, one.id, told).await.unwrap();
            assert_eq!(ended.state, State::Closed, "nothing is left to do");
        }
        let file = my::file(&city.cx, &liu).await.unwrap();
        assert!(!file.facts().records[0].history.is_challenged);
    }
    assert_eq!(city.sees(LIU).await, 1);
}
