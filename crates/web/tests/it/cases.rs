//! Cases on their pages, for the person and for the body.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use register::{AccountId, RecordId, Role, Uscc};
use usecases::repair::{self, NewRepair};
use usecases::{Actor, account, paper};

use crate::house::{CITIZEN, House};

/// The citizen objects to his only record; gives the address of the case.
pub(crate) async fn objected(house: &House, cookies: &str) -> String {
    house.enters((CITIZEN, "柳𬭚"), "2026-11-03").await;
    let file = house.get("/my", cookies).await;
    let (_, rest) = file.text.split_once("href=\"/my/objections/new?record=").unwrap();
    let place = format!("/my/objections/new?record={}", rest.split('"').next().unwrap());
    let csrf = house.get(&place, cookies).await.csrf();
    let mut body = String::new();
    for (name, value) in [
        ("csrf", csrf.as_str()),
        ("ground", "wrong-fact"),
        ("request", "correct"),
        ("words", "数额不对。"),
    ] {
        body.push_str(&format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str("--b--\r\n");
    let request = Request::post(&place)
        .header(header::COOKIE, cookies)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    let answered = house.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);
    answered.header(header::LOCATION).to_owned()
}

#[tokio::test]
async fn what_was_taken_back_may_be_taken_back_once_more() {
    let house = House::new().await;
    let cookies = house.sign_in("citizen").await;
    let place = objected(&house, &cookies).await;
    let csrf = house.get(&place, &cookies).await.csrf();
    for _ in 0..2 {
        let fields = format!("csrf={csrf}");
        let answered = house.post(&format!("{place}/withdraw"), &cookies, &fields).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);
        assert_eq!(answered.header(header::LOCATION), place);
    }
    let page = house.get(&place, &cookies).await.text;
    assert!(page.contains("您已撤回，需要时可以重新提出"), "{page}");
    assert!(!page.contains("申请行政复议"), "he has lost nothing: {page}");
}

/// Somebody who works for the market-regulation bureau.
fn clerk(house: &House) -> Actor {
    let bureau = house.cx.rules.agencies().iter().find(|one| one.kind == "market-regulation");
    Actor {
        account: AccountId(house.cx.new_id()),
        login: "clerk".to_owned(),
        role: Role::AgencyClerk,
        agency: Some(Uscc::parse(&bureau.unwrap().uscc).unwrap()),
        person: None,
        scope: None,
    }
}

#[tokio::test]
async fn a_hearing_has_no_day_in_a_list_and_words_that_come_too_late_come_back() {
    let house = House::new().await;
    house.enters_of((CITIZEN, "柳𬭚"), "2026-07-03", "2026-07-06").await;
    let cookies = house.sign_in("citizen").await;
    let file = house.get("/my", &cookies).await.text;
    let (_, rest) = file.split_once("href=\"/my/repairs/new?record=").unwrap();
    let record: RecordId = rest.split('"').next().unwrap().parse().unwrap();
    let receipt = paper::receive(&house.cx, "收据.pdf", b"%PDF-1.7 receipt").unwrap().unwrap();
    let new = NewRepair {
        words: "罚款已经交清。".to_owned(),
        is_performed: true,
        has_pledged: true,
        papers: vec![receipt],
    };
    let token = cookies.split("; ").find_map(|pair| pair.strip_prefix("cx=")).unwrap();
    let himself = account::by_session(&house.cx, token).await.unwrap().unwrap().actor;
    let whom = himself.person.unwrap();
    let asked = repair::ask(&house.cx, &himself, whom, record, new).await.unwrap();
    for decision in ["granted", "hearing"] {
        repair::decide(&house.cx, &clerk(&house), asked.id, decision, "理由写在这里。")
            .await
            .unwrap();
    }
    let list = house.get("/my/cases", &cookies).await.text;
    assert!(list.contains("收到告知书后 5 个工作日以内说明意见"), "{list}");
    assert!(!list.contains("办结</span>"), "nothing has to end by a day: {list}");
    let place = format!("/my/repairs/{}", asked.id);
    let csrf = house.get(&place, &cookies).await.csrf();

    repair::decide(&house.cx, &clerk(&house), asked.id, "kept", "没有问题。").await.unwrap();
    let fields = format!("csrf={csrf}&words=证明是真的，原件在我手里。");
    let late = house.post(&format!("{place}/hearing"), &cookies, &fields).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.text);
    for part in ["没有提交的意见", "证明是真的，原件在我手里。", "有误："] {
        assert!(late.text.contains(part), "{part} in {}", late.text);
    }
}

#[tokio::test]
async fn reasons_that_are_too_long_come_back_where_they_were_typed() {
    let house = House::new().await;
    let place = objected(&house, &house.sign_in("citizen").await).await;
    let place = place.replace("/my/", "/desk/");
    let cookies = house.sign_in("clerk").await;
    let csrf = house.get(&place, &cookies).await.csrf();
    let why = "档案在库房。".repeat(400);
    let fields = format!("csrf={csrf}&why={why}");
    let answered = house.post(&format!("{place}/extend"), &cookies, &fields).await;
    assert_eq!(answered.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answered.text);
    assert!(answered.text.contains(&why), "what was typed is gone: {}", answered.text);
    let (before, _) = answered.text.split_once("到期办不完").unwrap();
    let (_, opened) = before.rsplit_once("<details").unwrap();
    assert!(opened.starts_with(" class=\"govuk-details\" open>"), "{opened}");
}
