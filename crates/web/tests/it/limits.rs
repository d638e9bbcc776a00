//! How much and how often: bodies that are too large, requests that are too many.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use web::{Door, ROUTES, Rates, Who};

use crate::house::{Answered, House, patient};

/// An address with something in the place of each parameter.
fn address(template: &str) -> String {
    let mut address = String::new();
    for part in template.split_inclusive('}') {
        match part.split_once('{') {
            Some((before, _)) => {
                address.push_str(before);
                address.push_str("01936f2e-7c1a-7000-8000-0000000000a1");
            }
            None => address.push_str(part),
        }
    }
    address
}

/// What whoever may use an address shows of himself.
struct Visitors {
    citizen: String,
    clerk: String,
    office: String,
}

impl Visitors {
    async fn of(house: &House) -> Self {
        Self {
            citizen: house.sign_in("citizen").await,
            clerk: house.sign_in("clerk").await,
            office: house.sign_in("office").await,
        }
    }

    fn cookies(&self, who: Who) -> &str {
        match who {
            Who::Citizen => &self.citizen,
            Who::Clerk => &self.clerk,
            Who::Office => &self.office,
            Who::Anyone
            | Who::Key
            | Who::Midway
            | Who::SignedIn
            | Who::Operator
            | Who::Api
            | Who::Log => "",
        }
    }
}

#[tokio::test]
async fn a_body_that_says_that_it_is_too_large_is_never_read() {
    let house = House::new().await;
    for route in ROUTES.iter().filter(|route| route.method == "POST") {
        let asks = async |length: usize| {
            let request = Request::post(address(route.path)).header(header::CONTENT_LENGTH, length);
            house.send(request.body(Body::empty()).unwrap()).await.status
        };
        let largest = web::limit(route.path);
        assert_eq!(asks(largest + 1).await, StatusCode::PAYLOAD_TOO_LARGE, "{}", route.path);
        assert_ne!(asks(largest).await, StatusCode::PAYLOAD_TOO_LARGE, "{}", route.path);
        assert!(largest <= (1 << 30) + (50 << 20), "{}", route.path);
    }
}

/// Without a length it is read up to the limit and no further, whoever sends it.
#[tokio::test]
async fn a_body_without_a_length_is_read_to_its_limit() {
    let house = House::new().await;
    let visitors = Visitors::of(&house).await;
    let mut refused_for_its_size = 0;
    for route in ROUTES.iter().filter(|route| route.method == "POST") {
        let largest = web::limit(route.path);
        if largest > 2 << 20 {
            continue;
        }
        let kind = match route.who {
            Who::Api | Who::Log => "application/json",
            Who::Anyone if route.path.starts_with("/api/") => "application/json",
            Who::Anyone
            | Who::Key
            | Who::Midway
            | Who::SignedIn
            | Who::Citizen
            | Who::Clerk
            | Who::Office
            | Who::Operator => "application/x-www-form-urlencoded",
        };
        let mut request = Request::post(address(route.path))
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, visitors.cookies(route.who));
        if route.who == Who::Api {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", house.token));
        }
        let body = Body::from(vec![b' '; largest + 1]);
        let answered = house.send(request.body(body).unwrap()).await;
        let is_refused = answered.status.is_client_error() || answered.status.is_redirection();
        assert!(is_refused, "{}: {}", route.path, answered.status);
        refused_for_its_size += usize::from(answered.status == StatusCode::PAYLOAD_TOO_LARGE);
    }
    assert!(refused_for_its_size > 15, "{refused_for_its_size}");
}

fn at_rate(rates: Rates) -> Door {
    Door { rates, ..patient() }
}

/// Asks until it is too often; how often was answered, and the refusal.
async fn until_refused(mut ask: impl AsyncFnMut() -> Answered) -> (usize, Answered) {
    for answered in 0..40 {
        let one = ask().await;
        if one.status == StatusCode::TOO_MANY_REQUESTS {
            return (answered, one);
        }
    }
    panic!("never refused");
}

async fn from(house: &House, address: &str, path: &str) -> Answered {
    let request = Request::get(path).header("x-forwarded-for", address);
    house.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_stranger_who_asks_too_often_waits_and_nobody_else() {
    let house = House::behind(at_rate(Rates { address: 1, account: 0, client: 0 })).await;
    let cookies = house.sign_in("citizen").await;
    let (answered, refused) =
        until_refused(async || from(&house, "192.0.2.1", "/rules").await).await;
    assert!((10..20).contains(&answered), "{answered}");
    let wait: u64 = refused.header(header::RETRY_AFTER).parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    assert!(
        refused.text.contains("请求太多") && refused.text.contains("<html"),
        "{}",
        refused.text
    );
    let problem = from(&house, "192.0.2.1", "/api/v1/log/head").await;
    assert_eq!(problem.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(problem.header(header::CONTENT_TYPE), "application/problem+json");
    assert!(problem.text.contains("/problems/too-many-requests"), "{}", problem.text);
    assert!(!problem.header(header::RETRY_AFTER).is_empty());

    assert_eq!(from(&house, "192.0.2.2", "/rules").await.status, StatusCode::OK);
    assert_eq!(from(&house, "192.0.2.1", "/healthz").await.status, StatusCode::OK);
    assert_eq!(from(&house, "192.0.2.1", "/assets/chengxin.css").await.status, StatusCode::OK);
    // Whoever is signed in, or has a token, is counted by who he is.
    let signed_in = Request::get("/my").header("x-forwarded-for", "192.0.2.1");
    let signed_in = signed_in.header(header::COOKIE, &cookies).body(Body::empty()).unwrap();
    assert_eq!(house.send(signed_in).await.status, StatusCode::OK);
}

/// A session or a token that is none is looked up, so it costs like any other request of a stranger.
#[tokio::test]
async fn guessing_tokens_and_sessions_is_slow() {
    let house = House::behind(at_rate(Rates { address: 1, account: 0, client: 0 })).await;
    let guess = async |path: &str, name: header::HeaderName, value: &str, from: &str| {
        let request = Request::get(path).header(name, value).header("x-forwarded-for", from);
        house.send(request.body(Body::empty()).unwrap()).await
    };
    let bearer = "Bearer cx_0000000000000000000000000000000000000000000";
    let (answered, _) = until_refused(async || {
        guess("/api/v1/corrections", header::AUTHORIZATION, bearer, "192.0.2.1").await
    })
    .await;
    assert!((10..20).contains(&answered), "{answered}");
    let (answered, _) =
        until_refused(async || guess("/my", header::COOKIE, "cx=0123456789", "192.0.2.2").await)
            .await;
    assert!((5..20).contains(&answered), "{answered}");
}

/// A session or a token excuses nobody where nobody looks at it, and where somebody does it is counted by what it is.
#[tokio::test]
async fn whatever_is_shown_no_address_is_asked_as_often_as_one_likes() {
    let house = House::behind(at_rate(Rates { address: 1, account: 1, client: 1 })).await;
    let known = (house.sign_in("citizen").await, house.token.clone());
    let made_up = ("cx=0123456789".to_owned(), "x".to_owned());
    let free = ["/assets/{*name}", "/healthz"];
    let nowhere = [("GET", "/nowhere"), ("DELETE", "/my"), ("DELETE", "/api/v1/checks")];
    let addresses = ROUTES.iter().map(|route| (route.method, route.path)).chain(nowhere);
    for (at, (method, path)) in addresses.filter(|(_, path)| !free.contains(path)).enumerate() {
        for (whose, (cookies, token)) in [&known, &made_up].into_iter().enumerate() {
            let from = format!("10.{}.{}.{whose}", at / 200, at % 200);
            let mut answered = 0;
            while answered < 20 {
                let request = Request::builder().method(method).uri(address(path));
                let request = request
                    .header(header::COOKIE, cookies)
                    .header(header::AUTHORIZATION, format!("Bearer {token}"))
                    .header("x-forwarded-for", &from);
                let status = house.send(request.body(Body::empty()).unwrap()).await.status;
                if status == StatusCode::TOO_MANY_REQUESTS {
                    break;
                }
                answered += 1;
            }
            assert!(answered < 20, "{method} {path} is never refused");
        }
    }
}

/// A stranger learns nothing of how we are, and keeps no reader of the database busy.
#[tokio::test]
async fn figures_are_for_those_who_watch_over_us() {
    let house = House::behind(at_rate(Rates { address: 1, account: 0, client: 0 })).await;
    for path in ["/metrics", "/readyz"] {
        for _ in 0..30 {
            assert_eq!(from(&house, "127.0.0.1", path).await.status, StatusCode::OK, "{path}");
        }
    }
    let closed = from(&house, "192.0.2.1", "/metrics").await;
    assert_eq!(closed.status, StatusCode::NOT_FOUND);
    assert!(!closed.text.contains("chengxin_"), "{}", closed.text);
    assert_eq!(from(&house, "192.0.2.1", "/readyz").await.status, StatusCode::OK);
    for path in ["/metrics", "/readyz"] {
        let (answered, _) = until_refused(async || from(&house, "192.0.2.2", path).await).await;
        assert!(answered < 20, "{path}: {answered}");
    }
}

#[tokio::test]
async fn a_machine_pays_once_for_its_token() {
    let house = House::behind(at_rate(Rates { address: 1, account: 0, client: 0 })).await;
    let (answered, _) = until_refused(async || {
        let request = Request::post("/oauth/token").header("x-forwarded-for", "192.0.2.1");
        house.send(request.body(Body::empty()).unwrap()).await
    })
    .await;
    assert!((10..20).contains(&answered), "{answered}");
}

#[tokio::test]
async fn an_account_and_a_machine_have_budgets_of_their_own() {
    let house = House::behind(at_rate(Rates { address: 0, account: 1, client: 1 })).await;
    let citizen = house.sign_in("citizen").await;
    let (answered, refused) = until_refused(async || house.get("/my/looks", &citizen).await).await;
    assert!((5..20).contains(&answered), "{answered}");
    assert!(refused.text.contains("请求太多"), "{}", refused.text);
    let clerk = house.sign_in("clerk").await;
    assert_eq!(house.get("/desk/check", &clerk).await.status, StatusCode::OK);

    let ask = r#"{"id_number":"1","name":"柳","purpose":"licence-review","matter":"LY-1"}"#;
    let (answered, refused) = until_refused(async || house.api("/api/v1/checks", ask).await).await;
    assert!((10..20).contains(&answered), "{answered}");
    assert_eq!(refused.header(header::CONTENT_TYPE), "application/problem+json");
    assert!(!refused.header(header::RETRY_AFTER).is_empty());
    assert_eq!(house.get("/desk/check", &clerk).await.status, StatusCode::OK, "not the clerk");
}
