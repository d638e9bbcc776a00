//! Incidents at the door and in the office, and impact assessments.

use axum::http::{StatusCode, header};

use crate::house::House;

#[tokio::test]
async fn anybody_reports_an_incident_and_many_reports_cost_time() {
    let house = House::new().await;
    let form = house.get("/incident", "").await;
    assert!(form.text.contains("不问您是谁") && !form.text.contains("联系人"), "{}", form.text);
    let fields = format!("csrf={}&kind=leak&what=桌上有一叠查询结果。", form.csrf());
    let done = house.post("/incident", &form.cookies(), &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert!(done.text.contains("SJ20261123-"), "{}", done.text);
    let named =
        format!("csrf={}&kind=leak&what=看到 {} 的记录", form.csrf(), crate::house::CITIZEN);
    let named = house.post("/incident", &form.cookies(), &named).await;
    assert_eq!(named.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(named.text.contains("请不要写证件号码"), "{}", named.text);
    let foreign = house.post("/incident", &form.cookies(), "csrf=wrong&kind=leak&what=x").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    for _ in 0..4 {
        let done = house.post("/incident", &form.cookies(), &fields).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    }
    let slow = house.post("/incident", &form.cookies(), &fields).await;
    assert_eq!(slow.status, StatusCode::TOO_MANY_REQUESTS, "{}", slow.text);
}

#[tokio::test]
async fn the_office_works_on_a_drill_and_prints_it() {
    let house = House::new().await;
    house.look().await;
    let office = house.sign_in("office").await;
    let form = house.get("/incident", &office).await;
    let csrf = form.csrf();
    let fields = format!("csrf={csrf}&kind=unlawful-look&what=下班以后的查询。&drill=yes");
    let done = house.post("/incident", &office, &fields).await;
    let (_, rest) = done.text.split_once("href=\"/office/incidents/").unwrap();
    let place = format!("/office/incidents/{}", rest.split('"').next().unwrap());
    let page = house.get(&place, &office).await;
    assert!(
        page.text.contains("【演练】") && page.text.contains("下班以后的查询"),
        "{}",
        page.text
    );
    let step = async |step: &str, fields: &str| {
        let fields = format!("csrf={csrf}&{fields}");
        house.post(&format!("{place}/{step}"), &office, &fields).await
    };
    let mute = step("triage", "finding=yes").await;
    assert_eq!(mute.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(mute.text.contains("请写明情况和理由"), "{}", mute.text);
    let nothing = house.get(&format!("{place}/notice.pdf"), &office).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND, "nothing is written yet");
    for (name, fields) in [
        ("triage", "finding=yes&triage_words=属实。"),
        ("contain", "contain_words=停用账号。"),
        ("search", "purpose=licence-review"),
        (
            "announce",
            "kind=unlawful-look&since=2026-11-22&information=姓名。&causes=账号外借。&harm=可能接到诈骗电话。&measures=停用。\
             &advice=不要提供验证码。&contact=信用办&recipient=市网信办",
        ),
        ("tell", ""),
        ("authority", "sent_on=2026-11-23&sent_time=09:00&how=专网"),
        ("notified", ""),
    ] {
        let answered = step(name, fields).await;
        assert_eq!(answered.status, StatusCode::SEE_OTHER, "{name}: {}", answered.text);
    }
    for (name, title) in [("notice", "notice.pdf"), ("report", "report.pdf")] {
        let paper = house.get(&format!("{place}/{name}.pdf"), &office).await;
        assert_eq!(paper.status, StatusCode::OK, "{name}: {}", paper.text);
        assert!(paper.bytes.starts_with(b"%PDF"), "{name}");
        assert!(paper.header(header::CONTENT_DISPOSITION).contains(title), "{name}");
    }
    let own = step("close", "close_words=以后不外借。").await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.text.contains("第二个人不能是您自己"), "{}", own.text);
    let list = house.get("/office/incidents", &office).await;
    assert!(list.text.contains("演练：不应当的查看"), "{}", list.text);
    let overview = house.get("/office", &office).await.text;
    assert!(overview.contains("没有办结的信息安全事件"), "{overview}");
}

#[tokio::test]
async fn what_rests_on_which_assessment_is_public_and_the_office_writes_its_own() {
    let house = House::new().await;
    let rules = house.get("/rules", "").await.text;
    for one in house.cx.rules.assessments() {
        assert!(rules.contains(&one.title) && rules.contains(&one.conclusion), "{}", one.code);
    }
    let office = house.sign_in("office").await;
    let form = house.get("/office/assessments/new", &office).await;
    let fields = format!(
        "csrf={}&scope=purpose&code=flood-aid&title=救灾补助&lawfulness=依法。&effects=有影响。\
         &measures=只给需要的。&fit=yes&conclusion=可以查询。&review_by=2027-11-01",
        form.csrf()
    );
    let written = house.post("/office/assessments/new", &office, &fields).await;
    assert_eq!(written.status, StatusCode::SEE_OTHER, "{}", written.text);
    let one = house.get(written.header(header::LOCATION), &office).await;
    assert!(one.text.contains("等待第二个人") && !one.text.contains("您的决定"), "{}", one.text);
    let rules = house.get("/rules", "").await.text;
    assert!(!rules.contains("救灾补助"), "nobody has approved it");
}
