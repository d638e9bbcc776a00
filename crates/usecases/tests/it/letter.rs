//! Letters: for those whom nothing else reaches.

use register::Role;
use register::delivery::{Channel, DeliveryState, Fault};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, LIU, MARKET, ZHOU};
use usecases::letter::{self, Progress};
use usecases::{Actor, Error, contact, delivery, my};

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
