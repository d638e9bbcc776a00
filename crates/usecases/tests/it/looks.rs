//! Who looked: every page of it, and a log that is walked through while it grows.

use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TRANSPORT};
use usecases::Error;

#[rstest]
#[tokio::test]
async fn looks_are_shown_page_after_page_to_the_first(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    for _ in 0..7 {
        city.sees(LIU).await;
    }
    let ask = city.ask(LIU, "food-licence-review");
    let refused = usecases::check::one(&city.cx, &city.clerk(TRANSPORT), &ask).await;
    assert!(matches!(refused, Err(Error::Denied(_))));
    let person = city.opens_account(LIU).await;

    let (mut seen, mut before) = (Vec::new(), u64::MAX);
    loop {
        let page = usecases::my::looks(&city.cx, &person, before, 3).await.unwrap();
        assert_eq!(page.refused, 1, "refusals are counted whole on every page");
        seen.extend(page.looks.iter().map(|look| look.seq));
        before = seen.last().copied().unwrap();
        if !page.has_older {
            break;
        }
    }
    assert_eq!(seen, [6, 5, 4, 3, 2, 1, 0]);
    let first = usecases::my::look(&city.cx, &person, 0).await.unwrap();
    assert_eq!(first.records.len(), 1);
    let refusal = usecases::my::look(&city.cx, &person, 7).await;
    assert!(matches!(refusal, Err(Error::NotFound)), "what was refused is no look");
    let stranger = city.opens_account(testkit::ZHOU).await;
    let other = usecases::my::look(&city.cx, &stranger, 0).await;
    assert!(matches!(other, Err(Error::NotFound)), "a look at somebody else");
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_grows_while_it_is_verified_is_intact(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let (cx, clerk) = (city.cx.clone(), city.clerk(MARKET));
    let ask = city.ask(LIU, "food-licence-review");
    let looking = tokio::spawn(async move {
        for _ in 0..300 {
            usecases::check::one(&cx, &clerk, &ask).await.unwrap();
        }
    });
    let operator = usecases::account::operator(None);
    let mut size = 0;
    while !looking.is_finished() {
        let found = usecases::log::verify(&city.cx, &operator, 0, None, |_, _| {}).await.unwrap();
        assert_eq!(found.fault, None);
        assert!(found.size >= size);
        size = found.size;
    }
    looking.await.unwrap();
}
