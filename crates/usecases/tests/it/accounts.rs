//! Accounts and sessions: when they open something, and when no longer.

use jiff::SignedDuration;
use register::Role;
use register::sign_in::Stage;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET};
use usecases::account::{self, NewAccount, NewPassword, NewRequest, Secret};
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

const SECOND_FACTOR: [u8; 20] = *b"a secret of the test";

/// Signs in by password and second factor; gives the session's token.
async fn signs_in(city: &City, login: &str) -> String {
    let cx = &city.cx;
    let account = store::account::by_login(cx.store.read(), login).await.unwrap().unwrap().account;
    account::give_second_factor(cx, account.id, SECOND_FACTOR).await.unwrap();
    let (midway, token) = account::sign_in(cx, login, PASSWORD, "Firefox").await.unwrap();
    assert_eq!(midway.stage, Stage::Second);
    let code = account::next_code(cx, account.id, SECOND_FACTOR).await.unwrap().unwrap();
    let (signed_in, token) = account::pass(cx, &token, &code).await.unwrap();
    assert_eq!(signed_in.stage, Stage::In);
    token.to_string()
}

fn codes(error: Error) -> Vec<&'static str> {
    let Error::Mistakes(mistakes) = error else { panic!("{error:?}") };
    mistakes.iter().map(|mistake| mistake.code).collect()
}

#[rstest]
#[tokio::test]
async fn at_work_one_comes_in_by_two_factors_each_code_good_once(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    clerk(&city, Role::AgencyClerk, "clerk").await;
    // The first time one is set up; its secret is not kept before its code was right.
    let (midway, first) = account::sign_in(cx, "clerk", PASSWORD, "").await.unwrap();
    assert_eq!(midway.stage, Stage::Enrol);
    let setup = account::set_up(cx, &midway.actor).unwrap();
    let wrong = account::enrol(cx, &first, &setup.sealed, "000000").await.map(|_| ());
    assert_eq!(codes(wrong.unwrap_err()), ["code-wrong"]);
    let other =
        usecases::Actor { account: register::AccountId(cx.new_id()), ..midway.actor.clone() };
    let strange = account::set_up(cx, &other).unwrap();
    let strange = account::enrol(cx, &first, &strange.sealed, "000000").await.map(|_| ());
    assert_eq!(codes(strange.unwrap_err()), ["setup-stale"], "a secret is sealed to its account");
    let secret = totp_rs::Secret::try_from_base32(setup.secret.as_str()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = u64::try_from(cx.now().as_second()).unwrap();
    let code = totp.generate(now).to_string();
    let (signed_in, token, spare) = account::enrol(cx, &first, &setup.sealed, &code).await.unwrap();
    assert_eq!((signed_in.stage, spare.len()), (Stage::In, 8));
    assert!(account::by_session(cx, &first).await.unwrap().is_none(), "a new token each step");
    assert!(account::by_session(cx, &token).await.unwrap().is_some());

    // From now on the code is asked for, and a code that was used is none.
    let (midway, second) = account::sign_in(cx, "clerk", PASSWORD, "").await.unwrap();
    assert_eq!(midway.stage, Stage::Second);
    let replay = account::pass(cx, &second, &code).await.map(|_| ());
    assert_eq!(codes(replay.unwrap_err()), ["code-wrong"]);
    let enrolling = account::enrol(cx, &second, &setup.sealed, &code).await.map(|_| ());
    assert!(matches!(enrolling, Err(Error::SignIn)), "nobody sets up another with half of it");
    city.passes(SignedDuration::from_secs(30));
    let next = totp.generate(now + 30).to_string();
    account::pass(cx, &second, &next).await.unwrap();

    // A spare code, written in any way, once.
    let typed = spare[0].to_lowercase().replace('-', " ");
    let (_, third) = account::sign_in(cx, "clerk", PASSWORD, "").await.unwrap();
    account::pass(cx, &third, &typed).await.unwrap();
    let (_, fourth) = account::sign_in(cx, "clerk", PASSWORD, "").await.unwrap();
    account::pass(cx, &fourth, &typed).await.unwrap_err();
    city.passes(SignedDuration::from_mins(16));
    assert!(account::by_session(cx, &fourth).await.unwrap().is_none(), "half-way in is not long");
    // Neither the secret nor a spare code lies about.
    for (place, bytes) in city.all_rows().await.into_iter().chain(city.all_bytes()) {
        let text = String::from_utf8_lossy(&bytes);
        for value in [setup.secret.as_str(), spare[1].as_str()] {
            assert!(!text.contains(value), "{}", place.display());
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_new_password_signs_out_everywhere_else(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    clerk(&city, Role::AgencyClerk, "clerk").await;
    let there = signs_in(&city, "clerk").await;
    let here = signs_in(&city, "clerk").await;
    let actor = account::by_session(cx, &here).await.unwrap().unwrap().actor;
    let devices = account::devices(cx, &actor, &here).await.unwrap();
    assert_eq!(devices.len(), 2);
    assert_eq!(devices.iter().filter(|device| device.is_this).count(), 1);
    let typed = |current: &str, new: &str, again: &str| NewPassword {
        current: current.to_owned().into(),
        new: new.to_owned().into(),
        again: again.to_owned().into(),
    };
    for (new, code) in [
        (typed("wrong", "copper lantern violet 47", "copper lantern violet 47"), "current-wrong"),
        (typed(PASSWORD, "password1234", "password1234"), "password-guessable"),
        (typed(PASSWORD, "short", "short"), "password-short"),
        (typed(PASSWORD, "copper lantern violet 47", "another"), "password-differs"),
    ] {
        let refused = account::change_password(cx, &actor, &here, &new).await;
        assert_eq!(codes(refused.unwrap_err()), [code]);
    }
    let good = typed(PASSWORD, "copper lantern violet 47", "copper lantern violet 47");
    account::change_password(cx, &actor, &here, &good).await.unwrap();
    assert!(account::by_session(cx, &there).await.unwrap().is_none());
    assert!(account::by_session(cx, &here).await.unwrap().is_some());
    account::sign_in(cx, "clerk", PASSWORD, "").await.unwrap_err();
    account::sign_in(cx, "clerk", "copper lantern violet 47", "").await.unwrap();
    assert_eq!(account::end_others(cx, &actor, &here).await.unwrap(), 1);
}

#[rstest]
#[tokio::test]
async fn i12_one_asks_for_an_account_and_another_grants_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let (clerk, lead) = (city.staff(Role::OfficeClerk), city.staff(Role::OfficeLead));
    let new = |wish: &str| NewRequest {
        wish: wish.to_owned(),
        login: "mr-lead".to_owned(),
        role: "agency-lead".to_owned(),
        agency: MARKET.to_owned(),
        reasons: "新任科长。".to_owned(),
    };
    let bare = account::ask(cx, &clerk, NewRequest::default()).await.unwrap_err();
    assert_eq!(codes(bare), ["choice-missing", "login-form", "words-missing"]);
    let citizen = NewRequest { role: "citizen".to_owned(), ..new("open") };
    assert_eq!(codes(account::ask(cx, &clerk, citizen).await.unwrap_err()), ["choice-missing"]);
    account::ask(cx, &city.clerk(MARKET), new("open")).await.unwrap_err();
    let own = account::ask(cx, &lead, new("open")).await.unwrap();
    let twice = account::ask(cx, &clerk, new("open")).await.unwrap_err();
    assert_eq!(codes(twice), ["asked-before"]);
    let alone = account::decide(cx, &lead, own.id, true).await.map(|_| ());
    assert!(matches!(alone, Err(Error::NotSecond(_))), "{alone:?}");
    account::decide(cx, &clerk, own.id, true).await.map(|_| ()).unwrap_err();
    let second = city.staff(Role::OfficeLead);
    let (_, password) = account::decide(cx, &second, own.id, true).await.unwrap();
    let password = password.unwrap();
    let again = account::decide(cx, &second, own.id, true).await.map(|_| ());
    assert!(matches!(again, Err(Error::NotSecond(_))), "{again:?}");
    // What was made for him he must change, after his second factor is set up.
    let (midway, token) = account::sign_in(cx, "mr-lead", &password, "").await.unwrap();
    assert_eq!(midway.stage, Stage::Enrol);
    account::give_second_factor(cx, midway.actor.account, SECOND_FACTOR).await.unwrap();
    account::sign_out(cx, &token).await.unwrap();
    let (_, token) = account::sign_in(cx, "mr-lead", &password, "").await.unwrap();
    let code = account::next_code(cx, midway.actor.account, SECOND_FACTOR).await.unwrap().unwrap();
    let (midway, token) = account::pass(cx, &token, &code).await.unwrap();
    assert_eq!(midway.stage, Stage::Password);
    let chosen = NewPassword {
        current: password.clone(),
        new: "copper lantern violet 47".to_owned().into(),
        again: "copper lantern violet 47".to_owned().into(),
    };
    let (signed_in, token) = account::choose_password(cx, &token, &chosen).await.unwrap();
    assert_eq!(signed_in.stage, Stage::In);
    // A reset takes both factors and ends every session.
    let asked = account::ask(cx, &clerk, new("reset")).await.unwrap();
    let (_, made) = account::decide(cx, &lead, asked.id, true).await.unwrap();
    assert!(account::by_session(cx, &token).await.unwrap().is_none());
    let (midway, _) = account::sign_in(cx, "mr-lead", &made.unwrap(), "").await.unwrap();
    assert_eq!(midway.stage, Stage::Enrol);
    let asked = account::ask(cx, &clerk, new("disable")).await.unwrap();
    account::decide(cx, &lead, asked.id, true).await.unwrap();
    account::sign_in(cx, "mr-lead", "copper lantern violet 47", "").await.unwrap_err();
    assert_eq!(account::requests(cx, &clerk).await.unwrap().len(), 3);
}

#[rstest]
#[tokio::test]
async fn a_session_ends_by_itself(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    clerk(&city, Role::AgencyClerk, "clerk").await;
    let sign_in = async || signs_in(&city, "clerk").await;
    let is_open = async |token: &str| account::by_session(&city.cx, token).await.unwrap().is_some();

    let left_alone = sign_in().await;
    city.passes(SignedDuration::from_mins(59));
    assert!(is_open(&left_alone).await);
    city.passes(SignedDuration::from_mins(59));
    assert!(is_open(&left_alone).await, "it was used meanwhile");
    city.passes(SignedDuration::from_mins(61));
    assert!(!is_open(&left_alone).await, "an hour unused");

    let used = sign_in().await;
    for _ in 0..9 {
        city.passes(SignedDuration::from_mins(50));
        assert!(is_open(&used).await);
    }
    city.passes(SignedDuration::from_mins(31));
    assert!(!is_open(&used).await, "eight hours, whatever happens");
    assert_eq!(jobs::run(&city.cx, What::RemoveSessions).await.unwrap(), 2);
    assert_eq!(jobs::run(&city.cx, What::RemoveSessions).await.unwrap(), 0);

    let ended = sign_in().await;
    account::sign_out(&city.cx, &ended).await.unwrap();
    assert!(!is_open(&ended).await);
}

#[rstest]
#[tokio::test]
async fn an_account_that_is_switched_off_opens_nothing(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    clerk(&city, Role::AgencyClerk, "clerk").await;
    let Secret::Token(token) = clerk(&city, Role::System, "system").await else { unreachable!() };
    let session = signs_in(&city, "clerk").await;
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
        let refused = account::sign_in(&city.cx, login, password, "").await;
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
