//! Duties: seen by day, reminded of three times, and in the calendar of whoever has them.

use register::duty::Stage;
use register::{Role, Uscc};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TRANSPORT};
use usecases::objection::{self, NewObjection};
use usecases::{Error, duty, my};

/// An objection of 23 November that the market bureau must answer by the 26th.
async fn objected(city: &City) {
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let file = my::file(&city.cx, &liu).await.unwrap();
    let record = file.facts().records[0].record.id;
    let new = NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "金额不对。".to_owned(),
        papers: Vec::new(),
    };
    objection::open(&city.cx, &liu, liu.person.unwrap(), record, new).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn a_body_is_reminded_at_half_before_the_end_and_after_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    objected(&city).await;
    let clerk = city.clerk(MARKET);
    let mine = duty::mine(&city.cx, &clerk).await.unwrap();
    assert_eq!((mine.len(), mine[0].due.to_string(), mine[0].days), (1, "2026-11-26".into(), 3));
    assert!(duty::mine(&city.cx, &city.clerk(TRANSPORT)).await.unwrap().is_empty());
    let lead = city.staff(Role::OfficeLead);
    assert_eq!(duty::mine(&city.cx, &lead).await.unwrap().len(), 1);

    let days = [
        ("2026-11-23", None),
        ("2026-11-24", None),
        ("2026-11-25", Some(Stage::LastDay)),
        ("2026-11-26", None),
        ("2026-11-27", Some(Stage::Overdue)),
        ("2026-11-30", None),
    ];
    for (day, expected) in days {
        city.stands_on(day);
        let (one, two) = (duty::remind(&city.cx), duty::remind(&city.cx));
        let (one, two) = (one.await.unwrap(), two.await.unwrap());
        assert_eq!((one, two), (u64::from(expected.is_some()), 0), "{day}: once, however often");
        let last = duty::reminders(&city.cx, &clerk).await.unwrap();
        if expected.is_some() {
            assert_eq!(last.first().map(|one| one.stage), expected, "{day}");
        }
    }
    assert_eq!(duty::reminders(&city.cx, &lead).await.unwrap().len(), 2);
    assert!(duty::reminders(&city.cx, &city.clerk(TRANSPORT)).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_calendar_opens_at_its_newest_address_only(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    objected(&city).await;
    let new = usecases::account::NewAccount {
        login: "mr-officer".to_owned(),
        role: Role::AgencyClerk,
        agency: Some(Uscc::parse(MARKET).unwrap()),
        person: None,
        password: None,
    };
    let lead = city.staff(Role::OfficeLead);
    let (account, _) = usecases::account::add(&city.cx, &lead, new).await.unwrap();
    let officer = usecases::Actor::from(account);
    assert_eq!(duty::since(&city.cx, &officer).await.unwrap(), None);
    let first = duty::make(&city.cx, &officer).await.unwrap();
    assert_eq!(duty::subscribed(&city.cx, &first).await.unwrap().len(), 1);
    let second = duty::make(&city.cx, &officer).await.unwrap();
    let old = duty::subscribed(&city.cx, &first).await;
    assert!(matches!(old, Err(Error::NotFound)), "{old:?}");
    assert!(duty::remove(&city.cx, &officer).await.unwrap());
    let gone = duty::subscribed(&city.cx, &second).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
    let citizen = city.opens_account(testkit::ZHOU).await;
    let refused = duty::make(&city.cx, &citizen).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
}

/// The rulebook with the holidays of 2027, of which nobody knows yet: invented ones.
fn next_year() -> std::sync::Arc<rulebook::Rules> {
    let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("calendar")).unwrap();
    for folder in [".", "calendar"] {
        for entry in std::fs::read_dir(from.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let to = dir.path().join(folder).join(path.file_name().unwrap());
                std::fs::copy(&path, to).unwrap();
            }
        }
    }
    let known = std::fs::read_to_string(from.join("calendar/2026.toml")).unwrap();
    let head = known.split("[[").next().unwrap().replace("2026", "2027");
    let days = "[[holiday]]\nname = \"元旦\"\nfrom = 2027-01-01\nto = 2027-01-07\nwork = []\n";
    let text = format!("{head}{days}");
    std::fs::write(dir.path().join("calendar/2027.toml"), text).unwrap();
    let rules = rulebook::Rules::load(dir.path());
    std::sync::Arc::new(rules.unwrap_or_else(|found| panic!("{found:#?}")))
}

#[rstest]
#[tokio::test]
async fn i16_days_that_were_provisional_move_when_the_holidays_are_known(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-11-03", "2026-11-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    city.stands_on("2026-12-30");
    let record = my::file(&city.cx, &liu).await.unwrap().facts().records[0].record.id;
    let new = usecases::objection::NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "金额不对。".to_owned(),
        papers: Vec::new(),
    };
    let whom = liu.person.unwrap();
    let opened = usecases::objection::open(&city.cx, &liu, whom, record, new).await.unwrap();
    assert_eq!(opened.answer_due.to_string(), "2027-01-05");
    assert!(!city.cx.rules.calendar().is_loaded(opened.answer_due), "so pages say 暂定");
    assert_eq!(duty::recount(&city.cx).await.unwrap(), 0, "nothing new is known");

    let later = city.under(next_year());
    assert!(later.rules.calendar().is_loaded(opened.answer_due));
    assert_eq!(duty::recount(&later).await.unwrap(), 1);
    assert_eq!(duty::recount(&later).await.unwrap(), 0, "twice without harm");
    let mine = usecases::objection::one_of_mine(&later, &liu, opened.id).await.unwrap();
    let head = &mine.facts().head;
    let due = register::objection::deadlines(&later.rules, "2026-12-30".parse().unwrap()).unwrap();
    assert_eq!((head.answer_due, head.due), (due.answer.on, due.whole.on));
    assert!(head.answer_due > opened.answer_due);
}

#[rstest]
#[tokio::test]
async fn i16_the_day_to_act_on_a_result_moves_too(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-11-03", "2026-11-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let record = my::file(&city.cx, &liu).await.unwrap().facts().records[0].record.id;
    let new = |choice: &str| usecases::challenge::NewChallenge {
        choice: choice.to_owned(),
        words: "示市复〔2026〕18 号。".to_owned(),
        papers: vec![
            usecases::paper::receive(&city.cx, "通知书.pdf", b"%PDF-1.7 n").unwrap().unwrap(),
        ],
    };
    let whom = liu.person.unwrap();
    let cx = &city.cx;
    let entered =
        usecases::challenge::enter(cx, &liu, whom, record, new("reconsideration")).await.unwrap();
    city.stands_on("2026-12-31");
    let told =
        usecases::challenge::report(cx, &liu, whom, entered.id, new("revoked")).await.unwrap();
    let later = city.under(next_year());
    assert_eq!(duty::recount(&later).await.unwrap(), 1);
    assert_eq!(duty::recount(&later).await.unwrap(), 0);
    let mine = usecases::challenge::one_of_mine(&later, &liu, entered.id).await.unwrap();
    let due = later.rules.due("withdraw", "2026-12-31".parse().unwrap()).unwrap().on;
    assert_eq!(mine.facts().head.due, Some(due));
    assert!(due > told.due.unwrap());
}
