//! Letters: for those whom nothing else reaches.

use register::Role;
use register::delivery::{Channel, DeliveryState, Fault};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, LIU, MARKET, ZHOU};
use usecases::counter::{self, Visit};
use usecases::letter::{self, Progress};
use usecases::objection::{self, NewObjection};
use usecases::{Actor, Error, contact, delivery, my, paper};

const ADDRESS: &str = "示例市东城区某某路1号2单元301";

async fn city(engine: testkit::Engine) -> (City, Actor) {
    let city = City::on(engine).await;
    let market = city.clerk(MARKET);
    let rows = [
        city.row(LIU, "2026-11-02", ""),
        city.row(LIU, "2026-11-03", ""),
        city.row(ZHOU, "2026-11-02", "2026-11-03"),
    ];
    city.sends(&market, "NP04-MR", &rows).await.unwrap();
    let office = city.staff(Role::OfficeClerk);
    (city, office)
}

#[rstest]
#[tokio::test]
async fn i03_a_letter_that_was_served_begins_the_quiet_period(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let (city, office) = city(engine).await;
    let waiting = letter::waiting(&city.cx, &office).await.unwrap();
    assert_eq!(waiting.len(), 1, "Zhou was told by the body itself");
    assert_eq!(waiting[0].notices, 2);
    let whom = waiting[0].person;

    let opened = letter::open(&city.cx, &office, whom).await.unwrap();
    assert_eq!(opened.facts().notices.len(), 2);
    assert_eq!(opened.facts().name.as_str(), LIU.1);
    let bad = letter::print(&city.cx, &office, whom, " ").await;
    assert!(matches!(bad, Err(Error::Mistakes(_))), "{bad:?}");
    let beside = city.beside();
    let (one, other) = tokio::join!(
        letter::print(&city.cx, &office, whom, ADDRESS),
        letter::print(&beside, &office, whom, ADDRESS)
    );
    let id = one.unwrap().facts().delivery.clone().unwrap().id;
    assert_eq!(other.unwrap().facts().delivery.clone().unwrap().id, id, "one letter");
    assert!(letter::waiting(&city.cx, &office).await.unwrap().is_empty());

    let go = |progress| letter::progress(&city.cx, &office, whom, id, progress);
    assert!(matches!(go(Progress::Returned).await, Err(Error::NotFound)), "not posted yet");
    go(Progress::Posted).await.unwrap();
    let too_early = go(Progress::Served("2026-11-22".parse().unwrap())).await;
    assert!(matches!(too_early, Err(Error::Mistakes(_))), "{too_early:?}");
    city.stands_on("2026-11-27");
    let later = go(Progress::Served("2026-11-28".parse().unwrap())).await;
    assert!(matches!(later, Err(Error::Mistakes(_))), "{later:?}");
    assert_eq!(city.sees(LIU).await, 0);
    go(Progress::Served("2026-11-25".parse().unwrap())).await.unwrap();
    assert!(matches!(go(Progress::Posted).await, Err(Error::NotFound)), "it has arrived");
    assert_eq!(city.sees(LIU).await, 0, "the quiet period runs from the day of service");
    city.stands_on("2026-12-03");
    assert_eq!(city.sees(LIU).await, 2);

    // He sees that the office has looked.
    let liu = city.opens_account(LIU).await;
    let looks = my::looks(&city.cx, &liu, u64::MAX, 50).await.unwrap();
    assert_eq!(looks.looks.iter().filter(|look| look.door == "letter").count(), 3);
}

#[rstest]
#[tokio::test]
async fn a_letter_that_came_back_waits_again_and_is_shown(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let (city, office) = city(engine).await;
    let whom = letter::waiting(&city.cx, &office).await.unwrap()[0].person;
    for round in 0..2 {
        let printed = letter::print(&city.cx, &office, whom, ADDRESS).await.unwrap();
        let id = printed.facts().delivery.clone().unwrap().id;
        letter::progress(&city.cx, &office, whom, id, Progress::Posted).await.unwrap();
        letter::progress(&city.cx, &office, whom, id, Progress::Returned).await.unwrap();
        let shown = delivery::deliveries(&city.cx, &office).await.unwrap();
        assert_eq!(shown.failed.len(), round + 1);
        assert_eq!(shown.failed[0].fault, Some(Fault::Returned));
        assert_eq!(letter::waiting(&city.cx, &office).await.unwrap()[0].notices, 2);
    }
    // He opens an inbox: nothing waits for the post any more.
    city.opens_account(LIU).await;
    usecases::notice::deliver_waiting(&city.cx).await.unwrap();
    assert!(letter::waiting(&city.cx, &office).await.unwrap().is_empty());
    assert!(matches!(letter::open(&city.cx, &office, whom).await, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn whoever_asked_for_paper_gets_a_letter_and_nobody_serves_his_own(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let (city, office) = city(engine).await;
    let liu = city.opens_account(LIU).await;
    contact::choose(&city.cx, &liu, "letter", ADDRESS).await.unwrap();
    let market = city.clerk(MARKET);
    city.sends(&market, "NP04-MR", &[city.row(LIU, "2026-11-05", "")]).await.unwrap();
    let letters = delivery::deliveries(&city.cx, &office).await.unwrap().letters;
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].channel, letters[0].state), (Channel::Letter, DeliveryState::Waiting));
    let whom = liu.person.unwrap();
    let opened = letter::open(&city.cx, &office, whom).await.unwrap();
    assert_eq!(opened.facts().address, ADDRESS);
    assert_eq!(opened.facts().notices.len(), 1);

    let himself = Actor { person: Some(whom), ..office.clone() };
    let denied = letter::open(&city.cx, &himself, whom).await;
    assert!(matches!(denied, Err(Error::Denied(_))), "{denied:?}");
    let auditor = city.staff(Role::Auditor);
    assert!(letter::waiting(&city.cx, &auditor).await.is_ok());
    assert!(matches!(letter::open(&city.cx, &auditor, whom).await, Err(Error::Denied(_))));

    // Taken back, nothing more is written there.
    contact::remove(&city.cx, &liu).await.unwrap();
    assert!(delivery::deliveries(&city.cx, &office).await.unwrap().letters.is_empty());
}

#[rstest]
#[tokio::test]
async fn a_code_is_tried_five_times_and_half_an_hour_at_most(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let choose = || contact::choose(&city.cx, &liu, "mail", "liu@mail.example");
    let code_of = |result: Result<(), Error>| match result {
        Err(Error::Mistakes(mistakes)) => mistakes[0].code,
        other => unreachable!("{other:?}"),
    };
    choose().await.unwrap();
    let sent = delivery::take(&city.cx, 9).await.unwrap().pop().unwrap();
    let delivery::Load::Mail { text, .. } = &sent.load else { unreachable!() };
    let right: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(code_of(contact::confirm(&city.cx, &liu, wrong).await), "code-wrong");
    }
    assert_eq!(code_of(contact::confirm(&city.cx, &liu, &right).await), "code-over");

    city.passes(jiff::SignedDuration::from_mins(2));
    choose().await.unwrap();
    let sent = delivery::take(&city.cx, 9).await.unwrap().pop().unwrap();
    let delivery::Load::Mail { text, .. } = &sent.load else { unreachable!() };
    let right: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
    city.passes(jiff::SignedDuration::from_mins(31));
    assert_eq!(code_of(contact::confirm(&city.cx, &liu, &right).await), "code-over");
    assert!(!contact::mine(&city.cx, &liu).await.unwrap().unwrap().is_confirmed);
    let bad = contact::choose(&city.cx, &liu, "webhook", "https://x.example").await;
    assert_eq!(code_of(bad), "channel-missing");

    // Neither address nor code can be read on the disk.
    for (path, bytes) in city.all_bytes().into_iter().chain(city.all_rows().await) {
        for secret in ["liu@mail.example", right.as_str()] {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} in {}", path.display());
        }
    }
}

#[rstest]
#[tokio::test]
async fn codes_are_not_sent_at_will_to_telephones_of_others(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let (liu, zhou) = (city.opens_account(LIU).await, city.opens_account(ZHOU).await);
    let choose = async |who: &Actor, channel: &str, address: &str| {
        let chosen = contact::choose(&city.cx, who, channel, address).await;
        match chosen {
            Ok(()) => "sent",
            Err(Error::Mistakes(mistakes)) => mistakes[0].code,
            Err(other) => unreachable!("{other:?}"),
        }
    };
    assert_eq!(choose(&liu, "sms", "19900000001").await, "sent");
    assert_eq!(choose(&liu, "sms", "19900000002").await, "code-soon");
    assert_eq!(choose(&liu, "letter", ADDRESS).await, "sent", "paper needs no code");
    let minute = jiff::SignedDuration::from_secs(60);
    for n in 2..=5 {
        city.passes(minute);
        assert_eq!(choose(&liu, "sms", &format!("1990000000{n}")).await, "sent");
    }
    city.passes(minute);
    assert_eq!(choose(&liu, "mail", "liu@mail.example").await, "codes-today");
    assert_eq!(choose(&liu, "letter", ADDRESS).await, "sent");

    // One telephone hears three times a day at most, whoever asks for it, however it is written.
    for typed in ["Wang@mail.example", "wang@mail.example", "WANG@mail.example"] {
        assert_eq!(choose(&zhou, "mail", typed).await, "sent");
        city.passes(minute);
    }
    assert_eq!(choose(&zhou, "mail", "wang@mail.example").await, "codes-to-address");
    city.stands_on("2026-11-24");
    assert_eq!(choose(&liu, "mail", "wang@mail.example").await, "sent");

    // Of the day before nothing is kept.
    usecases::jobs::run(&city.cx, usecases::jobs::What::Erase).await.unwrap();
    assert_eq!(city.tampers("DELETE FROM code_sent").await, 1);
}

#[rstest]
#[tokio::test]
async fn two_codes_at_the_same_moment_are_one(#[values(Sqlite, Postgres)] engine: testkit::Engine) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let beside = city.beside();
    let (one, other) = tokio::join!(
        contact::choose(&city.cx, &liu, "sms", "19900000001"),
        contact::choose(&beside, &liu, "sms", "19900000002")
    );
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "{one:?} {other:?}");
}

#[tokio::test]
async fn one_address_that_was_touched_keeps_nobody_else_waiting() {
    let city = City::on(Sqlite).await;
    let (liu, zhou) = (city.opens_account(LIU).await, city.opens_account(ZHOU).await);
    for (who, address) in [(&liu, "liu@mail.example"), (&zhou, "zhou@mail.example")] {
        contact::choose(&city.cx, who, "mail", address).await.unwrap();
    }
    let first = "UPDATE contact SET address = x'00' WHERE person_id = \
                 (SELECT person_id FROM contact ORDER BY id LIMIT 1)";
    assert_eq!(city.tampers(first).await, 1);
    let parcels = delivery::take(&city.cx, 9).await.unwrap();
    let office = city.staff(Role::OfficeClerk);
    let failed = delivery::deliveries(&city.cx, &office).await.unwrap().failed;
    assert_eq!((parcels.len(), failed.len()), (1, 1));
    assert_eq!(failed[0].fault, Some(Fault::Unreadable));
}

#[rstest]
#[tokio::test]
async fn what_the_database_could_not_give_goes_later(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    contact::choose(&city.cx, &liu, "mail", "liu@mail.example").await.unwrap();
    city.tampers("ALTER TABLE contact RENAME TO contact_away").await;
    assert!(delivery::take(&city.cx, 9).await.unwrap().is_empty());
    city.tampers("ALTER TABLE contact_away RENAME TO contact").await;
    let office = city.staff(Role::OfficeClerk);
    let failed = delivery::deliveries(&city.cx, &office).await.unwrap().failed;
    assert!(failed.is_empty(), "a hiccup of ours gives nothing up");
    city.passes(jiff::SignedDuration::from_mins(3));
    assert_eq!(delivery::take(&city.cx, 9).await.unwrap().len(), 1);
}

/// At the counter Liu objects to his only record, and the market bureau answers; the number.
async fn objects(city: &City, office: &Actor, outcome: &str, reasons: &str) -> String {
    let visit = Visit {
        id_number: LIU.0.into(),
        name: LIU.1.into(),
        matter: "窗口〔2026〕17号".to_owned(),
        ..Visit::default()
    };
    let (visitor, _) = counter::find(&city.cx, office, &visit).await.unwrap().into_parts();
    let visit = counter::token(&city.cx, office, &visitor);
    let new = NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "罚款是 150 元。".to_owned(),
        papers: vec![paper::receive(&city.cx, "签名.pdf", b"%PDF-1.7 signed").unwrap().unwrap()],
    };
    let record = visitor.records[0].0.id;
    let taken = counter::object(&city.cx, office, &visit, record, new).await.unwrap();
    let decision = paper::receive(&city.cx, "决定书.pdf", b"%PDF-1.7 decision").unwrap().unwrap();
    let answer = objection::Answer {
        outcome: outcome.to_owned(),
        reasons: reasons.to_owned(),
        papers: vec![decision],
        ..objection::Answer::default()
    };
    objection::answer(&city.cx, &city.clerk(MARKET), taken.id, answer).await.unwrap();
    taken.number
}

#[rstest]
#[tokio::test]
async fn whom_only_paper_reaches_reads_the_outcome_and_the_reasons_in_the_letter(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let office = city.staff(Role::OfficeClerk);
    let first = objects(&city, &office, "confirmed", "已核对决定书原件。").await;
    let second = objects(&city, &office, "deleted", "原件上不是这个人。").await;
    let waiting = letter::waiting(&city.cx, &office).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].notices), (1, 2));
    let letter = letter::print(&city.cx, &office, waiting[0].person, ADDRESS).await.unwrap();
    let letter = letter.facts();
    let said: Vec<_> = letter
        .notices
        .iter()
        .map(|opened| &letter.said[&opened.notice.id])
        .map(|said| (said.case.number(), said.step.kind.as_str(), said.step.words.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (first.as_str(), "confirmed", "已核对决定书原件。"),
            (second.as_str(), "deleted", "原件上不是这个人。"),
        ]
    );
    let last = &letter.said[&letter.notices[1].notice.id];
    assert_eq!(last.papers.len(), 1, "the body's, not his own");
    assert_eq!(last.papers[0].name, "决定书.pdf");
    assert_eq!(last.corrections.len(), 1, "who had seen it was told");
    let before = &letter.said[&letter.notices[0].notice.id];
    assert!(before.corrections.is_empty(), "nothing had changed");
    // One record was seen, however many notices are about it.
    let liu = city.opens_account(LIU).await;
    let looks = my::looks(&city.cx, &liu, u64::MAX, 50).await.unwrap().looks;
    let look = looks.iter().find(|look| look.door == "letter").unwrap();
    assert_eq!(look.records.len(), 1);
}
