//! Accounts and sessions: when they open something, and when no longer.

use jiff::SignedDuration;
use register::Role;
use register::sign_in::Stage;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, ZHOU};
use usecases::account::{self, NewAccount, NewPassword, NewRequest, Secret};
use usecases::jobs::{self, What};
use usecases::{Actor, Cx, Error, record};

const PASSWORD: &str = "a password that is long";

async fn clerk(city: &City, role: Role, login: &str) -> Secret {
    let new = NewAccount {
        login: login.to_owned(),
        role,
        agency: Some(register::Uscc::parse(MARKET).unwrap()),
        person: None,
        password: Some(PASSWORD.to_owned()),
    };
    account::add(&city.cx, &testkit::lead(), new).await.unwrap().1
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
    let wrong = account::enrol(cx, &first, &setup.sealed, ("000000", "")).await.map(|_| ());
    assert_eq!(codes(wrong.unwrap_err()), ["code-wrong"]);
    let other =
        usecases::Actor { account: register::AccountId(cx.new_id()), ..midway.actor.clone() };
    let strange = account::set_up(cx, &other).unwrap();
    let strange = account::enrol(cx, &first, &strange.sealed, ("000000", "")).await.map(|_| ());
    assert_eq!(codes(strange.unwrap_err()), ["setup-stale"], "a secret is sealed to its account");
    let secret = totp_rs::Secret::try_from_base32(setup.secret.as_str()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = u64::try_from(cx.now().as_second()).unwrap();
    let code = totp.generate(now).to_string();
    let enrolled = account::enrol(cx, &first, &setup.sealed, (&code, "")).await.unwrap();
    let (signed_in, token, spare) = enrolled;
    assert_eq!((signed_in.stage, spare.len()), (Stage::In, 8));
    assert!(account::by_session(cx, &first).await.unwrap().is_none(), "a new token each step");
    assert!(account::by_session(cx, &token).await.unwrap().is_some());

    // From now on the code is asked for, and a code that was used is none.
    let (midway, second) = account::sign_in(cx, "clerk", PASSWORD, "").await.unwrap();
    assert_eq!(midway.stage, Stage::Second);
    let replay = account::pass(cx, &second, &code).await.map(|_| ());
    assert_eq!(codes(replay.unwrap_err()), ["code-wrong"]);
    let enrolling = account::enrol(cx, &second, &setup.sealed, (&code, "")).await.map(|_| ());
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
async fn a_password_that_was_made_is_good_for_the_first_sign_in_only(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (cx, operator) = (&city.cx, testkit::lead());
    let new = NewAccount {
        login: "auditor".to_owned(),
        role: Role::Auditor,
        agency: None,
        person: None,
        password: None,
    };
    let (made, Secret::Password(password)) = account::add(cx, &operator, new).await.unwrap() else {
        panic!("a human being signs in by a password")
    };
    account::give_second_factor(cx, made.id, SECOND_FACTOR).await.unwrap();
    let signs_in = async |password: &str| {
        let (_, token) = account::sign_in(cx, "auditor", password, "").await.unwrap();
        let code = account::next_code(cx, made.id, SECOND_FACTOR).await.unwrap().unwrap();
        account::pass(cx, &token, &code).await.unwrap()
    };
    let (midway, token) = signs_in(&password).await;
    assert_eq!(midway.stage, Stage::Password, "somebody else has seen it");
    let typed = NewPassword {
        current: password.clone(),
        new: "copper lantern violet 47".to_owned().into(),
        again: "copper lantern violet 47".to_owned().into(),
    };
    let (signed_in, _) = account::choose_password(cx, &token, &typed).await.unwrap();
    assert_eq!(signed_in.stage, Stage::In);
    city.passes(SignedDuration::from_mins(1));
    let (signed_in, token) = signs_in(&typed.new).await;
    assert_eq!(signed_in.stage, Stage::In, "his own stays");

    // Reset at the command line: another one that is changed, and no second factor.
    let again = account::reset(cx, &operator, "auditor").await.unwrap();
    assert_ne!(*again, *password);
    let own = account::sign_in(cx, "auditor", &typed.new, "").await;
    assert!(matches!(own, Err(Error::SignIn)));
    let (midway, _) = account::sign_in(cx, "auditor", &again, "").await.unwrap();
    assert_eq!(midway.stage, Stage::Enrol);
    assert!(account::by_session(cx, &token).await.unwrap().is_none(), "signed out everywhere");
    let unknown = account::reset(cx, &operator, "nobody").await;
    assert!(matches!(unknown, Err(Error::NotFound)));
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
        id_kind: String::new(),
        id_number: ZHOU.0.to_owned(),
        name: ZHOU.1.to_owned(),
        reasons: "新任科长。".to_owned(),
    };
    let bare = account::ask(cx, &clerk, NewRequest::default()).await.unwrap_err();
    assert_eq!(codes(bare), ["choice-missing", "login-form", "words-missing"]);
    let citizen = NewRequest { role: "citizen".to_owned(), ..new("open") };
    assert_eq!(codes(account::ask(cx, &clerk, citizen).await.unwrap_err()), ["choice-missing"]);
    account::ask(cx, &city.clerk(MARKET), new("open")).await.unwrap_err();
    let nobody = NewRequest { id_number: String::new(), ..new("open") };
    let nobody = account::ask(cx, &clerk, nobody).await.map(|_| ());
    assert!(matches!(nobody, Err(Error::Mistakes(_))), "whose is it? {nobody:?}");
    let child = NewRequest { id_number: testkit::CHILD.0.to_owned(), ..new("open") };
    assert_eq!(codes(account::ask(cx, &clerk, child).await.unwrap_err()), ["under-age"]);
    let (own, setup_code) = account::ask(cx, &lead, new("open")).await.unwrap();
    let setup_code = setup_code.unwrap();
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
    // Who granted has the password, who asked the code: neither alone is he.
    let (midway, token) = account::sign_in(cx, "mr-lead", &password, "").await.unwrap();
    assert_eq!(midway.stage, Stage::Enrol);
    assert!(account::needs_enrolment_code(cx, &midway.actor).await.unwrap());
    let (sealed, code) = app(cx, &midway.actor);
    for typed in ["", "2345-6789-ABCZ-2ZYK", password.as_str()] {
        let refused = account::enrol(cx, &token, &sealed, (&code, typed)).await.map(|_| ());
        assert_eq!(codes(refused.unwrap_err()), ["code-wrong"], "{typed}");
    }
    let typed = setup_code.to_lowercase().replace('-', " ");
    let enrolled = account::enrol(cx, &token, &sealed, (&code, &typed)).await.unwrap();
    let (midway, token, _) = enrolled;
    // What was made for him he must change.
    assert_eq!(midway.stage, Stage::Password);
    let chosen = NewPassword {
        current: password.clone(),
        new: "copper lantern violet 47".to_owned().into(),
        again: "copper lantern violet 47".to_owned().into(),
    };
    let (signed_in, token) = account::choose_password(cx, &token, &chosen).await.unwrap();
    assert_eq!(signed_in.stage, Stage::In);
    // A reset takes both factors and ends every session. Whose it is need not be said again.
    let reset = NewRequest { id_number: String::new(), name: String::new(), ..new("reset") };
    let (asked, second_code) = account::ask(cx, &clerk, reset).await.unwrap();
    let (_, made) = account::decide(cx, &lead, asked.id, true).await.unwrap();
    let made = made.unwrap();
    assert!(account::by_session(cx, &token).await.unwrap().is_none());
    let (midway, token) = account::sign_in(cx, "mr-lead", &made, "").await.unwrap();
    assert_eq!(midway.stage, Stage::Enrol);
    let (sealed, code) = app(cx, &midway.actor);
    let old = account::enrol(cx, &token, &sealed, (&code, &setup_code)).await.map(|_| ());
    assert_eq!(codes(old.unwrap_err()), ["code-wrong"], "the code of before");
    // Too late: nothing is set up without a code, and that one is none any more.
    city.passes(SignedDuration::from_hours(7 * 24 + 1));
    let (midway, token) = account::sign_in(cx, "mr-lead", &made, "").await.unwrap();
    let (sealed, code) = app(cx, &midway.actor);
    let late = account::enrol(cx, &token, &sealed, (&code, &second_code.unwrap())).await;
    assert_eq!(codes(late.map(|_| ()).unwrap_err()), ["enrolment-ended"]);
    let (asked, none) = account::ask(cx, &clerk, new("disable")).await.unwrap();
    assert!(none.is_none());
    account::decide(cx, &lead, asked.id, true).await.unwrap();
    account::sign_in(cx, "mr-lead", "copper lantern violet 47", "").await.unwrap_err();
    assert_eq!(account::requests(cx, &clerk).await.unwrap().len(), 3);
    // Number and name went with the decisions; nowhere do they lie in the open.
    let kept =
        "SELECT COUNT(*) FROM account_request WHERE sealed IS NOT NULL OR code_mark IS NOT NULL";
    let none = format!("DELETE FROM account_request WHERE ({kept}) = 0");
    assert_eq!(city.tampers(&none).await, 3);
    for (place, bytes) in city.all_rows().await.into_iter().chain(city.all_bytes()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(ZHOU.0), "{}", place.display());
    }
}

/// What the form of a second factor brings back, and the code that the app shows.
fn app(cx: &Cx, actor: &Actor) -> (String, String) {
    let setup = account::set_up(cx, actor).unwrap();
    let secret = totp_rs::Secret::try_from_base32(setup.secret.as_str()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let now = u64::try_from(cx.now().as_second()).unwrap();
    (setup.sealed.clone(), totp.generate(now).to_string())
}

/// A request for an account of that role, for that human being.
fn request(wish: &str, login: &str, role: Role, who: (&str, &str)) -> NewRequest {
    NewRequest {
        wish: wish.to_owned(),
        login: login.to_owned(),
        role: role.code().to_owned(),
        agency: MARKET.to_owned(),
        id_kind: String::new(),
        id_number: who.0.to_owned(),
        name: who.1.to_owned(),
        reasons: "岗位需要。".to_owned(),
    }
}

/// An account at work of a human being who is known.
async fn of_human(city: &City, login: &str, role: Role, who: (&str, &str)) -> Actor {
    let document =
        register::IdDocument::parse(register::IdKind::Citizen, who.0, city.cx.today()).unwrap();
    let new = NewAccount {
        login: login.to_owned(),
        role,
        agency: None,
        person: Some((document, register::PersonName::parse(who.1).unwrap())),
        password: Some(PASSWORD.to_owned()),
    };
    account::add(&city.cx, &testkit::lead(), new).await.unwrap().0.into()
}

#[rstest]
#[tokio::test]
async fn i15_who_was_let_in_by_two_cannot_look_himself_up(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let (office, lead) = (city.staff(Role::OfficeClerk), city.staff(Role::OfficeLead));
    let new = request("open", "mr-clerk", Role::AgencyClerk, LIU);
    let (asked, _) = account::ask(cx, &office, new).await.unwrap();
    let waits = account::requests(cx, &lead).await.unwrap().remove(0);
    assert!(waits.may_decide);
    let (name, number) = waits.human.unwrap();
    assert!(!name.contains(LIU.1) && number.ends_with("0011") && !number.contains("1970"));
    let to_clerk = account::requests(cx, &office).await.unwrap().remove(0);
    assert!(to_clerk.human.is_none() && !to_clerk.may_decide);
    account::decide(cx, &lead, asked.id, true).await.unwrap();
    let found = store::account::by_login(cx.store.read(), "mr-clerk").await.unwrap().unwrap();
    let clerk = Actor::from(found.account);
    let refused = usecases::check::one(cx, &clerk, &city.ask(LIU, "food-licence-review")).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    // A number that stands here under another name is nobody's.
    let other = request("open", "mr-other", Role::AgencyClerk, (LIU.0, "王某某"));
    let (asked, _) = account::ask(cx, &office, other).await.unwrap();
    let refused = account::decide(cx, &lead, asked.id, true).await.map(|_| ());
    assert_eq!(codes(refused.unwrap_err()), ["person-differs"]);
    account::decide(cx, &lead, asked.id, false).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn i15_nobody_decides_about_an_account_of_his_own(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let clerk = city.staff(Role::OfficeClerk);
    let his = of_human(&city, "lead", Role::OfficeLead, LIU).await;
    let again = of_human(&city, "lead-again", Role::OfficeLead, LIU).await;
    for wish in ["disable", "reset"] {
        let new = request(wish, "lead", Role::OfficeLead, LIU);
        let (asked, _) = account::ask(cx, &clerk, new).await.unwrap();
        for actor in [&his, &again] {
            for grants in [false, true] {
                let own = account::decide(cx, actor, asked.id, grants).await.map(|_| ());
                assert!(matches!(own, Err(Error::NotSecond(_))), "{wish} {grants}: {own:?}");
            }
            let seen = account::requests(cx, actor).await.unwrap();
            assert!(seen.iter().all(|asked| !asked.may_decide), "no button for him");
        }
    }
    // Nor one for himself, and one human being is not two.
    let (asked, _) =
        account::ask(cx, &clerk, request("open", "third", Role::OfficeLead, LIU)).await.unwrap();
    let own = account::decide(cx, &his, asked.id, true).await.map(|_| ());
    assert!(matches!(own, Err(Error::Denied(_))), "{own:?}");
    let (asked, _) =
        account::ask(cx, &his, request("open", "fourth", Role::Auditor, ZHOU)).await.unwrap();
    let one = account::decide(cx, &again, asked.id, true).await.map(|_| ());
    assert!(matches!(one, Err(Error::NotSecond(_))), "{one:?}");
    account::decide(cx, &city.staff(Role::OfficeLead), asked.id, true).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn the_page_of_work_accounts_resets_no_persons_own_and_says_whose_one_is(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let (office, lead) = (city.staff(Role::OfficeClerk), city.staff(Role::OfficeLead));
    of_human(&city, "liu", Role::Citizen, LIU).await;
    clerk(&city, Role::System, "system").await;
    for login in ["liu", "system"] {
        let new = request("reset", login, Role::AgencyClerk, LIU);
        let refused = account::ask(cx, &office, new).await.map(|_| ());
        assert_eq!(codes(refused.unwrap_err()), ["login-not-at-work"], "{login}");
    }
    // Of one that was opened at the command line nobody knows whose it is: a reset says it.
    clerk(&city, Role::AgencyClerk, "clerk").await;
    let bare = request("reset", "clerk", Role::AgencyClerk, ("", ""));
    let bare = account::ask(cx, &office, bare).await.map(|_| ());
    assert!(matches!(bare, Err(Error::Mistakes(_))), "{bare:?}");
    let new = request("reset", "clerk", Role::AgencyClerk, ZHOU);
    let (asked, _) = account::ask(cx, &office, new).await.unwrap();
    account::decide(cx, &lead, asked.id, true).await.unwrap();
    let found = store::account::by_login(cx.store.read(), "clerk").await.unwrap().unwrap();
    assert!(found.account.person.is_some());
    let at_work = account::at_work(cx, &city.staff(Role::Auditor)).await.unwrap();
    let logins: Vec<_> = at_work.iter().map(|account| account.login.as_str()).collect();
    assert_eq!(logins, ["clerk"], "no machine, no person");
    account::at_work(cx, &office).await.unwrap_err();
}

/// A reset is about to commit just while its owner, or an intruder, changes the password.
#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_reset_meanwhile_changes_nothing(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    clerk(&city, Role::AgencyClerk, "clerk").await;
    let here = signs_in(&city, "clerk").await;
    let actor = account::by_session(cx, &here).await.unwrap().unwrap().actor;
    let typed = |current: &str| NewPassword {
        current: current.to_owned().into(),
        new: "copper lantern violet 47".to_owned().into(),
        again: "copper lantern violet 47".to_owned().into(),
    };
    let good = typed(PASSWORD);
    let made = "UPDATE account SET password_hash = 'made' WHERE login = 'clerk'";
    let resetting = city.begins_to(&[made]).await;
    let (changed, ()) = tokio::join!(account::change_password(cx, &actor, &here, &good), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        resetting.commit().await.unwrap();
    });
    assert!(matches!(changed, Err(Error::SignIn)), "{changed:?}");
    let kept = "UPDATE account SET password_hash = 'made' WHERE password_hash = 'made'";
    assert_eq!(city.tampers(kept).await, 1, "the one that was made stays");
    // Nor does a session that was ended, though the password is right.
    clerk(&city, Role::AgencyClerk, "other").await;
    let there = signs_in(&city, "other").await;
    let actor = account::by_session(cx, &there).await.unwrap().unwrap().actor;
    account::sign_out(cx, &there).await.unwrap();
    let changed = account::change_password(cx, &actor, &there, &good).await;
    assert!(matches!(changed, Err(Error::SignIn)), "{changed:?}");
    city.passes(SignedDuration::from_mins(1));
    let (sealed, code) = app(cx, &actor);
    let current = account::next_code(cx, actor.account, SECOND_FACTOR).await.unwrap().unwrap();
    let shown = (code.as_str(), current.as_str());
    let replaced = account::replace_second_factor(cx, &actor, &there, &sealed, shown).await;
    assert!(matches!(replaced, Err(Error::SignIn)), "{replaced:?}");
}

/// Somebody else knows the password too, and waits on the page on which a second factor is set up.
#[rstest]
#[tokio::test]
async fn a_second_factor_that_was_set_up_meanwhile_stays(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    clerk(&city, Role::AgencyClerk, "clerk").await;
    let (midway, intruder) = account::sign_in(cx, "clerk", PASSWORD, "").await.unwrap();
    let (_, owner) = account::sign_in(cx, "clerk", PASSWORD, "").await.unwrap();
    let (sealed, code) = app(cx, &midway.actor);
    let (signed_in, _, _) = account::enrol(cx, &owner, &sealed, (&code, "")).await.unwrap();
    assert_eq!(signed_in.stage, Stage::In);
    assert!(account::by_session(cx, &intruder).await.unwrap().is_none(), "signed out elsewhere");
    let twice = account::enrol(cx, &owner, &sealed, (&code, "")).await.map(|_| ());
    assert!(matches!(twice, Err(Error::SignIn)), "pressed twice: {twice:?}");
    // Set up by whichever way while a session waits for it.
    clerk(&city, Role::AgencyClerk, "other").await;
    let (midway, intruder) = account::sign_in(cx, "other", PASSWORD, "").await.unwrap();
    account::give_second_factor(cx, midway.actor.account, SECOND_FACTOR).await.unwrap();
    let (sealed, code) = app(cx, &midway.actor);
    let late = account::enrol(cx, &intruder, &sealed, (&code, "")).await.map(|_| ());
    assert!(matches!(late, Err(Error::SignIn)), "{late:?}");
    signs_in(&city, "other").await;
}

#[rstest]
#[tokio::test]
async fn what_happens_to_an_account_is_written_down(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let (lead, auditor) = (city.staff(Role::OfficeLead), city.staff(Role::Auditor));
    clerk(&city, Role::AgencyClerk, "clerk").await;
    account::sign_in(cx, "clerk", "wrong", "").await.unwrap_err();
    account::sign_in(cx, "nobody", "wrong", "").await.unwrap_err();
    let token = signs_in(&city, "clerk").await;
    let actor = account::by_session(cx, &token).await.unwrap().unwrap().actor;
    let (_, midway) = account::sign_in(cx, "clerk", PASSWORD, "").await.unwrap();
    account::pass(cx, &midway, "000000").await.unwrap_err();
    let liu = city.opens_account(LIU).await;
    account::sign_in(cx, &liu.login, PASSWORD, "").await.unwrap();
    account::disable(cx, &lead, "clerk").await.unwrap();
    let kinds = |events: Vec<account::SeenEvent>| -> Vec<&'static str> {
        events.iter().map(|seen| seen.event.kind.code()).collect()
    };
    let of_clerk = ["disabled", "wrong-code", "signed-in", "wrong-password", "opened"];
    let seen = account::events(cx, &auditor).await.unwrap();
    assert!(seen.iter().all(|seen| seen.login.as_deref() == Some("clerk")), "{seen:?}");
    assert_eq!(seen[0].event.by, Some(lead.account));
    assert_eq!(kinds(seen), of_clerk, "a person's own account is his");
    assert_eq!(kinds(account::own_events(cx, &actor).await.unwrap()), of_clerk);
    let own = account::own_events(cx, &liu).await.unwrap();
    assert_eq!(kinds(own), ["signed-in", "opened"]);
    let denied = account::events(cx, &city.staff(Role::OfficeClerk)).await.map(|_| ());
    assert!(matches!(denied, Err(Error::Denied(_))), "{denied:?}");
    // Nothing is kept of a name that is no account's, and nothing for ever.
    assert_eq!(city.tampers("UPDATE account_event SET kind = kind").await, 7);
    city.passes(SignedDuration::from_hours(367 * 24));
    usecases::retention::erase(cx).await.unwrap();
    assert!(account::own_events(cx, &actor).await.unwrap().is_empty());
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

    let operator = testkit::lead();
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
    account::disable(&city.cx, &testkit::lead(), &liu.login).await.unwrap();
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
    let (clerk, _) = account::add(&city.cx, &testkit::lead(), new).await.unwrap();
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

#[rstest]
#[tokio::test]
async fn whoever_runs_the_machine_opens_accounts_until_the_office_has_a_lead(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (cx, operator) = (&city.cx, account::operator(None));
    let opens = async |actor: &usecases::Actor, login: &str, role| {
        let (login, agency, person) = (login.to_owned(), None, None);
        let password = Some(PASSWORD.to_owned());
        account::add(cx, actor, NewAccount { login, role, agency, person, password }).await
    };
    opens(&operator, "clerk", Role::OfficeClerk).await.unwrap();
    opens(&operator, "lead", Role::OfficeLead).await.unwrap();
    let refused = opens(&operator, "second", Role::OfficeLead).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{:?}", refused.map(|_| ()));
    assert!(matches!(account::list(cx, &operator).await, Err(Error::Denied(_))));
    assert!(matches!(account::disable(cx, &operator, "lead").await, Err(Error::Denied(_))));

    // On the word of the lead, with his rights and in the operator's own name.
    let word = account::on_the_word_of(cx, "lead").await.unwrap();
    assert_eq!((word.role, word.account), (Role::OfficeLead, operator.account));
    opens(&word, "auditor", Role::Auditor).await.unwrap();
    let word = account::on_the_word_of(cx, "clerk").await.unwrap();
    assert!(matches!(account::list(cx, &word).await, Err(Error::Denied(_))));
    account::disable(cx, &testkit::lead(), "clerk").await.unwrap();
    for nobody in ["clerk", "nobody"] {
        let word = account::on_the_word_of(cx, nobody).await;
        assert!(matches!(word, Err(Error::NotFound)), "{nobody}");
    }
    let liu = city.opens_account(LIU).await;
    let word = account::on_the_word_of(cx, &liu.login).await;
    assert!(matches!(word, Err(Error::NotFound)), "a person is nobody at work");
    // An office whose lead was switched off is set up again.
    account::disable(cx, &testkit::lead(), "lead").await.unwrap();
    opens(&operator, "second", Role::OfficeLead).await.unwrap();
}

#[tokio::test]
async fn i15_on_somebodys_word_nothing_is_done_about_himself() {
    let city = City::on(Sqlite).await;
    let document = register::IdDocument::parse(register::IdKind::Citizen, LIU.0, city.cx.today());
    let name = register::PersonName::parse(LIU.1).unwrap();
    let new = NewAccount {
        login: "clerk".to_owned(),
        role: Role::OfficeClerk,
        agency: None,
        person: Some((document.clone().unwrap(), name)),
        password: Some(PASSWORD.to_owned()),
    };
    account::add(&city.cx, &testkit::lead(), new).await.unwrap();
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    let number = row.split(',').find(|cell| cell.contains('〔')).unwrap().to_owned();
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let word = account::on_the_word_of(&city.cx, "clerk").await.unwrap();
    let contest = usecases::record::Change::Contest;
    let document = document.unwrap();
    let refused =
        usecases::record::change_by_number(&city.cx, &word, &document, &number, contest).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
}
