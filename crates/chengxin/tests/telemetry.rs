//! What whoever keeps the machine running sees of it, and how it stops.

#[expect(dead_code, reason = "shared with the other tests")]
mod common;

use std::io::Write as _;
use std::time::{Duration, Instant};

use common::{Collector, MARKET, Place, answer, asks, begins, machine_asks};
use serde_json::Value;
use testkit::Engine::Sqlite;

const ROWS: &str = "CF_XDR_MC,CF_XDR_ZJHM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR_FK,CF_JDRQ,送达日期,信用修复告知书送达日期,违法行为发生日期\n\
    柳敏,999901197001010011,示市监罚字〔2026〕1号,无照经营,经查属实。,食品安全法第一百二十二条,罚款,0.15,2026-10-09,2026-10-10,2026-10-10,2026-10-09\n";

const ASK: &str = r#"{"id_number":"999901197001010011","name":"柳敏","purpose":"food-licence-review","matter":"受理一号"}"#;

/// A register with one record, and the token of a system.
fn begin(place: &Place) -> String {
    place.runs(&["migrate"]);
    std::fs::write(place.root.join("rows.csv"), ROWS).unwrap();
    place.runs(&["intake", "--item", "NP04-MR", "--agency", MARKET, "rows.csv"]);
    let system = ["account", "add", "--kind", "system", "--role", "system", "--agency", MARKET];
    place.json(&system)["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn lines_figures_and_traces_tell_of_one_request_by_its_number() {
    let root = tempfile::tempdir().unwrap();
    let mut place = Place::new(root.path(), Sqlite).await;
    let token = begin(&place);
    let (collector, endpoint) = Collector::begins();
    place.with = vec![
        ("CHENGXIN_LOG_FORMAT".to_owned(), "json".to_owned()),
        ("CHENGXIN_OTLP_ENDPOINT".to_owned(), endpoint),
        ("CHENGXIN_LOG".to_owned(), common::LOUD.to_owned()),
    ];
    let serve = place.serves();
    let answered = machine_asks(&serve.address, &token, "/api/v1/checks", ASK);
    assert_eq!(answered.status, 200, "{}", answered.text());
    let number = answered.header("x-request-id").unwrap().to_owned();

    let wanted = [
        "chengxin_requests_total{method=\"POST\",route=\"/api/v1/checks\",status=\"200\"} 1",
        "chengxin_request_seconds_count{route=\"/api/v1/checks\"} 1",
        "chengxin_log_commit_seconds_count 1",
        "chengxin_log_commits_failed_total 0",
        "chengxin_job_last_success_seconds{job=\"remove-sessions\"} ",
        "chengxin_database_connections{pool=\"write\"} 1",
    ];
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let figures = asks(&serve.address, "GET /metrics", &[], b"").text();
        let is_there = |wanted: &&str| figures.lines().any(|line| line.starts_with(*wanted));
        if wanted.iter().all(is_there) {
            break;
        }
        // The jobs of the start may not all be done yet.
        assert!(Instant::now() < until, "{figures}");
        std::thread::sleep(Duration::from_millis(100));
    }
    collector.waits_for("/api/v1/checks");
    collector.waits_for(&number);
    collector.waits_for("log commit");
    serve.told_to_stop();
    assert_eq!(serve.ends(Duration::from_secs(30)).code(), Some(0));

    let logs = std::fs::read_dir(&place.logs).unwrap().map(|entry| entry.unwrap().path());
    let serve = logs.filter(|path| path.to_string_lossy().ends_with("-serve")).last().unwrap();
    let said = std::fs::read_to_string(serve).unwrap();
    let lines: Vec<Value> =
        said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let line = lines.iter().find(|line| line["span"]["request"] == number.as_str());
    let line = line.unwrap_or_else(|| panic!("no line of {number} in {said}"));
    assert_eq!(line["message"], "answered");
    assert_eq!(line["span"]["route"], "/api/v1/checks");
    assert_eq!((line["status"].as_u64(), line["ms"].is_u64()), (Some(200), true));
}

#[tokio::test]
async fn a_collector_that_is_gone_slows_nobody_down() {
    let root = tempfile::tempdir().unwrap();
    let mut place = Place::new(root.path(), Sqlite).await;
    let token = begin(&place);
    // Nobody listens here any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    place.with = vec![("CHENGXIN_OTLP_ENDPOINT".to_owned(), format!("http://{gone}"))];
    let serve = place.serves();
    let begun = Instant::now();
    for _ in 0..20 {
        assert_eq!(machine_asks(&serve.address, &token, "/api/v1/checks", ASK).status, 200);
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    serve.told_to_stop();
    assert_eq!(serve.ends(Duration::from_secs(30)).code(), Some(0));
}

#[tokio::test]
async fn told_to_stop_what_is_under_way_is_finished_and_logged() {
    let root = tempfile::tempdir().unwrap();
    let place = Place::new(root.path(), Sqlite).await;
    let token = begin(&place);
    let serve = place.serves();
    let (first, rest) = ASK.as_bytes().split_at(20);
    let head = format!(
        "POST /api/v1/checks HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        serve.address,
        ASK.len()
    );
    let mut under_way = begins(&serve.address, &head);
    under_way.write_all(first).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    serve.told_to_stop();
    std::thread::sleep(Duration::from_millis(300));
    assert!(std::net::TcpStream::connect(&serve.address).is_err(), "nobody new is let in");
    under_way.write_all(rest).unwrap();
    let answered = answer(under_way);
    assert_eq!(answered.status, 200, "{}", answered.text());
    assert!(answered.text().contains("无照经营"), "{}", answered.text());
    assert_eq!(serve.ends(Duration::from_secs(20)).code(), Some(0));
    // The look stands in the log, which is whole, and was remembered outside.
    let seq =
        serde_json::from_str::<Value>(&answered.text()).unwrap()["log"]["seq"].as_u64().unwrap();
    let head = place.json(&["log", "head"]);
    assert_eq!(head["size"].as_u64(), Some(seq + 1));
    assert!(place.runs(&["log", "verify"]).contains("intact"));
    let witness = std::fs::read_to_string(place.data.join("log-main.head")).unwrap();
    assert!(witness.starts_with(&format!("main {} ", seq + 1)), "{witness}");
}
