//! The page of accounts at work: what each of the two people who let somebody in sees, and who reads along.

use axum::http::StatusCode;

use crate::house::House;

/// What is shown once.
fn made(page: &str) -> &str {
    let (_, rest) = page.split_once("id=\"made\">").unwrap();
    rest.split('<').next().unwrap()
}

#[tokio::test]
async fn who_asks_sees_the_code_and_who_grants_the_password() {
    let house = House::new().await;
    let office = house.sign_in("office").await;
    let csrf = house.get("/office/accounts", &office).await.csrf();
    let number = "999901198512310029";
    let ask = async |number: &str| {
        let fields = format!(
            "csrf={csrf}&wish=open&login=tr-clerk&role=agency-clerk&agency=11999901TETR000189\
             &name=周明&id_number={number}&reasons=新同事"
        );
        house.post("/office/accounts", &office, &fields).await
    };
    let bare = ask("").await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bare.text);
    assert!(bare.text.contains("href=\"#id_number\""), "{}", bare.text);
    assert!(bare.text.contains("value=\"周明\""), "{}", bare.text);
    let asked = ask(number).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    let code = made(&asked.text).to_owned();
    assert!(!asked.text.contains(number));

    let lead = house.sign_in("office-lead").await;
    let page = house.get("/office/accounts", &lead).await;
    assert!(page.text.contains("0029") && !page.text.contains(number), "{}", page.text);
    let (_, rest) = page.text.split_once("action=\"/office/accounts/").unwrap();
    let id = rest.split('"').next().unwrap();
    let fields = format!("csrf={}&decision=grant", page.csrf());
    let granted = house.post(&format!("/office/accounts/{id}"), &lead, &fields).await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.text);
    let password = made(&granted.text);
    assert!(password != code && !granted.text.contains(&code));

    // The auditor reads along, and does nothing.
    let auditor = house.get("/office/accounts", &house.sign_in("auditor").await).await;
    for part in ["开立账号 tr-clerk", "已同意", "开立账号，由 office-lead 办理"] {
        assert!(auditor.text.contains(part), "{part} in {}", auditor.text);
    }
    assert!(!auditor.text.contains("name=\"decision\"") && !auditor.text.contains("name=\"wish\""));

    let form = house.get("/sign-in", "").await;
    let fields = format!("csrf={}&login=tr-clerk&password={password}&next=", form.csrf());
    let entered = house.post("/sign-in", &form.cookies(), &fields).await;
    assert_eq!(entered.location(), "/sign-in/enrol");
    let enrol = house.get("/sign-in/enrol", &entered.cookies()).await;
    assert!(enrol.text.contains("name=\"enrolment\""), "{}", enrol.text);
    // One that was opened at the command line needs no such code.
    house.tamper("DELETE FROM second_factor WHERE account_id IN (SELECT id FROM account WHERE login = 'clerk')").await;
    let form = house.get("/sign-in", "").await;
    let known = crate::house::PASSWORD;
    let fields = format!("csrf={}&login=clerk&password={known}&next=", form.csrf());
    let entered = house.post("/sign-in", &form.cookies(), &fields).await;
    let enrol = house.get("/sign-in/enrol", &entered.cookies()).await;
    assert_eq!(enrol.status, StatusCode::OK);
    assert!(!enrol.text.contains("name=\"enrolment\""), "{}", enrol.text);
}

#[tokio::test]
async fn everybody_sees_what_happened_to_his_own_account() {
    let house = House::new().await;
    let form = house.get("/sign-in", "").await;
    let fields = format!("csrf={}&login=citizen&password=wrong&next=", form.csrf());
    house.post("/sign-in", &form.cookies(), &fields).await;
    let cookies = house.sign_in("citizen").await;
    let page = house.get("/account", &cookies).await;
    for part in ["密码不对", "登录", "开立账号，由 服务器命令行 办理", "name=\"current\""]
    {
        assert!(page.text.contains(part), "{part} in {}", page.text);
    }
    // Who comes by an identity service has no password here, and is asked for none.
    house.tamper("UPDATE account SET password_hash = NULL WHERE login = 'citizen'").await;
    let page = house.get("/account", &cookies).await;
    assert!(
        !page.text.contains("name=\"current\"") && page.text.contains("身份服务"),
        "{}",
        page.text
    );
    let setup = house.get("/account/second-factor", &cookies).await;
    assert_eq!((setup.status, setup.location()), (StatusCode::SEE_OTHER, "/account"));
}
