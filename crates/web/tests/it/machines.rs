//! What machines of bodies do beside checks: they use mandates, and fetch corrections.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::house::House;

/// The code that the page shows once.
fn code(page: &str) -> &str {
    let (_, rest) = page.split_once("id=\"code\">").unwrap();
    rest.split('<').next().unwrap()
}

#[tokio::test]
async fn a_mandate_given_at_home_is_used_by_a_machine_as_often_as_was_said() {
    let house = House::new().await;
    let cookies = house.sign_in("citizen").await;
    let form = house.get("/my/mandates/new", &cookies).await;
    let fields = format!(
        "csrf={}&grantee=11999901TEMR000151&purpose=入职核对&items=NP03&items=NP04-MR\
         &until=2026-12-01&uses=1",
        form.csrf()
    );
    let given = house.post("/my/mandates/new", &cookies, &fields).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.text);
    let used = format!(r#"{{"code":"{}","matter":"入职 1 号"}}"#, code(&given.text));
    let first = house.api("/api/v1/mandates/redeem", &used).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    assert!(first.text.contains(r#""facts":[]"#) && first.text.contains(r#""purpose":"入职核对""#));
    let second = house.api("/api/v1/mandates/redeem", &used).await;
    assert_eq!(second.status, StatusCode::GONE, "{}", second.text);
    assert!(second.text.contains(r#""type":"/problems/mandate-used-up""#), "{}", second.text);
    let guess = r#"{"code":"2222-2222-2222-2222","matter":"入职 1 号"}"#;
    let guess = house.api("/api/v1/mandates/redeem", guess).await;
    assert_eq!(guess.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn corrections_are_fetched_and_only_ones_own_acknowledged() {
    let house = House::new().await;
    let list = Request::get("/api/v1/corrections")
        .header(header::AUTHORIZATION, format!("Bearer {}", house.token));
    let list = house.send(list.body(Body::empty()).unwrap()).await;
    assert_eq!((list.status, list.text.as_str()), (StatusCode::OK, "[]"));
    let foreign = "/api/v1/corrections/01936f2e-7c1a-7000-8000-0000000000a1/acknowledge";
    let foreign = house.api(foreign, "").await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{}", foreign.text);
}
