//! Inquiries: the person asks why somebody looked, and the body that looked has to say.

use register::Role;
use register::inquiry::State;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, TRANSPORT};
use usecases::{Actor, Error, inquiry, my};

async fn looked(city: &City) -> (Actor, u64) {
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let looks = my::looks(&city.cx, &liu, u64::MAX, 10).await.unwrap().looks;
    (liu, looks.iter().find(|look| !look.is_own).unwrap().seq)
}

/// The account that made a look.
async fn store_account(city: &City, seq: u64) -> register::AccountId {
    let (db, log) = (city.cx.store.read(), city.cx.log.name());
    store::access_entry::from(db, log, seq, 1).await.unwrap()[0].account
}

#[rstest]
#[tokio::test]
async fn a_look_that_is_not_understood_is_explained(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let (liu, seq) = looked(&city).await;
    let silent = inquiry::ask(&city.cx, &liu, seq, " ").await;
    assert!(matches!(silent, Err(Error::Mistakes(_))), "{silent:?}");
    let zhou = city.opens_account(testkit::ZHOU).await;
    let foreign = inquiry::ask(&city.cx, &zhou, seq, "为什么查他？").await;
    assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");

    let asked = inquiry::ask(&city.cx, &liu, seq, "我没有办过这件事。").await.unwrap();
    assert_eq!((asked.agency.as_str(), asked.due.to_string()), (MARKET, "2026-11-30".into()));
    let again = inquiry::ask(&city.cx, &liu, seq, "再问一次。").await.unwrap();
    assert_eq!(again.id, asked.id, "asked twice, the first question stands");

    assert!(inquiry::desk(&city.cx, &city.clerk(TRANSPORT)).await.unwrap().is_empty());
    let other = inquiry::answer(&city.cx, &city.clerk(TRANSPORT), asked.id, "explained", "x").await;
    assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
    let clerk = city.clerk(MARKET);
    let himself = Actor { person: liu.person, ..clerk.clone() };
    let own = inquiry::answer(&city.cx, &himself, asked.id, "explained", "是我。").await;
    assert!(matches!(own, Err(Error::Denied(_))), "i15: {own:?}");
    let seen = inquiry::desk_one(&city.cx, &clerk, asked.id).await.unwrap();
    assert_eq!(seen.facts().case.steps[0].words, "我没有办过这件事。");
    let looks = store_account(&city, seq).await;
    let snoop = Actor { account: looks, ..clerk.clone() };
    let own = inquiry::answer(&city.cx, &snoop, asked.id, "explained", "是我查的，没问题。").await;
    assert!(matches!(own, Err(Error::Mistakes(_))), "i15, he who looked: {own:?}");
    inquiry::answer(&city.cx, &clerk, asked.id, "mistaken", "号码输错了，已经教育。")
        .await
        .unwrap();
    let twice = inquiry::answer(&city.cx, &clerk, asked.id, "explained", "又想了想。").await;
    assert!(matches!(twice, Err(Error::NotNow(_))), "{twice:?}");

    let mine = inquiry::one_of_mine(&city.cx, &liu, asked.id).await.unwrap();
    assert_eq!(mine.facts().inquiry.state, State::Mistaken);
    assert_eq!(mine.facts().steps[1].words, "号码输错了，已经教育。");
    let notices = my::notices(&city.cx, &liu).await.unwrap();
    let told = notices.iter().find(|notice| notice.text == "inquiry-mistaken").unwrap();
    assert!(told.state.delivered_at().is_some(), "he is told");
    let opened = my::notice(&city.cx, &liu, told.id).await.unwrap();
    let my::Subject::Inquiry(about) = &opened.facts().subject else { unreachable!() };
    assert_eq!(about.number, asked.number);
    let lead = city.staff(register::Role::OfficeLead);
    assert_eq!(inquiry::mistaken(&city.cx, &lead).await.unwrap().len(), 1, "the office knows");
    let own = my::looks(&city.cx, &liu, u64::MAX, 20).await.unwrap().looks;
    let own = own.iter().find(|look| look.is_own).unwrap().seq;
    let refused = inquiry::ask(&city.cx, &liu, own, "这是谁？").await;
    assert!(matches!(refused, Err(Error::Mistakes(_))), "his own look: {refused:?}");
}

#[rstest]
#[tokio::test]
async fn the_office_does_not_answer_to_itself_for_its_own_looks(
    #[values(Sqlite, Postgres)] engine: Engine,
    #[values(State::Explained, State::Mistaken)] state: State,
) {
    let city = City::on(engine).await;
    let (liu, _) = looked(&city).await;
    let visit = usecases::counter::Visit {
        id_number: LIU.0.to_owned().into(),
        name: LIU.1.to_owned().into(),
        matter: "窗口〔2026〕17号".to_owned(),
        ..Default::default()
    };
    let (clerk, other) = (city.staff(Role::OfficeClerk), city.staff(Role::OfficeClerk));
    usecases::counter::find(&city.cx, &clerk, &visit).await.unwrap();
    let looks = my::looks(&city.cx, &liu, u64::MAX, 10).await.unwrap().looks;
    let seq = looks.iter().find(|look| look.door == "counter").unwrap().seq;
    let asked = inquiry::ask(&city.cx, &liu, seq, "我没有到过窗口。").await.unwrap();
    inquiry::answer(&city.cx, &other, asked.id, state.code(), "说明写在这里。").await.unwrap();

    let notices = my::notices(&city.cx, &liu).await.unwrap();
    let told = notices.iter().find(|notice| notice.text.starts_with("inquiry-")).unwrap();
    assert_eq!(told.text, format!("inquiry-{}-office", state.code()));
    // The auditor, who is none of the office, sees what should not have been.
    let auditor = city.staff(Role::Auditor);
    let seen = inquiry::mistaken(&city.cx, &auditor).await.unwrap();
    let seen: Vec<_> = seen.iter().map(|one| one.id).collect();
    let expected = if state == State::Mistaken { vec![asked.id] } else { Vec::new() };
    assert_eq!(seen, expected);
}

/// A check that found nothing, of somebody who then comes and asks why.
#[rstest]
#[tokio::test]
async fn the_answer_arrives_also_where_the_look_showed_nothing(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    usecases::contact::choose(&city.cx, &liu, "mail", "liu@mail.example").await.unwrap();
    let sent = usecases::delivery::take(&city.cx, 9).await.unwrap().pop().unwrap();
    let usecases::delivery::Load::Mail { text, .. } = &sent.load else { unreachable!() };
    let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
    usecases::contact::confirm(&city.cx, &liu, &code).await.unwrap();
    assert_eq!(city.sees(LIU).await, 0);
    let looks = my::looks(&city.cx, &liu, u64::MAX, 10).await.unwrap().looks;
    let seq = looks.iter().find(|look| !look.is_own).unwrap().seq;
    let asked = inquiry::ask(&city.cx, &liu, seq, "我没有办过这件事。").await.unwrap();
    let clerk = city.clerk(MARKET);
    inquiry::answer(&city.cx, &clerk, asked.id, "explained", "您申请过食品许可。").await.unwrap();

    let notices = my::notices(&city.cx, &liu).await.unwrap();
    let texts: Vec<_> = notices.iter().map(|notice| notice.text.as_str()).collect();
    assert_eq!(texts, ["inquiry-explained"]);
    let opened = my::notice(&city.cx, &liu, notices[0].id).await.unwrap();
    assert!(matches!(&opened.facts().subject, my::Subject::Inquiry(one) if one.id == asked.id));
    let outside = usecases::delivery::take(&city.cx, 9).await.unwrap();
    assert_eq!(outside.len(), 1, "and by the way that he chose");
    let copy = my::copy(&city.cx, &liu).await.unwrap();
    assert_eq!(copy.facts().notices[0].0.id, notices[0].id);
    // No step is written of a record that there is none of.
    assert_eq!(city.tampers("DELETE FROM record_event").await, 0);

    // When the look goes, the question goes, and what was told of it.
    city.stands_on("2031-12-24");
    usecases::retention::erase(&city.cx).await.unwrap();
    let left = my::notices(&city.cx, &liu).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}

#[rstest]
#[tokio::test]
async fn a_copy_holds_everything(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let (liu, seq) = looked(&city).await;
    let whom = liu.person.unwrap();
    let file = my::file(&city.cx, &liu).await.unwrap();
    let record = file.facts().records[0].record.id;
    let words = "执照已经补办。";
    usecases::statement::state(&city.cx, &liu, whom, record, words).await.unwrap();
    let new = usecases::objection::NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "金额不对。".to_owned(),
        papers: vec![
            usecases::paper::receive(&city.cx, "收据.pdf", b"%PDF-1.7\n%%EOF\n").unwrap().unwrap(),
        ],
    };
    usecases::objection::open(&city.cx, &liu, whom, record, new).await.unwrap();
    inquiry::ask(&city.cx, &liu, seq, "为什么查我？").await.unwrap();
    let allows = usecases::mandate::NewMandate {
        grantee: MARKET.to_owned(),
        purpose: "评选".to_owned(),
        items: vec!["NP03".to_owned()],
        until: city.cx.today().to_string(),
        uses: "1".to_owned(),
    };
    usecases::mandate::give(&city.cx, &liu, allows).await.unwrap();
    usecases::consent::give(&city.cx, &liu, "NP11").await.unwrap();
    usecases::contact::choose(&city.cx, &liu, "mail", "liu@example.cn").await.unwrap();
    let draft = usecases::report::own(&city.cx, &liu).await.unwrap().into_parts().0;
    usecases::report::keep(&city.cx, &draft, b"the file").await.unwrap();
    let copy = my::copy(&city.cx, &liu).await.unwrap();
    let copy = copy.facts();
    assert_eq!(copy.file.records[0].record.statement.as_deref(), Some(words));
    assert!(copy.looks.iter().any(|look| look.seq == seq));
    assert_eq!(copy.cases[0].steps[0].words, "金额不对。");
    assert!(!copy.notices.is_empty());
    assert_eq!(copy.cases[0].papers[0].name, "收据.pdf");
    assert_eq!(copy.inquiries[0].1[0].words, "为什么查我？");
    assert_eq!((copy.mandates.len(), copy.consents.len(), copy.reports.len()), (1, 1, 1));
    assert_eq!(copy.contact.as_ref().unwrap().address.reveal(), "liu@example.cn");
    assert!(!copy.deliveries.is_empty());
    let stranger = my::copy(&city.cx, &city.clerk(MARKET)).await;
    assert!(matches!(stranger, Err(Error::Denied(_))), "{stranger:?}");
}
