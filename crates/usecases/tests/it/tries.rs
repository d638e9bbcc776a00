//! Wrong passwords and codes are counted where every server process sees them, and lock nobody out.

use jiff::SignedDuration;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine};
use usecases::account::tries::{Place, Tried, begin};
use usecases::jobs::{self, What};
use usecases::{Cx, Error};

fn at(last: u8) -> Place {
    Place::Address(Some([192, 0, 2, last].into()))
}

fn known() -> Place {
    Place::Browser("1".to_owned())
}

/// Whether one must wait; otherwise a wrong try was made.
async fn waits(cx: &Cx, tried: Tried, name: &str, place: &Place) -> bool {
    match begin(cx, tried, name, place).await {
        Ok(_) => false,
        Err(Error::Wait { seconds }) => {
            assert!((1..=301).contains(&seconds), "{seconds}");
            true
        }
        Err(error) => panic!("{error:?}"),
    }
}

#[rstest]
#[tokio::test]
async fn two_processes_count_wrong_tries_together(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let (one, other) = (city.cx.clone(), city.beside());
    for (cx, name) in [(&one, "a"), (&other, " A "), (&one, "a"), (&other, "a"), (&one, "a")] {
        assert!(!waits(cx, Tried::Password, name, &at(1)).await);
    }
    assert!(waits(&one, Tried::Password, "a", &at(1)).await);
    assert!(waits(&other, Tried::Password, "a", &at(1)).await);
    // Another name, another place, another thing: each its own.
    assert!(!waits(&other, Tried::Password, "b", &at(1)).await);
    assert!(!waits(&other, Tried::Password, "a", &at(2)).await);
    assert!(!waits(&other, Tried::Secret, "a", &at(1)).await);
    // A name that nobody has waits in the same way: it was never asked whether there is one.
    city.passes(SignedDuration::from_secs(3));
    assert!(!waits(&one, Tried::Password, "a", &at(1)).await);
    assert!(waits(&other, Tried::Password, "a", &at(1)).await, "longer each time");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn many_at_the_same_moment_are_no_more_than_one_after_the_other(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let processes = [city.cx.clone(), city.beside()];
    let mut tries = tokio::task::JoinSet::new();
    for at_once in 0..40 {
        let cx = processes[at_once % 2].clone();
        tries.spawn(async move { waits(&cx, Tried::Password, "a", &at(1)).await });
    }
    let made = tries.join_all().await.into_iter().filter(|waited| !waited).count();
    assert_eq!(made, 5);
}

#[rstest]
#[tokio::test]
async fn whoever_guesses_locks_out_only_himself_and_not_for_good(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    for last in 0..10 {
        for _ in 0..5 {
            assert!(!waits(cx, Tried::Password, "a", &at(last)).await);
        }
    }
    // From many places together it is slow, for half a minute; in the owner's own browser it is not.
    assert!(waits(cx, Tried::Password, "a", &at(200)).await);
    assert!(!waits(cx, Tried::Password, "a", &known()).await);
    city.passes(SignedDuration::from_secs(31));
    assert!(!waits(cx, Tried::Password, "a", &at(200)).await);
    // Codes are few: from unknown places they are counted as from one.
    for last in 0..5 {
        assert!(!waits(cx, Tried::Code, "a", &at(last)).await);
    }
    assert!(waits(cx, Tried::Code, "a", &at(9)).await);
    assert!(!waits(cx, Tried::Code, "a", &known()).await);
    // After an hour without a try nothing is left, and the job forgets it.
    city.passes(SignedDuration::from_mins(61));
    assert!(jobs::run(cx, What::RemoveTokens).await.unwrap() > 10);
    assert_eq!(jobs::run(cx, What::RemoveTokens).await.unwrap(), 0);
    assert!(!waits(cx, Tried::Password, "a", &at(1)).await);
}

#[rstest]
#[tokio::test]
async fn what_was_right_forgives_its_own_place_only(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    for _ in 0..4 {
        assert!(!waits(cx, Tried::Password, "a", &at(1)).await);
    }
    begin(cx, Tried::Password, "a", &at(1)).await.unwrap().was_right(cx).await.unwrap();
    for _ in 0..5 {
        assert!(!waits(cx, Tried::Password, "a", &at(1)).await);
    }
    assert!(waits(cx, Tried::Password, "a", &at(1)).await);
    // What was no guess at all counts nothing, however often.
    for _ in 0..20 {
        begin(cx, Tried::Password, "a", &at(2)).await.unwrap().was_none(cx).await.unwrap();
    }
    assert!(!waits(cx, Tried::Password, "a", &at(2)).await);
}

#[rstest]
#[tokio::test]
async fn i14_what_is_counted_names_no_account_and_no_address(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    assert!(!waits(&city.cx, Tried::Password, "planted-login", &at(77)).await);
    for (place, bytes) in city.all_rows().await.into_iter().chain(city.all_bytes()) {
        let text = String::from_utf8_lossy(&bytes);
        for planted in ["planted-login", "192.0.2.77"] {
            assert!(!text.contains(planted), "{planted} in {}", place.display());
        }
    }
}
