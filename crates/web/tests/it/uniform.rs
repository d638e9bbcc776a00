//! Answers that do not tell whether somebody is in the register, or has an account: same status, same words.
//!
//! What an answer repeats of the question, and numbers that differ anyhow, are taken out before they are compared. How
//! long an answer takes is no subject here: see the threat model.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use usecases::account::disable;

use crate::house::{Answered, CITIZEN, House};

/// Nobody has this number.
const NOBODY: &str = "999901197203040016";

/// Status and words, without numbers and without these parts of the question.
fn shape(answered: &Answered, asked: &[&str]) -> (StatusCode, String) {
    let mut text = answered.text.clone();
    for part in asked {
        text = text.replace(part, "<asked>");
    }
    let mut shape = String::new();
    for sign in text.chars() {
        if !sign.is_ascii_hexdigit() {
            shape.push(sign);
        } else if !shape.ends_with('#') {
            shape.push('#');
        }
    }
    (answered.status, shape)
}

#[tokio::test]
async fn a_check_does_not_tell_who_is_in_the_register() {
    let house = House::new().await;
    let asks = async |number: &str, name: &str| {
        let ask = format!(
            r#"{{"id_number":"{number}","name":"{name}","purpose":"licence-review","matter":"LY-1"}}"#
        );
        shape(&house.api("/api/v1/checks", &ask).await, &[number, name])
    };
    let known = asks(CITIZEN, "柳𬭚").await;
    assert_eq!(known.0, StatusCode::OK, "{}", known.1);
    assert_eq!(asks(NOBODY, "柳𬭚").await, known, "nobody has this number");
    assert_eq!(asks(CITIZEN, "周明").await, known, "he has another name");
}

#[tokio::test]
async fn the_desk_says_the_same_of_who_is_known_and_who_is_not() {
    let house = House::new().await;
    let cookies = house.sign_in("clerk").await;
    let csrf = house.get("/desk/check", &cookies).await.csrf();
    let asks = async |number: &str, name: &str| {
        let fields = format!(
            "csrf={csrf}&id_kind=01&id_number={number}&name={name}&purpose=licence-review&matter=LY-1"
        );
        let answered = house.post("/desk/check", &cookies, &fields).await;
        let (masked, shown) = (register::mask::number(number), register::mask::name(name));
        shape(&answered, &[number, &masked, name, &shown])
    };
    let known = asks(CITIZEN, "柳𬭚").await;
    assert_eq!(known.0, StatusCode::OK, "{}", known.1);
    assert_eq!(asks(NOBODY, "柳𬭚").await, known);
    assert_eq!(asks(CITIZEN, "周明").await, known);
}

/// Who stands at the counter shows his document; a number with somebody else's name finds nobody, whoever has it.
#[tokio::test]
async fn the_counter_finds_nobody_by_a_number_alone() {
    let house = House::new().await;
    let cookies = house.sign_in("office").await;
    let csrf = house.get("/office/counter", &cookies).await.csrf();
    let asks = async |number: &str, name: &str| {
        let fields = format!("csrf={csrf}&id_kind=01&id_number={number}&name={name}&matter=LY-1");
        shape(&house.post("/office/counter", &cookies, &fields).await, &[number, name])
    };
    let known = asks(CITIZEN, "周明").await;
    assert!(known.0 != StatusCode::OK, "{}", known.1);
    assert_eq!(asks(NOBODY, "周明").await, known);
    assert_eq!(asks(NOBODY, "柳𬭚").await, known);
}

#[tokio::test]
async fn a_wrong_password_does_not_tell_which_accounts_there_are() {
    let house = House::new().await;
    disable(&house.cx, &testkit::lead(), "office").await.unwrap();
    let form = house.get("/sign-in", "").await;
    let csrf = form.csrf();
    let tries = async |login: &str, password: &str| {
        let fields = format!("csrf={csrf}&login={login}&password={password}&next=");
        let answered = house.post("/sign-in", &form.cookies(), &fields).await;
        assert!(!answered.cookies().contains("cx="), "{login}");
        shape(&answered, &[&format!("value=\"{login}\""), &csrf])
    };
    let known = tries("clerk", "wrong").await;
    assert_eq!(known.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(tries("nobody-at-all", "wrong").await, known);
    assert_eq!(tries("office", "wrong").await, known, "switched off");
    assert_eq!(tries("office", crate::house::PASSWORD).await, known, "with its own password");
    assert_eq!(tries("system", "wrong").await, known, "a machine has no password");
}

#[tokio::test]
async fn a_token_that_is_none_is_told_apart_from_no_other() {
    let house = House::new().await;
    disable(&house.cx, &testkit::lead(), "system").await.unwrap();
    let shows = async |token: &str| {
        let request = Request::get("/api/v1/corrections")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty());
        shape(&house.send(request.unwrap()).await, &[])
    };
    let ended = shows(&house.token).await;
    assert_eq!(ended.0, StatusCode::UNAUTHORIZED);
    let unknown = format!("{}{}", &house.token[..house.token.len() - 4], "0000");
    for token in ["x", "cx_", unknown.as_str()] {
        assert_eq!(shows(token).await, ended, "{token}");
    }
}

#[tokio::test]
async fn a_code_of_somebody_elses_mandate_is_as_unknown_as_a_guess() {
    let house = House::new().await;
    let cookies = house.sign_in("citizen").await;
    let csrf = house.get("/my/mandates/new", &cookies).await.csrf();
    let fields = format!(
        "csrf={csrf}&grantee=11999901TETX000134&purpose=入职核对&items=NP03&until=2026-12-01&uses=1"
    );
    let given = house.post("/my/mandates/new", &cookies, &fields).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.text);
    let (_, code) = given.text.split_once("id=\"code\">").unwrap();
    let code = code.split('<').next().unwrap();
    let redeems = async |code: &str| {
        let ask = format!(r#"{{"code":"{code}","matter":"入职 1 号"}}"#);
        shape(&house.api("/api/v1/mandates/redeem", &ask).await, &[code])
    };
    let others = redeems(code).await;
    assert_eq!(others.0, StatusCode::NOT_FOUND, "{}", others.1);
    assert_eq!(redeems("2222-2222-2222-2222").await, others);
    assert_eq!(redeems("no code").await, others);
}

#[tokio::test]
async fn a_code_of_a_report_that_never_was_says_nothing_of_anybody() {
    let house = House::new().await;
    let asks = async |code: &str| {
        let request = Request::post("/api/v1/reports/verify")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(format!(r#"{{"code":"{code}"}}"#)));
        shape(&house.send(request.unwrap()).await, &[code])
    };
    assert_eq!(asks("2222-2222-2222-2222").await, asks("9999-9999-9999-9999").await);
    assert_eq!(asks("2222-2222-2222-2222").await, asks("x").await);
}
