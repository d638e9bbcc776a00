//! Honours and volunteering exist by the person's own consent, and are gone when he takes it back (I11).

use register::record::Standing;
use register::{RecordId, Role};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{CHILD, City, Engine, LIU, MARKET, ZHOU};
use usecases::counter::{self, Visit};
use usecases::mandate::{self, NewMandate};
use usecases::{Actor, Error, consent, correction, my, report, retention};

/// The trade union of the imaginary city.
const UNION: &str = "11999901TEGH00015D";
/// Its civil affairs bureau.
const CIVIL: &str = "11999901TECA000116";

fn honours(rows: &[(&str, &str, &str)]) -> String {
    let mut file = "姓名,证件号码,表彰文件文号,荣誉称号,表彰日期,备注\n".to_owned();
    for (number, name, title) in rows {
        file.push_str(&format!(
            "{name},{number},示工表〔2026〕{}号,{title},2026-05-01,\n",
            title.len()
        ));
    }
    file
}

async fn sends(city: &City, rows: &[(&str, &str, &str)]) -> (u64, u64) {
    let batch =
        city.sends_file(&city.clerk(UNION), "NP10", honours(rows).as_bytes()).await.unwrap();
    (batch.counts.accepted, batch.counts.rejected)
}

const MODEL: (&str, &str, &str) = (LIU.0, LIU.1, "示例市劳动模范");

/// Liu, who allows honours and has one.
async fn honoured(engine: Engine) -> (City, Actor, RecordId) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    consent::give(&city.cx, &liu, "NP10").await.unwrap();
    assert_eq!(sends(&city, &[MODEL]).await, (1, 0));
    let record = my::file(&city.cx, &liu).await.unwrap().facts().records[0].record.id;
    (city, liu, record)
}

/// What the market bureau sees by a mandate of Liu.
async fn seen_by_mandate(city: &City, liu: &Actor) -> usize {
    let new = NewMandate {
        grantee: MARKET.to_owned(),
        purpose: "评选".to_owned(),
        items: vec!["NP10".to_owned()],
        until: city.cx.today().to_string(),
        uses: "1".to_owned(),
    };
    let (_, code) = mandate::give(&city.cx, liu, new).await.unwrap();
    let seen =
        mandate::redeem(&city.cx, &city.clerk(MARKET), &code, "评选〔2026〕1号").await.unwrap();
    seen.facts().facts.len()
}

async fn counter_sees(city: &City) -> usize {
    let visit = Visit {
        id_kind: String::new(),
        id_number: LIU.0.into(),
        name: LIU.1.into(),
        matter: "窗口〔2026〕1号".to_owned(),
    };
    let found = counter::find(&city.cx, &city.staff(Role::OfficeClerk), &visit).await.unwrap();
    found.facts().records.len()
}

#[rstest]
#[tokio::test]
async fn i11_without_consent_nothing_enters_and_nothing_is_kept(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let unknown = (ZHOU.0, ZHOU.1, "示例市优秀工会工作者");
    let clerk = city.clerk(UNION);
    let file = honours(&[MODEL, unknown]);
    let batch = city.sends_file(&clerk, "NP10", file.as_bytes()).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (0, 2));
    let reasons = usecases::batch::rejections(&city.cx, &clerk, batch.id, 0, 50).await.unwrap().1;
    assert!(reasons.iter().all(|reason| reason.code == "no-consent"), "known or not: {reasons:?}");
    assert_eq!(reasons[0].says, reasons[1].says);
    assert!(reasons.iter().all(|reason| reason.is_sealed));
    let file = my::file(&city.cx, &liu).await.unwrap();
    assert!(file.facts().records.is_empty());
    for (place, bytes) in city.all_rows().await.into_iter().chain(city.all_bytes()) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("劳动模范"), "{}", place.display());
    }
    // Consent to one kind is none to the other, and a name that differs has none.
    consent::give(&city.cx, &liu, "NP11").await.unwrap();
    assert_eq!(sends(&city, &[MODEL]).await, (0, 1));
    consent::give(&city.cx, &liu, "NP10").await.unwrap();
    assert_eq!(sends(&city, &[(LIU.0, "柳明", "示例市劳动模范")]).await, (0, 1));
    assert_eq!(sends(&city, &[(CHILD.0, CHILD.1, "优秀少先队员")]).await, (0, 1));
    assert_eq!(sends(&city, &[MODEL]).await, (1, 0));
    let none = consent::give(&city.cx, &liu, "NP04-MR").await;
    assert!(matches!(none, Err(Error::NotFound)), "{none:?}");
}

#[rstest]
#[tokio::test]
async fn i11_with_consent_it_is_shown_to_whom_he_allows_and_gone_when_he_takes_it_back(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, record) = honoured(engine).await;
    let cx = &city.cx;
    let notices = my::notices(cx, &liu).await.unwrap();
    assert!(notices.iter().any(|notice| notice.text == "honour-entered"));
    assert_eq!(city.sees(LIU).await, 0, "no purpose asks for honours");
    assert_eq!(seen_by_mandate(&city, &liu).await, 1);
    assert_eq!(report::own(cx, &liu).await.unwrap().facts().facts.len(), 1);
    assert_eq!(counter_sees(&city).await, 1);

    assert_eq!(consent::end(cx, &liu, "NP10").await.unwrap(), 1);
    assert!(matches!(consent::end(cx, &liu, "NP10").await, Err(Error::NotFound)));
    assert_eq!(seen_by_mandate(&city, &liu).await, 0);
    assert!(report::own(cx, &liu).await.unwrap().facts().facts.is_empty());
    assert_eq!(counter_sees(&city).await, 0);
    assert_eq!(sends(&city, &[MODEL]).await, (0, 1));
    // Whoever had received it is told, and once he has acknowledged, nothing of it is left.
    let market = city.clerk(MARKET);
    let told = correction::received(cx, &market).await.unwrap();
    assert_eq!(told[0].correction.record, record);
    assert_eq!(told[0].correction.change.title(), "本人已经撤回同意");
    assert_eq!(retention::erase(cx).await.unwrap().held, 1);
    // He changes his mind before that: the body that brought it brings it again.
    consent::give(cx, &liu, "NP10").await.unwrap();
    assert_eq!(seen_by_mandate(&city, &liu).await, 0, "it does not come back by itself");
    assert_eq!(sends(&city, &[MODEL]).await, (0, 0), "a row that is known");
    assert_eq!(seen_by_mandate(&city, &liu).await, 1);
    assert_eq!(consent::end(cx, &liu, "NP10").await.unwrap(), 1);
    for one in correction::received(cx, &market).await.unwrap() {
        correction::acknowledge(cx, &market, one.correction.id).await.unwrap();
    }
    assert_eq!(retention::erase(cx).await.unwrap().records, 1);
    assert!(my::file(cx, &liu).await.unwrap().facts().records.is_empty());
    // He changes his mind: the same honour may come again.
    consent::give(cx, &liu, "NP10").await.unwrap();
    assert_eq!(sends(&city, &[MODEL]).await, (1, 0));
}

#[rstest]
#[tokio::test]
async fn i11_a_consent_ends_by_itself_and_can_be_given_anew(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, record) = honoured(engine).await;
    let cx = &city.cx;
    city.stands_on("2028-11-23");
    assert_eq!(seen_by_mandate(&city, &liu).await, 1, "its last day");
    city.stands_on("2028-11-24");
    assert_eq!(seen_by_mandate(&city, &liu).await, 0, "no job has run");
    let mine = my::file(cx, &liu).await.unwrap().into_parts().0.records.remove(0);
    assert!(matches!(mine.standing, Standing::Ended { .. }), "{:?}", mine.standing);
    assert_eq!(sends(&city, &[(LIU.0, LIU.1, "先进工作者")]).await, (0, 1));
    usecases::statement::state(cx, &liu, liu.person.unwrap(), record, "谢谢大家。").await.unwrap();
    consent::give(cx, &liu, "NP10").await.unwrap();
    assert_eq!(seen_by_mandate(&city, &liu).await, 1);
    // The month in which it would have gone is over and its key destroyed: it still opens.
    city.stands_on("2029-06-20");
    city.sees(LIU).await;
    city.stands_on("2029-07-01");
    assert!(retention::erase(cx).await.unwrap().keys);
    let mine = my::file(cx, &liu).await.unwrap().into_parts().0.records.remove(0);
    assert_eq!(mine.record.statement.as_deref(), Some("谢谢大家。"));
    city.stands_on("2030-11-24");
    assert_eq!(retention::erase(cx).await.unwrap().records, 0, "time to think about it");
    city.stands_on("2031-05-24");
    assert_eq!(retention::erase(cx).await.unwrap().records, 1);
}

#[rstest]
#[tokio::test]
async fn i11_one_of_them_is_removed_and_the_others_stay(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, record) = honoured(engine).await;
    let cx = &city.cx;
    assert_eq!(sends(&city, &[(LIU.0, LIU.1, "先进工作者")]).await, (1, 0));
    let (one, two) =
        tokio::join!(consent::remove(cx, &liu, record), consent::remove(cx, &liu, record));
    one.unwrap();
    two.unwrap();
    let file = my::file(cx, &liu).await.unwrap().into_parts().0;
    let shown: Vec<_> = file.records.iter().filter(|mine| mine.standing.is_shown()).collect();
    assert_eq!(shown.len(), 1);
    assert_ne!(shown[0].record.id, record);
    let zhou = city.opens_account(ZHOU).await;
    assert!(matches!(consent::remove(cx, &zhou, shown[0].record.id).await, Err(Error::NotFound)));
    // A fine is not his to remove.
    let fine = city.row(LIU, "2026-11-02", "2026-11-03");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[fine]).await.unwrap();
    let file = my::file(cx, &liu).await.unwrap().into_parts().0;
    let fine = file.records.iter().find(|mine| mine.record.is_adverse()).unwrap().record.id;
    assert!(matches!(consent::remove(cx, &liu, fine).await, Err(Error::NotFound)));
    // Removed, it does not come back by itself.
    assert_eq!(sends(&city, &[MODEL]).await, (0, 1));
}

#[rstest]
#[tokio::test]
async fn volunteering_has_hours_and_never_blood(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    consent::give(&city.cx, &liu, "NP11").await.unwrap();
    let clerk = city.clerk(CIVIL);
    let file = format!(
        "ZY_XM,ZY_ZJHM,ZY_ZMBH,ZY_ZZ,ZY_NR,ZY_SC,ZY_ZMRQ\n\
         {name},{number},示志〔2026〕1号,示例市图书馆,整理图书,12.5,2026-06-01\n\
         {name},{number},示志〔2026〕2号,示例市中心血站,无偿献血,1,2026-06-01\n\
         {name},{number},示志〔2026〕3号,示例市图书馆,整理图书,许多,2026-06-01\n",
        name = LIU.1,
        number = LIU.0,
    );
    let batch = city.sends_file(&clerk, "NP11", file.as_bytes()).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (1, 2));
    let reasons = usecases::batch::rejections(&city.cx, &clerk, batch.id, 0, 50).await.unwrap().1;
    let codes: Vec<_> = reasons.iter().map(|reason| reason.code.as_str()).collect();
    assert!(codes.contains(&"blood-donation") && codes.contains(&"hours-unreadable"), "{codes:?}");
    let file = my::file(&city.cx, &liu).await.unwrap().into_parts().0;
    assert_eq!(file.records[0].record.headline(None), "志愿服务：示例市图书馆");
    // Only the body of the catalogue brings it.
    let stranger = city.sends_file(&city.clerk(MARKET), "NP11", b"x\n").await;
    assert!(stranger.is_err());
}

#[rstest]
#[tokio::test]
async fn what_merely_ran_out_may_come_again_and_what_was_removed_may_not(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, _) = honoured(engine).await;
    let mine = consent::mine(&city.cx, &liu).await.unwrap();
    let until = mine.iter().find_map(|kind| kind.consent.as_ref()).unwrap().until;
    let gone = register::retention::erase_allowed_on(until, &city.cx.rules).unwrap();
    city.stands_on(&gone.to_string());
    assert_eq!(retention::erase(&city.cx).await.unwrap().records, 1);
    consent::give(&city.cx, &liu, "NP10").await.unwrap();
    assert_eq!(sends(&city, &[MODEL]).await, (1, 0), "nothing stands against it");
    let record = my::file(&city.cx, &liu).await.unwrap().facts().records[0].record.id;
    consent::remove(&city.cx, &liu, record).await.unwrap();
    assert_eq!(retention::erase(&city.cx).await.unwrap().records, 1);
    let years = gone.checked_add(jiff::ToSpan::years(6)).unwrap();
    city.stands_on(&years.to_string());
    retention::erase(&city.cx).await.unwrap();
    consent::give(&city.cx, &liu, "NP10").await.unwrap();
    assert_eq!(sends(&city, &[MODEL]).await, (0, 1), "he does not want it back");
}

#[rstest]
#[tokio::test]
async fn i17_what_was_wrong_stays_out_though_he_allows_its_kind_anew(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let (city, liu, record) = honoured(engine).await;
    let person = liu.person.unwrap();
    let new = usecases::objection::NewObjection {
        ground: "not-me".to_owned(),
        request: "delete".to_owned(),
        words: "我没有得过这个称号。".to_owned(),
        papers: Vec::new(),
    };
    let opened = usecases::objection::open(&city.cx, &liu, person, record, new).await.unwrap();
    consent::end(&city.cx, &liu, "NP10").await.unwrap();
    let answer = usecases::objection::Answer {
        outcome: "deleted".to_owned(),
        reasons: "是同名的另一个人。".to_owned(),
        ..usecases::objection::Answer::default()
    };
    usecases::objection::answer(&city.cx, &city.clerk(UNION), opened.id, answer).await.unwrap();
    consent::give(&city.cx, &liu, "NP10").await.unwrap();
    assert_eq!(sends(&city, &[MODEL]).await, (0, 1), "before it is erased");
    city.stands_on("2027-11-24");
    retention::erase(&city.cx).await.unwrap();
    assert_eq!(sends(&city, &[MODEL]).await, (0, 1), "and after");
}

#[rstest]
#[tokio::test]
async fn an_honour_can_be_corrected_like_anything_else(#[values(Sqlite, Postgres)] engine: Engine) {
    let (city, liu, record) = honoured(engine).await;
    let new = usecases::objection::NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "称号写错了。".to_owned(),
        papers: Vec::new(),
    };
    let person = liu.person.unwrap();
    let opened = usecases::objection::open(&city.cx, &liu, person, record, new).await.unwrap();
    let answer = usecases::objection::Answer {
        outcome: "corrected".to_owned(),
        reasons: "核对原文件，确实写错。".to_owned(),
        fields: vec![(register::Field::HonourTitle, "示例市先进工作者".to_owned())],
        ..usecases::objection::Answer::default()
    };
    usecases::objection::answer(&city.cx, &city.clerk(UNION), opened.id, answer).await.unwrap();
    let file = my::file(&city.cx, &liu).await.unwrap().into_parts().0;
    let title = file.records[0].record.content.text(register::Field::HonourTitle);
    assert_eq!(title, Some("示例市先进工作者"));
}
