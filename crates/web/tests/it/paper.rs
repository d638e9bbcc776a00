//! Reports on paper: issued at home, checked by whoever holds one.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::house::{CITIZEN, House};

pub(crate) fn text(pdf: &[u8]) -> String {
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
    assert!(answer.text.contains("只核对了核验码"), "{code}: {}", answer.text);
    assert!(!answer.text.contains("真实有效"), "the paper was compared with nothing");
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
    assert!(known.text.contains(r#""verdict":"code-only""#), "{}", known.text);
    let digest = hex::encode(usecases::report::digest(&issued.bytes));
    let whole = house.send(ask(format!(r#"{{"code":"{code}","sha256":"{digest}"}}"#))).await;
    assert!(whole.text.contains(r#""verdict":"genuine""#), "{}", whole.text);
    let other = "0".repeat(64);
    let changed = house.send(ask(format!(r#"{{"code":"{code}","sha256":"{other}"}}"#))).await;
    assert!(changed.text.contains(r#""verdict":"changed""#), "{}", changed.text);
    let unknown = house.send(ask(r#"{"code":"x"}"#.to_owned())).await;
    assert!(unknown.text.contains(r#""verdict":"unknown","number":null"#), "{}", unknown.text);
    let bad = house.send(ask(r#"{"code":"x","sha256":"y"}"#.to_owned())).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn his_own_report_has_sections_for_his_words_and_for_who_looked() {
    let house = House::new().await;
    house.enters((CITIZEN, "柳𬭚"), "2026-11-03").await;
    house.look().await;
    let cookies = house.sign_in("citizen").await;
    let file = house.get("/my", &cookies).await;
    let (_, rest) = file.text.split_once("id=\"r-").unwrap();
    let place = format!("/my/records/{}/statement", rest.split('"').next().unwrap());
    let csrf = house.get(&place, &cookies).await.csrf();
    let stated = house.post(&place, &cookies, &format!("csrf={csrf}&words=已经改正。")).await;
    assert_eq!(stated.status, StatusCode::SEE_OTHER, "{}", stated.text);
    let fields = format!("csrf={csrf}");
    let issued = house.post("/my/report", &cookies, &fields).await;
    let printed = text(&issued.bytes);
    for part in
        ["、本人声明", "已经改正。2026年11月23日，关于：", "、查询记录（谁看过）", "信息指纹"]
    {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    for part in ["没有单位查询过", "下面是最近", "信用承诺", "基本信息"] {
        assert!(!printed.contains(part), "{part} in {printed}");
    }
}

#[tokio::test]
async fn i03_a_letter_says_that_the_quiet_period_begins_when_it_is_served() {
    let house = House::new().await;
    house.enters(("999901198512310029", "周明"), "").await;
    let cookies = house.sign_in("office").await;
    let list = house.get("/office/deliveries", &cookies).await;
    let (_, rest) = list.text.split_once("href=\"/office/letters/").unwrap();
    let place = format!("/office/letters/{}", rest.split('"').next().unwrap());
    let csrf = house.get(&place, &cookies).await.csrf();
    let fields = format!("csrf={csrf}&address=示例市东城区某某路1号2单元301");
    let letter = house.post(&place, &cookies, &fields).await;
    assert_eq!(letter.header(header::CONTENT_TYPE), "application/pdf", "{}", letter.text);
    let printed = text(&letter.bytes);
    assert!(printed.contains("自本告知书送达之日起5个工作日以内"), "{printed}");
    for part in ["记入依据：", "本告知书的依据：个人信息保护法第17、35条；"]
    {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    for part in ["到当天", "{", "于作出", "于，", "属于。"] {
        assert!(!printed.contains(part), "{part} in {printed}");
    }
}
