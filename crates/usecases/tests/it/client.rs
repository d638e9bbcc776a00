//! Systems: what a secret and a token open, for what, until when, and how one is replaced.

use jiff::SignedDuration;
use register::client::{Scope, Validity};
use register::{PersonId, Role, Uscc};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TAX};
use usecases::account;
use usecases::client::{self, Days, Issued, NewClient};
use usecases::jobs::{self, What};
use usecases::{Actor, Cx, Error};

fn scope(words: &str) -> Scope {
    Scope::parse(words).unwrap()
}

fn machine(login: &str, scope: Scope) -> NewClient {
    let agency = Uscc::parse(MARKET).unwrap();
    NewClient { login: login.to_owned(), role: Role::System, agency, scope, valid_days: None }
}

async fn lets_in(city: &City, login: &str, scope: Scope) -> Issued {
    client::open(&city.cx, &testkit::lead(), machine(login, scope)).await.unwrap()
}

/// Whom a token lets in, if it was ever right.
async fn comes(cx: &Cx, token: &str) -> Result<Option<Actor>, Error> {
    account::by_token(cx, token).await
}

async fn is_open(cx: &Cx, token: &str) -> bool {
    matches!(comes(cx, token).await, Ok(Some(_)))
}

/// Why looks at a person were refused, as the log has it.
async fn reasons(city: &City, person: PersonId) -> Vec<String> {
    let (cx, log) = (&city.cx, city.cx.log.name());
    let (db, whom) = (cx.store.read(), [person]);
    let refused = store::access_entry::of_person(db, log, &whom, "refused", u64::MAX, 10);
    let mut reasons = Vec::new();
    for entry in refused.await.unwrap() {
        let row = [log.as_bytes(), entry.seq.to_be_bytes().as_slice()].concat();
        let place = vault::Place { table: "access_entry", column: "detail", row: &row };
        let detail = cx.vault.open(place, &entry.detail).unwrap();
        let detail: serde_json::Value = serde_json::from_slice(&detail).unwrap();
        reasons.push(detail["reason"].as_str().unwrap().to_owned());
    }
    reasons
}

const DAY: i64 = 24;

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(days * DAY)
}

#[rstest]
#[tokio::test]
async fn a_machine_looks_and_sends_only_what_it_was_let_in_for(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let issued = lets_in(&city, "narrow", scope("purpose:licence-review item:NP03")).await;
    let actor = comes(&city.cx, &issued.secret).await.unwrap().unwrap();
    let look = async |purpose| {
        usecases::check::one(&city.cx, &actor, &city.ask(LIU, purpose)).await.map(|_| ())
    };
    look("licence-review").await.unwrap();
    let refused = look("food-licence-review").await;
    assert!(matches!(refused, Err(Error::OutsideScope)), "{refused:?}");

    let asks = [city.ask(LIU, "licence-review"), city.ask(LIU, "food-licence-review")];
    let many = usecases::check::many(&city.cx, &actor, &asks).await.unwrap();
    assert!(many[0].is_ok());
    assert!(matches!(many[1], Err(Error::OutsideScope)));

    // The person is told that there were two, and the log says why they were refused.
    let looks = usecases::my::looks(&city.cx, &liu, u64::MAX, 10).await.unwrap();
    assert_eq!(looks.refused, 2);
    assert_eq!(reasons(&city, liu.person.unwrap()).await, ["outside-scope", "outside-scope"]);

    let row = city.row(LIU, "2026-07-03", "");
    let sent = city.sends(&actor, "NP04-MR", &[row]).await;
    assert!(matches!(sent, Err(Error::OutsideScope)), "{:?}", sent.map(|batch| batch.id));
    // Without a scope its body's items are all there.
    let whole = lets_in(&city, "whole", Scope::default()).await;
    let whole = comes(&city.cx, &whole.secret).await.unwrap().unwrap();
    assert_eq!(whole.scope, None);
    city.sends(&whole, "NP04-MR", &[city.row(LIU, "2026-07-03", "")]).await.unwrap();
    // What its body may not do at all is no matter of scope.
    let tax = usecases::check::one(&city.cx, &whole, &city.ask(LIU, "tax-supervision")).await;
    assert!(matches!(tax, Err(Error::Denied(_))), "{tax:?}");
}

#[rstest]
#[tokio::test]
async fn nobody_is_let_in_for_more_than_his_body_may(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    for (words, field) in [("purpose:tax-supervision", "purpose"), ("item:NP04-TX", "item")] {
        let refused = client::open(&city.cx, &testkit::lead(), machine("a", scope(words))).await;
        let Err(Error::Mistakes(mistakes)) = refused else { panic!("{words} was taken") };
        assert_eq!(mistakes.iter().map(|one| one.field).collect::<Vec<_>>(), [field]);
    }
    for valid in [0, -1, 366, i64::MAX] {
        let new = NewClient { valid_days: Some(valid), ..machine("a", Scope::default()) };
        let refused = client::open(&city.cx, &testkit::lead(), new).await;
        assert!(matches!(refused, Err(Error::Mistakes(_))), "{valid} days");
    }
    let person = NewClient { role: Role::AgencyClerk, ..machine("a", Scope::default()) };
    let refused = client::open(&city.cx, &testkit::lead(), person).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    lets_in(&city, "a", Scope::default()).await;
    let again = client::open(&city.cx, &testkit::lead(), machine("a", Scope::default())).await;
    assert!(matches!(again, Err(Error::LoginTaken)));
    // Accounts are the lead's.
    let clerk = city.staff(Role::OfficeClerk);
    let denied = client::open(&city.cx, &clerk, machine("b", Scope::default())).await;
    assert!(matches!(denied, Err(Error::Denied(_))));
    let denied = client::rotate(&city.cx, &clerk, "a", Days::default()).await;
    assert!(matches!(denied, Err(Error::Denied(_))));
}

#[rstest]
#[tokio::test]
async fn a_token_is_for_less_never_for_more_and_for_minutes(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let words = "purpose:licence-review purpose:food-licence-review item:NP03";
    let issued = lets_in(&city, "system", scope(words)).await;
    let ask = async |words: Option<&str>| {
        let asked = words.map(scope);
        client::token(&city.cx, "system", &issued.secret, asked.as_ref()).await
    };
    let whole = ask(None).await.unwrap();
    assert_eq!(whole.scope, scope(words));
    let narrow = ask(Some("purpose:licence-review")).await.unwrap();
    assert_eq!(narrow.scope.words(), "purpose:licence-review");
    assert_eq!(narrow.seconds, 15 * 60);
    let actor = comes(&city.cx, &narrow.token).await.unwrap().unwrap();
    assert_eq!(actor.login, "system");
    let held = actor.scope.as_deref().unwrap();
    assert_eq!(held, &scope("purpose:licence-review"), "no item, because none was asked for");
    for more in ["purpose:procurement-review", "item:NP03 item:NP04-MR", "purpose:nothing"] {
        let refused = ask(Some(more)).await;
        assert!(matches!(refused, Err(Error::OutsideScope)), "{more}");
    }
    // A token gives no other token.
    let again = client::token(&city.cx, "system", &narrow.token, None).await;
    assert!(matches!(again, Err(Error::SignIn)));

    city.passes(SignedDuration::from_mins(14));
    assert!(is_open(&city.cx, &narrow.token).await);
    city.passes(SignedDuration::from_mins(2));
    for _ in 0..2 {
        let late = comes(&city.cx, &narrow.token).await;
        assert!(matches!(late, Err(Error::TokenEnded)), "{late:?}");
    }
    assert!(is_open(&city.cx, &issued.secret).await);
    assert_eq!(jobs::run(&city.cx, What::RemoveTokens).await.unwrap(), 0, "told why for an hour");
    city.passes(SignedDuration::from_hours(2));
    assert_eq!(jobs::run(&city.cx, What::RemoveTokens).await.unwrap(), 2);
    assert!(comes(&city.cx, &narrow.token).await.unwrap().is_none(), "replayed when it is gone");
}

#[rstest]
#[tokio::test]
async fn an_unknown_machine_and_a_wrong_secret_are_one_answer(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let one = lets_in(&city, "one", Scope::default()).await;
    let two = lets_in(&city, "two", Scope::default()).await;
    account::disable(&city.cx, &testkit::lead(), "two").await.unwrap();
    let wrong = format!("cx_{}", "0".repeat(64));
    for (login, secret) in [
        ("nobody", wrong.as_str()),
        ("one", wrong.as_str()),
        ("one", ""),
        ("nobody", one.secret.as_str()),
        ("ONE", one.secret.as_str()),
        ("two", two.secret.as_str()),
        ("one\0", one.secret.as_str()),
    ] {
        let refused = client::token(&city.cx, login, secret, None).await;
        assert!(matches!(refused, Err(Error::SignIn)), "{login:?}: {refused:?}");
    }
}

#[rstest]
#[tokio::test]
async fn a_secret_is_replaced_without_a_stop_and_two_at_most_live(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let rotate = async |keep| {
        let asked = Days { keep: Some(keep), valid: None };
        client::rotate(&city.cx, &testkit::lead(), "system", asked).await
    };
    let first = lets_in(&city, "system", scope("purpose:licence-review")).await;
    let by_first = client::token(&city.cx, "system", &first.secret, None).await.unwrap();
    assert!(is_open(&city.cx, &first.secret).await && is_open(&city.cx, &by_first.token).await);

    let second = rotate(14).await.unwrap();
    for secret in [&first.secret, &second.secret] {
        let actor = comes(&city.cx, secret).await.unwrap().unwrap();
        assert_eq!(actor.scope.as_deref(), Some(&scope("purpose:licence-review")));
    }
    city.passes(days(13));
    assert!(is_open(&city.cx, &first.secret).await);
    // Replaced once more: the first ends now, also for whoever was let in a moment ago.
    let third = rotate(2).await.unwrap();
    let ended = comes(&city.cx, &first.secret).await;
    assert!(matches!(ended, Err(Error::SecretEnded)), "{ended:?}");
    assert!(is_open(&city.cx, &second.secret).await && is_open(&city.cx, &third.secret).await);
    city.passes(days(3));
    assert!(!is_open(&city.cx, &second.secret).await && is_open(&city.cx, &third.secret).await);

    // It got about: nothing that was asked for with it opens anything any more.
    let by_third = client::token(&city.cx, "system", &third.secret, None).await.unwrap();
    assert!(is_open(&city.cx, &by_third.token).await);
    let fourth = rotate(0).await.unwrap();
    let ended = comes(&city.cx, &by_third.token).await;
    assert!(matches!(ended, Err(Error::TokenEnded)), "{ended:?}");
    let late = client::token(&city.cx, "system", &third.secret, None).await;
    assert!(matches!(late, Err(Error::SecretEnded)), "{late:?}");
    assert!(is_open(&city.cx, &fourth.secret).await);

    for wrong in [-1, 15] {
        assert!(matches!(rotate(wrong).await, Err(Error::Mistakes(_))), "{wrong} days");
    }
    account::disable(&city.cx, &testkit::lead(), "system").await.unwrap();
    assert!(matches!(rotate(1).await, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn switching_a_machine_off_ends_all_that_it_has_at_once(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let beside = city.beside();
    let issued = lets_in(&city, "system", Scope::default()).await;
    let given = client::token(&city.cx, "system", &issued.secret, None).await.unwrap();
    for cx in [&city.cx, &beside] {
        assert!(is_open(cx, &issued.secret).await && is_open(cx, &given.token).await);
    }
    account::disable(&city.cx, &testkit::lead(), "system").await.unwrap();
    for token in [&issued.secret, &given.token] {
        assert!(comes(&city.cx, token).await.unwrap().is_none());
    }
    // Another process remembers for a second.
    city.passes(SignedDuration::from_secs(1));
    for token in [&issued.secret, &given.token] {
        assert!(comes(&beside, token).await.unwrap().is_none());
    }
    // What was switched on again behind our back has no secrets.
    city.tampers("UPDATE account SET disabled_at = NULL WHERE login = 'system'").await;
    city.passes(SignedDuration::from_secs(1));
    assert!(matches!(comes(&city.cx, &issued.secret).await, Err(Error::SecretEnded)));
    assert!(comes(&city.cx, &given.token).await.unwrap().is_none());
}

#[rstest]
#[tokio::test]
async fn the_office_sees_use_and_end_and_is_warned_ahead(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let office = city.staff(Role::OfficeClerk);
    let issued = lets_in(&city, "b-system", scope("purpose:licence-review")).await;
    lets_in(&city, "a-unused", Scope::default()).await;
    let tax = NewClient {
        agency: Uscc::parse(TAX).unwrap(),
        valid_days: Some(40),
        ..machine("c-short", Scope::default())
    };
    client::open(&city.cx, &testkit::lead(), tax).await.unwrap();
    let seen = async || client::list(&city.cx, &office).await.unwrap();

    assert!(seen().await.iter().all(|system| system.last_used_at.is_none()));
    assert!(is_open(&city.cx, &issued.secret).await);
    let used = async || {
        let systems = seen().await;
        systems.into_iter().find(|one| one.login == "b-system").unwrap().last_used_at.unwrap()
    };
    let at_first = used().await;
    city.passes(SignedDuration::from_mins(50));
    assert!(is_open(&city.cx, &issued.secret).await);
    assert_eq!(used().await, at_first, "written down at most once an hour");
    city.passes(SignedDuration::from_mins(11));
    client::token(&city.cx, "b-system", &issued.secret, None).await.unwrap();
    assert!(used().await > at_first, "asking for a token is a use");

    city.passes(days(9));
    assert_eq!(client::ending(&city.cx, &office).await.unwrap(), 0);
    city.passes(days(1));
    assert_eq!(client::ending(&city.cx, &office).await.unwrap(), 1);
    let first = seen().await.remove(0);
    assert_eq!((first.login.as_str(), first.validity), ("c-short", Some(Validity::EndsSoon)));
    city.passes(days(30));
    assert_eq!(seen().await.remove(0).validity, Some(Validity::Ended));
    assert_eq!(jobs::run(&city.cx, What::RemoveTokens).await.unwrap(), 1, "the token of above");
    city.passes(days(30));
    assert_eq!(jobs::run(&city.cx, What::RemoveTokens).await.unwrap(), 1, "its secret");
    let first = seen().await.remove(0);
    assert_eq!((first.ends_at, first.validity), (None, Some(Validity::Ended)), "it has none");
    // Rotating lets it in again.
    client::rotate(&city.cx, &testkit::lead(), "c-short", Days::default()).await.unwrap();
    assert_eq!(client::ending(&city.cx, &office).await.unwrap(), 0);
    let denied = client::list(&city.cx, &city.clerk(MARKET)).await;
    assert!(matches!(denied, Err(Error::Denied(_))));
}

#[rstest]
#[tokio::test]
async fn a_machine_does_nothing_beside_that_was_not_named(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    let batch = city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let issued = lets_in(&city, "system", Scope::default()).await;
    let by = async |words: &str| {
        let asked = scope(words);
        let given = client::token(&city.cx, "system", &issued.secret, Some(&asked)).await.unwrap();
        assert_eq!(given.scope.words(), words);
        comes(&city.cx, &given.token).await.unwrap().unwrap()
    };
    let narrow = by("purpose:licence-review item:NP03").await;
    let redeemed = async |actor: &Actor| {
        usecases::mandate::redeem(&city.cx, actor, "2222-2222-2222-2222", "入职 1 号").await
    };
    let refused = redeemed(&narrow).await;
    assert!(matches!(refused, Err(Error::OutsideScope)), "{refused:?}");
    let received = usecases::correction::received(&city.cx, &narrow).await.map(|_| ());
    assert!(matches!(received, Err(Error::OutsideScope)), "{received:?}");
    let none = register::CorrectionId(city.cx.new_id());
    let acknowledged = usecases::correction::acknowledge(&city.cx, &narrow, none).await;
    assert!(matches!(acknowledged, Err(Error::OutsideScope)), "{acknowledged:?}");
    let seen = usecases::batch::see(&city.cx, &narrow, batch.id).await.map(|_| ());
    assert!(matches!(seen, Err(Error::NotFound)), "a file of another item: {seen:?}");
    // What is named it may, and what its body may when nothing was said.
    let named = by("item:NP04-MR mandate corrections").await;
    let whole = comes(&city.cx, &issued.secret).await.unwrap().unwrap();
    for actor in [&named, &whole] {
        let unknown = redeemed(actor).await;
        assert!(matches!(unknown, Err(Error::NotFound)), "no such mandate: {unknown:?}");
        usecases::correction::received(&city.cx, actor).await.unwrap();
        usecases::batch::see(&city.cx, actor, batch.id).await.unwrap();
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_replace_a_secret_at_once_leave_two_at_most(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    lets_in(&city, "system", Scope::default()).await;
    let lead = testkit::lead();
    for _ in 0..5 {
        let rotate = || client::rotate(&city.cx, &lead, "system", Days::default());
        let (one, other) = tokio::join!(rotate(), rotate());
        assert!(one.is_ok() && other.is_ok());
        let systems = client::list(&city.cx, &city.staff(Role::OfficeClerk)).await.unwrap();
        assert_eq!(systems[0].live, 2, "the newest and the one before");
    }
}
