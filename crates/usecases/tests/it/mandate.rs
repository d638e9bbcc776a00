//! Mandates: who was named looks at what was chosen, as often as was said, and the person sees it.

use register::mandate::Ended;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TAX, TRANSPORT};
use usecases::mandate::{self, NewMandate};
use usecases::{Actor, Error, correction, my, record};

/// A fine by the market bureau about Liu.
async fn fined(city: &City) -> Actor {
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    liu
}

fn allows(items: &[&str], uses: &str) -> NewMandate {
    NewMandate {
        grantee: TRANSPORT.to_owned(),
        purpose: "入职核对".to_owned(),
        items: items.iter().map(|item| (*item).to_owned()).collect(),
        until: "2026-12-23".to_owned(),
        uses: uses.to_owned(),
    }
}

fn ended<T: std::fmt::Debug>(result: Result<T, Error>) -> Ended {
    let Err(Error::MandateEnded(ended)) = result else { panic!("{result:?}") };
    ended
}

#[rstest]
#[tokio::test]
async fn scenario_13_a_body_sees_what_it_was_allowed_and_no_more(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = fined(&city).await;
    let (given, code) = mandate::give(&city.cx, &liu, allows(&["NP04-MR"], "2")).await.unwrap();
    let body = city.clerk(TRANSPORT);

    // The code alone opens nothing.
    let other = mandate::redeem(&city.cx, &city.clerk(TAX), &code, "入职 1 号").await;
    assert!(matches!(other, Err(Error::NotFound)), "another body: {other:?}");
    let wrong = mandate::redeem(&city.cx, &body, "2222-2222-2222-2222", "入职 1 号").await;
    assert!(matches!(wrong, Err(Error::NotFound)), "a guess is told the same: {wrong:?}");
    let himself = Actor { person: liu.person, ..body.clone() };
    let own = mandate::redeem(&city.cx, &himself, &code, "入职 1 号").await;
    assert!(matches!(own, Err(Error::Denied(_))), "i15: {own:?}");
    let no_matter = mandate::redeem(&city.cx, &body, &code, " ").await;
    assert!(matches!(no_matter, Err(Error::Mistakes(_))), "{no_matter:?}");

    let typed = code.to_lowercase().replace('-', " ");
    let seen = mandate::redeem(&city.cx, &body, &typed, "入职 1 号").await.unwrap();
    assert_eq!((seen.facts().facts.len(), seen.facts().mandate.used), (1, 1));
    let looks = my::looks(&city.cx, &liu, u64::MAX, 5).await.unwrap().looks;
    assert_eq!(looks[0].matter, format!("入职 1 号（授权 {}）", given.number));
    assert_eq!((looks[0].door.as_str(), looks[0].records.len()), ("mandate", 1));

    // What is taken back is over at once, and the refusal is counted like any other.
    assert!(mandate::revoke(&city.cx, &liu, given.id).await.unwrap());
    assert!(!mandate::revoke(&city.cx, &liu, given.id).await.unwrap());
    let gone = mandate::redeem(&city.cx, &body, &code, "入职 1 号").await;
    assert!(matches!(ended(gone), Ended::Revoked { .. }));
    assert_eq!(my::looks(&city.cx, &liu, u64::MAX, 5).await.unwrap().refused, 1);

    // Who saw it by a mandate is told like any receiver when it goes (I13).
    let file = my::file(&city.cx, &liu).await.unwrap();
    let mine = &file.facts().records[0];
    assert!(mine.receivers.contains(TRANSPORT));
    let (person, record) = (liu.person.unwrap(), mine.record.id);
    let change = record::Change::Withdraw;
    record::change(&city.cx, &city.clerk(MARKET), person, record, change).await.unwrap();
    assert_eq!(correction::received(&city.cx, &body).await.unwrap().len(), 1);
}

#[rstest]
#[tokio::test]
async fn of_two_who_come_to_one_use_one_is_answered(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let liu = fined(&city).await;
    let (_, code) = mandate::give(&city.cx, &liu, allows(&["NP04-MR"], "1")).await.unwrap();
    let (one, two) = (city.clerk(TRANSPORT), city.clerk(TRANSPORT));
    let (one, two) = tokio::join!(
        mandate::redeem(&city.cx, &one, &code, "甲"),
        mandate::redeem(&city.cx, &two, &code, "乙"),
    );
    let (answered, refused) = if one.is_ok() { (one, two) } else { (two, one) };
    answered.unwrap();
    assert_eq!(ended(refused), Ended::UsedUp { uses: 1 });
}

#[rstest]
#[tokio::test]
async fn a_mandate_expires_by_itself_and_shows_nothing_else(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = fined(&city).await;
    let body = city.clerk(TRANSPORT);
    let (_, code) = mandate::give(&city.cx, &liu, allows(&["NP03"], "5")).await.unwrap();
    let seen = mandate::redeem(&city.cx, &body, &code, "入职 2 号").await.unwrap();
    assert!(seen.facts().facts.is_empty(), "licences were allowed, penalties were not");
    city.stands_on("2026-12-23");
    mandate::redeem(&city.cx, &body, &code, "入职 2 号").await.unwrap();
    city.stands_on("2026-12-24");
    let late = mandate::redeem(&city.cx, &body, &code, "入职 2 号").await;
    assert!(matches!(ended(late), Ended::Expired { .. }), "no job was needed");
}

#[rstest]
#[tokio::test]
async fn what_is_missing_is_told_at_once_and_a_new_code_voids_the_old(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = fined(&city).await;
    let nothing = mandate::give(&city.cx, &liu, NewMandate::default()).await;
    let Err(Error::Mistakes(mistakes)) = nothing else { panic!("{nothing:?}") };
    let fields: Vec<_> = mistakes.iter().map(|mistake| mistake.field).collect();
    assert_eq!(fields, ["grantee", "items", "purpose", "until", "uses"]);
    for (until, uses) in [("2026-11-22", "1"), ("2028-01-01", "1"), ("2026-12-23", "21")] {
        let bad = NewMandate { until: until.to_owned(), ..allows(&["NP03"], uses) };
        let refused = mandate::give(&city.cx, &liu, bad).await;
        assert!(matches!(refused, Err(Error::Mistakes(_))), "{until} {uses}: {refused:?}");
    }
    let secret = mandate::give(&city.cx, &liu, allows(&["NP06"], "1")).await;
    assert!(matches!(secret, Err(Error::Mistakes(_))), "nothing is kept of that item");
    let clerk = mandate::give(&city.cx, &city.clerk(MARKET), allows(&["NP03"], "1")).await;
    assert!(matches!(clerk, Err(Error::Denied(_))), "{clerk:?}");

    let (given, old) = mandate::give(&city.cx, &liu, allows(&["NP03"], "1")).await.unwrap();
    let (_, new) = mandate::new_code(&city.cx, &liu, given.id).await.unwrap();
    let body = city.clerk(TRANSPORT);
    let stale = mandate::redeem(&city.cx, &body, &old, "入职 3 号").await;
    assert!(matches!(stale, Err(Error::NotFound)), "{stale:?}");
    mandate::redeem(&city.cx, &body, &new, "入职 3 号").await.unwrap();
    let used_up = mandate::new_code(&city.cx, &liu, given.id).await;
    assert!(matches!(ended(used_up), Ended::UsedUp { .. }));
    let zhou = city.opens_account(testkit::ZHOU).await;
    assert!(!mandate::revoke(&city.cx, &zhou, given.id).await.unwrap(), "not his");
    assert_eq!(mandate::mine(&city.cx, &liu).await.unwrap()[0].purpose, "入职核对");
}
