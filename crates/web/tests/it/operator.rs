//! The operator's own page: how the system does, what to do next, and nobody in it.

use axum::http::StatusCode;
use usecases::health::Place;
use web::{Certificates, Pem, WebState};

use crate::house::{CITIZEN, House, patient};

/// The house on a machine of its own.
fn on_machine(mut house: House, place: Place, certificates: Option<Certificates>) -> House {
    let state = WebState::new(house.cx.clone(), None, false).with_door(patient());
    house.state = state.with_machine(place, certificates);
    house.app = web::router(house.state.clone());
    house
}

/// A certificate that holds until the first of December 2026.
fn certificates() -> Certificates {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut asked = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    asked.not_before = rcgen::date_time_ymd(2026, 1, 1);
    asked.not_after = rcgen::date_time_ymd(2026, 12, 1);
    let (certificate, key) = (asked.self_signed(&key).unwrap().pem(), key.serialize_pem());
    let pem = move || -> Result<Pem, String> {
        let (certificate, key) = (certificate.clone().into_bytes(), key.clone().into_bytes());
        Ok(Pem { certificate, key })
    };
    Certificates::open(Box::new(pem)).unwrap()
}

#[tokio::test]
async fn the_operator_sees_how_the_system_does_and_nobody_in_it() {
    let data = tempfile::tempdir().unwrap();
    let place = Place { data: data.path().to_owned(), ..Place::default() };
    let house = on_machine(House::new().await, place, Some(certificates()));
    house.enters((CITIZEN, "柳𬭚"), "").await;
    house.look().await;
    let cookies = house.sign_in("operator").await;
    let home = house.get("/rights", &cookies).await;
    assert!(home.text.contains("<a href=\"/operator\">运行状况</a>"), "{}", home.text);

    let shown = house.get("/operator", &cookies).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    for says in [
        "没有找到任何一次备份",
        "请运行 chengxin backup",
        "与程序一致",
        "共 1 条",
        "2026年12月1日 08:00 到期，还有 7 天",
        "SQLite",
        "/incident/tasks",
        "还没有完成过",
    ] {
        assert!(shown.text.contains(says), "{says} in {}", shown.text);
    }
    for personal in [CITIZEN, "柳", "示市监罚字", "LY-1"] {
        assert!(!shown.text.contains(personal), "{personal} in {}", shown.text);
    }

    let note = r#"{"taken_at":"2026-11-22T18:00:00Z","entries":1}"#;
    std::fs::write(data.path().join("backup.last"), note).unwrap();
    house.cx.job_done("remind");
    house.cx.job_failed("erase");
    let shown = house.get("/operator", &cookies).await;
    let noted = "最近一次备份在 2026年11月23日 02:00，已经过去 7 小时";
    assert!(shown.text.contains(noted), "{}", shown.text);
    assert!(shown.text.contains("上一次没有成功"), "{}", shown.text);
    let tasks = house.get("/incident/tasks", &cookies).await;
    assert!(tasks.text.contains("<a href=\"/operator\""), "the way back: {}", tasks.text);
}

#[tokio::test]
async fn how_the_system_does_is_for_whoever_runs_audits_or_answers_for_it() {
    let house = House::new().await;
    for (login, is_let_in) in [
        ("operator", true),
        ("office-lead", true),
        ("auditor", true),
        ("office", false),
        ("agency-lead", false),
        ("clerk", false),
        ("citizen", false),
    ] {
        let cookies = house.sign_in(login).await;
        let status = house.get("/operator", &cookies).await.status;
        assert_eq!(status == StatusCode::OK, is_let_in, "{login}: {status}");
        assert!(is_let_in || status == StatusCode::FORBIDDEN, "{login}: {status}");
    }
}
