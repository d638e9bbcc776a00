//! Cases on their pages, for the person and for the body.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::house::{CITIZEN, House};

/// The citizen objects to his only record; gives the address of the case.
async fn objected(house: &House, cookies: &str) -> String {
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
