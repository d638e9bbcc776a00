//! The whole identity number: masked on every page, shown once to whoever says why and proves himself anew.

use axum::http::{StatusCode, header};

use crate::cases::objected;
use crate::house::{Answered, CITIZEN, House, PASSWORD};

const REASON: &str = "核对文书原件上的证件号码";

/// A clerk before the form of an objection by the citizen.
struct Desk {
    house: House,
    citizen: String,
    clerk: String,
    /// Identifier of the objection.
    id: String,
}

impl Desk {
    async fn new() -> Self {
        let house = House::new().await;
        let citizen = house.sign_in("citizen").await;
        let case = objected(&house, &citizen).await;
        let id = case.rsplit('/').next().unwrap().to_owned();
        let clerk = house.sign_in("clerk").await;
        Self { house, citizen, clerk, id }
    }

    fn place(&self) -> String {
        format!("/desk/number/objection/{}", self.id)
    }

    async fn asks(&self, reason: &str, password: &str, code: &str) -> Answered {
        let csrf = self.house.get(&self.place(), &self.clerk).await.csrf();
        let fields = format!("csrf={csrf}&reason={reason}&password={password}&code={code}");
        self.house.post(&self.place(), &self.clerk, &fields).await
    }
}

#[tokio::test]
async fn the_whole_number_is_shown_once_and_the_person_reads_why() {
    let desk = Desk::new().await;
    let Desk { house, citizen, clerk, id } = &desk;
    let page = house.get(&format!("/desk/objections/{id}"), clerk).await.text;
    assert!(page.contains("**************0011") && !page.contains(CITIZEN), "{page}");
    assert!(page.contains(&format!("href=\"{}\"", desk.place())), "{page}");
    let form = house.get(&desk.place(), clerk).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.text);
    assert!(!form.text.contains(CITIZEN) && !form.text.contains("demo-code"), "{}", form.text);

    let code = house.code("clerk").await;
    let wrong = desk.asks(REASON, "wrong-password", &code).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("密码或者验证码不对"), "{}", wrong.text);
    assert!(wrong.text.contains(&format!("value=\"{REASON}\"")), "what was typed stays");
    assert!(!wrong.text.contains("wrong-password") && !wrong.text.contains(CITIZEN));
    let none = desk.asks("", PASSWORD, &code).await;
    assert!(none.text.contains("请写明情况和理由") && !none.text.contains(CITIZEN));

    let shown = desk.asks(REASON, PASSWORD, &code).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert!(shown.text.contains(CITIZEN) && shown.text.contains("只显示这一次"), "{}", shown.text);
    assert_eq!(shown.header(header::CACHE_CONTROL), "no-store");
    let replayed = desk.asks(REASON, PASSWORD, &code).await;
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY, "each code once");
    assert!(!replayed.text.contains(CITIZEN));

    let looks = house.get("/my/looks", citizen).await.text;
    for part in ["查看您的完整证件号码", REASON, "完整证件号码"] {
        assert!(looks.contains(part), "{part} in {looks}");
    }
}

#[tokio::test]
async fn nobody_else_comes_to_the_form() {
    let desk = Desk::new().await;
    let house = &desk.house;
    for login in ["citizen", "office", "office-lead", "auditor", "operator"] {
        let cookies = house.sign_in(login).await;
        let answered = house.get(&desk.place(), &cookies).await;
        assert_eq!(answered.status, StatusCode::FORBIDDEN, "{login}");
        let (person, id) = ("01936f2e-7c1a-7000-8000-0000000000a1", &desk.id);
        let office = format!("/office/number/objection/{person}/{id}");
        let answered = house.get(&office, &cookies).await;
        assert!([403, 404].contains(&answered.status.as_u16()), "{login}: {}", answered.status);
    }
    // The auditor reads along in the office, and is told that this is not for him.
    let auditor = house.sign_in("auditor").await;
    let person = "01936f2e-7c1a-7000-8000-0000000000a1";
    let letter = house.get(&format!("/office/number/letter/{person}/{person}"), &auditor).await;
    assert_eq!(letter.status, StatusCode::FORBIDDEN, "{}", letter.text);
}

#[tokio::test]
async fn guessing_at_the_form_costs_time_here_and_at_the_door() {
    let desk = Desk::new().await;
    let code = desk.house.code("clerk").await;
    for _ in 0..5 {
        let wrong = desk.asks(REASON, "wrong", &code).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let waits = desk.asks(REASON, PASSWORD, &code).await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS, "{}", waits.text);
    assert!(!waits.text.contains(CITIZEN));
    // The same browser at the door waits too; another of his does not.
    let known = desk.clerk.split("; ").find(|pair| pair.starts_with("cx-known=")).unwrap();
    let form = desk.house.get("/sign-in", "").await;
    let fields = format!("csrf={}&login=clerk&password={PASSWORD}&next=", form.csrf());
    let cookies = format!("{}; {known}", form.cookies());
    let here = desk.house.post("/sign-in", &cookies, &fields).await;
    assert_eq!(here.status, StatusCode::TOO_MANY_REQUESTS);
    let elsewhere = desk.house.post("/sign-in", &form.cookies(), &fields).await;
    assert_eq!(elsewhere.status, StatusCode::SEE_OTHER, "{}", elsewhere.text);
}
