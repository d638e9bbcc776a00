//! Passkeys: added, shown, counted, removed; by whom they are not.

use jiff::SignedDuration;
use register::Role;
use register::sign_in::{Happened, Stage};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::fuzz::{fuzz, fuzz_text};
use testkit::passkey::{SITE, SoftPasskey};
use testkit::{City, Engine, LIU, MARKET};
use tokio::runtime::Builder;
use usecases::account::passkey::{self, Challenge};
use usecases::account::{self, NewAccount, SpareCodes};
use usecases::jobs::{self, What};
use usecases::{Actor, Channels, Error};

const PASSWORD: &str = "a password that is long";
const CODES: [u8; 20] = *b"a secret of the test";

type Spoil = fn(&mut SoftPasskey);

async fn city_at(engine: Engine, site: &str) -> City {
    City::reaching(engine, Channels { site: site.to_owned(), ..Channels::default() }).await
}

/// A clerk who has an app that shows codes.
async fn clerk(city: &City, login: &str) -> Actor {
    let new = NewAccount {
        login: login.to_owned(),
        role: Role::AgencyClerk,
        agency: Some(register::Uscc::parse(MARKET).unwrap()),
        person: None,
        password: Some(PASSWORD.to_owned()),
    };
    let (account, _) = account::add(&city.cx, &testkit::lead(), new).await.unwrap();
    account::give_second_factor(&city.cx, account.id, CODES).await.unwrap();
    account.into()
}

/// Signs in by password and a code; gives the session's token.
async fn by_code(city: &City, who: &Actor) -> String {
    city.passes(SignedDuration::from_secs(30));
    let token = begins(city, who).await;
    let code = account::next_code(&city.cx, who.account, CODES).await.unwrap().unwrap();
    let (signed_in, token) = account::pass(&city.cx, &token, &code).await.unwrap();
    assert_eq!(signed_in.stage, Stage::In);
    token.to_string()
}

/// Shows the password; gives the token of whoever is half-way in.
async fn begins(city: &City, who: &Actor) -> String {
    let (midway, token) = account::sign_in(&city.cx, &who.login, PASSWORD, "").await.unwrap();
    assert_eq!(midway.stage, Stage::Second);
    token.to_string()
}

async fn asked(city: &City, who: &Actor, token: &str) -> Challenge {
    passkey::ask(&city.cx, who, token).await.unwrap().unwrap()
}

/// Adds a passkey where he is signed in.
async fn adds(
    city: &City,
    (who, here): (&Actor, &str),
    key: &SoftPasskey,
) -> Result<SpareCodes, Error> {
    let cx = &city.cx;
    let challenge = passkey::begin(cx, who, here, ("周明的手机", PASSWORD)).await.unwrap();
    let answer = key.create(&challenge.options);
    passkey::add(cx, who, here, (&challenge.sealed, &answer)).await
}

/// Shows a passkey; where it is right he is in.
async fn shows(
    city: &City,
    (who, token): (&Actor, &str),
    key: &mut SoftPasskey,
) -> Result<Stage, Error> {
    let challenge = asked(city, who, token).await;
    let answer = key.get(&challenge.options);
    let shown = passkey::pass(&city.cx, token, (&challenge.sealed, &answer)).await;
    shown.map(|(signed_in, _)| signed_in.stage)
}

fn codes<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<&'static str> {
    let error = outcome.unwrap_err();
    let Error::Mistakes(mistakes) = error else { panic!("{error:?}") };
    mistakes.iter().map(|mistake| mistake.code).collect()
}

#[rstest]
#[tokio::test]
async fn somebody_at_work_adds_a_passkey_and_signs_in_by_it(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = city_at(engine, SITE).await;
    let cx = &city.cx;
    let who = clerk(&city, "clerk").await;
    let (there, here) = (by_code(&city, &who).await, by_code(&city, &who).await);
    assert!(passkey::can_add(cx, &who).await.unwrap());
    assert!(passkey::ask(cx, &who, &here).await.unwrap().is_none(), "he has none yet");
    for (typed, code) in [
        (("手机", "another password"), "current-wrong"),
        (("  ", PASSWORD), "name-missing"),
        (("手\u{7}机", PASSWORD), "name-signs"),
    ] {
        assert_eq!(codes(passkey::begin(cx, &who, &here, typed).await), [code]);
    }
    let mut key = SoftPasskey::new(1);
    let spare = adds(&city, (&who, &here), &key).await.unwrap();
    assert!(spare.is_empty(), "he has some already");
    assert!(account::by_session(cx, &there).await.unwrap().is_none(), "out everywhere else");
    assert!(account::by_session(cx, &here).await.unwrap().is_some());
    let list = passkey::list(cx, &who).await.unwrap();
    assert_eq!((list.len(), list[0].used_at), (1, None));
    assert_eq!(list[0].name.reveal(), "周明的手机");
    assert!(!format!("{list:?}").contains('周'), "no line of the log names it");
    let happened = account::own_events(cx, &who).await.unwrap();
    assert!(happened.iter().any(|seen| seen.event.kind == Happened::PasskeyAdded));

    let token = begins(&city, &who).await;
    assert_eq!(shows(&city, (&who, &token), &mut key).await.unwrap(), Stage::In);
    assert!(account::by_session(cx, &token).await.unwrap().is_none(), "a new token each step");
    assert!(passkey::list(cx, &who).await.unwrap()[0].used_at.is_some());
    // Or by a code, as before.
    by_code(&city, &who).await;

    // What he calls it is nobody else's.
    for (place, bytes) in city.all_rows().await.into_iter().chain(city.all_bytes()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("周明的手机"), "{}", place.display());
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_challenge_is_answered_once_where_it_was_made_and_in_time(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = city_at(engine, SITE).await;
    let cx = &city.cx;
    let who = clerk(&city, "clerk").await;
    let here = by_code(&city, &who).await;
    let mut key = SoftPasskey::new(1);
    adds(&city, (&who, &here), &key).await.unwrap();

    // Two bring the same answer at the same moment.
    let token = begins(&city, &who).await;
    let challenge = asked(&city, &who, &token).await;
    let answer = key.get(&challenge.options);
    let pass = || passkey::pass(cx, &token, (&challenge.sealed, &answer));
    let (one, other) = tokio::join!(pass(), pass());
    assert!(one.is_ok() != other.is_ok(), "one wins");
    let lost = one.err().or(other.err()).unwrap();
    // Or the session has gone on before it looked.
    let is_stale = matches!(&lost, Error::Mistakes(all) if all[0].code == "passkey-stale");
    assert!(is_stale || matches!(lost, Error::SignIn), "{lost:?}");

    // What was brought once, however wrong, is used up.
    let token = begins(&city, &who).await;
    let challenge = asked(&city, &who, &token).await;
    let answer = key.get(&challenge.options);
    let pass = |answer: &str| {
        let answer = answer.to_owned();
        let (token, sealed) = (token.clone(), challenge.sealed.clone());
        async move { passkey::pass(cx, &token, (&sealed, &answer)).await.map(|_| ()) }
    };
    assert_eq!(codes(pass("{}").await), ["passkey-wrong"]);
    assert_eq!(codes(pass(&answer).await), ["passkey-stale"]);

    // It belongs to the session that it was made for.
    let elsewhere = begins(&city, &who).await;
    let challenge = asked(&city, &who, &token).await;
    let answer = key.get(&challenge.options);
    let brought = (challenge.sealed.as_str(), answer.as_str());
    let strange = passkey::pass(cx, &elsewhere, brought).await.map(|_| ());
    assert_eq!(codes(strange), ["passkey-stale"]);
    passkey::pass(cx, &token, brought).await.unwrap();

    // It ends before whoever asked for it does.
    let challenge = asked(&city, &who, &elsewhere).await;
    let answer = key.get(&challenge.options);
    city.passes(SignedDuration::from_secs(301));
    let late = passkey::pass(cx, &elsewhere, (&challenge.sealed, &answer)).await.map(|_| ());
    assert_eq!(codes(late), ["passkey-stale"]);
    assert_eq!(shows(&city, (&who, &elsewhere), &mut key).await.unwrap(), Stage::In);

    city.passes(SignedDuration::from_mins(6));
    assert!(jobs::run(cx, What::RemoveTokens).await.unwrap() >= 4, "what was used is forgotten");
}

#[rstest]
#[tokio::test]
async fn a_passkey_signs_for_this_house_by_its_holder_and_counts(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = city_at(engine, SITE).await;
    let cx = &city.cx;
    let who = clerk(&city, "clerk").await;
    let here = by_code(&city, &who).await;
    let mut key = SoftPasskey::new(1);
    key.verifies = false;
    let unverified = adds(&city, (&who, &here), &key).await;
    assert_eq!(codes(unverified), ["passkey-unverified"]);
    key.verifies = true;
    key.origin = "https://credit.example.evil.example".to_owned();
    assert_eq!(codes(adds(&city, (&who, &here), &key).await), ["passkey-refused"]);
    key.origin = SITE.to_owned();
    adds(&city, (&who, &here), &key).await.unwrap();
    // The same once more, here or in another account.
    assert_eq!(codes(adds(&city, (&who, &here), &key).await), ["passkey-refused"]);
    let other = clerk(&city, "other").await;
    let others = by_code(&city, &other).await;
    assert_eq!(codes(adds(&city, (&other, &others), &key).await), ["passkey-known"]);

    let token = begins(&city, &who).await;
    let spoils: [(Spoil, &str); 5] = [
        (|key| key.origin = "https://credit-example.example".to_owned(), "passkey-wrong"),
        (|key| key.origin = "http://credit.example".to_owned(), "passkey-wrong"),
        (|key| key.signs_for = "credit-example.example".to_owned(), "passkey-wrong"),
        (|key| key.verifies = false, "passkey-unverified"),
        (|key| *key = SoftPasskey::new(2), "passkey-wrong"),
    ];
    for (spoil, code) in spoils {
        let mut spoiled = key.copied();
        spoil(&mut spoiled);
        assert_eq!(codes(shows(&city, (&who, &token), &mut spoiled).await), [code]);
    }
    assert!(account::by_session(cx, &token).await.unwrap().is_some(), "he may try again");

    // Somebody has copied its key: whoever counts less does not come in.
    let mut copy = key.copied();
    assert_eq!(shows(&city, (&who, &token), &mut key).await.unwrap(), Stage::In);
    let token = begins(&city, &who).await;
    assert_eq!(codes(shows(&city, (&who, &token), &mut copy).await), ["passkey-copied"]);
    assert_eq!(shows(&city, (&who, &token), &mut key).await.unwrap(), Stage::In);

    // A device that does not count stands for itself.
    let here = by_code(&city, &who).await;
    let mut plain = SoftPasskey::new(3);
    plain.counts = false;
    adds(&city, (&who, &here), &plain).await.unwrap();
    for _ in 0..2 {
        let token = begins(&city, &who).await;
        assert_eq!(shows(&city, (&who, &token), &mut plain).await.unwrap(), Stage::In);
    }

    // Somebody who writes into the database gives it to another account: it opens nothing there.
    city.tampers("UPDATE passkey SET account_id = (SELECT id FROM account WHERE login = 'other')")
        .await;
    let moved = passkey::ask(cx, &other, &others).await;
    assert!(matches!(moved, Err(Error::Internal(_))), "{moved:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_work_the_last_second_factor_is_not_removed(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = city_at(engine, SITE).await;
    let cx = &city.cx;
    let who = clerk(&city, "clerk").await;
    let here = by_code(&city, &who).await;
    adds(&city, (&who, &here), &SoftPasskey::new(1)).await.unwrap();
    let there = by_code(&city, &who).await;
    let id = passkey::list(cx, &who).await.unwrap()[0].id;
    let wrong = passkey::remove(cx, &who, &here, id, "another password").await;
    assert_eq!(codes(wrong), ["current-wrong"]);
    let other = clerk(&city, "other").await;
    let others = by_code(&city, &other).await;
    let strange = passkey::remove(cx, &other, &others, id, PASSWORD).await;
    assert!(matches!(strange, Err(Error::NotFound)), "{strange:?}");
    // He has codes beside it.
    passkey::remove(cx, &who, &here, id, PASSWORD).await.unwrap();
    assert!(account::by_session(cx, &there).await.unwrap().is_none(), "out everywhere else");
    assert!(passkey::list(cx, &who).await.unwrap().is_empty());
    let twice = passkey::remove(cx, &who, &here, id, PASSWORD).await;
    assert!(matches!(twice, Err(Error::NotFound)), "{twice:?}");

    // Without an app one of two stays, though both are removed at the same moment.
    for number in [2, 3] {
        adds(&city, (&who, &here), &SoftPasskey::new(number)).await.unwrap();
    }
    city.tampers("DELETE FROM second_factor").await;
    let list = passkey::list(cx, &who).await.unwrap();
    let (one, other) = tokio::join!(
        passkey::remove(cx, &who, &here, list[0].id, PASSWORD),
        passkey::remove(cx, &who, &here, list[1].id, PASSWORD),
    );
    assert!(one.is_ok() != other.is_ok(), "one stays");
    assert_eq!(codes(if one.is_err() { one } else { other }), ["passkey-last"]);
    assert_eq!(passkey::list(cx, &who).await.unwrap().len(), 1);
    begins(&city, &who).await;
}

#[rstest]
#[tokio::test]
async fn whoever_had_no_second_factor_gets_spare_codes_beside_the_first_passkey(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = city_at(engine, SITE).await;
    let cx = &city.cx;
    let liu = city.opens_account(LIU).await;
    let (signed_in, here) = account::sign_in(cx, &liu.login, PASSWORD, "").await.unwrap();
    assert_eq!(signed_in.stage, Stage::In);
    let spare = adds(&city, (&liu, &here), &SoftPasskey::new(1)).await.unwrap();
    assert_eq!(spare.len(), 8);
    let again = adds(&city, (&liu, &here), &SoftPasskey::new(2)).await.unwrap();
    assert!(again.is_empty(), "those he has stay good");
    // The device is not at hand.
    for code in &spare[..2] {
        let token = begins(&city, &liu).await;
        account::pass(cx, &token, code).await.unwrap();
        let token = begins(&city, &liu).await;
        let twice = account::pass(cx, &token, code).await.map(|_| ());
        assert_eq!(codes(twice), ["code-wrong"]);
    }
    assert_eq!(passkey::spare_left(cx, &liu).await.unwrap(), 6);
    // He gives them up: a password is enough again, and no code is left over.
    for one in passkey::list(cx, &liu).await.unwrap() {
        passkey::remove(cx, &liu, &here, one.id, PASSWORD).await.unwrap();
    }
    let (signed_in, _) = account::sign_in(cx, &liu.login, PASSWORD, "").await.unwrap();
    assert_eq!(signed_in.stage, Stage::In);
    assert_eq!(passkey::spare_left(cx, &liu).await.unwrap(), 0);
}

#[rstest]
#[tokio::test]
async fn a_reset_takes_passkeys_too(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = city_at(engine, SITE).await;
    let cx = &city.cx;
    let who = clerk(&city, "clerk").await;
    let here = by_code(&city, &who).await;
    let challenge = passkey::begin(cx, &who, &here, ("第二把", PASSWORD)).await.unwrap();
    let mut key = SoftPasskey::new(1);
    adds(&city, (&who, &here), &key).await.unwrap();
    let midway = begins(&city, &who).await;
    let asked = asked(&city, &who, &midway).await;
    let password = account::reset(cx, &testkit::lead(), "clerk").await.unwrap();
    assert!(passkey::list(cx, &who).await.unwrap().is_empty());
    // Neither what was begun before goes on, nor does the passkey open anything.
    let answer = SoftPasskey::new(2).create(&challenge.options);
    let added = passkey::add(cx, &who, &here, (&challenge.sealed, &answer)).await;
    assert!(matches!(added, Err(Error::SignIn)), "{added:?}");
    let answer = key.get(&asked.options);
    let passed = passkey::pass(cx, &midway, (&asked.sealed, &answer)).await.map(|_| ());
    assert!(matches!(passed, Err(Error::SignIn)), "{passed:?}");
    let (signed_in, _) = account::sign_in(cx, "clerk", &password, "").await.unwrap();
    assert_eq!(signed_in.stage, Stage::Enrol);
}

/// Whatever a device answers, nothing of ours breaks, and nothing is added that was not made as it should be.
#[test]
fn fuzz_answers_of_devices() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (city, who, here) = runtime.block_on(async {
        let city = city_at(Sqlite, SITE).await;
        let who = clerk(&city, "clerk").await;
        let here = by_code(&city, &who).await;
        (city, who, here)
    });
    let cx = &city.cx;
    let key = SoftPasskey::new(1);
    fuzz("new passkeys", &[key.attested()], |attested| {
        let added = runtime.block_on(async {
            let named = ("手机", PASSWORD);
            let challenge = passkey::begin(cx, &who, &here, named).await.unwrap();
            let answer = key.create_of(&challenge.options, attested);
            let added = passkey::add(cx, &who, &here, (&challenge.sealed, &answer)).await;
            city.tampers("DELETE FROM passkey").await;
            added
        });
        assert!(matches!(added, Ok(_) | Err(Error::Mistakes(_))), "{added:?}");
    });
    let mut key = SoftPasskey::new(2);
    let (token, answer) = runtime.block_on(async {
        adds(&city, (&who, &here), &key).await.unwrap();
        let token = begins(&city, &who).await;
        let challenge = asked(&city, &who, &token).await;
        (token, key.get(&challenge.options))
    });
    fuzz_text("shown passkeys", &[answer.as_str()], |answer| {
        let shown = runtime.block_on(async {
            let challenge = asked(&city, &who, &token).await;
            passkey::pass(cx, &token, (&challenge.sealed, answer)).await.map(|_| ())
        });
        assert!(matches!(shown, Err(Error::Mistakes(_))), "it was made for another: {shown:?}");
    });
}

#[rstest]
#[case("", false)]
#[case("credit.example", false)]
#[case("http://credit.example", false)]
#[case("https://192.0.2.1", false)]
#[case("https://credit.example/", true)]
#[case("http://localhost:8080", true)]
#[tokio::test]
async fn passkeys_belong_to_a_public_address(#[case] site: &str, #[case] is_one: bool) {
    let city = city_at(Sqlite, site).await;
    let who = clerk(&city, "clerk").await;
    let here = by_code(&city, &who).await;
    assert_eq!(passkey::can_add(&city.cx, &who).await.unwrap(), is_one);
    let begun = passkey::begin(&city.cx, &who, &here, ("手机", PASSWORD)).await;
    assert_eq!(begun.is_ok(), is_one);
}
