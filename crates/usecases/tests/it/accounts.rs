//! Accounts and sessions: when they open something, and when no longer.

use jiff::SignedDuration;
use register::Role;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET};
use usecases::account::{self, NewAccount, Secret};
use usecases::jobs::{self, What};
use usecases::{Error, record};

const PASSWORD: &str = "a password that is long";

async fn clerk(city: &City, role: Role, login: &str) -> Secret {
    let new = NewAccount {
        login: login.to_owned(),
        role,
        agency: Some(register::Uscc::parse(MARKET).unwrap()),
        person: None,
        password: Some(PASSWORD.to_owned()),
    };
    account::add(&city.cx, &account::operator(None), new).await.unwrap().1
}

#[rstest]
#[tokio::test]
async fn a_session_ends_by_itself(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    clerk(&city, Role::AgencyClerk, "clerk").await;
    let is_open = async |token: &str| account::by_session(&city.cx, token).await.unwrap().is_some();

    let (_, left_alone) = account::sign_in(&city.cx, "clerk", PASSWORD).await.unwrap();
    city.passes(SignedDuration::from_mins(59));
    assert!(is_open(&left_alone).await);
    city.passes(SignedDuration::from_mins(59));
    assert!(is_open(&left_alone).await, "it was used meanwhile");
    city.passes(SignedDuration::from_mins(61));
    assert!(!is_open(&left_alone).await, "an hour unused");

    let (_, used) = account::sign_in(&city.cx, "clerk", PASSWORD).await.unwrap();
    for _ in 0..9 {
        city.passes(SignedDuration::from_mins(50));
        assert!(is_open(&used).await);
    }
    city.passes(SignedDuration::from_mins(31));
    assert!(!is_open(&used).await, "eight hours, whatever happens");
    assert_eq!(jobs::run(&city.cx, What::RemoveSessions).await.unwrap(), 2);
    assert_eq!(jobs::run(&city.cx, What::RemoveSessions).await.unwrap(), 0);

    let (_, ended) = account::sign_in(&city.cx, "clerk", PASSWORD).await.unwrap();
    account::sign_out(&city.cx, &ended).await.unwrap();
    assert!(!is_open(&ended).await);
}

#[rstest]
#[tokio::test]
async fn an_account_that_is_switched_off_opens_nothing(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    clerk(&city, Role::AgencyClerk, "clerk").await;
    let Secret::Token(token) = clerk(&city, Role::System, "system").await else { unreachable!() };
    let (_, session) = account::sign_in(&city.cx, "clerk", PASSWORD).await.unwrap();
    assert!(account::by_session(&city.cx, &session).await.unwrap().is_some());
    assert!(account::by_token(&city.cx, &token).await.unwrap().is_some());

    let operator = account::operator(None);
    for login in ["clerk", "system"] {
        account::disable(&city.cx, &operator, login).await.unwrap();
        let twice = account::disable(&city.cx, &operator, login).await;
        assert!(matches!(twice, Err(Error::NotFound)), "{twice:?}");
    }
    assert!(account::by_session(&city.cx, &session).await.unwrap().is_none());
    assert!(account::by_token(&city.cx, &token).await.unwrap().is_none());
    for (login, password) in
        [("clerk", PASSWORD), ("clerk", "wrong"), ("nobody", PASSWORD), ("a\0b", PASSWORD)]
    {
        let refused = account::sign_in(&city.cx, login, password).await;
        assert!(matches!(refused, Err(Error::SignIn)), "{login:?}");
    }
}

#[rstest]
#[tokio::test]
async fn an_inbox_that_is_switched_off_tells_nobody(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    account::disable(&city.cx, &account::operator(None), &liu.login).await.unwrap();
    let row = city.row(LIU, "2026-07-03", "");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    city.stands_on("2026-12-20");
    assert_eq!(city.sees(LIU).await, 0, "nobody could tell him");

    city.opens_account(LIU).await;
    assert_eq!(city.sees(LIU).await, 0, "he was told today");
    city.stands_on("2026-12-31");
    assert_eq!(city.sees(LIU).await, 1);
}

#[rstest]
#[tokio::test]
async fn a_notice_that_missed_the_inbox_is_delivered_all_the_same(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(false, true)] by_opening_it: bool,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    // On PostgreSQL the account may be opened just between the rows of a chunk and its end.
    city.tampers("UPDATE notice SET delivered_at = NULL").await;
    city.tampers("DELETE FROM record_event WHERE kind = 'told'").await;
    city.stands_on("2026-12-20");
    assert_eq!(city.sees(LIU).await, 0);

    if by_opening_it {
        let notice = usecases::my::notices(&city.cx, &liu).await.unwrap().remove(0);
        usecases::my::notice(&city.cx, &liu, notice.id).await.unwrap();
        assert_eq!(jobs::run(&city.cx, What::DeliverNotices).await.unwrap(), 0);
    } else {
        assert_eq!(jobs::run(&city.cx, What::DeliverNotices).await.unwrap(), 1);
        assert_eq!(jobs::run(&city.cx, What::DeliverNotices).await.unwrap(), 0);
    }
    assert_eq!(city.sees(LIU).await, 0, "the quiet period has begun");
    city.stands_on("2026-12-31");
    assert_eq!(city.sees(LIU).await, 1);
}

/// A batch is about to commit the person whose account is being opened.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_opened_while_its_person_enters_is_his(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    for table in ["person_key", "person"] {
        city.tampers(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        city.tampers(&format!("DELETE FROM {table}")).await;
    }
    let entering = city
        .begins_to(&[
            "INSERT INTO person_key SELECT * FROM kept_person_key",
            "INSERT INTO person SELECT * FROM kept_person",
        ])
        .await;
    let (liu, ()) = tokio::join!(city.opens_account(LIU), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        entering.commit().await.unwrap();
    });
    let mine = usecases::my::file(&city.cx, &liu).await.unwrap();
    assert_eq!(mine.facts().records.len(), 1, "his file is not empty");
}

#[rstest]
#[tokio::test]
async fn what_the_counter_looks_up_is_logged_and_signed_for(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    let number = row.split(',').nth(2).unwrap().to_owned();
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let document =
        register::IdDocument::parse(register::IdKind::Citizen, LIU.0, city.cx.today()).unwrap();
    let noted = async |actor: &usecases::Actor, number: &str, what| {
        record::change_by_number(&city.cx, actor, &document, number, what).await
    };
    let denied = noted(&city.staff(Role::Auditor), &number, record::Change::Contest).await;
    assert!(matches!(denied, Err(Error::Denied(_))));
    let office = city.staff(Role::OfficeClerk);
    assert_eq!(noted(&office, &number, record::Change::Contest).await.unwrap(), 1);
    // A body that did not supply it is told no more than one that asks about nothing.
    let other = city.clerk(testkit::TAX);
    for number in [number.as_str(), "示税罚〔2026〕404号"] {
        let refused = noted(&other, number, record::Change::Withdraw).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    }
    let looks = usecases::my::looks(&city.cx, &liu, u64::MAX, 10).await.unwrap().looks;
    assert_eq!(looks.len(), 3, "the refused one was not a look: nothing was opened");
    assert_eq!(looks[2].records.len(), 1);
    assert!(looks.iter().all(|look| !look.is_own));
    let mine = usecases::my::file(&city.cx, &liu).await.unwrap();
    let record = mine.facts().records[0].record.id;
    let stored = store::record::of_person(city.cx.store.read(), liu.person.unwrap()).await.unwrap();
    let contested = stored[0].events.last().unwrap();
    assert_eq!((stored[0].id, contested.by), (record, Some(office.account)));
}

#[rstest]
#[tokio::test]
async fn i15_a_clerk_cannot_look_himself_up(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let document =
        register::IdDocument::parse(register::IdKind::Citizen, LIU.0, city.cx.today()).unwrap();
    let new = NewAccount {
        login: "clerk".to_owned(),
        role: Role::AgencyClerk,
        agency: Some(register::Uscc::parse(MARKET).unwrap()),
        person: Some((document, register::PersonName::parse(LIU.1).unwrap())),
        password: Some(PASSWORD.to_owned()),
    };
    let (clerk, _) = account::add(&city.cx, &account::operator(None), new).await.unwrap();
    let clerk = usecases::Actor::from(clerk);
    let look = async |who| {
        usecases::check::one(&city.cx, &clerk, &city.ask(who, "food-licence-review")).await
    };
    let refused = look(LIU).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    look(testkit::ZHOU).await.unwrap();
    city.stands_on("2026-12-20");
    assert_eq!(city.sees(LIU).await, 0, "an account for work is no inbox: nobody has told him");
}
