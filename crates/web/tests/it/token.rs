//! The token endpoint: what is a good request, what is said to a bad one, and what a token opens.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use usecases::account::disable;
use usecases::client::{Days, rotate};

use crate::house::{Answered, CITIZEN, House};

const FORM: &str = "application/x-www-form-urlencoded";

fn basic(client: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{client}:{secret}")))
}

/// Asks the endpoint; an empty `authorization` is none.
async fn ask(house: &House, authorization: &str, kind: &str, form: &str) -> Answered {
    let mut request = Request::post("/oauth/token").header(header::CONTENT_TYPE, kind);
    if !authorization.is_empty() {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    house.send(request.body(Body::from(form.to_owned())).unwrap()).await
}

fn json(answered: &Answered) -> Value {
    serde_json::from_str(&answered.text).unwrap()
}

/// A token by HTTP Basic.
async fn given(house: &House, more: &str) -> Answered {
    let form = format!("grant_type=client_credentials{more}");
    ask(house, &basic("system", &house.token), FORM, &form).await
}

async fn token(house: &House, more: &str) -> String {
    let answered = given(house, more).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
    json(&answered)["access_token"].as_str().unwrap().to_owned()
}

/// A check with that token for that purpose.
async fn check(house: &House, token: &str, purpose: &str) -> Answered {
    let question = format!(
        r#"{{"id_number":"{CITIZEN}","name":"柳𬭚","purpose":"{purpose}","matter":"LY-1"}}"#
    );
    let request = Request::post("/api/v1/checks")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json");
    house.send(request.body(Body::from(question)).unwrap()).await
}

#[tokio::test]
async fn a_token_is_given_by_basic_and_by_form_and_kept_by_nobody_on_the_way() {
    let house = House::new().await;
    let secret = house.token.clone();
    let form = format!("grant_type=client_credentials&client_id=system&client_secret={secret}");
    let header_and_id = "grant_type=client_credentials&client_id=system";
    for (authorization, form) in [
        (basic("system", &secret), "grant_type=client_credentials"),
        (basic("s%79stem", &secret), "grant_type=client_credentials&unknown=1&scope="),
        (basic("system", &secret).replace("Basic", "basic"), header_and_id),
        (String::new(), form.as_str()),
    ] {
        let answered = ask(&house, &authorization, FORM, form).await;
        assert_eq!(answered.status, StatusCode::OK, "{form}: {}", answered.text);
        assert_eq!(answered.header(header::CACHE_CONTROL), "no-store");
        assert_eq!(answered.header(header::PRAGMA), "no-cache");
        let body = json(&answered);
        assert_eq!(body["token_type"], "Bearer");
        assert_eq!(body["expires_in"], 900);
        let scope = body["scope"].as_str().unwrap();
        assert!(scope.contains("purpose:licence-review") && scope.contains("item:NP04-MR"));
        let token = body["access_token"].as_str().unwrap();
        assert!(token.starts_with("at_") && token.len() == 67, "{token}");
        let checked = check(&house, token, "licence-review").await;
        assert_eq!(checked.status, StatusCode::OK, "{}", checked.text);
    }
}

#[tokio::test]
async fn a_bad_request_is_told_what_is_wrong_with_it() {
    let house = House::new().await;
    let secret = house.token.clone();
    let good = basic("system", &secret);
    let good = good.as_str();
    let both = format!("grant_type=client_credentials&client_id=system&client_secret={secret}");
    let twice = "grant_type=client_credentials&grant_type=client_credentials";
    let other = "grant_type=client_credentials&client_id=other";
    let grant = "grant_type=client_credentials";
    let query = format!("{grant}&client_id=system");
    for (authorization, kind, form, status, error) in [
        (good, FORM, "", 400, "invalid_request"),
        (good, FORM, "grant_type=", 400, "invalid_request"),
        (
            good,
            "application/json",
            r#"{"grant_type":"client_credentials"}"#,
            400,
            "invalid_request",
        ),
        (good, FORM, twice, 400, "invalid_request"),
        (good, FORM, both.as_str(), 400, "invalid_request"),
        (good, FORM, other, 400, "invalid_request"),
        (good, FORM, "grant_type=password", 400, "unsupported_grant_type"),
        (good, FORM, "grant_type=refresh_token", 400, "unsupported_grant_type"),
        (good, FORM, "grant_type=client_credentials&scope=admin", 400, "invalid_scope"),
        (good, FORM, "grant_type=client_credentials&scope=+", 400, "invalid_scope"),
        (good, FORM, "grant_type=client_credentials&scope=item:NP04-TX", 400, "invalid_scope"),
        (
            good,
            FORM,
            "grant_type=client_credentials&scope=purpose:licence-review+purpose:tax-supervision",
            400,
            "invalid_scope",
        ),
        ("", FORM, grant, 401, "invalid_client"),
        ("", FORM, query.as_str(), 401, "invalid_client"),
        ("Bearer abc", FORM, grant, 401, "invalid_client"),
        ("Basic !!!", FORM, grant, 401, "invalid_client"),
    ] {
        let answered = ask(&house, authorization, kind, form).await;
        let at = format!("{authorization} {form}: {}", answered.text);
        assert_eq!(answered.status.as_u16(), status, "{at}");
        assert_eq!(answered.header(header::CONTENT_TYPE), "application/json", "{at}");
        assert_eq!(answered.header(header::CACHE_CONTROL), "no-store", "{at}");
        let body = json(&answered);
        assert_eq!(body["error"], error, "{at}");
        // RFC 6749, section 5.2: no other signs than these.
        let says = body["error_description"].as_str().unwrap();
        assert!(says.bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\'), "{at}");
        let how = answered.header(header::WWW_AUTHENTICATE);
        assert_eq!(how.starts_with("Basic realm="), status == 401, "{at}");
        assert!(!answered.text.contains(&secret), "{at}");
    }
    let large = format!("{grant}&scope={}", "a".repeat(70 << 10));
    let large = ask(&house, good, FORM, &large).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", large.text);
    let get = house.get("/oauth/token?grant_type=client_credentials", "").await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn an_unknown_client_and_a_wrong_secret_are_told_the_same() {
    let house = House::new().await;
    let wrong = format!("cx_{}", "0".repeat(64));
    let (grant, secret) = ("grant_type=client_credentials", house.token.clone());
    let mut answers = Vec::new();
    for (client, secret) in [
        ("nobody", wrong.as_str()),
        ("system", wrong.as_str()),
        ("nobody-2", secret.as_str()),
        // An account of a human being is none of a machine.
        ("clerk", crate::house::PASSWORD),
    ] {
        let answered = ask(&house, &basic(client, secret), FORM, grant).await;
        let mut headers: Vec<_> = answered
            .headers
            .iter()
            // Tells one request from another, whatever came of it.
            .filter(|(name, _)| name.as_str() != "x-request-id")
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        headers.sort();
        answers.push((answered.status, headers, answered.text));
    }
    assert_eq!(answers[0].0, StatusCode::UNAUTHORIZED);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    // Switched off, it is as if it had never been.
    disable(&house.cx, &testkit::lead(), "system").await.unwrap();
    let off = ask(&house, &basic("system", &secret), FORM, grant).await;
    assert_eq!((off.status, &off.text), (answers[0].0, &answers[0].2));
}

#[tokio::test]
async fn guessing_a_secret_costs_time_and_keeps_nobody_from_signing_in() {
    let house = House::new().await;
    let grant = "grant_type=client_credentials";
    for client in ["clerk", "nobody"] {
        for _ in 0..5 {
            let refused = ask(&house, &basic(client, "guess"), FORM, grant).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        }
        let waits = ask(&house, &basic(client, "guess"), FORM, grant).await;
        assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS, "{client}");
        assert!(waits.header(header::RETRY_AFTER).parse::<u64>().unwrap() > 0);
    }
    assert_eq!(given(&house, "").await.status, StatusCode::OK, "another client of the same place");
    let form = house.get("/sign-in", "").await;
    let fields = format!("csrf={}&login=clerk&password=wrong&next=", form.csrf());
    let tried = house.post("/sign-in", &form.cookies(), &fields).await;
    assert_eq!(tried.status, StatusCode::UNPROCESSABLE_ENTITY, "not kept waiting");
}

#[tokio::test]
async fn a_narrow_token_opens_less_and_says_so() {
    let house = House::new().await;
    let narrow = token(&house, "&scope=purpose:licence-review").await;
    assert_eq!(check(&house, &narrow, "licence-review").await.status, StatusCode::OK);
    let refused = check(&house, &narrow, "food-licence-review").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    assert_eq!(json(&refused)["type"], "/problems/outside-scope");
    let how = refused.header(header::WWW_AUTHENTICATE);
    assert_eq!(how, "Bearer error=\"insufficient_scope\"");
    assert_eq!(check(&house, &house.token, "food-licence-review").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_has_ended_is_not_opened_by_sending_it_again() {
    let house = House::new().await;
    let ended = token(&house, "").await;
    house.tamper("UPDATE access_token SET expires_at = '2026-11-22T00:00:00+00:00'").await;
    for _ in 0..2 {
        let replayed = check(&house, &ended, "licence-review").await;
        assert_eq!(replayed.status, StatusCode::UNAUTHORIZED, "{}", replayed.text);
        assert_eq!(json(&replayed)["type"], "/problems/token-expired");
        assert!(replayed.text.contains("/oauth/token"), "what to do: {}", replayed.text);
        let how = replayed.header(header::WWW_AUTHENTICATE);
        assert_eq!(how, "Bearer error=\"invalid_token\"");
    }
    // The secret goes as well: it got about.
    let old = house.token.clone();
    let alive = token(&house, "").await;
    assert_eq!(check(&house, &alive, "licence-review").await.status, StatusCode::OK);
    let now = Days { keep: Some(0), valid: None };
    let new = rotate(&house.cx, &testkit::lead(), "system", now).await.unwrap();
    for token in [old.as_str(), alive.as_str()] {
        let replayed = check(&house, token, "licence-review").await;
        assert_eq!(replayed.status, StatusCode::UNAUTHORIZED, "{}", replayed.text);
        assert_eq!(json(&replayed)["type"], "/problems/token-expired");
    }
    let refused = given(&house, "").await;
    assert_eq!(json(&refused)["error"], "invalid_client");
    assert!(refused.text.contains("has ended"), "who holds it is told: {}", refused.text);
    assert_eq!(check(&house, &new.secret, "licence-review").await.status, StatusCode::OK);
    // What never was is told apart from what was.
    let never = check(&house, &format!("at_{}", "0".repeat(64)), "licence-review").await;
    assert_eq!(json(&never)["type"], "/problems/token", "{}", never.text);
}

#[tokio::test]
async fn the_document_says_how_a_machine_gets_in() {
    let house = House::new().await;
    let document = json(&house.get("/api/openapi.json", "").await);
    let schemes = &document["components"]["securitySchemes"];
    let flow = &schemes["oauth2"]["flows"]["clientCredentials"];
    assert_eq!(flow["tokenUrl"], "/oauth/token");
    assert_eq!(schemes["token"]["scheme"], "bearer");
    let ways = document["paths"]["/api/v1/checks"]["post"]["security"].as_array().unwrap();
    assert!(ways.iter().any(|way| way.get("oauth2").is_some()), "{ways:?}");
    assert!(ways.iter().any(|way| way.get("token").is_some()), "{ways:?}");
}

#[tokio::test]
async fn the_office_sees_the_systems_and_no_secret() {
    let house = House::new().await;
    given(&house, "").await;
    let page = house.get("/office/systems", &house.sign_in("office").await).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for part in ["system", "本单位的全部用途和事项", "2026年11月23日 09:00", "2027年11月23日"]
    {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(!page.text.contains("cx_") && !page.text.contains("at_"));
}

#[tokio::test]
async fn a_token_for_little_opens_no_door_of_machines_beside() {
    let house = House::new().await;
    let little = token(&house, "&scope=purpose:licence-review").await;
    let checked = check(&house, &little, "licence-review").await;
    assert_eq!(checked.status, StatusCode::OK, "{}", checked.text);
    let id = "01936f2e-7c1a-7000-8000-0000000000a1";
    let mandate = r#"{"code":"2222-2222-2222-2222","matter":"入职 1 号"}"#;
    let mut doors = 0;
    for route in web::ROUTES.iter().filter(|route| route.who == web::Who::Api) {
        // What is checked or sent is refused by its purpose or item, elsewhere.
        let (body, status) = match route.path {
            "/api/v1/checks" | "/api/v1/checks/batch" | "/api/v1/intake/batches" => continue,
            "/api/v1/mandates/redeem" => (mandate, StatusCode::FORBIDDEN),
            // Whether there is such a file it is not told.
            path if path.starts_with("/api/v1/intake/batches/") => ("", StatusCode::NOT_FOUND),
            _ => ("", StatusCode::FORBIDDEN),
        };
        let path = route.path.replace("{id}", id);
        let request = Request::builder()
            .method(route.method)
            .uri(&path)
            .header(header::AUTHORIZATION, format!("Bearer {little}"))
            .header(header::CONTENT_TYPE, "application/json");
        let answered = house.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answered.status, status, "{path}: {}", answered.text);
        if status == StatusCode::FORBIDDEN {
            assert_eq!(json(&answered)["type"], "/problems/outside-scope", "{path}");
        }
        doors += 1;
    }
    assert!(doors >= 5, "{doors}");
}
