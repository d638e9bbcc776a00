//! What is sealed is opened by two people, and the dead are left in peace.

use jiff::SignedDuration;
use register::event::EventKind;
use register::opening::NotSecond;
use register::{RecordId, Role};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, ZHOU};
use usecases::counter::{self, Visit};
use usecases::death::{self, NewDeath};
use usecases::opening::{self, NewOpening};
use usecases::paper::{self, Received};
use usecases::{Actor, Error, letter, my, objection, report, retention};

fn visit(who: (&str, &str)) -> Visit {
    Visit {
        id_kind: String::new(),
        id_number: who.0.into(),
        name: who.1.into(),
        matter: "审〔2026〕5号".to_owned(),
    }
}

fn scan(city: &City) -> Received {
    paper::receive(&city.cx, "依据.pdf", b"%PDF-1.7\n%%EOF\n").unwrap().unwrap()
}

fn audit(city: &City, document_no: &str) -> NewOpening {
    NewOpening {
        visit: visit(LIU),
        ground: "audit".to_owned(),
        document_no: document_no.to_owned(),
        words: "核对这条信息的入库依据。".to_owned(),
        papers: vec![scan(city)],
        ..NewOpening::default()
    }
}

struct Case {
    city: City,
    liu: Actor,
    record: RecordId,
    document_no: String,
    clerk: Actor,
    lead: Actor,
}

/// Liu with a fine that the market bureau has seen, and an office of two.
async fn case(engine: Engine) -> Case {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    let document_no = row.split(',').nth(2).unwrap().to_owned();
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let record = my::file(&city.cx, &liu).await.unwrap().facts().records[0].record.id;
    let clerk = city.staff(Role::OfficeClerk);
    let lead = city.staff(Role::OfficeLead);
    Case { city, liu, record, document_no, clerk, lead }
}

#[rstest]
#[tokio::test]
async fn i12_two_people_open_what_is_sealed_for_a_day_and_the_person_sees_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Case { city, liu, record, document_no, clerk, lead } = case(engine).await;
    let cx = &city.cx;
    let early = opening::ask(cx, &clerk, audit(&city, &document_no)).await;
    let Err(Error::Mistakes(mistakes)) = early else { panic!("{early:?}") };
    assert_eq!(mistakes[0].code, "not-archived");
    city.stands_on("2027-07-04");
    assert_eq!(city.sees(LIU).await, 0);
    let asked = opening::ask(cx, &lead, audit(&city, &document_no)).await.unwrap();
    let (person, id) = (asked.person, asked.id);
    let file = opening::one(cx, &lead, person, id).await.unwrap();
    assert!(file.facts().records.is_none(), "nobody has decided");
    let own = opening::decide(cx, &lead, person, id, Some(true), "需要。").await;
    assert!(matches!(own, Err(Error::NotSecond(NotSecond::SamePerson))), "{own:?}");
    let low = opening::decide(cx, &clerk, person, id, Some(true), "需要。").await;
    assert!(matches!(low, Err(Error::Denied(_))), "{low:?}");
    let second = city.staff(Role::OfficeLead);
    let mute = opening::decide(cx, &second, person, id, Some(true), " ").await;
    assert!(matches!(mute, Err(Error::Mistakes(_))), "{mute:?}");
    opening::decide(cx, &second, person, id, Some(true), "审计需要。").await.unwrap();
    let twice = opening::decide(cx, &second, person, id, Some(false), "不。").await;
    assert!(matches!(twice, Err(Error::NotSecond(NotSecond::Decided))), "{twice:?}");

    for one in [&lead, &second] {
        let file = opening::one(cx, one, person, id).await.unwrap();
        assert_eq!(file.facts().records.as_ref().unwrap()[0].0.id, record);
        assert_eq!(file.facts().reasons, "审计需要。");
    }
    let third = opening::one(cx, &clerk, person, id).await.unwrap();
    assert!(third.facts().records.is_none(), "it is open to the two only");
    opening::paper(cx, &clerk, person, id, third.facts().papers[0].id).await.unwrap();
    let looks = my::looks(cx, &liu, u64::MAX, 50).await.unwrap().looks;
    assert_eq!(looks[0].matter, asked.number, "a paper is opened in the same matter");
    let opened: Vec<_> =
        looks.iter().filter(|look| look.door == "opening" && !look.records.is_empty()).collect();
    assert_eq!(opened.len(), 2);
    assert_eq!(opened[0].matter, asked.number);
    let notices = my::notices(cx, &liu).await.unwrap();
    assert!(notices.iter().any(|notice| notice.text == "archive-opened"));
    assert_eq!(city.sees(LIU).await, 0, "it stays sealed for everybody else");

    city.passes(SignedDuration::from_hours(24));
    let file = opening::one(cx, &lead, person, id).await.unwrap();
    assert!(file.facts().records.is_none(), "the day is over");
}

#[rstest]
#[tokio::test]
async fn a_case_that_is_over_shows_a_sealed_record_to_no_body(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Case { city, liu, record, .. } = case(engine).await;
    let cx = &city.cx;
    let new = objection::NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "金额不对。".to_owned(),
        papers: Vec::new(),
    };
    let opened = objection::open(cx, &liu, liu.person.unwrap(), record, new).await.unwrap();
    let market = city.clerk(MARKET);
    let answer = objection::Answer {
        outcome: "confirmed".to_owned(),
        reasons: "已核对决定书原件。".to_owned(),
        ..objection::Answer::default()
    };
    objection::answer(cx, &market, opened.id, answer).await.unwrap();
    objection::desk_one(cx, &market, opened.id).await.unwrap();
    city.stands_on("2027-07-04");
    let refused = objection::desk_one(cx, &market, opened.id).await;
    assert!(matches!(refused, Err(Error::Archived)), "{:?}", refused.err());
    let mine = objection::one_of_mine(cx, &liu, opened.id).await.unwrap();
    assert_eq!(mine.facts().record.id, record, "the person still sees his");
}

fn dead(city: &City, who: (&str, &str)) -> NewDeath {
    NewDeath {
        visit: visit(who),
        died_on: Some("2026-11-20".parse().unwrap()),
        document: "居民死亡医学证明 2026-17".to_owned(),
        papers: vec![scan(city)],
    }
}

#[rstest]
#[tokio::test]
async fn a_death_stops_everything_once_a_second_person_confirms_it_and_can_be_ended(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Case { city, liu, document_no, clerk, lead, .. } = case(engine).await;
    let cx = &city.cx;
    let noted = death::note(cx, &clerk, dead(&city, LIU)).await.unwrap();
    let (person, id) = (noted.person, noted.id);
    assert_eq!(city.sees(LIU).await, 1, "one person alone stops nothing");
    let twice = death::note(cx, &clerk, dead(&city, LIU)).await;
    assert!(matches!(twice, Err(Error::Mistakes(_))), "{twice:?}");
    assert!(matches!(death::confirm(cx, &clerk, person, id).await, Err(Error::Denied(_))));
    let own = dead(&city, ZHOU);
    assert!(matches!(death::note(cx, &lead, own).await, Err(Error::NotFound)));
    let himself = Actor { person: Some(person), ..city.staff(Role::OfficeLead) };
    assert!(matches!(death::confirm(cx, &himself, person, id).await, Err(Error::Denied(_))));
    death::confirm(cx, &lead, person, id).await.unwrap();
    assert!(matches!(death::confirm(cx, &lead, person, id).await, Err(Error::NotFound)));

    assert_eq!(city.sees(LIU).await, 0);
    let row = city.row(LIU, "2026-11-02", "2026-11-03");
    let batch = city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (0, 1));
    let account = store::account::by_id(cx.store.read(), liu.account).await.unwrap().unwrap();
    assert!(account.is_disabled);
    let document =
        register::IdDocument::parse(register::IdKind::Citizen, LIU.0, cx.today()).unwrap();
    let new = usecases::account::NewAccount {
        login: "as-him".to_owned(),
        role: Role::Citizen,
        agency: None,
        person: Some((document, register::PersonName::parse(LIU.1).unwrap())),
        password: None,
    };
    let as_him = usecases::account::add(cx, &testkit::lead(), new).await;
    assert!(matches!(as_him, Err(Error::NotFound)), "nobody signs in as him");
    assert!(report::own(cx, &liu).await.unwrap().facts().facts.is_empty());
    assert!(letter::waiting(cx, &lead).await.unwrap().is_empty());

    // It was somebody else of the same name: everything goes on.
    death::end(cx, &lead, person, id).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let account = store::account::by_id(cx.store.read(), liu.account).await.unwrap().unwrap();
    assert!(!account.is_disabled);
    let stored = store::record::of_person(cx.store.read(), person).await.unwrap();
    let steps: Vec<_> = stored[0].events.iter().map(|event| event.kind).collect();
    assert!(steps.contains(&EventKind::OwnerDied { on: "2026-11-20".parse().unwrap() }));
    assert!(steps.contains(&EventKind::OwnerLives), "nothing is rewritten");
    assert!(matches!(
        opening::ask(cx, &clerk, audit(&city, &document_no)).await,
        Err(Error::Mistakes(_))
    ));
    death::note(cx, &clerk, dead(&city, LIU)).await.unwrap();
}

fn relative(city: &City, wish: &str) -> NewOpening {
    NewOpening {
        visit: visit(LIU),
        ground: "relative".to_owned(),
        wish: wish.to_owned(),
        words: "办理遗产手续，需要核对。".to_owned(),
        relative_name: "柳小明".to_owned(),
        relative_number: ZHOU.0.to_owned(),
        relation: "child".to_owned(),
        papers: vec![scan(city)],
        ..NewOpening::default()
    }
}

#[rstest]
#[tokio::test]
async fn relatives_of_the_dead_see_his_file_and_have_it_erased_by_two_people(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Case { city, record, clerk, lead, .. } = case(engine).await;
    let cx = &city.cx;
    let early = opening::ask(cx, &clerk, relative(&city, "see")).await;
    let Err(Error::Mistakes(mistakes)) = early else { panic!("{early:?}") };
    assert_eq!(mistakes[0].code, "not-dead");
    let noted = death::note(cx, &clerk, dead(&city, LIU)).await.unwrap();
    death::confirm(cx, &lead, noted.person, noted.id).await.unwrap();
    let strange = NewOpening { relation: "cousin".to_owned(), ..relative(&city, "see") };
    assert!(matches!(opening::ask(cx, &clerk, strange).await, Err(Error::Mistakes(_))));
    let bare = NewOpening { papers: Vec::new(), ..relative(&city, "see") };
    assert!(matches!(opening::ask(cx, &clerk, bare).await, Err(Error::Mistakes(_))));

    let asked = opening::ask(cx, &clerk, relative(&city, "see")).await.unwrap();
    opening::decide(cx, &lead, asked.person, asked.id, Some(true), "关系清楚。").await.unwrap();
    let file = opening::one(cx, &clerk, asked.person, asked.id).await.unwrap();
    let file = file.facts();
    assert_eq!(file.records.as_ref().unwrap()[0].0.id, record);
    assert_eq!(file.detail.relative.as_ref().unwrap().name, "柳小明");
    for (place, bytes) in city.all_rows().await.into_iter().chain(city.all_bytes()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("柳小明") && !text.contains(ZHOU.0), "{}", place.display());
    }

    // He was taken for another: nothing is opened or erased any more.
    let asked = opening::ask(cx, &clerk, relative(&city, "erase")).await.unwrap();
    let see = opening::ask(cx, &clerk, relative(&city, "see")).await.unwrap();
    opening::decide(cx, &lead, see.person, see.id, Some(true), "关系清楚。").await.unwrap();
    death::end(cx, &lead, noted.person, noted.id).await.unwrap();
    let alive = opening::decide(cx, &lead, asked.person, asked.id, Some(true), "关系清楚。").await;
    assert!(matches!(alive, Err(Error::Mistakes(_))), "{alive:?}");
    let file = opening::one(cx, &clerk, see.person, see.id).await.unwrap();
    assert!(file.facts().records.is_none());
    assert_eq!(city.sees(LIU).await, 1);
    let noted = death::note(cx, &clerk, dead(&city, LIU)).await.unwrap();
    death::confirm(cx, &lead, noted.person, noted.id).await.unwrap();
    opening::decide(cx, &lead, asked.person, asked.id, Some(true), "关系清楚。").await.unwrap();
    let left = store::record::of_person(cx.store.read(), asked.person).await.unwrap();
    assert!(left.is_empty());
    let none = counter::find(cx, &clerk, &visit(LIU)).await;
    assert!(matches!(none, Err(Error::NotFound)), "{none:?}");
    assert_eq!(retention::erase(cx).await.unwrap().records, 0, "nothing is left to do");
}

#[rstest]
#[tokio::test]
async fn a_wish_to_erase_that_is_cut_off_or_still_under_dispute_is_carried_out_later(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values("confirmed", "corrected")] outcome: &str,
) {
    let Case { city, liu, record, clerk, lead, .. } = case(engine).await;
    let cx = &city.cx;
    let person = liu.person.unwrap();
    let new = objection::NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "delete".to_owned(),
        words: "不是我。".to_owned(),
        papers: Vec::new(),
    };
    let opened = objection::open(cx, &liu, person, record, new).await.unwrap();
    let noted = death::note(cx, &clerk, dead(&city, LIU)).await.unwrap();
    death::confirm(cx, &lead, noted.person, noted.id).await.unwrap();
    let asked = opening::ask(cx, &clerk, relative(&city, "erase")).await.unwrap();
    opening::decide(cx, &lead, asked.person, asked.id, Some(true), "关系清楚。").await.unwrap();
    let file = opening::one(cx, &clerk, asked.person, asked.id).await.unwrap();
    assert_eq!(file.facts().held, 1, "both are told that one is still needed");
    assert_eq!(retention::erase(cx).await.unwrap().held, 1);
    let market = city.clerk(MARKET);
    let answer = objection::Answer {
        outcome: outcome.to_owned(),
        reasons: "已核对决定书原件。".to_owned(),
        fields: vec![(register::Field::FineFen, "1499".to_owned())],
        ..objection::Answer::default()
    };
    objection::answer(cx, &market, opened.id, answer).await.unwrap();
    for received in usecases::correction::received(cx, &market).await.unwrap() {
        let id = received.correction.id;
        usecases::correction::acknowledge(cx, &market, id).await.unwrap();
    }
    assert_eq!(retention::erase(cx).await.unwrap().records, 1);
}

#[rstest]
#[tokio::test]
async fn what_relatives_were_granted_ends_with_the_death_that_was_wrong(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let Case { city, liu, record, clerk, lead, .. } = case(engine).await;
    let cx = &city.cx;
    let person = liu.person.unwrap();
    let was = store::record::of_person(cx.store.read(), person).await.unwrap()[0].erase_on;
    let new = objection::NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "金额不对。".to_owned(),
        papers: Vec::new(),
    };
    let opened = objection::open(cx, &liu, person, record, new).await.unwrap();
    let noted = death::note(cx, &clerk, dead(&city, LIU)).await.unwrap();
    death::confirm(cx, &lead, noted.person, noted.id).await.unwrap();
    let asked = opening::ask(cx, &clerk, relative(&city, "erase")).await.unwrap();
    opening::decide(cx, &lead, asked.person, asked.id, Some(true), "关系清楚。").await.unwrap();
    assert_eq!(retention::erase(cx).await.unwrap().held, 1, "the objection holds it");
    death::end(cx, &lead, noted.person, noted.id).await.unwrap();
    let answer = objection::Answer {
        outcome: "confirmed".to_owned(),
        reasons: "已核对决定书原件。".to_owned(),
        ..objection::Answer::default()
    };
    objection::answer(cx, &city.clerk(MARKET), opened.id, answer).await.unwrap();
    let done = retention::erase(cx).await.unwrap();
    assert_eq!((done.records, done.held), (0, 0));
    let stored = store::record::of_person(cx.store.read(), person).await.unwrap();
    assert_eq!(stored[0].erase_on, was, "kept as long as ever");
    assert_eq!(city.sees(LIU).await, 1, "he lives, and so does his file");
}

#[rstest]
#[tokio::test]
async fn a_record_that_does_not_open_keeps_nobody_dead(#[values(Sqlite, Postgres)] engine: Engine) {
    let Case { city, liu, clerk, lead, .. } = case(engine).await;
    let noted = death::note(&city.cx, &clerk, dead(&city, LIU)).await.unwrap();
    death::confirm(&city.cx, &lead, noted.person, noted.id).await.unwrap();
    let bytes = if engine == Sqlite { "x'00'" } else { "'\\x00'" };
    assert_eq!(city.tampers(&format!("UPDATE record SET content = {bytes}")).await, 1);
    death::end(&city.cx, &lead, noted.person, noted.id).await.unwrap();
    let account = store::account::by_id(city.cx.store.read(), liu.account).await.unwrap().unwrap();
    assert!(!account.is_disabled);
}
