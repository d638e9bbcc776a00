//! Signing in by the identity service: who comes in, to which account, and who does not.

use jiff::SignedDuration;
use register::Role;
use register::doubt::{DoubtKind, Settled};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{CHILD, City, Engine, LIU, MARKET, ZHOU};
use usecases::account::identity::{
    Attempt, Claimed, Entered, MINUTES, Refusal, doubts, enter, settle,
};
use usecases::account::{self, by_session};
use usecases::jobs::{self, What};
use usecases::{Actor, Error, my};

fn says(who: (&str, &str), subject: &str) -> Claimed {
    Claimed {
        issuer: "https://id.example.gov.cn".to_owned(),
        subject: subject.into(),
        name: who.1.into(),
        id_kind: "01".to_owned(),
        id_number: who.0.into(),
        birthdate: "".into(),
    }
}

/// Whoever comes in, and whether that opened his account.
async fn comes_in(city: &City, claimed: &Claimed) -> (Actor, bool) {
    let Entered::In { token, is_new, .. } = enter(&city.cx, claimed, "Chromium").await.unwrap()
    else {
        panic!("refused")
    };
    let signed_in = by_session(&city.cx, &token).await.unwrap().unwrap();
    (signed_in.actor, is_new)
}

async fn is_refused(city: &City, claimed: &Claimed) -> Refusal {
    let Entered::Refused(refusal) = enter(&city.cx, claimed, "Chromium").await.unwrap() else {
        panic!("let in")
    };
    refusal
}

async fn accounts(city: &City) -> usize {
    account::list(&city.cx, &testkit::lead()).await.unwrap().len()
}

#[rstest]
#[tokio::test]
async fn i03_the_first_sign_in_opens_the_account_and_delivers_what_waited(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-11-02", "");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    let (liu, is_new) = comes_in(&city, &says(LIU, "s-liu")).await;
    assert!(is_new && liu.role == Role::Citizen);
    let file = my::file(&city.cx, &liu).await.unwrap();
    let record = &file.facts().records[0];
    assert!(record.history.told_on.is_some(), "told in the same transaction");

    let (again, is_new) = comes_in(&city, &says(LIU, "s-liu")).await;
    assert!(!is_new);
    assert_eq!((again.account, again.person), (liu.account, liu.person));
    // A new user of the service for the same person is the same person.
    let (anew, is_new) = comes_in(&city, &says(LIU, "s-liu-2")).await;
    assert!(!is_new && anew.account == liu.account);
    assert_eq!(accounts(&city).await, 1);
    let login = account::sign_in(&city.cx, &liu.login, "", "").await;
    assert!(matches!(login, Err(Error::SignIn)), "nobody signs in by its name");
}

#[rstest]
#[tokio::test]
async fn whoever_has_an_account_comes_to_it(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let (same, is_new) = comes_in(&city, &says(LIU, "s-liu")).await;
    assert!(!is_new && same.account == liu.account);
    account::disable(&city.cx, &testkit::lead(), &liu.login).await.unwrap();
    assert_eq!(is_refused(&city, &says(LIU, "s-liu")).await, Refusal::SwitchedOff);
    assert_eq!(accounts(&city).await, 1);
}

#[rstest]
#[tokio::test]
async fn a_number_under_another_name_opens_nothing(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    city.opens_account(LIU).await;
    let office = city.staff(Role::OfficeClerk);
    let claimed = says((LIU.0, ZHOU.1), "s-x");
    let Refusal::NameDiffers { number } = is_refused(&city, &claimed).await else { panic!() };
    // However often he tries, it is one doubt.
    assert_eq!(is_refused(&city, &claimed).await.number(), number);
    let open = doubts(&city.cx, &office).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].kind, &open[0].number), (DoubtKind::NameDiffers, &number));
    assert_eq!(accounts(&city).await, 1);
    // Nor is the user bound to anybody.
    let (zhou, _) = comes_in(&city, &says(ZHOU, "s-x")).await;
    assert_eq!(zhou.role, Role::Citizen);
}

#[rstest]
#[tokio::test]
async fn a_user_of_the_service_is_one_person_until_the_office_releases_him(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (clerk, lead) = (city.staff(Role::OfficeClerk), city.staff(Role::OfficeLead));
    let (liu, _) = comes_in(&city, &says(LIU, "s")).await;
    let refusal = is_refused(&city, &says(ZHOU, "s")).await;
    assert!(matches!(refusal, Refusal::BoundToOther { .. }), "{refusal:?}");
    assert_eq!(accounts(&city).await, 1, "nothing is left of the try");
    let doubt = doubts(&city.cx, &clerk).await.unwrap().remove(0);
    assert_eq!((doubt.kind, Some(doubt.person)), (DoubtKind::BoundToOther, liu.person));

    let by_clerk = settle(&city.cx, &clerk, doubt.id, Settled::Released).await;
    assert!(matches!(by_clerk, Err(Error::Denied(_))));
    let himself = Actor { person: liu.person, ..lead.clone() };
    let about_himself = settle(&city.cx, &himself, doubt.id, Settled::Released).await;
    assert!(matches!(about_himself, Err(Error::Denied(_))), "I15");
    settle(&city.cx, &lead, doubt.id, Settled::Kept).await.unwrap();
    let twice = settle(&city.cx, &lead, doubt.id, Settled::Released).await;
    assert!(matches!(twice, Err(Error::NotFound)));
    assert_ne!(is_refused(&city, &says(ZHOU, "s")).await.number(), doubt.number, "a new one");

    let doubt = doubts(&city.cx, &lead).await.unwrap().remove(0);
    settle(&city.cx, &lead, doubt.id, Settled::Released).await.unwrap();
    assert!(doubts(&city.cx, &lead).await.unwrap().is_empty());
    let (zhou, is_new) = comes_in(&city, &says(ZHOU, "s")).await;
    assert!(is_new && zhou.person != liu.person);
}

#[rstest]
#[tokio::test]
async fn i09_nobody_under_age_gets_an_account_and_nothing_is_kept_of_him(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    assert_eq!(is_refused(&city, &says(CHILD, "s-child")).await, Refusal::UnderAge);
    for table in ["person", "account", "identity_subject", "identity_doubt"] {
        assert_eq!(city.tampers(&format!("DELETE FROM {table}")).await, 0, "{table}");
    }
    // Only the day after his eighteenth birthday he is an adult.
    city.stands_on("2030-06-01");
    assert_eq!(is_refused(&city, &says(CHILD, "s-child")).await, Refusal::UnderAge);
    city.stands_on("2030-06-02");
    assert!(comes_in(&city, &says(CHILD, "s-child")).await.1);
}

#[rstest]
#[tokio::test]
async fn what_cannot_be_is_refused(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let passport =
        Claimed { id_kind: "护照".to_owned(), ..says(("E12345678", "Anna Weber"), "s") };
    assert_eq!(is_refused(&city, &passport).await, Refusal::BirthDateNeeded);
    let young = Claimed { birthdate: "2012-06-01".into(), ..passport.clone() };
    assert_eq!(is_refused(&city, &young).await, Refusal::UnderAge);
    let adult = Claimed { birthdate: "1990-06-01".into(), ..passport };
    assert!(comes_in(&city, &adult).await.1);
    for bad in [says(("999901197001010012", LIU.1), "s-2"), says((LIU.0, "1"), "s-2")] {
        assert_eq!(is_refused(&city, &bad).await, Refusal::Unreadable);
    }
    let unknown = Claimed { id_kind: "驾驶证".to_owned(), ..says(LIU, "s-2") };
    assert_eq!(is_refused(&city, &unknown).await, Refusal::Unreadable);
}

#[rstest]
#[tokio::test]
async fn an_answer_fits_one_sign_in_of_one_browser_once_and_in_time(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let attempt = Attempt::begin(cx, "https://a.example/back".to_owned(), "/my".to_owned());
    let sealed = attempt.seal(cx, "browser");
    assert!(!sealed.contains(&attempt.state) && sealed.bytes().all(|b| b.is_ascii_hexdigit()));
    let opened = Attempt::open(cx, &sealed, "browser", &attempt.state).unwrap();
    assert_eq!((&opened.redirect, &opened.next), (&attempt.redirect, &attempt.next));
    assert_eq!(opened.verifier, attempt.verifier);
    let other = Attempt::begin(cx, String::new(), String::new());
    for (sealed, browser, state) in [
        (sealed.as_str(), "another", attempt.state.as_str()),
        (&sealed, "browser", &other.state),
        (&sealed, "browser", ""),
        (&sealed[2..], "browser", &attempt.state),
        ("", "browser", &attempt.state),
    ] {
        assert!(Attempt::open(cx, sealed, browser, state).is_none(), "{browser}");
    }
    assert!(opened.spend(cx).await.unwrap());
    assert!(!opened.spend(cx).await.unwrap(), "replayed");
    assert_eq!(jobs::run(cx, What::RemoveTokens).await.unwrap(), 0);
    city.passes(SignedDuration::from_mins(MINUTES + 1));
    assert!(Attempt::open(cx, &sealed, "browser", &attempt.state).is_none(), "too late");
    assert_eq!(jobs::run(cx, What::RemoveTokens).await.unwrap(), 1);
}

/// Held up at the same place: whoever had looked whether there is an account before the other opened one would open a
/// second.
#[tokio::test(flavor = "multi_thread")]
async fn two_users_who_are_one_person_and_sign_in_at_once_come_to_one_account() {
    let city = City::on(Postgres).await;
    let row = city.row(LIU, "2026-11-02", "");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    // Nobody can enter an account before this ends; everybody can look for one.
    let held = city.begins_to(&["LOCK TABLE account IN SHARE MODE"]).await;
    let mut both = tokio::task::JoinSet::new();
    for subject in ["s-1", "s-2"] {
        let cx = city.cx.clone();
        both.spawn(async move { enter(&cx, &says(LIU, subject), "Chromium").await.unwrap() });
    }
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while city.waits_for_locks().await < 2 {
        assert!(std::time::Instant::now() < until, "they do not come so far");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    held.rollback().await.unwrap();
    let mut came = Vec::new();
    for entered in both.join_all().await {
        let Entered::In { signed_in, is_new, .. } = entered else { panic!("refused") };
        came.push((signed_in.actor.account, is_new));
    }
    assert_eq!(came[0].0, came[1].0, "one account");
    assert_eq!(came.iter().filter(|(_, is_new)| *is_new).count(), 1, "opened once");
    assert_eq!(accounts(&city).await, 1);
    // Both are bound to him, and he was told once.
    let (liu, _) = comes_in(&city, &says(LIU, "s-1")).await;
    let (same, is_new) = comes_in(&city, &says(LIU, "s-2")).await;
    assert!(!is_new && same.account == liu.account);
    let file = my::file(&city.cx, &liu).await.unwrap();
    let record = &file.facts().records[0];
    assert!(record.history.told_on.is_some());
    let told = city.tampers("DELETE FROM record_event WHERE kind = 'told'").await;
    assert_eq!(told, 1, "told once");
}

/// The same of many, as it comes; and one user who says that he is two persons is one of them and a doubt.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_at_once_leave_one_account_a_person_and_one_person_a_user(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let mut all = tokio::task::JoinSet::new();
    for turn in 0..12 {
        let cx = city.cx.clone();
        // Who is in no file yet is entered by his first sign-in.
        let who = if turn % 2 == 0 { LIU } else { ZHOU };
        let own = format!("s-{turn}");
        all.spawn(async move { enter(&cx, &says(who, &own), "Chromium").await.unwrap() });
        let cx = city.cx.clone();
        all.spawn(async move { enter(&cx, &says(who, "s-both"), "Chromium").await.unwrap() });
    }
    let (mut opened, mut refused) = (0, 0);
    for entered in all.join_all().await {
        match entered {
            Entered::In { is_new, .. } => opened += usize::from(is_new),
            Entered::Refused(Refusal::BoundToOther { .. }) => refused += 1,
            Entered::Refused(refusal) => panic!("{refusal:?}"),
        }
    }
    assert_eq!((opened, refused), (2, 6));
    assert_eq!(accounts(&city).await, 2);
    let office = city.staff(Role::OfficeClerk);
    let open = doubts(&city.cx, &office).await.unwrap();
    assert_eq!(open.len(), 1, "the same doubt is noted once");
}

#[tokio::test]
async fn i14_what_the_service_says_is_unreadable_in_the_database() {
    let city = City::on(Sqlite).await;
    comes_in(&city, &says(LIU, "subject-of-liu")).await;
    is_refused(&city, &says((LIU.0, ZHOU.1), "subject-of-zhou")).await;
    for (file, bytes) in city.all_bytes() {
        for planted in [LIU.0, LIU.1, ZHOU.1, "subject-of-"] {
            let is_there = bytes.windows(planted.len()).any(|at| at == planted.as_bytes());
            assert!(!is_there, "{planted} in {}", file.display());
        }
    }
}
