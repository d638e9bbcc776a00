//! Notices as the person reads them.

use axum::http::{StatusCode, header};

use crate::house::{CITIZEN, House};

/// What stands between the first `before` and the quotation mark after it.
fn after<'a>(text: &'a str, before: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| unreachable!("{before} in {text}"));
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn a_notice_says_by_what_law_the_record_entered_and_he_is_told() {
    let house = House::new().await;
    house.enters((CITIZEN, "柳𬭚"), "").await;
    let cookies = house.sign_in("citizen").await;
    let list = house.get("/my/notices", &cookies).await.text;
    let place = format!("/my/notices/{}", after(&list, "href=\"/my/notices/"));
    let page = house.get(&place, &cookies).await.text;
    let text = house.cx.rules.notice("record-entered").unwrap();
    let item = house.cx.rules.item("NP04-MR").unwrap();
    for basis in text.basis.iter().chain(&item.basis) {
        assert!(page.contains(&basis.to_string()), "{basis} in {page}");
    }
    assert!(page.contains("这条信息</h2>"), "{page}");
}

#[tokio::test]
async fn the_answer_to_a_question_about_an_empty_look_is_a_notice_of_its_own() {
    let house = House::new().await;
    house.look().await;
    let cookies = house.sign_in("citizen").await;
    let looks = house.get("/my/looks", &cookies).await.text;
    let place = format!("/my/looks/{}/inquiry", after(&looks, "href=\"/my/looks/"));
    let csrf = house.get(&place, &cookies).await.csrf();
    let fields = format!("csrf={csrf}&words=我没有办过这件事。");
    let asked = house.post(&place, &cookies, &fields).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    let case = asked.header(header::LOCATION).to_owned();

    let desk = case.replace("/my/", "/desk/");
    let clerk = house.sign_in("clerk").await;
    let csrf = house.get(&desk, &clerk).await.csrf();
    let fields = format!("csrf={csrf}&state=mistaken&words=号码输错了。");
    let answered = house.post(&desk, &clerk, &fields).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);

    let list = house.get("/my/notices", &cookies).await.text;
    let place = format!("/my/notices/{}", after(&list, "href=\"/my/notices/"));
    let notice = house.get(&place, &cookies).await;
    assert_eq!(notice.status, StatusCode::OK, "{}", notice.text);
    let number = after(&notice.text, "疑问（").chars().take(17).collect::<String>();
    assert!(number.starts_with("WX20261123-"), "{number}");
    for part in ["不应该查询，已报信用办", "可以要求", "这次查询</h2>", case.as_str()]
    {
        assert!(notice.text.contains(part), "{part} in {}", notice.text);
    }
    // Whoever does not agree finds out where to turn.
    let rights = house.get("/rights", "").await.text;
    assert!(rights.contains("向信用办反映，请写明编号"), "{rights}");
    let copy = house.get("/my/copy.json", &cookies).await.text;
    let copy: serde_json::Value = serde_json::from_str(&copy).unwrap();
    assert_eq!(copy["notices"][0]["inquiry"], number.as_str(), "{copy}");
    assert!(copy["notices"][0]["record"].is_null(), "{copy}");
}
