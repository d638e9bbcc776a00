//! The whole identity number: once, with a reason, after proving oneself anew, and the person sees it.

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::SignedDuration;
use register::{Role, Uscc};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TAX, ZHOU};
use usecases::account::tries::{self, Place, Tried};
use usecases::account::{self, NewAccount, Proof};
use usecases::objection::{self, NewObjection};
use usecases::supervision::supervise;
use usecases::whole_number::{Affair, Ask, about, show};
use usecases::{Actor, Error, letter, my};

const PASSWORD: &str = "copper lantern violet 47";
const SECRET: [u8; 20] = *b"a secret of the test";
const REASON: &str = "核对文书原件上的证件号码";

/// Somebody who signs in by password and second factor.
async fn somebody(city: &City, role: Role, agency: Option<&str>) -> Actor {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let new = NewAccount {
        login: format!("somebody-{}", MADE.fetch_add(1, Ordering::SeqCst)),
        role,
        agency: agency.map(|code| Uscc::parse(code).unwrap()),
        person: None,
        password: Some(PASSWORD.to_owned()),
    };
    let (made, _) = account::add(&city.cx, &testkit::lead(), new).await.unwrap();
    account::give_second_factor(&city.cx, made.id, SECRET).await.unwrap();
    made.into()
}

/// His next code: each is good once.
async fn code(city: &City, who: &Actor) -> String {
    loop {
        let code = account::next_code(&city.cx, who.account, SECRET).await.unwrap();
        if let Some(code) = code {
            return code;
        }
        city.passes(SignedDuration::from_secs(30));
    }
}

fn here() -> Place {
    Place::Browser("1".to_owned())
}

fn asks(reason: &str, password: &str, code: &str) -> Ask {
    let proof = Proof { password: password.to_owned().into(), code: code.to_owned().into() };
    Ask { reason: reason.to_owned(), proof }
}

fn codes<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<(&'static str, &'static str)> {
    let Err(Error::Mistakes(mistakes)) = outcome else { panic!("{outcome:?}") };
    mistakes.iter().map(|mistake| (mistake.field, mistake.code)).collect()
}

/// Liu, who objects to a record of the market bureau, and his objection.
async fn objection(city: &City) -> (Actor, register::objection::Objection) {
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let file = my::file(&city.cx, &liu).await.unwrap();
    let record = file.facts().records[0].record.id;
    let new = NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "罚款是 150 元。".to_owned(),
        papers: Vec::new(),
    };
    let opened = objection::open(&city.cx, &liu, liu.person.unwrap(), record, new).await.unwrap();
    (liu, opened)
}

async fn looks(city: &City, who: &Actor) -> Vec<my::MyLook> {
    let all = my::looks(&city.cx, who, u64::MAX, 50).await.unwrap().looks;
    all.into_iter().filter(|look| look.door == "whole-number").collect()
}

#[rstest]
#[tokio::test]
async fn i06_a_whole_number_is_shown_once_with_a_reason_that_the_person_reads(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let (liu, opened) = objection(&city).await;
    let clerk = somebody(&city, Role::AgencyClerk, Some(MARKET)).await;
    let affair = Affair::Objection(opened.id);
    // The page of the case shows its end only.
    let page = objection::desk_one(cx, &clerk, opened.id).await.unwrap();
    assert_eq!(page.facts().number, "**************0011");
    assert_eq!(about(cx, &clerk, affair).await.unwrap(), opened.number);
    assert!(looks(&city, &liu).await.is_empty(), "asking shows nothing");

    let first = code(&city, &clerk).await;
    let bad = show(cx, &clerk, affair, &here(), &asks("看看", PASSWORD, "")).await;
    assert_eq!(codes(bad), [("reason", "reason-short"), ("code", "proof-missing")]);
    let long = show(cx, &clerk, affair, &here(), &asks(&"长".repeat(201), PASSWORD, &first)).await;
    assert_eq!(codes(long), [("reason", "words-long")]);
    let wrong = show(cx, &clerk, affair, &here(), &asks(REASON, "wrong", &first)).await;
    assert_eq!(codes(wrong), [("password", "proof-wrong")]);
    let wrong = show(cx, &clerk, affair, &here(), &asks(REASON, PASSWORD, "000000")).await;
    assert_eq!(codes(wrong), [("password", "proof-wrong")], "without saying which");
    assert!(looks(&city, &liu).await.is_empty());

    // A wrong password has used no code up; a code that was right is used up.
    let reason = format!("{REASON} {}", LIU.0);
    let shown = show(cx, &clerk, affair, &here(), &asks(&reason, PASSWORD, &first)).await.unwrap();
    assert_eq!((shown.facts().document.number(), shown.facts().name.as_str()), LIU);
    assert!(!format!("{shown:?}").contains(LIU.0), "it prints nowhere");
    let again = show(cx, &clerk, affair, &here(), &asks(REASON, PASSWORD, &first)).await;
    assert_eq!(codes(again), [("password", "proof-wrong")]);

    let mine = looks(&city, &liu).await;
    assert_eq!(mine.len(), 1);
    assert_eq!((mine[0].seq, mine[0].agency.as_deref()), (shown.position().seq, Some(MARKET)));
    assert!(mine[0].matter.starts_with(&format!("{}，理由：{REASON}", opened.number)));
    assert!(
        !mine[0].matter.contains(LIU.0),
        "a number has no place in a reason: {}",
        mine[0].matter
    );
    my::proof(cx, &liu, mine[0].seq).await.unwrap();

    // No answer without the log.
    let next = code(&city, &clerk).await;
    city.loses_its_log();
    let lost = show(cx, &clerk, affair, &here(), &asks(REASON, PASSWORD, &next)).await;
    assert!(matches!(lost, Err(Error::Log)), "{lost:?}");
}

#[rstest]
#[tokio::test]
async fn i15_a_whole_number_is_for_whoever_handles_the_case_while_it_is_open(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let (liu, opened) = objection(&city).await;
    let affair = Affair::Objection(opened.id);
    let clerk = somebody(&city, Role::AgencyClerk, Some(MARKET)).await;
    let other = somebody(&city, Role::AgencyClerk, Some(TAX)).await;
    let not_his = about(cx, &other, affair).await;
    assert!(matches!(not_his, Err(Error::NotFound)), "{not_his:?}");
    for role in [Role::Auditor, Role::Operator, Role::OfficeLead, Role::Citizen] {
        let denied = about(cx, &city.staff(role), affair).await;
        assert!(matches!(denied, Err(Error::Denied(_) | Error::NotFound)), "{role:?} {denied:?}");
    }
    for role in [Role::System, Role::Institution] {
        let machine = Actor { role, ..clerk.clone() };
        let denied = about(cx, &machine, affair).await;
        assert!(matches!(denied, Err(Error::Denied(_))), "{role:?} {denied:?}");
    }
    let himself = Actor { person: liu.person, ..clerk.clone() };
    let denied = about(cx, &himself, affair).await;
    assert!(matches!(denied, Err(Error::Denied(_))), "{denied:?}");
    about(cx, &clerk, affair).await.unwrap();
    objection::withdraw(cx, &liu, liu.person.unwrap(), opened.id).await.unwrap();
    let code = code(&city, &clerk).await;
    let over = show(cx, &clerk, affair, &here(), &asks(REASON, PASSWORD, &code)).await;
    assert!(matches!(over, Err(Error::NotNow(_))), "{over:?}");
}

#[rstest]
#[tokio::test]
async fn the_office_sees_it_for_a_letter_that_it_writes(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let rows = [city.row(ZHOU, "2026-11-02", "")];
    city.sends(&city.clerk(MARKET), "NP04-MR", &rows).await.unwrap();
    let office = somebody(&city, Role::OfficeClerk, None).await;
    let waiting = letter::waiting(cx, &office).await.unwrap();
    let person = waiting[0].person;
    let opened = letter::open(cx, &office, person).await.unwrap();
    let first = opened.facts().notices[0].notice.id;
    let code_now = code(&city, &office).await;
    let of_another = Affair::Letter(person, register::NoticeId(cx.new_id()));
    let refused = about(cx, &office, of_another).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    let affair = Affair::Letter(person, first);
    let auditor = about(cx, &city.staff(Role::Auditor), affair).await;
    assert!(matches!(auditor, Err(Error::Denied(_))), "{auditor:?}");
    let ask = asks("向报送单位问送达地址", PASSWORD, &code_now);
    let shown = show(cx, &office, affair, &here(), &ask).await.unwrap();
    assert_eq!(shown.facts().document.number(), ZHOU.0);
    // He reads it when he comes.
    let zhou = city.opens_account(ZHOU).await;
    let mine = looks(&city, &zhou).await;
    assert_eq!((mine.len(), mine[0].agency.as_deref()), (1, None));
    assert!(mine[0].matter.contains("向报送单位问送达地址"), "{}", mine[0].matter);
}

#[rstest]
#[tokio::test]
async fn wrong_proofs_count_together_with_those_at_signing_in(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let (_, opened) = objection(&city).await;
    let clerk = somebody(&city, Role::AgencyClerk, Some(MARKET)).await;
    let affair = Affair::Objection(opened.id);
    for _ in 0..3 {
        let wrong = show(cx, &clerk, affair, &here(), &asks(REASON, "wrong", "000000")).await;
        assert_eq!(codes(wrong), [("password", "proof-wrong")]);
    }
    for _ in 0..2 {
        drop(tries::begin(cx, Tried::Password, &clerk.login, &here()).await.unwrap());
    }
    let right = asks(REASON, PASSWORD, &code(&city, &clerk).await);
    let waits = show(cx, &clerk, affair, &here(), &right).await;
    assert!(matches!(waits, Err(Error::Wait { .. })), "{waits:?}");
    let at_the_door = tries::begin(cx, Tried::Password, &clerk.login, &here()).await;
    assert!(matches!(at_the_door, Err(Error::Wait { .. })));
    city.passes(SignedDuration::from_secs(5));
    let right = asks(REASON, PASSWORD, &code(&city, &clerk).await);
    show(cx, &clerk, affair, &here(), &right).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn looks_at_whole_numbers_are_drawn_for_supervision(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let (_, opened) = objection(&city).await;
    let clerk = somebody(&city, Role::AgencyClerk, Some(MARKET)).await;
    let right = asks(REASON, PASSWORD, &code(&city, &clerk).await);
    show(cx, &clerk, Affair::Objection(opened.id), &here(), &right).await.unwrap();
    city.stands_on("2026-12-02");
    supervise(cx).await.unwrap();
    let auditor = city.staff(Role::Auditor);
    let pile = register::supervision::Pile::Samples;
    let open = usecases::supervision::list(cx, &auditor, pile, 1).await.unwrap().cases;
    let drawn = open.iter().find(|case| case.account == Some(clerk.account)).unwrap();
    let file = usecases::supervision::one(cx, &auditor, drawn.id).await.unwrap();
    assert_eq!(file.looks[0].door, "whole-number");
    assert!(file.looks[0].matter.contains(REASON), "{}", file.looks[0].matter);
}
