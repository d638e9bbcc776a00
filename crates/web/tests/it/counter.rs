//! The counter: addresses that name nobody, and a letter that says what was decided.

use axum::http::{StatusCode, header};
use register::{AccountId, Role, Uscc};
use usecases::objection::{self, NewObjection};
use usecases::{Actor, counter, paper};

use crate::house::House;
use crate::paper::text;

const ZHOU: (&str, &str) = ("999901198512310029", "周明");

fn staff(house: &House, role: Role, agency: Option<Uscc>) -> Actor {
    let account = AccountId(house.cx.new_id());
    Actor { account, login: "staff".to_owned(), role, agency, person: None, scope: None }
}

/// What the counter shows of Zhou.
async fn found(house: &House, cookies: &str) -> String {
    let csrf = house.get("/office/counter", cookies).await.csrf();
    let fields =
        format!("csrf={csrf}&id_kind=01&id_number={}&name={}&matter=窗口17号", ZHOU.0, ZHOU.1);
    let answered = house.post("/office/counter", cookies, &fields).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.text);
    answered.text
}

#[tokio::test]
async fn the_counter_names_nobody_in_its_addresses_and_the_letter_says_what_was_decided() {
    let house = House::new().await;
    let cx = &house.cx;
    house.enters(ZHOU, "2026-11-03").await;
    let cookies = house.sign_in("office").await;
    let shown = found(&house, &cookies).await;
    assert!(shown.contains("没有正在办理的"), "{shown}");
    let (_, rest) = shown.split_once("href=\"/office/counter/objection?").unwrap();
    let asked = rest.split('"').next().unwrap().replace("&#38;", "&");
    let names: Vec<_> = asked.split('&').map(|pair| pair.split('=').next().unwrap()).collect();
    assert_eq!(names, ["visit", "record"], "{asked}");

    let office = staff(&house, Role::OfficeClerk, None);
    let visit = counter::Visit {
        id_number: ZHOU.0.into(),
        name: ZHOU.1.into(),
        matter: "窗口18号".to_owned(),
        ..counter::Visit::default()
    };
    let (visitor, _) = counter::find(cx, &office, &visit).await.unwrap().into_parts();
    assert!(!asked.contains(&visitor.person.to_string()), "{asked}");
    let form = house.get(&format!("/office/counter/objection?{asked}"), &cookies).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.text);
    assert!(form.text.contains("代收异议") && form.text.contains("窗口17号"), "{}", form.text);
    let forged = format!("/office/counter/objection?{}", asked.replacen("visit=", "visit=00", 1));
    assert_eq!(house.get(&forged, &cookies).await.status, StatusCode::NOT_FOUND);

    let token = counter::token(cx, &office, &visitor);
    let new = NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "罚款是 150 元。".to_owned(),
        papers: vec![paper::receive(cx, "签名.pdf", b"%PDF-1.7 signed").unwrap().unwrap()],
    };
    let record = visitor.records[0].0.id;
    let taken = counter::object(cx, &office, &token, record, new).await.unwrap();
    let shown = found(&house, &cookies).await;
    for part in [taken.number.as_str(), "核查中", "正在异议中"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let agency = cx.rules.agencies().iter().find(|a| a.kind == "market-regulation").unwrap();
    let agency = Uscc::parse(&agency.uscc).unwrap();
    let answer = objection::Answer {
        outcome: "confirmed".to_owned(),
        reasons: "已核对决定书原件，金额没有错。".to_owned(),
        ..objection::Answer::default()
    };
    let clerk = staff(&house, Role::AgencyClerk, Some(agency));
    objection::answer(cx, &clerk, taken.id, answer).await.unwrap();
    let shown = found(&house, &cookies).await;
    assert!(shown.contains(&taken.number) && shown.contains("核实无误"), "{shown}");

    let place = format!("/office/letters/{}", visitor.person);
    let csrf = house.get(&place, &cookies).await.csrf();
    let fields = format!("csrf={csrf}&address=示例市东城区某某路1号2单元301");
    let letter = house.post(&place, &cookies, &fields).await;
    assert_eq!(letter.header(header::CONTENT_TYPE), "application/pdf", "{}", letter.text);
    let printed = text(&letter.bytes);
    for part in [taken.number.as_str(), "核实无误", "已核对决定书原件，金额没有错。", "见下文"]
    {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    assert!(!printed.contains("我的办件"), "he has none: {printed}");
}
