//! Incidents: reported by anybody, those affected found in the log, told, and closed by two.

use register::incident::State;
use register::objection::NotNow;
use register::opening::NotSecond;
use register::{IncidentId, Role};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TRANSPORT, ZHOU};
use usecases::account::NewAccount;
use usecases::incident::{self, Criteria, NewAnnouncement, NewIncident, NewTask, Sent};
use usecases::jobs::{self, What};
use usecases::{Actor, Error, letter, my, office};

const SECRET: &str = "打印室的桌上有一叠查询结果";

fn new() -> NewIncident {
    NewIncident {
        kind: "leak".to_owned(),
        what: SECRET.to_owned(),
        since: "2026-11-20".to_owned(),
        ..NewIncident::default()
    }
}

fn said() -> NewAnnouncement {
    NewAnnouncement {
        information: "姓名和处罚决定。".to_owned(),
        causes: "打印件没有人看管。".to_owned(),
        harm: "可能接到冒充工作人员的电话。".to_owned(),
        measures: "已经收回打印件。".to_owned(),
        advice: "不要向来电的人提供验证码。".to_owned(),
        contact: "信用办，13800000000".to_owned(),
        recipient: "市互联网信息办公室".to_owned(),
        kind: "leak".to_owned(),
        since: "2026-11-20".to_owned(),
        until: String::new(),
    }
}

/// Somebody who really has an account.
async fn somebody(city: &City, login: &str, role: Role) -> Actor {
    let new = NewAccount {
        login: login.to_owned(),
        role,
        agency: None,
        person: None,
        password: Some("a password that is long".to_owned()),
    };
    usecases::account::add(&city.cx, &testkit::lead(), new).await.unwrap().0.into()
}

/// The codes of what is wrong.
fn wrong<T>(answer: usecases::Result<T>) -> Vec<&'static str> {
    let Err(Error::Mistakes(mistakes)) = answer else { panic!("{:?}", answer.err()) };
    mistakes.iter().map(|mistake| mistake.code).collect()
}

fn by_agency(agency: &str) -> Criteria {
    Criteria { agency: agency.to_owned(), ..Criteria::default() }
}

fn sent() -> Sent {
    Sent {
        on: "2026-11-23".to_owned(),
        time: "12:00".to_owned(),
        how: "专网报送，收文 7 号".to_owned(),
    }
}

/// Liu, who has an inbox, and Zhou, who has none, both seen by the market bureau; an office of two.
async fn city(engine: Engine) -> (City, Actor, Actor, Actor) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let rows =
        [city.row(LIU, "2026-07-03", "2026-07-06"), city.row(ZHOU, "2026-07-03", "2026-07-06")];
    city.sends(&city.clerk(MARKET), "NP04-MR", &rows).await.unwrap();
    assert_eq!((city.sees(LIU).await, city.sees(ZHOU).await), (1, 1));
    let (clerk, lead) = (city.staff(Role::OfficeClerk), city.staff(Role::OfficeLead));
    (city, liu, clerk, lead)
}

/// Reported, found to be one, contained and searched.
async fn worked_on(city: &City, clerk: &Actor, new: NewIncident) -> IncidentId {
    let cx = &city.cx;
    let id = incident::report(cx, Some(clerk), new).await.unwrap().id;
    incident::triage(cx, clerk, id, Some(true), "情况属实。").await.unwrap();
    incident::contain(cx, clerk, id, "已经收回。").await.unwrap();
    assert_eq!(incident::search(cx, clerk, id, &by_agency(MARKET)).await.unwrap(), 2);
    id
}

#[rstest]
#[tokio::test]
async fn i12_those_affected_are_found_in_the_log_told_and_another_person_closes_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, clerk, lead) = city(engine).await;
    let cx = &city.cx;
    let id = incident::report(cx, None, new()).await.unwrap().id;
    assert_eq!(office::overview(cx, &lead).await.unwrap().open_incidents, 1);
    let auditor = city.staff(Role::Auditor);
    assert_eq!(incident::one(cx, &auditor, id).await.unwrap().detail.what, SECRET);
    let read_only = incident::triage(cx, &auditor, id, Some(true), "属实。").await;
    assert!(matches!(read_only, Err(Error::Denied(_))), "{:?}", read_only.err());
    assert!(matches!(incident::list(cx, &liu).await, Err(Error::Denied(_))));
    let early = incident::search(cx, &clerk, id, &by_agency(MARKET)).await;
    assert!(matches!(early, Err(Error::NotNow(NotNow::Early))), "{early:?}");
    let mute = incident::triage(cx, &clerk, id, Some(true), " ").await;
    assert!(matches!(mute, Err(Error::Mistakes(_))));
    incident::triage(cx, &clerk, id, Some(true), "情况属实。").await.unwrap();
    incident::contain(cx, &clerk, id, "已经收回。").await.unwrap();

    let nothing = incident::search(cx, &clerk, id, &Criteria::default()).await;
    assert!(matches!(nothing, Err(Error::Mistakes(_))), "{nothing:?}");
    assert_eq!(incident::search(cx, &clerk, id, &by_agency(TRANSPORT)).await.unwrap(), 0);
    let late = Criteria { from: "2026-11-24".to_owned(), ..by_agency(MARKET) };
    assert_eq!(incident::search(cx, &clerk, id, &late).await.unwrap(), 0);
    let other = Criteria { purpose: "licence-review".to_owned(), ..by_agency(MARKET) };
    assert_eq!(incident::search(cx, &clerk, id, &other).await.unwrap(), 0);
    let first = Criteria { last: "0".to_owned(), ..by_agency(MARKET) };
    assert_eq!(incident::search(cx, &clerk, id, &first).await.unwrap(), 1, "the first look only");
    let food = Criteria { purpose: "food-licence-review".to_owned(), ..by_agency(MARKET) };
    assert_eq!(incident::search(cx, &clerk, id, &food).await.unwrap(), 2);
    let file = incident::one(cx, &clerk, id).await.unwrap();
    assert_eq!((file.affected, file.searches.len()), (2, 5), "each counted once");

    let untold = incident::notify(cx, &clerk, id).await;
    let Err(Error::Mistakes(mistakes)) = untold else { panic!("{:?}", untold.err()) };
    let codes: Vec<_> = mistakes.iter().map(|mistake| mistake.code).collect();
    assert_eq!(codes, ["authority-missing", "people-missing"]);
    let empty = incident::tell(cx, &clerk, id).await;
    assert!(matches!(empty, Err(Error::Mistakes(_))), "nothing is written: {:?}", empty.err());
    incident::announce(cx, &clerk, id, said()).await.unwrap();
    incident::tell(cx, &clerk, id).await.unwrap();
    assert_eq!(jobs::run(cx, What::TendIncidents).await.unwrap(), 0, "nobody is told twice");
    let again = incident::announce(cx, &clerk, id, said()).await;
    assert!(matches!(again, Err(Error::NotNow(_))), "what they were told stands: {again:?}");

    // Liu reads it, and sees that the office looked; Zhou gets a letter.
    let notices = my::notices(cx, &liu).await.unwrap();
    let told = notices.iter().find(|notice| notice.text == "incident-told").unwrap();
    assert!(told.state.delivered_at().is_some());
    let opened = my::notice(cx, &liu, told.id).await.unwrap();
    let my::Subject::Incident(subject) = &opened.facts().subject else { unreachable!() };
    assert_eq!(subject.announcement.information, "姓名和处罚决定。");
    let number = subject.incident.number.clone();
    let looks = my::looks(cx, &liu, u64::MAX, 50).await.unwrap().looks;
    let look = looks.iter().find(|look| look.door == "incident").unwrap();
    assert_eq!(look.matter, number);
    let copy = my::copy(cx, &liu).await.unwrap();
    assert!(
        copy.facts()
            .notices
            .iter()
            .any(|(notice, subject)| { notice.text == "incident-told" && subject.is_some() })
    );
    let waiting = letter::waiting(cx, &lead).await.unwrap();
    assert_eq!(waiting.len(), 1);
    let posted = letter::open(cx, &lead, waiting[0].person).await.unwrap();
    assert!(posted.facts().notices.iter().any(|one| one.notice.text == "incident-told"));

    let future = Sent { time: "12:30".to_owned(), ..sent() };
    let future = incident::authority(cx, &clerk, id, &future).await;
    assert!(matches!(future, Err(Error::Mistakes(_))), "not to come: {:?}", future.err());
    incident::authority(cx, &clerk, id, &sent()).await.unwrap();
    incident::notify(cx, &clerk, id).await.unwrap();
    let own = incident::close(cx, &clerk, id, "以后当面交接。").await;
    assert!(matches!(own, Err(Error::NotSecond(NotSecond::SamePerson))), "{:?}", own.err());
    let closed = incident::close(cx, &lead, id, "以后当面交接。").await.unwrap();
    assert_eq!(closed.state, State::Closed);
    assert_eq!(office::overview(cx, &lead).await.unwrap().open_incidents, 0);
    let file = incident::one(cx, &auditor, id).await.unwrap();
    assert_eq!(file.steps.last().unwrap().words, "以后当面交接。");

    // Who is affected and what was said is unreadable in the database.
    let ids = [liu.person.unwrap().to_string(), SECRET.to_owned(), "以后当面交接".to_owned()];
    for search in store::incident::searches(cx.store.read(), id).await.unwrap() {
        let text = String::from_utf8_lossy(&search.persons).into_owned();
        assert!(!ids.iter().any(|secret| text.contains(secret)), "{text}");
    }
    for (place, bytes) in city.all_rows().await.into_iter().chain(city.all_bytes()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!ids[1..].iter().any(|secret| text.contains(secret)), "{}", place.display());
    }
}

#[rstest]
#[tokio::test]
async fn a_drill_goes_the_whole_way_and_reaches_nobody(#[values(Sqlite, Postgres)] engine: Engine) {
    let (city, liu, clerk, lead) = city(engine).await;
    let cx = &city.cx;
    let drill = || NewIncident { is_drill: true, ..new() };
    assert!(matches!(incident::report(cx, None, drill()).await, Err(Error::Denied(_))));
    assert!(matches!(incident::report(cx, Some(&liu), drill()).await, Err(Error::Denied(_))));
    let before = my::notices(cx, &liu).await.unwrap().len();
    let id = worked_on(&city, &clerk, drill()).await;
    incident::announce(cx, &clerk, id, said()).await.unwrap();
    incident::tell(cx, &clerk, id).await.unwrap();
    assert_eq!(jobs::run(cx, What::TendIncidents).await.unwrap(), 0);
    incident::authority(cx, &clerk, id, &sent()).await.unwrap();
    incident::notify(cx, &clerk, id).await.unwrap();
    assert_eq!(office::overview(cx, &lead).await.unwrap().open_incidents, 0, "it never counts");
    let closed = incident::close(cx, &lead, id, "演练达到目的。").await.unwrap();
    assert!(closed.is_drill && closed.number.starts_with("YL"));
    assert_eq!(my::notices(cx, &liu).await.unwrap().len(), before);
    let looks = my::looks(cx, &liu, u64::MAX, 50).await.unwrap().looks;
    assert!(!looks.iter().any(|look| look.door == "incident"), "nobody looked at him");
    assert!(letter::waiting(cx, &lead).await.unwrap().is_empty());
    assert_eq!(incident::one(cx, &lead, id).await.unwrap().told, 0);
}

#[rstest]
#[tokio::test]
async fn only_the_lead_decides_with_reasons_that_nobody_is_told(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, clerk, lead) = city(engine).await;
    let cx = &city.cx;
    let id = worked_on(&city, &clerk, new()).await;
    incident::announce(cx, &clerk, id, said()).await.unwrap();
    let low = incident::waive(cx, &clerk, id, "数据一直加密。").await;
    assert!(matches!(low, Err(Error::Denied(_))), "{:?}", low.err());
    let mute = incident::waive(cx, &lead, id, "").await;
    assert!(matches!(mute, Err(Error::Mistakes(_))), "{:?}", mute.err());
    incident::waive(cx, &lead, id, "数据一直加密，密钥没有泄露。").await.unwrap();
    let untold = incident::notify(cx, &clerk, id).await;
    let Err(Error::Mistakes(mistakes)) = untold else { panic!("{:?}", untold.err()) };
    assert_eq!(mistakes[0].code, "authority-missing", "the authority is told all the same");
    let told = |notices: Vec<register::notice::Notice>| {
        notices.iter().filter(|notice| notice.text == "incident-told").count()
    };
    assert_eq!(told(my::notices(cx, &liu).await.unwrap()), 0);
    // The authority wants them told after all.
    incident::tell(cx, &lead, id).await.unwrap();
    assert_eq!(told(my::notices(cx, &liu).await.unwrap()), 1);
}

/// What is cut off goes on by the job; who is found later is told too, and nobody twice.
#[rstest]
#[tokio::test]
async fn the_job_tells_whoever_is_found_later_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let (city, liu, clerk, _) = city(engine).await;
    let cx = &city.cx;
    let id = incident::report(cx, Some(&clerk), new()).await.unwrap().id;
    incident::triage(cx, &clerk, id, Some(true), "情况属实。").await.unwrap();
    let none = Criteria { last: "0".to_owned(), ..by_agency(TRANSPORT) };
    assert_eq!(incident::search(cx, &clerk, id, &none).await.unwrap(), 0);
    incident::announce(cx, &clerk, id, said()).await.unwrap();
    incident::tell(cx, &clerk, id).await.unwrap();
    assert_eq!(incident::search(cx, &clerk, id, &by_agency(MARKET)).await.unwrap(), 2);
    let beside = city.beside();
    let (one, two) =
        tokio::join!(jobs::run(cx, What::TendIncidents), jobs::run(&beside, What::TendIncidents));
    assert_eq!(one.unwrap() + two.unwrap(), 2, "two jobs at once tell each once");
    assert_eq!(jobs::run(cx, What::TendIncidents).await.unwrap(), 0);
    let notices = my::notices(cx, &liu).await.unwrap();
    assert_eq!(notices.iter().filter(|notice| notice.text == "incident-told").count(), 1);
    assert_eq!(told_looks(&city, &liu).await, 1, "nor is it logged twice");
}

/// How often the log says that the office looked at him because of an incident.
async fn told_looks(city: &City, whom: &Actor) -> usize {
    let looks = my::looks(&city.cx, whom, u64::MAX, 50).await.unwrap().looks;
    looks.iter().filter(|look| look.door == "incident").count()
}

/// While one process tells, another waits; one that died holds nobody up for long.
#[rstest]
#[tokio::test]
async fn one_process_at_a_time_tells_and_one_that_died_holds_nobody_up(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, clerk, _) = city(engine).await;
    let cx = &city.cx;
    let id = worked_on(&city, &clerk, new()).await;
    incident::announce(cx, &clerk, id, said()).await.unwrap();
    let tx = cx.store.begin().await.unwrap();
    let until = cx.now() + jiff::SignedDuration::from_mins(10);
    let died = cx.new_id();
    let begun = store::incident::begin_telling(&tx, id, died, cx.now(), until).await.unwrap();
    assert!(begun);
    tx.commit().await.unwrap();
    incident::tell(cx, &clerk, id).await.unwrap();
    assert_eq!(jobs::run(cx, What::TendIncidents).await.unwrap(), 0, "another is at it");
    incident::authority(cx, &clerk, id, &sent()).await.unwrap();
    assert_eq!(wrong(incident::notify(cx, &clerk, id).await), ["telling"]);
    assert_eq!(told_looks(&city, &liu).await, 0);
    city.passes(jiff::SignedDuration::from_mins(11));
    assert_eq!(jobs::run(cx, What::TendIncidents).await.unwrap(), 2);
    assert_eq!(told_looks(&city, &liu).await, 1);
    incident::notify(cx, &clerk, id).await.unwrap();
}

/// Accounts of the office have no body in the log: looks of the office are found all the same.
#[rstest]
#[tokio::test]
async fn looks_of_the_office_are_found_and_the_persons_own_only_if_they_are_meant(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, _, clerk, _) = city(engine).await;
    let cx = &city.cx;
    let zhou = city.opens_account(ZHOU).await;
    my::file(cx, &zhou).await.unwrap();
    let visit = usecases::counter::Visit {
        id_kind: "01".to_owned(),
        id_number: LIU.0.into(),
        name: LIU.1.into(),
        matter: "窗口〔2026〕17号".to_owned(),
    };
    usecases::counter::find(cx, &city.staff(Role::OfficeClerk), &visit).await.unwrap();
    let id = worked_on(&city, &clerk, new()).await;
    let office = cx.rules.agencies().iter().find(|one| one.kind == "credit-office").unwrap();
    let of_office = by_agency(&office.uscc);
    assert_eq!(incident::search(cx, &clerk, id, &of_office).await.unwrap(), 1, "Liu");
    let with_own = Criteria { own: "yes".to_owned(), ..of_office };
    assert_eq!(incident::search(cx, &clerk, id, &with_own).await.unwrap(), 2, "Zhou read his own");
    // Somebody got into a person's account: his own doors are what is meant.
    let account = store::account::by_id(cx.store.read(), zhou.account).await.unwrap();
    let login = account.unwrap().login;
    let by_login = Criteria { login, ..Criteria::default() };
    assert_eq!(incident::search(cx, &clerk, id, &by_login).await.unwrap(), 1);
}

/// What was changed or lost, or the whole database: nobody has to have looked.
#[rstest]
#[tokio::test]
async fn those_affected_are_found_by_their_records_and_all_of_them_where_all_is_gone(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, _, clerk, _) = city(engine).await;
    let cx = &city.cx;
    let unseen = testkit::number(7);
    let rows = [city.row((&unseen, "吴强"), "2026-07-03", "2026-07-06")];
    let batch = city.sends(&city.clerk(MARKET), "NP04-MR", &rows).await.unwrap();
    let id = worked_on(&city, &clerk, new()).await;
    let records = || Criteria { by: "records".to_owned(), ..Criteria::default() };
    assert_eq!(wrong(incident::search(cx, &clerk, id, &records()).await), ["criteria-missing"]);
    let of_batch = Criteria { batch: batch.id.to_string(), ..records() };
    assert_eq!(incident::search(cx, &clerk, id, &of_batch).await.unwrap(), 1, "nobody saw him");
    let unknown = Criteria { batch: cx.new_id().to_string(), ..records() };
    assert_eq!(wrong(incident::search(cx, &clerk, id, &unknown).await), ["batch-unknown"]);
    let of_item = Criteria { item: "NP04-MR".to_owned(), ..records() };
    assert_eq!(incident::search(cx, &clerk, id, &of_item).await.unwrap(), 3);
    let later = Criteria { from: "2026-11-24".to_owned(), ..of_item };
    assert_eq!(incident::search(cx, &clerk, id, &later).await.unwrap(), 0);
    let all = Criteria { by: "everybody".to_owned(), ..Criteria::default() };
    assert_eq!(incident::search(cx, &clerk, id, &all).await.unwrap(), 3);
    assert_eq!(incident::one(cx, &clerk, id).await.unwrap().affected, 3);
    let strange = Criteria { by: "surname".to_owned(), ..Criteria::default() };
    assert_eq!(wrong(incident::search(cx, &clerk, id, &strange).await), ["choice-missing"]);
}

/// Whoever does the work of a drill reads that it is one: else he would do it in earnest.
#[rstest]
#[tokio::test]
async fn a_task_of_a_drill_says_so(#[values(Sqlite, Postgres)] engine: Engine) {
    let (city, _, clerk, _) = city(engine).await;
    let cx = &city.cx;
    let keeper = somebody(&city, "keeper", Role::Operator).await;
    let drill = NewIncident { is_drill: true, ..new() };
    let id = incident::report(cx, Some(&clerk), drill).await.unwrap().id;
    let task = NewTask {
        what: "停用接口账号".to_owned(),
        owner: "keeper".to_owned(),
        is_technical: true,
        due: "2026-11-25".to_owned(),
    };
    incident::add_task(cx, &clerk, id, &task).await.unwrap();
    assert!(incident::technical_tasks(cx, &keeper).await.unwrap()[0].is_drill);
    assert!(incident::one(cx, &clerk, id).await.unwrap().tasks[0].is_drill);
}

/// The reporter may have been wrong: people and authority are told what was found out. What was sent stands.
#[rstest]
#[tokio::test]
async fn what_was_found_out_is_told_and_stands_once_it_was_sent(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, clerk, lead) = city(engine).await;
    let cx = &city.cx;
    let id = worked_on(&city, &clerk, new()).await;
    let found = || NewAnnouncement {
        kind: "unlawful-look".to_owned(),
        since: "2026-11-22".to_owned(),
        until: "2026-11-22".to_owned(),
        ..said()
    };
    let turned = NewAnnouncement { until: "2026-11-21".to_owned(), ..found() };
    assert_eq!(wrong(incident::announce(cx, &clerk, id, turned).await), ["until-before"]);
    let mute = NewAnnouncement { kind: String::new(), ..found() };
    assert_eq!(wrong(incident::announce(cx, &clerk, id, mute).await), ["choice-missing"]);
    incident::announce(cx, &clerk, id, found()).await.unwrap();
    incident::authority(cx, &clerk, id, &sent()).await.unwrap();
    let again = NewAnnouncement { harm: "没有危害。".to_owned(), ..found() };
    let again = incident::announce(cx, &clerk, id, again).await;
    assert!(matches!(again, Err(Error::NotNow(_))), "{again:?}");
    let late = incident::withdraw(cx, &lead, id, "其实不是。").await;
    assert!(matches!(late, Err(Error::NotNow(_))), "{:?}", late.err());
    incident::tell(cx, &clerk, id).await.unwrap();
    let said = incident::one(cx, &lead, id).await.unwrap().announcement.unwrap();
    let stood = said.sent.unwrap();
    assert_eq!((stood.on.to_string().as_str(), stood.affected), ("2026-11-23", 2));
    assert_eq!((stood.told, stood.people.as_str()), (0, "open"), "what came later is not in it");
    let notices = my::notices(cx, &liu).await.unwrap();
    let told = notices.iter().find(|notice| notice.text == "incident-told").unwrap();
    let opened = my::notice(cx, &liu, told.id).await.unwrap();
    let my::Subject::Incident(subject) = &opened.facts().subject else { unreachable!() };
    assert_eq!(subject.kind, register::incident::Kind::UnlawfulLook);
    assert_eq!(subject.since.unwrap().to_string(), "2026-11-22");
}

#[rstest]
#[tokio::test]
async fn what_turns_out_to_be_none_is_closed_by_a_second_person_without_a_report(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, _, clerk, lead) = city(engine).await;
    let cx = &city.cx;
    let id = worked_on(&city, &clerk, new()).await;
    assert_eq!(wrong(incident::withdraw(cx, &clerk, id, " ").await), ["words-missing"]);
    let none = incident::withdraw(cx, &clerk, id, "核对过，是培训用的样本。").await.unwrap();
    assert_eq!(none.state, State::Dismissed);
    let own = incident::close(cx, &clerk, id, "不是事件。").await;
    assert!(matches!(own, Err(Error::NotSecond(_))), "{:?}", own.err());
    let closed = incident::close(cx, &lead, id, "不是事件。").await.unwrap();
    assert_eq!((closed.state, closed.authority_at), (State::Closed, None));
}

/// Whoever looked, or is affected himself, judges nothing in it.
#[rstest]
#[tokio::test]
async fn i15_nobody_judges_an_incident_of_his_own_looks_or_about_himself(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, clerk, lead) = city(engine).await;
    let cx = &city.cx;
    let accused = somebody(&city, "accused", Role::OfficeLead).await;
    let ask = usecases::counter::Visit {
        id_kind: "01".to_owned(),
        id_number: ZHOU.0.into(),
        name: ZHOU.1.into(),
        matter: "窗口〔2026〕18号".to_owned(),
    };
    usecases::counter::find(cx, &accused, &ask).await.unwrap();
    let id = worked_on(&city, &clerk, new()).await;
    let his = Criteria { login: "accused".to_owned(), ..Criteria::default() };
    assert_eq!(incident::search(cx, &clerk, id, &his).await.unwrap(), 1);
    let affected = somebody(&city, "affected", Role::OfficeLead).await;
    let affected = Actor { person: liu.person, ..affected };
    for who in [&accused, &affected] {
        assert_eq!(wrong(incident::waive(cx, who, id, "没有危害。").await), ["own-incident"]);
        assert_eq!(wrong(incident::withdraw(cx, who, id, "不是事件。").await), ["own-incident"]);
        let notify = wrong(incident::notify(cx, who, id).await);
        assert!(notify.contains(&"own-incident"), "{notify:?}");
        assert!(incident::one(cx, who, id).await.unwrap().is_involved);
    }
    incident::withdraw(cx, &lead, id, "是培训。").await.unwrap();
    for who in [&accused, &affected] {
        assert_eq!(wrong(incident::close(cx, who, id, "不是。").await), ["own-incident"]);
        assert!(!incident::one(cx, who, id).await.unwrap().may_close);
    }
    incident::close(cx, &clerk, id, "不是事件。").await.unwrap();
}

#[rstest]
#[tokio::test]
async fn nobody_buries_a_report_alone_and_words_name_no_number(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, _, clerk, lead) = city(engine).await;
    let cx = &city.cx;
    let named = NewIncident { what: format!("看到 {} 的记录", LIU.0), ..new() };
    let named = incident::report(cx, None, named).await;
    let Err(Error::Mistakes(mistakes)) = named else { panic!("{:?}", named.err()) };
    assert_eq!(mistakes[0].code, "words-personal");
    let asked = NewIncident { contact: "13800000000".to_owned(), ..new() };
    let id = incident::report(cx, None, asked).await.unwrap().id;
    assert_eq!(incident::one(cx, &clerk, id).await.unwrap().detail.contact, "", "nobody is asked");
    incident::triage(cx, &clerk, id, Some(false), "是培训用的样本。").await.unwrap();
    let own = incident::close(cx, &clerk, id, "不是事件。").await;
    assert!(matches!(own, Err(Error::NotSecond(_))), "{:?}", own.err());
    incident::close(cx, &lead, id, "核对过，是样本。").await.unwrap();
}

#[rstest]
#[tokio::test]
async fn who_keeps_the_machine_running_sees_technical_tasks_and_nothing_else(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, _, clerk, lead) = city(engine).await;
    let cx = &city.cx;
    let keeper = somebody(&city, "keeper", Role::Operator).await;
    let second = somebody(&city, "keeper-2", Role::Operator).await;
    somebody(&city, "desk", Role::OfficeClerk).await;
    somebody(&city, "auditor", Role::Auditor).await;
    let id = incident::report(cx, Some(&clerk), new()).await.unwrap().id;
    let task = |what: &str, owner: &str, is_technical| NewTask {
        what: what.to_owned(),
        owner: owner.to_owned(),
        is_technical,
        due: "2026-11-25".to_owned(),
    };
    // Nobody gets a task that he cannot see.
    for (owner, is_technical) in [("nobody", true), ("auditor", false), ("keeper", false)] {
        let refused = task("换密码", owner, is_technical);
        let refused = incident::add_task(cx, &clerk, id, &refused).await;
        assert!(matches!(refused, Err(Error::Mistakes(_))), "{owner}: {refused:?}");
    }
    incident::add_task(cx, &clerk, id, &task("换密码", "keeper", true)).await.unwrap();
    incident::add_task(cx, &clerk, id, &task("打电话", "desk", false)).await.unwrap();
    let seen = incident::technical_tasks(cx, &keeper).await.unwrap();
    assert_eq!(seen.iter().map(|task| task.what.as_str()).collect::<Vec<_>>(), ["换密码"]);
    assert!(seen[0].may_finish && !seen[0].is_drill);
    let other = incident::technical_tasks(cx, &second).await.unwrap();
    assert!(!other[0].may_finish, "it is not for him to do");
    let other = incident::finish_task(cx, &second, id, other[0].id).await;
    assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
    assert!(matches!(incident::one(cx, &keeper, id).await, Err(Error::Denied(_))));
    let all = incident::one(cx, &clerk, id).await.unwrap().tasks;
    let other = all.iter().find(|task| !task.is_technical).unwrap().id;
    let foreign = incident::finish_task(cx, &keeper, id, other).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    incident::finish_task(cx, &keeper, id, seen[0].id).await.unwrap();
    incident::triage(cx, &clerk, id, Some(false), "是样本。").await.unwrap();
    let open = incident::close(cx, &lead, id, "核对过。").await;
    let Err(Error::Mistakes(mistakes)) = open else { panic!("{:?}", open.err()) };
    assert_eq!(mistakes[0].code, "tasks-open");
    incident::finish_task(cx, &clerk, id, other).await.unwrap();
    incident::close(cx, &lead, id, "核对过。").await.unwrap();
}

#[rstest]
#[tokio::test]
async fn an_incident_goes_some_years_after_it_was_closed_with_what_was_told(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, clerk, lead) = city(engine).await;
    let cx = &city.cx;
    let id = worked_on(&city, &clerk, new()).await;
    incident::announce(cx, &clerk, id, said()).await.unwrap();
    incident::tell(cx, &clerk, id).await.unwrap();
    incident::authority(cx, &clerk, id, &sent()).await.unwrap();
    incident::notify(cx, &clerk, id).await.unwrap();
    incident::close(cx, &lead, id, "以后当面交接。").await.unwrap();
    city.stands_on("2029-11-22");
    assert_eq!(jobs::run(cx, What::TendIncidents).await.unwrap(), 0, "its last days");
    city.stands_on("2029-11-24");
    assert_eq!(jobs::run(cx, What::TendIncidents).await.unwrap(), 1);
    assert_eq!(jobs::run(cx, What::TendIncidents).await.unwrap(), 0);
    assert!(matches!(incident::one(cx, &lead, id).await, Err(Error::NotFound)));
    let notices = my::notices(cx, &liu).await.unwrap();
    assert!(!notices.iter().any(|notice| notice.text == "incident-told"));
}
