//! Supervision of look-ups: found once, asked, explained by another, found out by a third, and told to the person.

use jiff::SignedDuration;
use register::supervision::{Finding, LISTED, Origin, Pile, Rule, State, Supervision};
use register::{Role, Uscc};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TAX, TRANSPORT, ZHOU};
use usecases::supervision::{self, NewFinding, supervise};
use usecases::{Actor, Error, duty, inquiry, my};

async fn looks(city: &City, clerk: &Actor, number: usize) {
    for _ in 0..number {
        let ask = city.ask(LIU, "food-licence-review");
        usecases::check::one(&city.cx, clerk, &ask).await.unwrap();
    }
}

/// A clerk of the market bureau looks at one person sixteen times in the night of 26 November; it is the 27th.
async fn a_night(city: &City) -> (Actor, Actor) {
    let liu = city.opens_account(LIU).await;
    city.stands_on("2026-11-26");
    city.passes(SignedDuration::from_hours(-10));
    let clerk = city.clerk(MARKET);
    looks(city, &clerk, 16).await;
    city.stands_on("2026-11-27");
    (liu, clerk)
}

fn lead_of(city: &City, agency: &str) -> Actor {
    Actor { role: Role::AgencyLead, ..city.clerk(agency) }
}

async fn open(city: &City) -> Vec<Supervision> {
    let auditor = city.staff(Role::Auditor);
    let lists = supervision::lists(&city.cx, &auditor).await.unwrap();
    lists.into_iter().filter(|one| one.pile != Pile::Closed).flat_map(|one| one.cases).collect()
}

async fn case_of(city: &City, rule: Rule) -> Supervision {
    open(city).await.into_iter().find(|case| case.rule == Some(rule)).unwrap()
}

/// Asked, and explained: the lead can say what he finds.
async fn explained(city: &City, case: &Supervision) {
    let cx = &city.cx;
    supervision::ask(cx, &city.staff(Role::OfficeClerk), case.id, "请说明。").await.unwrap();
    let market = lead_of(city, MARKET);
    supervision::answer(cx, &market, case.id, "没有受理。", &[]).await.unwrap();
}

/// Notices about looks that should not have been.
async fn told(city: &City, whom: &Actor) -> usize {
    let notices = my::notices(&city.cx, whom).await.unwrap();
    notices.iter().filter(|one| one.text.starts_with("look-wrongful")).count()
}

async fn burst(city: &City) -> Supervision {
    let mut all = open(city).await;
    all.retain(|case| case.rule == Some(Rule::Burst));
    all.pop().unwrap()
}

fn finding(finding: Finding, looks: &[u64]) -> NewFinding {
    NewFinding {
        finding: finding.code().to_owned(),
        words: "单位没有这件事。".to_owned(),
        looks: looks.to_vec(),
        is_all: false,
    }
}

#[rstest]
#[tokio::test]
async fn looks_at_night_in_a_burst_are_found_once_asked_about_and_found_wrongful(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (liu, clerk) = a_night(&city).await;
    let cx = &city.cx;
    assert_eq!(supervise(cx).await.unwrap(), 2, "out of hours, and a burst");
    assert_eq!(supervise(cx).await.unwrap(), 0);
    assert_eq!(supervise(&city.beside()).await.unwrap(), 0, "nor in another process");
    let found = burst(&city).await;
    assert_eq!((found.looks, found.persons, found.account), (16, 1, Some(clerk.account)));
    assert_eq!((found.agency.as_str(), found.state), (MARKET, State::Found));
    assert!(!format!("{found:?}").contains(&liu.person.unwrap().to_string()), "nobody is named");

    let (asks, lead) = (city.staff(Role::OfficeClerk), city.staff(Role::OfficeLead));
    let id = found.id;
    let silent = supervision::ask(cx, &asks, id, " ").await;
    assert!(matches!(silent, Err(Error::Mistakes(_))), "{silent:?}");
    let auditor = supervision::ask(cx, &city.staff(Role::Auditor), id, "为什么？").await;
    assert!(matches!(auditor, Err(Error::Denied(_))), "he reads: {auditor:?}");
    let market = lead_of(&city, MARKET);
    let early = supervision::desk_one(cx, &market, id).await;
    assert!(matches!(early, Err(Error::NotFound)), "nobody has asked: {early:?}");
    let asked = supervision::ask(cx, &asks, id, "请出示受理事项。").await.unwrap();
    assert_eq!(asked.asked.unwrap().due.to_string(), "2026-12-08", "seven working days");
    let again = supervision::ask(cx, &asks, id, "再问一次。").await;
    assert!(matches!(again, Err(Error::NotNow(_))), "{again:?}");

    // The unit, and nobody else; not whoever looked (I15).
    assert!(duty::mine(cx, &city.clerk(TRANSPORT)).await.unwrap().is_empty());
    assert_eq!(duty::mine(cx, &market).await.unwrap().len(), 1);
    assert_eq!(duty::mine(cx, &lead).await.unwrap().len(), 1);
    let foreign = supervision::answer(cx, &lead_of(&city, TAX), id, "不知道。", &[]).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
    let own = supervision::answer(cx, &clerk, id, "是我查的，没问题。", &[]).await;
    assert!(matches!(own, Err(Error::Mistakes(_))), "i15: {own:?}");
    let named = supervision::answer(cx, &market, id, &format!("{} 来办事。", LIU.0), &[]).await;
    assert!(matches!(named, Err(Error::Mistakes(_))), "{named:?}");
    let heard = supervision::find(cx, &lead, id, &finding(Finding::NotExplained, &[])).await;
    assert!(matches!(heard, Err(Error::NotNow(_))), "it still has time: {heard:?}");
    let paper = usecases::paper::receive(cx, "受理单.pdf", b"%PDF-1.7 a").unwrap().unwrap();
    supervision::answer(cx, &market, id, "没有受理，是他自己好奇。", &[paper]).await.unwrap();
    let twice = supervision::answer(cx, &market, id, "更正。", &[]).await;
    assert!(matches!(twice, Err(Error::NotNow(_))), "{twice:?}");

    // The paper shows whom it was at: whoever reads it is in his log.
    let file = supervision::one(cx, &lead, id).await.unwrap();
    assert_eq!((file.looks.len(), file.steps.len(), file.papers.len()), (16, 2, 1));
    assert_eq!(file.findings, Finding::ALL);
    supervision::paper(cx, &lead, id, file.papers[0].id).await.unwrap();
    let seen = my::looks(cx, &liu, u64::MAX, 50).await.unwrap().looks;
    assert!(seen.iter().any(|look| look.door == "supervision" && look.matter == found.number));

    // Wrongful needs the looks, the right, and another person (I12).
    let all: Vec<u64> = file.looks.iter().map(|look| look.seq).collect();
    let none = supervision::find(cx, &lead, id, &finding(Finding::Wrongful, &[])).await;
    assert!(matches!(none, Err(Error::Mistakes(_))), "{none:?}");
    let asker = Actor { role: Role::OfficeLead, ..asks.clone() };
    let same = supervision::find(cx, &asker, id, &finding(Finding::InOrder, &[])).await;
    assert!(matches!(same, Err(Error::NotSecond(_))), "i12, who asked: {same:?}");
    let auditor = city.staff(Role::Auditor);
    let reads = supervision::find(cx, &auditor, id, &finding(Finding::InOrder, &[])).await;
    assert!(matches!(reads, Err(Error::Denied(_))), "{reads:?}");
    let himself = Actor { person: liu.person, ..lead.clone() };
    for refused in [
        supervision::one(cx, &himself, id).await.map(|_| ()),
        supervision::find(cx, &himself, id, &finding(Finding::InOrder, &[])).await.map(|_| ()),
    ] {
        assert!(matches!(refused, Err(Error::Denied(_))), "i15: {refused:?}");
    }
    supervision::find(cx, &lead, id, &finding(Finding::Wrongful, &all[..2])).await.unwrap();
    let over = supervision::find(cx, &lead, id, &finding(Finding::InOrder, &[])).await;
    assert!(matches!(over, Err(Error::NotNow(_))), "{over:?}");

    // He is told once of both, and each of them is marked.
    let notices = my::notices(cx, &liu).await.unwrap();
    let told: Vec<_> = notices.iter().filter(|one| one.text == "look-wrongful").collect();
    assert_eq!(told.len(), 1);
    let opened = my::notice(cx, &liu, told[0].id).await.unwrap();
    let my::Subject::Looks(about) = &opened.facts().subject else { unreachable!() };
    assert_eq!(about.iter().map(|look| look.seq).collect::<Vec<_>>(), all[..2]);
    let seen = my::looks(cx, &liu, u64::MAX, 50).await.unwrap().looks;
    let marked = seen.iter().filter(|look| look.wrongful.is_some());
    assert_eq!(marked.count(), 2);
    let one = my::look(cx, &liu, all[0]).await.unwrap();
    assert_eq!(one.wrongful.unwrap().number, found.number);
    assert!(my::look(cx, &liu, all[5]).await.unwrap().wrongful.is_none());

    // When the looks go, all of it goes.
    city.stands_on("2031-12-24");
    usecases::retention::erase(cx).await.unwrap();
    let lists = supervision::lists(cx, &lead).await.unwrap();
    assert!(lists.iter().all(|one| one.in_all == 0), "{lists:?}");
    assert_eq!(city.tampers("DELETE FROM case_step").await, 0);
    assert_eq!(city.tampers("DELETE FROM paper").await, 0);
    assert!(my::notices(cx, &liu).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn who_keeps_silent_is_reminded_and_shown_and_then_found_against(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    a_night(&city).await;
    let cx = &city.cx;
    supervise(cx).await.unwrap();
    let id = burst(&city).await.id;
    supervision::ask(cx, &city.staff(Role::OfficeClerk), id, "请出示受理事项。").await.unwrap();
    let lead = city.staff(Role::OfficeLead);
    city.stands_on("2026-12-08");
    assert_eq!(duty::remind(cx).await.unwrap(), 1);
    assert!(supervision::one(cx, &lead, id).await.unwrap().findings.is_empty());
    city.stands_on("2026-12-09");
    assert_eq!(duty::remind(cx).await.unwrap(), 1, "overdue");
    let shown = supervision::one(cx, &lead, id).await.unwrap();
    assert!(shown.case.is_overdue(cx.today()));
    let late = duty::mine(cx, &lead).await.unwrap();
    assert_eq!(late[0].stage(&cx.rules, cx.today()), Some(register::duty::Stage::Overdue));
    let new = finding(Finding::NotExplained, &[]);
    let closed = supervision::find(cx, &lead, id, &new).await.unwrap();
    assert_eq!(closed.state, State::Closed);
    assert!(duty::mine(cx, &lead_of(&city, MARKET)).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_look_that_its_body_calls_mistaken_is_a_case_by_itself(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let liu = city.opens_account(LIU).await;
    looks(&city, &city.clerk(MARKET), 1).await;
    let seq = my::looks(cx, &liu, u64::MAX, 5).await.unwrap().looks[0].seq;
    let asked = inquiry::ask(cx, &liu, seq, "我没有办过这件事。").await.unwrap();
    let market = city.clerk(MARKET);
    inquiry::answer(cx, &market, asked.id, "mistaken", "号码输错了。").await.unwrap();
    let all = open(&city).await;
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].origin, all[0].state), (Origin::Inquiry, State::Answered));
    let lead = city.staff(Role::OfficeLead);
    let file = supervision::one(cx, &lead, all[0].id).await.unwrap();
    assert_eq!(file.steps[0].words, "号码输错了。");
    let new = finding(Finding::Wrongful, &[seq]);
    supervision::find(cx, &lead, all[0].id, &new).await.unwrap();
    let texts = my::notices(cx, &liu).await.unwrap();
    assert!(texts.iter().any(|one| one.text == "look-wrongful"));
}

/// Looks of the office are explained by the office, and judged by the auditor or another lead.
#[rstest]
#[tokio::test]
async fn i15_the_office_does_not_judge_its_own_looks_alone(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let liu = city.opens_account(LIU).await;
    let visit = usecases::counter::Visit {
        id_kind: "01".to_owned(),
        id_number: LIU.0.into(),
        name: LIU.1.into(),
        matter: "窗口〔2026〕17号".to_owned(),
    };
    let clerk = city.staff(Role::OfficeClerk);
    usecases::counter::find(cx, &clerk, &visit).await.unwrap();
    let seen = my::looks(cx, &liu, u64::MAX, 5).await.unwrap().looks;
    let seq = seen.iter().find(|look| look.door == "counter").unwrap().seq;
    let asked = inquiry::ask(cx, &liu, seq, "我没有到过窗口。").await.unwrap();
    let second = city.staff(Role::OfficeClerk);
    inquiry::answer(cx, &second, asked.id, "mistaken", "查错了人。").await.unwrap();
    let id = open(&city).await[0].id;
    let own = Actor { role: Role::OfficeLead, ..clerk };
    let judged = supervision::find(cx, &own, id, &finding(Finding::InOrder, &[])).await;
    assert!(matches!(judged, Err(Error::Mistakes(_))), "who looked: {judged:?}");
    let own = Actor { role: Role::OfficeLead, ..second };
    let judged = supervision::find(cx, &own, id, &finding(Finding::InOrder, &[])).await;
    assert!(matches!(judged, Err(Error::NotSecond(_))), "i12, who answered: {judged:?}");
    let auditor = city.staff(Role::Auditor);
    let found = supervision::find(cx, &auditor, id, &finding(Finding::Wrongful, &[seq])).await;
    assert_eq!(found.unwrap().state, State::Closed);
    let notices = my::notices(cx, &liu).await.unwrap();
    assert!(notices.iter().any(|one| one.text == "look-wrongful-office"), "not as its own judge");
}

#[rstest]
#[tokio::test]
async fn every_body_shows_some_of_its_looks_of_each_month(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    looks(&city, &city.clerk(MARKET), 3).await;
    let ask = city.ask(ZHOU, "tax-supervision");
    usecases::check::one(cx, &city.clerk(TAX), &ask).await.unwrap();
    assert_eq!(supervise(cx).await.unwrap(), 0, "the month is not over");
    // Nobody ran it for two months.
    city.stands_on("2027-01-15");
    assert_eq!(supervise(cx).await.unwrap(), 2);
    assert_eq!(supervise(cx).await.unwrap(), 0);
    let drawn = open(&city).await;
    let mut bodies: Vec<_> = drawn.iter().map(|case| case.agency).collect();
    bodies.sort_unstable();
    assert_eq!(bodies, [MARKET, TAX].map(|code| Uscc::parse(code).unwrap()));
    assert!(drawn.iter().all(|case| case.origin == Origin::Sample && case.looks == 1));
    let asks = city.staff(Role::OfficeClerk);
    assert_eq!(supervision::ask_samples(cx, &asks).await.unwrap(), 2);
    assert_eq!(supervision::ask_samples(cx, &asks).await.unwrap(), 0);
    assert_eq!(supervision::desk(cx, &lead_of(&city, TAX)).await.unwrap().len(), 1);
}

#[rstest]
#[tokio::test]
async fn days_on_which_nobody_ran_it_are_caught_up(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    supervise(&city.cx).await.unwrap();
    a_night(&city).await;
    city.stands_on("2026-12-07");
    assert_eq!(supervise(&city.cx).await.unwrap(), 3, "two patterns and a sample");
    assert_eq!(burst(&city).await.looks, 16);
}

#[rstest]
#[tokio::test]
async fn a_month_counts_and_names_nobody_and_hides_what_is_small(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    a_night(&city).await;
    let cx = &city.cx;
    supervise(cx).await.unwrap();
    let lead = city.staff(Role::OfficeLead);
    let month = supervision::month(cx, &lead, "2026-11").await.unwrap();
    assert!(!month.is_over);
    assert_eq!((month.agencies.len(), month.agencies[0].number), (1, None), "one person");
    let of = |rule| month.rules.iter().find(|one| one.rule == rule).unwrap().found;
    assert_eq!((of(Rule::Burst), of(Rule::OutOfHours), of(Rule::OneMatter)), (1, 1, 0));
    assert_eq!((month.open, month.overdue), (2, 0));
    for text in ["2026-12", "2026-13", "11", "2026", "2026-10-05T00:00", "2026-1", "+026-10"] {
        let refused = supervision::month(cx, &lead, text).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{text}");
    }
    let last = supervision::month(cx, &lead, "").await.unwrap();
    assert_eq!((last.month.to_string(), last.agencies.len()), ("2026-10-01".to_owned(), 0));
    let foreign = supervision::month(cx, &lead_of(&city, MARKET), "2026-11").await;
    assert!(matches!(foreign, Err(Error::Denied(_))), "{foreign:?}");
}

/// More looks than a page lists: all of them can be found wrongful, and everybody in them is told, whatever is cut off.
#[rstest]
#[tokio::test]
async fn nobody_in_a_case_of_very_many_looks_is_left_untold(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let (liu, zhou) = (city.opens_account(LIU).await, city.opens_account(ZHOU).await);
    city.stands_on("2026-11-26");
    city.passes(SignedDuration::from_hours(-10));
    let clerk = city.clerk(MARKET);
    let listed = usize::try_from(LISTED).unwrap();
    looks(&city, &clerk, listed).await;
    // The last of them, behind all that a page lists, is at somebody else.
    let last = city.ask(ZHOU, "food-licence-review");
    usecases::check::one(cx, &clerk, &last).await.unwrap();
    city.stands_on("2026-11-27");
    supervise(cx).await.unwrap();
    let found = burst(&city).await;
    assert_eq!((found.looks, found.persons), (u64::from(LISTED) + 1, 2));
    explained(&city, &found).await;
    let lead = city.staff(Role::OfficeLead);
    let himself = Actor { person: zhou.person, ..lead.clone() };
    let own = supervision::one(cx, &himself, found.id).await;
    assert!(matches!(own, Err(Error::Denied(_))), "i15, behind what is listed: {:?}", own.err());
    let file = supervision::one(cx, &lead, found.id).await.unwrap();
    assert_eq!(file.looks.len(), listed);
    let all = NewFinding { is_all: true, ..finding(Finding::Wrongful, &[]) };
    supervision::find(cx, &lead, found.id, &all).await.unwrap();
    assert_eq!((told(&city, &liu).await, told(&city, &zhou).await), (1, 1));
    let seen = my::looks(cx, &zhou, u64::MAX, 50).await.unwrap().looks;
    assert_eq!(seen.iter().filter(|look| look.wrongful.is_some()).count(), 1);
    for who in [&liu, &zhou] {
        let notices = my::notices(cx, who).await.unwrap();
        let notice = notices.iter().find(|one| one.text == "look-wrongful").unwrap();
        my::notice(cx, who, notice.id).await.unwrap();
    }
    assert_eq!(supervision::tell_waiting(cx).await.unwrap(), 0, "nobody twice");

    // The process ended before anybody was told: the job goes on, in two processes once.
    city.tampers("DELETE FROM notice WHERE look IS NOT NULL").await;
    city.tampers("UPDATE supervision_look SET told = NULL").await;
    let beside = city.beside();
    let (one, two) =
        tokio::join!(supervision::tell_waiting(cx), supervision::tell_waiting(&beside));
    assert_eq!(one.unwrap() + two.unwrap(), 2);
    assert_eq!((told(&city, &liu).await, told(&city, &zhou).await), (1, 1));
}

/// One night is two cases about the same looks: each shows the other, and the person is told of a look once.
#[rstest]
#[tokio::test]
async fn a_look_in_two_cases_is_told_once(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let (liu, _) = a_night(&city).await;
    let cx = &city.cx;
    supervise(cx).await.unwrap();
    let lead = city.staff(Role::OfficeLead);
    let (night, burst) =
        (case_of(&city, Rule::OutOfHours).await, case_of(&city, Rule::Burst).await);
    explained(&city, &night).await;
    explained(&city, &burst).await;
    let file = supervision::one(cx, &lead, night.id).await.unwrap();
    assert_eq!(file.beside.iter().map(|case| case.id).collect::<Vec<_>>(), [burst.id]);
    let all: Vec<u64> = file.looks.iter().map(|look| look.seq).collect();
    let new = finding(Finding::Wrongful, &all[..2]);
    supervision::find(cx, &lead, night.id, &new).await.unwrap();
    assert_eq!(told(&city, &liu).await, 1);
    supervision::find(cx, &lead, burst.id, &new).await.unwrap();
    assert_eq!(told(&city, &liu).await, 1, "of the same looks nothing new");
    assert_eq!(supervision::tell_waiting(cx).await.unwrap(), 0);
    let notices = my::notices(cx, &liu).await.unwrap();
    let notice = notices.iter().find(|one| one.text == "look-wrongful").unwrap();
    let opened = my::notice(cx, &liu, notice.id).await.unwrap();
    let my::Subject::Looks(about) = &opened.facts().subject else { unreachable!() };
    assert_eq!(about.iter().map(|look| look.seq).collect::<Vec<_>>(), all[..2]);
    assert_eq!(about[0].wrongful.as_ref().unwrap().number, night.number);
}

/// What a body has written to the person is no secret in the house, but whoever reads it is in his log; numbers are gone.
#[rstest]
#[tokio::test]
async fn words_that_were_written_to_the_person_are_masked_and_their_reading_is_logged(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let liu = city.opens_account(LIU).await;
    looks(&city, &city.clerk(MARKET), 1).await;
    let seq = my::looks(cx, &liu, u64::MAX, 5).await.unwrap().looks[0].seq;
    let asked = inquiry::ask(cx, &liu, seq, "我没有办过这件事。").await.unwrap();
    let words = format!("您好，您的号码 {} 输错了。", LIU.0);
    inquiry::answer(cx, &city.clerk(MARKET), asked.id, "mistaken", &words).await.unwrap();
    let case = open(&city).await.pop().unwrap();
    let lead = city.staff(Role::OfficeLead);
    let file = supervision::one(cx, &lead, case.id).await.unwrap();
    assert!(file.is_logged && !file.steps[0].words.contains(LIU.0), "{}", file.steps[0].words);
    assert!(file.steps[0].words.contains("输错了"), "{}", file.steps[0].words);
    let seen = my::looks(cx, &liu, u64::MAX, 50).await.unwrap().looks;
    assert!(seen.iter().any(|look| look.door == "supervision" && look.matter == case.number));
    let mut named = finding(Finding::Wrongful, &[seq]);
    named.words = format!("{} 没有办过。", LIU.0);
    let named = supervision::find(cx, &lead, case.id, &named).await;
    let Err(Error::Mistakes(mistakes)) = named else { panic!("{named:?}") };
    assert_eq!(mistakes[0].code, "words-personal");
}

/// However many wait, what is found and admitted stands in a list of its own, and everything drawn is asked about.
#[rstest]
#[tokio::test]
async fn many_open_cases_hide_neither_what_is_found_nor_samples(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    a_night(&city).await;
    let cx = &city.cx;
    supervise(cx).await.unwrap();
    let wait = |n: u32, origin: Origin| Supervision {
        id: register::SupervisionId(uuid::Uuid::from_u128(u128::from(n) + 1)),
        number: format!("JD-{n}"),
        key: format!("test:{n}"),
        origin,
        rule: None,
        agency: Uscc::parse(MARKET).unwrap(),
        account: None,
        from: cx.now(),
        to: cx.now(),
        looks: 0,
        persons: 0,
        found_at: cx.now() - SignedDuration::from_hours(1_000),
        state: State::Found,
        asked: None,
        answered: None,
        closed: None,
    };
    let tx = cx.store.begin().await.unwrap();
    for n in 0..520 {
        let case = wait(n, Origin::Sample);
        assert!(store::supervision::add(&tx, &case, &[]).await.unwrap());
    }
    tx.commit().await.unwrap();
    let auditor = city.staff(Role::Auditor);
    let lists = supervision::lists(cx, &auditor).await.unwrap();
    let number = |pile| lists.iter().find(|one| one.pile == pile).unwrap().in_all;
    assert_eq!((number(Pile::Patterns), number(Pile::Samples)), (2, 520));
    let second = supervision::list(cx, &auditor, Pile::Samples, 2).await.unwrap();
    let first = &lists.iter().find(|one| one.pile == Pile::Samples).unwrap().cases;
    assert_eq!((second.skipped, second.cases.len()), (50, first.len()));
    assert!(second.cases.iter().all(|case| first.iter().all(|one| one.id != case.id)));
    let asks = city.staff(Role::OfficeClerk);
    assert_eq!(supervision::ask_samples(cx, &asks).await.unwrap(), 520);
    assert_eq!(supervision::ask_samples(cx, &asks).await.unwrap(), 0);
}
