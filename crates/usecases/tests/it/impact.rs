//! Nothing comes in and nobody looks without an impact assessment that a second person approved, in time.

use std::sync::Arc;

use register::Role;
use register::opening::NotSecond;
use rstest::rstest;
use rulebook::Rules;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET};
use usecases::impact::{self, NewAssessment};
use usecases::{Error, batch, check};

fn new(scope: &str, code: &str) -> NewAssessment {
    NewAssessment {
        scope: scope.to_owned(),
        code: code.to_owned(),
        title: "重新评估".to_owned(),
        lawfulness: "依法审查许可。".to_owned(),
        effects: "可能影响许可。".to_owned(),
        measures: "按用途给，先登记。".to_owned(),
        fit: "yes".to_owned(),
        conclusion: "可以查询。".to_owned(),
        review_by: "2028-12-01".to_owned(),
    }
}

#[rstest]
#[tokio::test]
async fn i12_what_is_overdue_stops_until_two_people_have_assessed_it_again(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = city.under(Arc::new(Rules::bundled().unwrap()));
    let market = city.clerk(MARKET);
    let ask = city.ask(LIU, "food-licence-review");
    // Within the grace of the rulebook it goes on, the day after it stops.
    city.stands_on("2027-12-20");
    check::one(&cx, &market, &ask).await.unwrap();
    batch::Upload::new(&cx, &market, "NP04-MR").unwrap();
    city.stands_on("2027-12-21");
    let refused = check::one(&cx, &market, &ask).await;
    assert!(matches!(refused, Err(Error::NotAssessed)), "{:?}", refused.err());
    let refused = batch::Upload::new(&cx, &market, "NP04-MR");
    assert!(matches!(refused, Err(Error::NotAssessed)), "{:?}", refused.err());
    let many = check::many(&cx, &market, std::slice::from_ref(&ask)).await.unwrap();
    assert!(matches!(many[0], Err(Error::NotAssessed)));

    let (clerk, lead) = (city.staff(Role::OfficeClerk), city.staff(Role::OfficeLead));
    let written = impact::write(&cx, &lead, new("purpose", "food-licence-review")).await.unwrap();
    assert!(written.number.starts_with("PG20271221-"), "{}", written.number);
    let own = impact::decide(&cx, &lead, written.id, Some(true), "写得清楚。").await;
    assert!(matches!(own, Err(Error::NotSecond(NotSecond::SamePerson))), "{own:?}");
    let low = impact::decide(&cx, &clerk, written.id, Some(true), "写得清楚。").await;
    assert!(matches!(low, Err(Error::Denied(_))), "{low:?}");
    assert!(check::one(&cx, &market, &ask).await.is_err(), "nobody has approved it");
    let second = city.staff(Role::OfficeLead);
    impact::decide(&cx, &second, written.id, Some(true), "写得清楚。").await.unwrap();
    check::one(&cx, &market, &ask).await.unwrap();
    let twice = impact::decide(&cx, &second, written.id, Some(false), "不。").await;
    assert!(matches!(twice, Err(Error::NotSecond(NotSecond::Decided))), "{twice:?}");
    let other = batch::Upload::new(&cx, &market, "NP04-MR");
    assert!(matches!(other, Err(Error::NotAssessed)), "of the purpose only: {:?}", other.err());

    // Another process knows it once its job has read it, and then nothing new.
    let beside = city.under(Arc::new(Rules::bundled().unwrap()));
    assert!(matches!(check::one(&beside, &market, &ask).await, Err(Error::NotAssessed)));
    assert_eq!(impact::refresh(&beside).await.unwrap(), 1);
    assert_eq!(impact::refresh(&beside).await.unwrap(), 0);
    check::one(&beside, &market, &ask).await.unwrap();
    assert_eq!(impact::published(&beside).await.unwrap().len(), 1);
}

#[rstest]
#[tokio::test]
async fn an_assessment_says_all_of_it_and_none_is_approved_whose_measures_do_not_fit(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let cx = &city.cx;
    let (clerk, lead) = (city.staff(Role::OfficeClerk), city.staff(Role::OfficeLead));
    let empty = impact::write(cx, &clerk, NewAssessment::default()).await;
    let Err(Error::Mistakes(mistakes)) = empty else { panic!("{empty:?}") };
    assert_eq!(mistakes.len(), 9, "{mistakes:?}");
    let far = NewAssessment { review_by: "2027-11-24".to_owned(), ..new("item", "NP99") };
    assert!(matches!(impact::write(cx, &clerk, far).await, Err(Error::Mistakes(_))));
    let unfit = NewAssessment {
        fit: "no".to_owned(),
        review_by: "2027-11-23".to_owned(),
        ..new("item", "NP99")
    };
    let auditor = city.staff(Role::Auditor);
    assert!(matches!(impact::write(cx, &auditor, unfit.clone()).await, Err(Error::Denied(_))));
    let written = impact::write(cx, &clerk, unfit).await.unwrap();
    let approved = impact::decide(cx, &lead, written.id, Some(true), "可以。").await;
    let Err(Error::Mistakes(mistakes)) = approved else { panic!("{approved:?}") };
    assert_eq!(mistakes[0].code, "not-fit");
    impact::decide(cx, &lead, written.id, Some(false), "措施不够。").await.unwrap();
    assert!(impact::published(cx).await.unwrap().is_empty());
    let (seen, may_decide) = impact::one(cx, &auditor, written.id).await.unwrap();
    assert_eq!(seen.decision.unwrap().reasons, "措施不够。");
    assert!(!may_decide);
}

/// Written for a day to come it is no assessment yet; and the one that was approved last counts, also if it ends sooner.
#[rstest]
#[tokio::test]
async fn what_will_be_approved_is_not_and_the_last_that_was_counts(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let right = "approved_on = 2026-11-20";
    let rules = testkit::rules_with("assessments.toml", right, "approved_on = 2026-12-01");
    let later = city.under(Arc::new(rules));
    let market = city.clerk(MARKET);
    let ask = city.ask(LIU, "food-licence-review");
    let refused = check::one(&later, &market, &ask).await;
    assert!(matches!(refused, Err(Error::NotAssessed)), "{:?}", refused.err());
    city.stands_on("2026-12-01");
    check::one(&later, &market, &ask).await.unwrap();

    let cx = city.under(Arc::new(Rules::bundled().unwrap()));
    let (lead, second) = (city.staff(Role::OfficeLead), city.staff(Role::OfficeLead));
    let new = NewAssessment {
        review_by: "2026-12-15".to_owned(),
        ..new("purpose", "food-licence-review")
    };
    let written = impact::write(&cx, &lead, new).await.unwrap();
    impact::decide(&cx, &second, written.id, Some(true), "写得清楚。").await.unwrap();
    check::one(&cx, &market, &ask).await.unwrap();
    city.stands_on("2027-01-15");
    let refused = check::one(&cx, &market, &ask).await;
    assert!(matches!(refused, Err(Error::NotAssessed)), "{:?}", refused.err());
}
