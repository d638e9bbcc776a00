//! Short messages and webhooks, against stub servers.

use std::collections::HashMap;

use courier::{Carrier, Courier, Sms, SmsSettings, Webhook, WebhookSettings};
use jiff::SignedDuration;
use register::Role;
use register::delivery::{Channel, DeliveryState, Fault};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, LIU, MARKET};
use usecases::{Actor, Channels};
use wiremock::matchers::{header_exists, method};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

async fn answers(server: &MockServer, answer: ResponseTemplate) {
    Mock::given(method("POST")).respond_with(answer).mount(server).await;
}

fn key_of(request: &Request) -> String {
    request.headers["Idempotency-Key"].to_str().unwrap().to_owned()
}

async fn sms_city(engine: testkit::Engine, server: &MockServer) -> (City, Courier, Actor) {
    let city = City::on(engine).await;
    let settings =
        SmsSettings { url: server.uri(), sign: "公共信用".to_owned(), key: b"secret".to_vec() };
    let carriers: Vec<Box<dyn Carrier>> = vec![Box::new(Sms::new(settings).unwrap())];
    let courier = Courier::new(city.cx.clone(), carriers);
    let liu = city.opens_account(LIU).await;
    (city, courier, liu)
}

#[rstest]
#[tokio::test]
async fn a_short_message_proves_the_number_and_then_says_that_something_waits(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let server = MockServer::start().await;
    answers(&server, ResponseTemplate::new(200)).await;
    let (city, courier, liu) = sms_city(engine, &server).await;
    usecases::contact::choose(&city.cx, &liu, "sms", "199 0000 0001").await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 1);
    let asked = server.received_requests().await.unwrap();
    let said: serde_json::Value = asked[0].body_json().unwrap();
    assert_eq!(said["to"], "19900000001");
    assert_eq!(said["id"], key_of(&asked[0]));
    let text = said["text"].as_str().unwrap();
    let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();

    // Signed as documented: an independent computation.
    let timestamp = asked[0].headers["X-Timestamp"].to_str().unwrap();
    let signed =
        [timestamp.as_bytes(), b"\n", key_of(&asked[0]).as_bytes(), b"\n", &asked[0].body].concat();
    assert_eq!(asked[0].headers["X-Signature"].to_str().unwrap(), hmac_hex(b"secret", &signed));

    // A notice before the number is proved goes nowhere.
    let clerk = city.clerk(MARKET);
    city.sends(&clerk, "NP04-MR", &[city.row(LIU, "2026-11-02", "")]).await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 0);
    usecases::contact::confirm(&city.cx, &liu, &code).await.unwrap();
    let rows = [city.row(LIU, "2026-11-03", ""), city.row(LIU, "2026-11-04", "")];
    city.sends(&clerk, "NP04-MR", &rows).await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 1, "two notices at once are one message");
    let asked = server.received_requests().await.unwrap();
    let said: serde_json::Value = asked[1].body_json().unwrap();
    for secret in ["罚", "市场", LIU.0, LIU.1] {
        assert!(!said.to_string().contains(secret), "{said}");
    }
    assert_eq!(courier.round().await.unwrap(), 0);
}

/// HMAC-SHA-256 by Python, so that our own is not its own judge.
fn hmac_hex(key: &[u8], message: &[u8]) -> String {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut python = Command::new("python3")
        .args(["-c", "import sys,hmac;print(hmac.new(bytes.fromhex(sys.argv[1]),sys.stdin.buffer.read(),'sha256').hexdigest())", &key])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(message).unwrap();
    let output = python.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[rstest]
#[case(503, true)]
#[case(404, false)]
#[tokio::test]
async fn a_gateway_that_cannot_is_tried_again_and_one_that_will_not_is_shown_to_the_office(
    #[case] status: u16,
    #[case] again: bool,
) {
    let server = MockServer::start().await;
    answers(&server, ResponseTemplate::new(status)).await;
    let (city, courier, liu) = sms_city(Sqlite, &server).await;
    usecases::contact::choose(&city.cx, &liu, "sms", "19900000001").await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 1);
    assert_eq!(courier.round().await.unwrap(), 0, "not at once");
    city.passes(SignedDuration::from_mins(2));
    assert_eq!(courier.round().await.unwrap(), usize::from(again));

    let office = city.staff(Role::OfficeClerk);
    let shown = usecases::delivery::deliveries(&city.cx, &office).await.unwrap().failed;
    assert_eq!(shown.len(), usize::from(!again));
    if let Some(failed) = shown.first() {
        assert_eq!(failed.fault, Some(Fault::Refused));
        usecases::delivery::again(&city.cx, &office, failed.person, failed.id).await.unwrap();
        assert_eq!(courier.round().await.unwrap(), 1, "the office may try again");
    }
}

async fn pushing(engine: testkit::Engine, url: &str) -> (City, Courier) {
    let receivers = HashMap::from([(MARKET.to_owned(), Channel::Webhook)]);
    let city = City::reaching(engine, Channels { receivers, ..Channels::default() }).await;
    let urls = HashMap::from([(MARKET.to_owned(), url.to_owned())]);
    let carriers: Vec<Box<dyn Carrier>> =
        vec![Box::new(Webhook::new(WebhookSettings { urls }).unwrap())];
    let courier = Courier::new(city.cx.clone(), carriers);
    (city, courier)
}

/// The market bureau looks at Liu, and the record is then taken back.
pub(crate) async fn looked_and_withdrawn(city: &City) {
    let market = city.clerk(MARKET);
    city.sends(&market, "NP04-MR", &[city.row(LIU, "2026-11-02", "2026-11-03")]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let liu = city.opens_account(LIU).await;
    let file = usecases::my::file(&city.cx, &liu).await.unwrap();
    let record = file.facts().records[0].record.id;
    let whom = liu.person.unwrap();
    let taken_back = usecases::record::Change::Withdraw;
    assert!(usecases::record::change(&city.cx, &market, whom, record, taken_back).await.unwrap());
}

#[rstest]
#[tokio::test]
async fn i13_a_correction_reaches_a_system_once_and_is_acknowledged_in_its_answer(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let server = MockServer::start().await;
    let acknowledged = serde_json::json!({ "acknowledged": true });
    Mock::given(method("POST"))
        .and(header_exists("Chengxin-Signature"))
        .respond_with(ResponseTemplate::new(200).set_body_json(acknowledged))
        .mount(&server)
        .await;
    let (city, courier) = pushing(engine, &server.uri()).await;
    looked_and_withdrawn(&city).await;
    let market = city.clerk(MARKET);
    let open = usecases::correction::received(&city.cx, &market).await.unwrap();
    assert_eq!(open.len(), 1);
    let expected = serde_json::to_value(open[0].said()).unwrap();

    assert_eq!(courier.round().await.unwrap(), 1);
    let asked = server.received_requests().await.unwrap();
    let said: serde_json::Value = asked[0].body_json().unwrap();
    assert_eq!(said, expected, "the same as by the API");
    assert!(usecases::correction::received(&city.cx, &market).await.unwrap().is_empty());

    // The chase sends nothing twice.
    usecases::correction::chase(&city.cx).await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 0);
}

#[rstest]
#[tokio::test]
async fn i13_a_system_that_keeps_silent_is_reminded_once_under_a_new_key(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    let server = MockServer::start().await;
    answers(&server, ResponseTemplate::new(200)).await;
    let (city, courier) = pushing(engine, &server.uri()).await;
    looked_and_withdrawn(&city).await;
    assert_eq!(courier.round().await.unwrap(), 1, "taken, and not acknowledged");
    usecases::correction::chase(&city.cx).await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 0, "its days are not over");
    city.stands_on("2026-12-05");
    usecases::correction::chase(&city.cx).await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 1);
    usecases::correction::chase(&city.cx).await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 0, "reminded once, then the office is told");
    let asked = server.received_requests().await.unwrap();
    assert_ne!(
        key_of(&asked[0]),
        key_of(&asked[1]),
        "nothing that a receiver would take for a copy"
    );
    let said: Vec<serde_json::Value> = asked.iter().map(|one| one.body_json().unwrap()).collect();
    assert_eq!(said[0]["id"], said[1]["id"], "the same correction");
}

#[tokio::test]
async fn i13_dead_between_carrying_and_noting_it_goes_again_under_the_same_key() {
    let server = MockServer::start().await;
    answers(&server, ResponseTemplate::new(200)).await;
    let (city, courier) = pushing(Sqlite, &server.uri()).await;
    looked_and_withdrawn(&city).await;
    // Taken, carried, and dead before it could be noted.
    let parcels = usecases::delivery::take(&city.cx, 16).await.unwrap();
    let urls = HashMap::from([(MARKET.to_owned(), server.uri())]);
    let webhook = Webhook::new(WebhookSettings { urls }).unwrap();
    webhook.carry(&city.cx, &parcels[0]).await;
    drop(parcels);
    assert_eq!(courier.round().await.unwrap(), 0, "still held");
    city.passes(SignedDuration::from_mins(3));
    assert_eq!(courier.round().await.unwrap(), 1);
    let keys: Vec<String> = server.received_requests().await.unwrap().iter().map(key_of).collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1], "the receiver knows it again");
}

#[rstest]
#[tokio::test]
async fn two_couriers_never_carry_one_parcel_and_a_late_one_has_no_say(
    #[values(Sqlite, Postgres)] engine: testkit::Engine,
) {
    use usecases::delivery::{Tried, settle, take};
    let (city, _) = pushing(engine, "http://127.0.0.1:9/").await;
    looked_and_withdrawn(&city).await;
    let beside = city.beside();
    let (here, there) = tokio::join!(take(&city.cx, 16), take(&beside, 16));
    let (mut here, there) = (here.unwrap(), there.unwrap());
    assert_eq!(here.len() + there.len(), 1);
    here.extend(there);
    let late = here.pop().unwrap();
    city.passes(SignedDuration::from_mins(3));
    let second = take(&beside, 16).await.unwrap().pop().unwrap();
    assert!(!settle(&city.cx, late, Tried::Never(Fault::Refused)).await.unwrap());
    assert!(settle(&beside, second, Tried::Sent).await.unwrap());
    let office = city.staff(Role::OfficeLead);
    let stand = usecases::delivery::deliveries(&city.cx, &office).await.unwrap();
    assert!(stand.failed.is_empty());
    assert_eq!(stand.counts, [("webhook".to_owned(), "sent".to_owned(), 1)]);
    let sent = DeliveryState::Sent { at: city.cx.now() };
    assert_eq!(sent.code(), "sent");
}
