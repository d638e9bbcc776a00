//! Reports on paper: issued at home, checked by whoever holds one.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::house::{CITIZEN, House};

fn text(pdf: &[u8]) -> String {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    let text = document.extract_text(&pages).unwrap();
    text.chars().filter(|sign| !sign.is_whitespace() && *sign != '\u{200b}').collect()
}

fn form(parts: &[(&str, &[u8])]) -> Request<Body> {
    let mut body = Vec::new();
    for (name, value) in parts {
        let file = if *name == "file" { "; filename=\"r.pdf\"" } else { "" };
        let head = format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    Request::post("/verify")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn a_report_is_checked_by_its_code_and_its_file_without_naming_anybody() {
    let house = House::new().await;
    let cookies = house.sign_in("citizen").await;
    let page = house.get("/my/report", &cookies).await;
    let fields = format!("csrf={}", page.csrf());
    let issued = house.post("/my/report", &cookies, &fields).await;
    assert_eq!(issued.status, StatusCode::OK, "{}", issued.text);
    assert_eq!(issued.header(header::CONTENT_TYPE), "application/pdf");
    let printed = text(&issued.bytes);
    for part in ["个人公共信用信息报告", "柳𬭚", "没有评分", "签名和核验"] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    assert!(!printed.contains(CITIZEN), "the number is masked");
    let (_, code) = printed.split_once("verify?code=").unwrap();
    let code: String = code.chars().take(19).collect();

    let answer = house.get(&format!("/verify?code={code}"), "").await;
    assert!(answer.text.contains("真实有效"), "{code}: {}", answer.text);
    let whole = house.send(form(&[("code", code.as_bytes()), ("file", &issued.bytes)])).await;
    assert!(whole.text.contains("真实有效"), "{}", whole.text);
    let mut forged = issued.bytes.clone();
    let middle = forged.len() / 2;
    forged[middle] ^= 1;
    let forged = house.send(form(&[("code", code.as_bytes()), ("file", &forged)])).await;
    assert!(forged.text.contains("文件不符"), "{}", forged.text);
    let none = house.send(form(&[("code", b"")])).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    for answer in [&answer, &whole, &forged] {
        assert!(!answer.text.contains("柳𬭚") && !answer.text.contains("0011"));
    }

    let ask = |body: String| {
        Request::post("/api/v1/reports/verify")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body))
            .unwrap()
    };
    let known = house.send(ask(format!(r#"{{"code":"{code}"}}"#))).await;
    assert!(known.text.contains(r#""verdict":"genuine""#), "{}", known.text);
    let other = "0".repeat(64);
    let changed = house.send(ask(format!(r#"{{"code":"{code}","sha256":"{other}"}}"#))).await;
    assert!(changed.text.contains(r#""verdict":"changed""#), "{}", changed.text);
    let unknown = house.send(ask(r#"{"code":"x"}"#.to_owned())).await;
    assert!(unknown.text.contains(r#""verdict":"unknown","number":null"#), "{}", unknown.text);
    let bad = house.send(ask(r#"{"code":"x","sha256":"y"}"#.to_owned())).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}
