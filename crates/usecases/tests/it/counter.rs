//! The counter: an objection of a person who is there and signs.

use jiff::SignedDuration;
use register::{RecordId, Role};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, LIU, MARKET, ZHOU};
use usecases::challenge::{self, NewChallenge};
use usecases::counter::{self, Visit, Visitor};
use usecases::death::{self, NewDeath};
use usecases::letter::{self, Progress};
use usecases::objection::{self, Answer, NewObjection};
use usecases::paper::{self, Received};
use usecases::{Actor, Error, my};

const ADDRESS: &str = "示例市东城区某某路1号2单元301";

fn visit(who: (&str, &str)) -> Visit {
    Visit {
        id_number: who.0.into(),
        name: who.1.into(),
        matter: "窗口〔2026〕17号".to_owned(),
        ..Visit::default()
    }
}

fn scan(city: &City) -> Received {
    paper::receive(&city.cx, "签名.pdf", b"%PDF-1.7 signed").unwrap().unwrap()
}

/// An objection with its signed sheet.
fn signed(city: &City) -> NewObjection {
    NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "罚款是 150 元。".to_owned(),
        papers: vec![scan(city)],
    }
}

async fn found(city: &City, office: &Actor) -> Visitor {
    counter::find(&city.cx, office, &visit(LIU)).await.unwrap().into_parts().0
}

#[rstest]
#[tokio::test]
async fn an_objection_at_the_counter_goes_the_way_of_one_from_home(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let market = city.clerk(MARKET);
    city.sends(&market, "NP04-MR", &[city.row(LIU, "2026-07-03", "2026-07-06")]).await.unwrap();
    let office = city.staff(Role::OfficeClerk);
    let nobody = counter::find(&city.cx, &office, &visit(ZHOU)).await;
    assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
    let other = counter::find(&city.cx, &office, &visit((LIU.0, "另一人"))).await;
    assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
    let empty = counter::find(&city.cx, &office, &Visit::default()).await;
    assert!(matches!(empty, Err(Error::Mistakes(_))), "{empty:?}");
    for role in [Role::Auditor, Role::AgencyClerk] {
        let denied = counter::find(&city.cx, &city.staff(role), &visit(LIU)).await;
        assert!(matches!(denied, Err(Error::Denied(_))), "{role:?}: {denied:?}");
    }

    let (visitor, _) = counter::find(&city.cx, &office, &visit(LIU)).await.unwrap().into_parts();
    let (whom, record) = (visitor.person, visitor.records[0].0.id);
    let visit = counter::token(&city.cx, &office, &visitor);
    let mut new = NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "罚款是 150 元。".to_owned(),
        papers: Vec::new(),
    };
    let unsigned = counter::object(&city.cx, &office, &visit, record, new.clone()).await;
    assert!(matches!(unsigned, Err(Error::Mistakes(_))), "{unsigned:?}");
    let sheet =
        usecases::paper::receive(&city.cx, "签名.pdf", b"%PDF-1.7 signed").unwrap().unwrap();
    new.papers.push(sheet);
    let himself = Actor { person: Some(whom), ..office.clone() };
    let own = counter::object(&city.cx, &himself, &visit, record, new.clone()).await;
    assert!(matches!(own, Err(Error::Denied(_))), "i15: {own:?}");
    let taken = counter::object(&city.cx, &office, &visit, record, new.clone()).await.unwrap();
    let twice = counter::object(&city.cx, &office, &visit, record, new).await;
    assert!(matches!(twice, Err(Error::ObjectionOpen | Error::Mistakes(_))), "{twice:?}");

    let seen = objection::desk_one(&city.cx, &market, taken.id).await.unwrap();
    assert_eq!(seen.facts().case.steps[0].kind, "opened-at-counter");
    assert_eq!(seen.facts().case.papers.len(), 1);
    // At home he finds it, and every look of the counter, also those that found nobody.
    let liu = city.opens_account(LIU).await;
    let mine = objection::one_of_mine(&city.cx, &liu, taken.id).await.unwrap();
    assert_eq!(mine.facts().steps[0].words, "罚款是 150 元。");
    let looks = my::looks(&city.cx, &liu, u64::MAX, 50).await.unwrap();
    assert!(looks.looks.iter().any(|look| look.door == "counter" && look.matter.contains("17号")));
    assert!(looks.refused >= 1, "the other name was tried, and logged");
}

#[rstest]
#[tokio::test]
async fn i12_of_what_is_archived_one_clerk_sees_only_which_it_is(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let liu = city.opens_account(LIU).await;
    let rows =
        [city.row(LIU, "2026-07-03", "2026-07-06"), city.row(LIU, "2026-11-02", "2026-11-03")];
    city.sends(&city.clerk(MARKET), "NP04-MR", &rows).await.unwrap();
    let office = city.staff(Role::OfficeClerk);
    assert_eq!(found(&city, &office).await.records.len(), 2);
    city.stands_on("2027-07-04");
    let visitor = found(&city, &office).await;
    assert_eq!((visitor.records.len(), visitor.archived.len()), (1, 1));
    let archived = &visitor.archived[0];
    assert!(archived.document_no.starts_with("示市监罚字"), "{archived:?}");
    assert_ne!(archived.record, visitor.records[0].0.id);
    let looks = my::looks(cx, &liu, u64::MAX, 50).await.unwrap().looks;
    let newest = looks.iter().find(|look| look.door == "counter").unwrap();
    assert_eq!(newest.records.len(), 2, "i06: its number was shown too");

    let visit = counter::token(cx, &office, &visitor);
    let seen = counter::record(cx, &office, &visit, archived.record).await;
    assert!(matches!(seen, Err(Error::Archived)), "{seen:?}");
    let taken = counter::object(cx, &office, &visit, archived.record, signed(&city)).await;
    assert!(matches!(taken, Err(Error::Archived)), "{taken:?}");
    let (whom, record) = (visitor.person, archived.record);
    let new = NewChallenge {
        choice: "reconsideration".to_owned(),
        words: "向市政府申请复议。".to_owned(),
        papers: vec![scan(&city)],
    };
    let entered = challenge::enter(cx, &office, whom, record, new).await;
    assert!(matches!(entered, Err(Error::Archived)), "{entered:?}");
    // At home he may: it is his.
    objection::open(cx, &liu, whom, record, signed(&city)).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn i03_the_counter_is_not_before_the_notice(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let rows = [city.row(LIU, "2026-11-02", "")];
    city.sends(&city.clerk(MARKET), "NP04-MR", &rows).await.unwrap();
    let office = city.staff(Role::OfficeClerk);
    let visitor = found(&city, &office).await;
    assert!(visitor.records.is_empty() && visitor.archived.is_empty(), "{visitor:?}");
    let stored = store::record::of_person(city.cx.store.read(), visitor.person).await.unwrap();
    let record = stored[0].id;
    let visit = counter::token(&city.cx, &office, &visitor);
    let seen = counter::record(&city.cx, &office, &visit, record).await;
    assert!(matches!(seen, Err(Error::NotFound)), "{seen:?}");
    let taken = counter::object(&city.cx, &office, &visit, record, signed(&city)).await;
    assert!(matches!(taken, Err(Error::NotFound)), "{taken:?}");
}

#[rstest]
#[tokio::test]
async fn whoever_has_the_letter_in_his_hand_is_not_sent_away(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let rows = [city.row(LIU, "2026-11-02", "")];
    city.sends(&city.clerk(MARKET), "NP04-MR", &rows).await.unwrap();
    let office = city.staff(Role::OfficeClerk);
    let visitor = found(&city, &office).await;
    assert!(!visitor.has_letter, "nothing has been printed yet");
    let whom = visitor.person;
    let printed = letter::print(&city.cx, &office, whom, ADDRESS).await.unwrap();
    let id = printed.facts().delivery.clone().unwrap().id;
    assert!(found(&city, &office).await.has_letter);
    letter::progress(&city.cx, &office, whom, id, Progress::Posted).await.unwrap();
    let visitor = found(&city, &office).await;
    assert!(visitor.has_letter && visitor.records.is_empty(), "{visitor:?}");

    // He shows it: that is proof of service, and the objection can be taken.
    letter::progress(&city.cx, &office, whom, id, Progress::Served(city.cx.today())).await.unwrap();
    let visitor = found(&city, &office).await;
    assert!(!visitor.has_letter, "it has arrived");
    let visit = counter::token(&city.cx, &office, &visitor);
    let record = visitor.records[0].0.id;
    counter::object(&city.cx, &office, &visit, record, signed(&city)).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn of_the_dead_the_counter_shows_nothing_and_nobody_opens_a_case_in_his_name(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let (clerk, lead) = (city.staff(Role::OfficeClerk), city.staff(Role::OfficeLead));
    let visitor = found(&city, &clerk).await;
    let (whom, record) = (visitor.person, visitor.records[0].0.id);
    let visit_of_today = counter::token(cx, &clerk, &visitor);
    let new = NewDeath {
        visit: visit(LIU),
        died_on: Some("2026-11-20".parse().unwrap()),
        document: "居民死亡医学证明 2026-17".to_owned(),
        papers: vec![scan(&city)],
    };
    let noted = death::note(cx, &clerk, new).await.unwrap();
    assert_eq!(found(&city, &clerk).await.records.len(), 1, "it does not count yet");
    death::confirm(cx, &lead, noted.person, noted.id).await.unwrap();

    let none = counter::find(cx, &clerk, &visit(LIU)).await;
    assert!(matches!(none, Err(Error::NotFound)), "{none:?}");
    let seen = counter::record(cx, &clerk, &visit_of_today, record).await;
    assert!(matches!(seen, Err(Error::NotFound)), "{seen:?}");
    let taken = counter::object(cx, &clerk, &visit_of_today, record, signed(&city)).await;
    assert!(matches!(taken, Err(Error::NotFound)), "{taken:?}");
    let own = objection::open(cx, &liu, whom, record, signed(&city)).await;
    assert!(matches!(own, Err(Error::NotFound)), "{own:?}");
    let new = NewChallenge {
        choice: "reconsideration".to_owned(),
        words: "向市政府申请复议。".to_owned(),
        papers: vec![scan(&city)],
    };
    let entered = challenge::enter(cx, &liu, whom, record, new).await;
    assert!(matches!(entered, Err(Error::NotFound)), "{entered:?}");

    // It was somebody else: he finds that the counter tried.
    death::end(cx, &lead, noted.person, noted.id).await.unwrap();
    assert_eq!(found(&city, &clerk).await.records.len(), 1);
    assert_eq!(my::looks(cx, &liu, u64::MAX, 50).await.unwrap().refused, 2);
}

#[rstest]
#[tokio::test]
async fn a_visit_is_good_for_one_clerk_and_for_an_hour(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let office = city.staff(Role::OfficeClerk);
    let visitor = found(&city, &office).await;
    let record = visitor.records[0].0.id;
    let visit = counter::token(cx, &office, &visitor);
    let plain = String::from_utf8_lossy(&hex::decode(&visit).unwrap()).into_owned();
    assert!(!plain.contains("窗口") && !plain.contains(&visitor.person.to_string()), "{plain}");

    let seen = counter::record(cx, &office, &visit, record).await.unwrap();
    assert_eq!(seen.facts().matter, "窗口〔2026〕17号");
    let other = counter::record(cx, &city.staff(Role::OfficeClerk), &visit, record).await;
    assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
    for none in ["", "00", &visit[2..]] {
        let none = counter::record(cx, &office, none, record).await;
        assert!(matches!(none, Err(Error::NotFound)), "{none:?}");
    }
    let foreign = RecordId(cx.new_id());
    let foreign = counter::record(cx, &office, &visit, foreign).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    city.passes(SignedDuration::from_mins(59));
    counter::record(cx, &office, &visit, record).await.unwrap();
    city.passes(SignedDuration::from_mins(1));
    let over = counter::record(cx, &office, &visit, record).await;
    let Err(Error::Mistakes(mistakes)) = over else { panic!("{over:?}") };
    assert_eq!(mistakes[0].code, "visit-over");
    let over = counter::object(cx, &office, &visit, record, signed(&city)).await;
    let Err(Error::Mistakes(mistakes)) = over else { panic!("{over:?}") };
    assert_eq!(mistakes[0].code, "visit-over");
}

#[rstest]
#[tokio::test]
async fn whoever_comes_back_hears_how_far_his_case_is(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let market = city.clerk(MARKET);
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&market, "NP04-MR", &[row]).await.unwrap();
    let office = city.staff(Role::OfficeClerk);
    let visitor = found(&city, &office).await;
    assert!(visitor.cases.is_empty());
    let record = visitor.records[0].0.id;
    let visit = counter::token(cx, &office, &visitor);
    let first = counter::object(cx, &office, &visit, record, signed(&city)).await.unwrap();
    let visitor = found(&city, &office).await;
    assert_eq!(visitor.cases[0].number(), first.number);
    assert!(visitor.cases[0].closed_at().is_none());

    let answer = Answer {
        outcome: "confirmed".to_owned(),
        reasons: "已核对决定书原件。".to_owned(),
        ..Answer::default()
    };
    objection::answer(cx, &market, first.id, answer).await.unwrap();
    let second = counter::object(cx, &office, &visit, record, signed(&city)).await.unwrap();
    let visitor = found(&city, &office).await;
    let numbers: Vec<_> = visitor.cases.iter().map(|case| case.number()).collect();
    assert_eq!(numbers, [second.number.as_str(), first.number.as_str()], "what is open first");
    city.stands_on("2027-07-04");
    let visitor = found(&city, &office).await;
    assert_eq!(visitor.cases.len(), 1, "over the other nobody goes to court any more");
}
