//! Supervision of look-ups: found once, asked, explained by another, found out by a third, and told to the person.

use jiff::SignedDuration;
use register::supervision::{Finding, Origin, Rule, State, Supervision};
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
    supervision::list(&city.cx, &auditor).await.unwrap().0
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
    let (open, closed) = supervision::list(cx, &lead).await.unwrap();
    assert!(open.is_empty() && closed.is_empty());
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
    for text in ["2026-12", "2026-13", "11", "2026"] {
        let refused = supervision::month(cx, &lead, text).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{text}");
    }
    let last = supervision::month(cx, &lead, "").await.unwrap();
    assert_eq!((last.month.to_string(), last.agencies.len()), ("2026-10-01".to_owned(), 0));
    let foreign = supervision::month(cx, &lead_of(&city, MARKET), "2026-11").await;
    assert!(matches!(foreign, Err(Error::Denied(_))), "{foreign:?}");
}
