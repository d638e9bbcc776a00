//! Objections: marked at once, answered by the body, decided by silence, chased to every receiver.

use register::correction::Change;
use register::objection::{Outcome, State};
use register::{Field, RecordId};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TRANSPORT, ZHOU};
use usecases::jobs::{self, What};
use usecases::objection::{self, Answer, NewObjection};
use usecases::{Actor, Error, correction, my};

/// A record about Liu that the market bureau has looked at once; Liu, and the record.
async fn seen_record(city: &City) -> (Actor, RecordId) {
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let file = my::file(&city.cx, &liu).await.unwrap();
    (liu, file.facts().records[0].record.id)
}

fn words() -> NewObjection {
    NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "罚款是 150 元，不是 1500 元。\r\n收据在附件里。".to_owned(),
        papers: Vec::new(),
    }
}

async fn opens(city: &City, liu: &Actor, record: RecordId) -> register::objection::Objection {
    objection::open(&city.cx, liu, liu.person.unwrap(), record, words()).await.unwrap()
}

fn answers(outcome: Outcome) -> Answer {
    Answer {
        outcome: outcome.code().to_owned(),
        reasons: "已核对决定书原件。".to_owned(),
        ..Answer::default()
    }
}

async fn facts(city: &City) -> Vec<register::disclosure::Fact> {
    let ask = city.ask(LIU, "food-licence-review");
    let seen = usecases::check::one(&city.cx, &city.clerk(MARKET), &ask).await.unwrap();
    seen.into_parts().0
}

#[rstest]
#[tokio::test]
async fn i05_an_objection_marks_the_record_in_the_same_moment(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    assert!(!facts(&city).await[0].is_contested);
    let opened = opens(&city, &liu, record).await;
    assert!(opened.number.starts_with("YY20261123-"), "{}", opened.number);
    assert_eq!(opened.answer_due.to_string(), "2026-11-26");
    assert_eq!(opened.due.to_string(), "2026-12-02");
    assert!(facts(&city).await[0].is_contested);

    let again = objection::open(&city.cx, &liu, liu.person.unwrap(), record, words()).await;
    assert!(matches!(again, Err(Error::ObjectionOpen)), "{again:?}");
    let zhou = city.opens_account(ZHOU).await;
    let other = objection::open(&city.cx, &zhou, liu.person.unwrap(), record, words()).await;
    assert!(matches!(other, Err(Error::Denied(_))), "{other:?}");
    let other = objection::open(&city.cx, &zhou, zhou.person.unwrap(), record, words()).await;
    assert!(matches!(other, Err(Error::NotFound)), "{other:?}");

    let ended = objection::withdraw(&city.cx, &liu, liu.person.unwrap(), opened.id).await.unwrap();
    assert_eq!(ended.state, State::Withdrawn);
    assert!(!facts(&city).await[0].is_contested);
    opens(&city, &liu, record).await;
}

#[rstest]
#[tokio::test]
async fn every_mistake_is_named_and_nothing_is_kept(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let bad = NewObjection { words: "长".repeat(2_001), ..NewObjection::default() };
    let refused = objection::open(&city.cx, &liu, liu.person.unwrap(), record, bad).await;
    let Err(Error::Mistakes(mistakes)) = refused else { unreachable!("{refused:?}") };
    let fields: Vec<_> = mistakes.iter().map(|mistake| (mistake.field, mistake.code)).collect();
    let expected =
        [("ground", "choice-missing"), ("request", "choice-missing"), ("words", "words-long")];
    assert_eq!(fields, expected);
    assert!(objection::mine(&city.cx, &liu).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn words_and_papers_reach_the_body_byte_for_byte(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let scan = [b"%PDF-1.7 ".as_slice(), &[0, 255, 13, 10, 26, 0]].concat();
    let paper = usecases::paper::receive(&city.cx, "../收据.pdf", &scan).unwrap().unwrap();
    assert!(usecases::paper::receive(&city.cx, "假.pdf", b"PK\x03\x04 a ZIP").unwrap().is_err());
    let new = NewObjection { papers: vec![paper], ..words() };
    let opened = objection::open(&city.cx, &liu, liu.person.unwrap(), record, new).await.unwrap();

    let clerk = city.clerk(MARKET);
    let due = objection::desk(&city.cx, &clerk).await.unwrap();
    assert_eq!(due.iter().map(|one| one.id).collect::<Vec<_>>(), [opened.id]);
    let seen = objection::desk_one(&city.cx, &clerk, opened.id).await.unwrap();
    let case = &seen.facts().case;
    assert_eq!(case.steps[0].words, "罚款是 150 元，不是 1500 元。\n收据在附件里。");
    assert_eq!((seen.facts().name.as_str(), case.papers[0].name.as_str()), (LIU.1, "收据.pdf"));
    let id = case.papers[0].id;
    let (_, mut bytes) = objection::desk_paper(&city.cx, &clerk, opened.id, id).await.unwrap();
    let mut came = Vec::new();
    bytes.read_to_end(&mut came).unwrap();
    assert_eq!(came, scan);
    let looks = my::looks(&city.cx, &liu, u64::MAX, 10).await.unwrap().looks;
    assert!(looks.iter().any(|look| look.matter == opened.number), "he sees who opened his case");

    for other in [city.clerk(TRANSPORT), city.staff(register::Role::OfficeLead)] {
        objection::desk_one(&city.cx, &other, opened.id).await.unwrap_err();
    }
    let himself = Actor { person: liu.person, ..city.clerk(MARKET) };
    let own = objection::answer(&city.cx, &himself, opened.id, answers(Outcome::Confirmed)).await;
    assert!(matches!(own, Err(Error::Denied(_))), "i15: nobody answers his own objection");

    // A paper that no case took is erased after a day, one of a case stays.
    usecases::paper::receive(&city.cx, "落下.pdf", &scan).unwrap().unwrap();
    for (path, _) in city.cx.files.all().unwrap() {
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::UNIX_EPOCH).unwrap();
    }
    assert_eq!(jobs::run(&city.cx, What::EraseFiles).await.unwrap(), 1);
    assert!(objection::desk_paper(&city.cx, &clerk, opened.id, id).await.is_ok());
}

#[rstest]
#[tokio::test]
async fn i13_a_correction_reaches_every_receiver_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let opened = opens(&city, &liu, record).await;
    let clerk = city.clerk(MARKET);
    let nothing = objection::answer(&city.cx, &clerk, opened.id, answers(Outcome::Corrected)).await;
    assert!(matches!(nothing, Err(Error::Mistakes(_))), "{nothing:?}");
    let answer = Answer {
        fields: vec![
            (Field::FineFen, "1,000".to_owned()),
            (Field::Facts, "经查，罚款一千元。".to_owned()),
            // Which document it is cannot be corrected here.
            (Field::DocumentNo, "另一个号".to_owned()),
        ],
        ..answers(Outcome::Corrected)
    };
    let ended = objection::answer(&city.cx, &clerk, opened.id, answer).await.unwrap();
    assert_eq!((ended.state, ended.outcome), (State::Closed, Some(Outcome::Corrected)));
    let facts = facts(&city).await;
    assert!(!facts[0].is_contested);
    assert_eq!(facts[0].record.content.fen(Field::FineFen), Some(100_000));
    assert_ne!(facts[0].record.content.text(Field::DocumentNo), Some("另一个号"));
    let twice = objection::answer(&city.cx, &clerk, opened.id, answers(Outcome::Confirmed)).await;
    assert!(matches!(twice, Err(Error::NotNow(_))), "{twice:?}");

    jobs::run(&city.cx, What::ChaseCorrections).await.unwrap();
    let received = correction::received(&city.cx, &clerk).await.unwrap();
    assert_eq!(received.len(), 1, "one for each receiver, however often it is chased");
    assert_eq!(received[0].correction.change, Change::Corrected);
    assert_eq!(received[0].matter, "受理〔2026〕第001号");
    assert!(correction::received(&city.cx, &city.clerk(TRANSPORT)).await.unwrap().is_empty());

    city.stands_on("2026-12-01");
    assert_eq!(jobs::run(&city.cx, What::ChaseCorrections).await.unwrap(), 1, "reminded once");
    assert_eq!(jobs::run(&city.cx, What::ChaseCorrections).await.unwrap(), 0);
    let lead = city.staff(register::Role::OfficeLead);
    assert_eq!(correction::overdue(&city.cx, &lead).await.unwrap().len(), 1, "the office sees it");
    let id = received[0].correction.id;
    let other = correction::acknowledge(&city.cx, &city.clerk(TRANSPORT), id).await;
    assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
    assert!(correction::acknowledge(&city.cx, &clerk, id).await.unwrap());
    assert!(!correction::acknowledge(&city.cx, &clerk, id).await.unwrap(), "twice is once");
    assert!(correction::overdue(&city.cx, &lead).await.unwrap().is_empty());
    let notices = my::notices(&city.cx, &liu).await.unwrap();
    assert!(notices.iter().any(|notice| notice.text == "objection-answered"));
}

#[rstest]
#[tokio::test]
async fn i13_a_look_under_way_while_the_fact_changed_is_chased(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let opened = opens(&city, &liu, record).await;
    let clerk = city.clerk(MARKET);
    objection::answer(&city.cx, &clerk, opened.id, answers(Outcome::Deleted)).await.unwrap();
    // The entry of the look comes after the change that it did not see.
    city.tampers("DELETE FROM correction").await;
    assert_eq!(jobs::run(&city.cx, What::ChaseCorrections).await.unwrap(), 1);
    assert_eq!(jobs::run(&city.cx, What::ChaseCorrections).await.unwrap(), 0);
}

#[rstest]
#[tokio::test]
async fn scenario_06_a_body_that_keeps_silent_loses_the_record(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let opened = opens(&city, &liu, record).await;
    let silence = async || jobs::run(&city.cx, What::CountSilence).await.unwrap();
    city.stands_on("2026-11-26");
    assert_eq!(silence().await, 0, "the last day is the body's");
    city.stands_on("2026-11-27");
    assert_eq!(silence().await, 1);
    assert_eq!(silence().await, 0);
    assert!(facts(&city).await.is_empty(), "suspended at once");
    city.stands_on("2026-12-03");
    assert_eq!(silence().await, 0);
    city.stands_on("2026-12-04");
    assert_eq!(silence().await, 1, "after five working days more");
    let case = objection::one_of_mine(&city.cx, &liu, opened.id).await.unwrap();
    let case = case.facts();
    assert_eq!((case.head.state, case.head.outcome), (State::Closed, Some(Outcome::Deleted)));
    let kinds: Vec<_> = case.steps.iter().map(|step| step.kind.as_str()).collect();
    assert_eq!(kinds, ["opened", "suspended", "deleted-unanswered"]);
    assert!(case.history.is_deleted);
    let told = [(Change::Suspended, true), (Change::Deleted, false)];
    assert_eq!(sent(&city, &liu).await, told, "whoever has it is told of both; the first is over");
}

#[rstest]
#[tokio::test]
async fn a_late_answer_still_counts_until_the_record_is_deleted(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let opened = opens(&city, &liu, record).await;
    city.stands_on("2026-11-27");
    jobs::run(&city.cx, What::CountSilence).await.unwrap();
    let clerk = city.clerk(MARKET);
    let late = objection::extend(&city.cx, &clerk, opened.id, "还要几天。").await;
    assert!(matches!(late, Err(Error::NotNow(_))), "{late:?}");
    objection::answer(&city.cx, &clerk, opened.id, answers(Outcome::Confirmed)).await.unwrap();
    assert_eq!(facts(&city).await.len(), 1, "it is used again");
    let told = [(Change::Suspended, true), (Change::Resumed, false)];
    assert_eq!(sent(&city, &liu).await, told, "and whoever has it is told so");
    assert_eq!(
        correction::received(&city.cx, &clerk).await.unwrap().len(),
        1,
        "of what is true now"
    );
}

/// What was sent about a person's records, oldest first, and whether something newer has overtaken it.
async fn sent(city: &City, person: &Actor) -> Vec<(Change, bool)> {
    let person = person.person.unwrap();
    let sent = store::correction::of_person(city.cx.store.read(), person).await.unwrap();
    sent.iter().map(|one| (one.change, one.is_overtaken)).collect()
}

#[rstest]
#[tokio::test]
async fn i04_nobody_is_told_to_use_again_what_is_over_meanwhile(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let clerk = city.clerk(MARKET);
    // Shown for twelve months from the decision: until 30 November.
    let row = city.row(LIU, "2025-12-01", "2025-12-04");
    city.sends(&clerk, "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let file = my::file(&city.cx, &liu).await.unwrap();
    let opened = opens(&city, &liu, file.facts().records[0].record.id).await;
    city.stands_on("2026-11-27");
    assert_eq!(jobs::run(&city.cx, What::CountSilence).await.unwrap(), 1);
    city.stands_on("2026-12-01");
    objection::answer(&city.cx, &clerk, opened.id, answers(Outcome::Confirmed)).await.unwrap();
    assert!(facts(&city).await.is_empty(), "its display is over");
    jobs::run(&city.cx, What::ChaseCorrections).await.unwrap();
    let received = correction::received(&city.cx, &clerk).await.unwrap();
    let changes: Vec<_> = received.iter().map(|one| one.correction.change).collect();
    assert_eq!(changes, [Change::Suspended]);
}

#[rstest]
#[tokio::test]
async fn once_extended_and_unconfirmable_the_words_stay_beside_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let opened = opens(&city, &liu, record).await;
    let clerk = city.clerk(MARKET);
    let extended =
        objection::extend(&city.cx, &clerk, opened.id, "档案在外地，正在调取。").await.unwrap();
    assert_eq!(extended.answer_due.to_string(), "2026-12-01");
    assert_eq!(extended.due.to_string(), "2026-12-07");
    let notices = my::notices(&city.cx, &liu).await.unwrap();
    let told = notices.iter().find(|notice| notice.text == "objection-extended").unwrap();
    let told = my::notice(&city.cx, &liu, told.id).await.unwrap();
    let my::Subject::Record { extended_until, .. } = &told.facts().subject else { unreachable!() };
    assert_eq!(*extended_until, Some(extended.due), "the notice names the new day");
    let again = objection::extend(&city.cx, &clerk, opened.id, "再延长一次。").await;
    assert!(matches!(again, Err(Error::NotNow(_))), "{again:?}");
    objection::answer(&city.cx, &clerk, opened.id, answers(Outcome::Unconfirmable)).await.unwrap();
    let facts = facts(&city).await;
    let noted = facts[0].record.noted.as_deref().unwrap();
    assert_eq!(noted, "罚款是 150 元，不是 1500 元。\n收据在附件里。");
}

#[rstest]
#[tokio::test]
async fn i17_what_was_deleted_does_not_come_back(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let clerk = city.clerk(MARKET);
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&clerk, "NP04-MR", std::slice::from_ref(&row)).await.unwrap();
    let file = my::file(&city.cx, &liu).await.unwrap();
    let opened = opens(&city, &liu, file.facts().records[0].record.id).await;
    objection::answer(&city.cx, &clerk, opened.id, answers(Outcome::Deleted)).await.unwrap();
    for row in [row.clone(), row.replace("0.15", "0.16"), row.replace("无照经营", "未经许可经营")]
    {
        let batch = city.sends(&clerk, "NP04-MR", &[row]).await.unwrap();
        assert_eq!((batch.counts.accepted, batch.counts.rejected), (0, 1));
        let (_, reasons) =
            usecases::batch::rejections(&city.cx, &clerk, batch.id, 0, 10).await.unwrap();
        assert_eq!(reasons[0].code, "deleted-before");
    }
    // Another document is another fact.
    let other = city.row(LIU, "2026-07-03", "2026-07-06");
    let batch = city.sends(&clerk, "NP04-MR", &[other]).await.unwrap();
    assert_eq!(batch.counts.accepted, 1);
}

#[rstest]
#[tokio::test]
async fn i13_whoever_looked_after_a_correction_is_not_told_of_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let clerk = city.clerk(MARKET);
    let correct = |yuan: &str| Answer {
        fields: vec![(Field::FineFen, yuan.to_owned())],
        ..answers(Outcome::Corrected)
    };
    let opened = opens(&city, &liu, record).await;
    objection::answer(&city.cx, &clerk, opened.id, correct("900")).await.unwrap();
    let sent = correction::received(&city.cx, &clerk).await.unwrap();
    assert_eq!(sent.len(), 1);
    correction::acknowledge(&city.cx, &clerk, sent[0].correction.id).await.unwrap();

    // A body that is named in a mandate looks only now: it has the right fact.
    let may_look = usecases::mandate::NewMandate {
        grantee: TRANSPORT.to_owned(),
        purpose: "入职".to_owned(),
        items: vec!["NP04-MR".to_owned()],
        until: "2026-12-01".to_owned(),
        uses: "3".to_owned(),
    };
    let (_, code) = usecases::mandate::give(&city.cx, &liu, may_look).await.unwrap();
    let transport = city.clerk(TRANSPORT);
    let look = || usecases::mandate::redeem(&city.cx, &transport, &code, "入职 1 号");
    assert_eq!(look().await.unwrap().facts().facts.len(), 1);
    city.passes(jiff::SignedDuration::from_secs(60));
    correction::chase(&city.cx).await.unwrap();
    assert!(correction::received(&city.cx, &transport).await.unwrap().is_empty());
    assert!(correction::received(&city.cx, &clerk).await.unwrap().is_empty());

    // The next correction it is told of; and who has seen that one, knows the first as well.
    let opened = opens(&city, &liu, record).await;
    objection::answer(&city.cx, &clerk, opened.id, correct("800")).await.unwrap();
    look().await.unwrap();
    correction::chase(&city.cx).await.unwrap();
    let told = correction::received(&city.cx, &transport).await.unwrap();
    assert_eq!(told.len(), 1);
}

#[rstest]
#[tokio::test]
async fn i05_what_one_has_marked_or_suspended_another_does_not_end(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    use register::Role;
    use usecases::record::{Change as Note, change};
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let whom = liu.person.unwrap();
    let office = city.staff(Role::OfficeLead);
    let note = |what| change(&city.cx, &office, whom, record, what);

    // The office keeps it from use; an objection that ends does not give it free.
    assert!(note(Note::Suspend).await.unwrap());
    let opened = opens(&city, &liu, record).await;
    let clerk = city.clerk(MARKET);
    objection::answer(&city.cx, &clerk, opened.id, answers(Outcome::Confirmed)).await.unwrap();
    assert!(facts(&city).await.is_empty(), "still kept from use");
    let opened = opens(&city, &liu, record).await;
    objection::withdraw(&city.cx, &liu, whom, opened.id).await.unwrap();
    assert!(facts(&city).await.is_empty(), "still kept from use");
    assert!(note(Note::Resume).await.unwrap());
    assert_eq!(facts(&city).await.len(), 1);

    // The office's mark and the objection's are two.
    assert!(note(Note::Contest).await.unwrap());
    let opened = opens(&city, &liu, record).await;
    assert!(note(Note::EndContest).await.unwrap());
    assert!(facts(&city).await[0].is_contested, "the objection is open");
    assert!(!note(Note::EndContest).await.unwrap(), "nothing of the office's is left to end");
    assert!(note(Note::Contest).await.unwrap());
    objection::answer(&city.cx, &clerk, opened.id, answers(Outcome::Confirmed)).await.unwrap();
    assert!(facts(&city).await[0].is_contested, "the office's mark stands");
}

#[tokio::test]
async fn as_many_answers_at_once_as_there_are_bodies_do_not_wait_for_each_other() {
    let city = City::on(Postgres).await;
    let mut opened = Vec::new();
    let rows: Vec<String> = (0..12)
        .map(|n| {
            let number = testkit::number(n);
            city.row((&number, "刘同名"), "2026-07-03", "2026-07-06")
        })
        .collect();
    city.sends(&city.clerk(MARKET), "NP04-MR", &rows).await.unwrap();
    for n in 0..12 {
        let number = testkit::number(n);
        let who = city.opens_account((&number, "刘同名")).await;
        assert_eq!(city.sees((&number, "刘同名")).await, 1);
        let record = my::file(&city.cx, &who).await.unwrap().facts().records[0].record.id;
        opened.push(opens(&city, &who, record).await);
    }
    let mut under_way = tokio::task::JoinSet::new();
    for one in opened {
        let (cx, clerk) = (city.cx.clone(), city.clerk(MARKET));
        under_way.spawn(async move {
            objection::answer(&cx, &clerk, one.id, answers(Outcome::Deleted)).await.map(|_| ())
        });
    }
    let all = async {
        while let Some(ended) = under_way.join_next().await {
            ended.unwrap().unwrap();
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), all).await.unwrap();
    let clerk = city.clerk(MARKET);
    assert_eq!(correction::received(&city.cx, &clerk).await.unwrap().len(), 12);
}

#[rstest]
#[tokio::test]
async fn i09_an_answer_neither_keeps_the_act_of_a_minor_nor_makes_it_worse(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let opened = opens(&city, &liu, record).await;
    let clerk = city.clerk(MARKET);
    // Liu was born on 1 January 1970.
    for (field, value, code) in [
        (Field::ActOn, "1987-12-31", "under-age"),
        (Field::ActOn, "2026-07-04", "act-after-decision"),
        (Field::ActOn, "2027-01-01", "date-in-future"),
        (Field::FineFen, "9000000", "heavier"),
    ] {
        let fields = vec![(field, value.to_owned())];
        let wrong = Answer { fields, ..answers(Outcome::Corrected) };
        let refused = objection::answer(&city.cx, &clerk, opened.id, wrong).await;
        let Err(Error::Mistakes(mistakes)) = refused else { unreachable!("{code}: {refused:?}") };
        assert!(mistakes.iter().any(|mistake| mistake.code == code), "{code}: {mistakes:?}");
    }
    let fields = vec![(Field::ActOn, "2026-07-01".to_owned())];
    let right = Answer { fields, ..answers(Outcome::Corrected) };
    objection::answer(&city.cx, &clerk, opened.id, right).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn i15_nobody_marks_or_takes_back_a_record_about_himself(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, record) = seen_record(&city).await;
    let person = liu.person.unwrap();
    let document =
        register::IdDocument::parse(register::IdKind::Citizen, LIU.0, city.cx.today()).unwrap();
    let clerk = Actor { person: Some(person), ..city.clerk(MARKET) };
    let office = Actor { person: Some(person), ..city.staff(register::Role::OfficeClerk) };
    for (who, what) in [
        (&clerk, usecases::record::Change::Withdraw),
        (&office, usecases::record::Change::Suspend),
        (&office, usecases::record::Change::Contest),
    ] {
        let own = usecases::record::change(&city.cx, who, person, record, what).await;
        assert!(matches!(own, Err(Error::Denied(_))), "{what:?}: {own:?}");
        let own = usecases::record::change_by_number(&city.cx, who, &document, "x", what).await;
        assert!(matches!(own, Err(Error::Denied(_))), "{what:?}: {own:?}");
    }
    assert_eq!(city.sees(LIU).await, 1);
}
