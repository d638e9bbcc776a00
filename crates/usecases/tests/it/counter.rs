//! The counter: an objection of a person who is there and signs.

use register::Role;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, LIU, MARKET, ZHOU};
use usecases::counter::{self, Visit};
use usecases::objection::{self, NewObjection};
use usecases::{Actor, Error, my};

fn visit(who: (&str, &str)) -> Visit {
    Visit {
        id_number: who.0.to_owned(),
        name: who.1.to_owned(),
        matter: "窗口〔2026〕17号".to_owned(),
        ..Visit::default()
    }
}

#[rstest]
#[tokio::test]
async fn an_objection_at_the_counter_goes_the_way_of_one_from_home(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let city = City::on(engine).await;
    let market = city.clerk(MARKET);
    city.sends(&market, "NP04-MR", &[city.row(LIU, "2026-07-03", "2026-07-06")]).await.unwrap();
    let office = city.staff(Role::OfficeClerk);
    let nobody = counter::find(&city.cx, &office, &visit(ZHOU)).await;
    assert!(matches!(nobody, Err(Error::NotFound)), "{nobody:?}");
    let other = counter::find(&city.cx, &office, &visit((LIU.0, "另一人"))).await;
    assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
    let empty = counter::find(&city.cx, &office, &Visit::default()).await;
    assert!(matches!(empty, Err(Error::Mistakes(_))), "{empty:?}");
    for role in [Role::Auditor, Role::AgencyClerk] {
        let denied = counter::find(&city.cx, &city.staff(role), &visit(LIU)).await;
        assert!(matches!(denied, Err(Error::Denied(_))), "{role:?}: {denied:?}");
    }

    let (visitor, _) = counter::find(&city.cx, &office, &visit(LIU)).await.unwrap().into_parts();
    let (whom, record) = (visitor.person, visitor.records[0].0.id);
    let mut new = NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "罚款是 150 元。".to_owned(),
        papers: Vec::new(),
    };
    let unsigned = counter::object(&city.cx, &office, whom, record, new.clone()).await;
    assert!(matches!(unsigned, Err(Error::Mistakes(_))), "{unsigned:?}");
    let sheet =
        usecases::paper::receive(&city.cx, "签名.pdf", b"%PDF-1.7 signed").unwrap().unwrap();
    new.papers.push(sheet);
    let himself = Actor { person: Some(whom), ..office.clone() };
    let own = counter::object(&city.cx, &himself, whom, record, new.clone()).await;
    assert!(matches!(own, Err(Error::Denied(_))), "i15: {own:?}");
    let taken = counter::object(&city.cx, &office, whom, record, new.clone()).await.unwrap();
    let twice = counter::object(&city.cx, &office, whom, record, new).await;
    assert!(matches!(twice, Err(Error::ObjectionOpen | Error::Mistakes(_))), "{twice:?}");

    let seen = objection::desk_one(&city.cx, &market, taken.id).await.unwrap();
    assert_eq!(seen.facts().case.steps[0].kind, "opened-at-counter");
    assert_eq!(seen.facts().case.papers.len(), 1);
    // At home he finds it, and every look of the counter, also those that found nobody.
    let liu = city.opens_account(LIU).await;
    let mine = objection::one_of_mine(&city.cx, &liu, taken.id).await.unwrap();
    assert_eq!(mine.facts().steps[0].words, "罚款是 150 元。");
    let looks = my::looks(&city.cx, &liu, u64::MAX, 50).await.unwrap();
    assert!(looks.looks.iter().any(|look| look.door == "counter" && look.matter.contains("17号")));
    assert!(looks.refused >= 1, "the other name was tried, and logged");
}
