//! Passkeys at the pages: whoever has shown his password sees and uses his own.

use axum::http::{StatusCode, header};
use testkit::passkey::{SITE, SoftPasskey};

use crate::house::{Answered, House, PASSWORD};

/// What stands between these two, the first time, as it was before it was written into a page.
fn between(answered: &Answered, begin: &str, end: &str) -> String {
    let (_, rest) = answered.text.split_once(begin).unwrap_or_else(|| panic!("{}", answered.text));
    let found = rest.split(end).next().unwrap();
    found.replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}

fn options(answered: &Answered) -> String {
    between(answered, "data-options=\"", "\"")
}

fn form(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).unwrap()
}

/// Shows the password; gives the cookies of whoever is half-way in.
async fn begins(house: &House, login: &str, password: &str) -> Answered {
    let sign_in = house.get("/sign-in", "").await;
    let csrf = sign_in.csrf();
    let fields = form(&[("csrf", &csrf), ("login", login), ("password", password), ("next", "")]);
    house.post("/sign-in", &sign_in.cookies(), &fields).await
}

/// Adds a passkey; gives the page that says so.
async fn adds(house: &House, cookies: &str, key: &SoftPasskey) -> Answered {
    let csrf = house.get("/account/passkeys/new", cookies).await.csrf();
    let fields = form(&[("csrf", &csrf), ("name", "办公电脑"), ("current", PASSWORD)]);
    let asked = house.post("/account/passkeys/new", cookies, &fields).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    let challenge = between(&asked, "name=\"challenge\" value=\"", "\"");
    let answer = key.create(&options(&asked));
    let fields = form(&[("csrf", &csrf), ("challenge", &challenge), ("passkey", &answer)]);
    house.post("/account/passkeys", cookies, &fields).await
}

#[tokio::test]
async fn somebody_adds_a_passkey_signs_in_by_it_and_removes_it() {
    let house = House::at(SITE).await;
    let cookies = house.sign_in("clerk").await;
    let account = house.get("/account", &cookies).await;
    assert!(account.text.contains("href=\"/account/passkeys/new\""), "{}", account.text);
    let policy = account.header(header::CONTENT_SECURITY_POLICY);
    assert!(!policy.contains("script-src"), "{policy}");
    let first = house.get("/account/passkeys/new", &cookies).await;
    assert!(!first.text.contains("<script"), "nothing runs before there is something to ask");
    let fields = form(&[("csrf", &first.csrf()), ("name", "办公电脑"), ("current", "wrong")]);
    let refused = house.post("/account/passkeys/new", &cookies, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("密码不对") && !refused.text.contains("data-options"));

    let mut key = SoftPasskey::new(1);
    let added = adds(&house, &cookies, &key).await;
    assert!(added.text.contains("通行密钥已经添加"), "{}", added.text);
    assert!(added.text.contains("办公电脑") && added.text.contains("还没有用过"));

    // After the password the page asks the browser; its script is a file of this house.
    let midway = begins(&house, "clerk", PASSWORD).await;
    assert_eq!(midway.location(), "/sign-in/second");
    let asked = house.get("/sign-in/second", &midway.cookies()).await;
    assert!(asked.text.contains("<script src=\"/assets/passkey.js?v="), "{}", asked.text);
    let policy = asked.header(header::CONTENT_SECURITY_POLICY);
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(asked.text.contains("name=\"code\""), "a code is as good");
    let challenge = between(&asked, "name=\"challenge\" value=\"", "\"");
    let shows = async |answer: &str| {
        let csrf = asked.csrf();
        let fields =
            form(&[("csrf", &csrf), ("next", ""), ("challenge", &challenge), ("passkey", answer)]);
        house.post("/sign-in/second", &midway.cookies(), &fields).await
    };
    let answer = key.get(&options(&asked));
    let entered = shows(&answer).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/desk"));
    // The same once more opens nothing.
    assert_eq!(shows(&answer).await.location(), "/sign-in");
    let cookies = entered.cookies();
    let account = house.get("/account", &cookies).await;
    assert!(!account.text.contains("还没有用过"), "it was used");

    // Of another's passkey nobody sees that it is there.
    let place = between(&account, "href=\"/account/passkeys/", "\"");
    let place = format!("/account/passkeys/{place}");
    let other = house.sign_in("agency-lead").await;
    let csrf = house.get("/account", &other).await.csrf();
    let fields = form(&[("csrf", &csrf), ("current", PASSWORD)]);
    assert_eq!(house.get(&place, &other).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.post(&place, &other, &fields).await.status, StatusCode::NOT_FOUND);

    let csrf = house.get(&place, &cookies).await.csrf();
    let fields = form(&[("csrf", &csrf), ("current", "wrong")]);
    let refused = house.post(&place, &cookies, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let fields = form(&[("csrf", &csrf), ("current", PASSWORD)]);
    let removed = house.post(&place, &cookies, &fields).await;
    assert!(removed.text.contains("通行密钥已经移除"), "{}", removed.text);
    assert!(!removed.text.contains(&place));
    let midway = begins(&house, "clerk", PASSWORD).await;
    let asked = house.get("/sign-in/second", &midway.cookies()).await;
    assert!(!asked.text.contains("data-passkey"), "only codes are left");
}

#[tokio::test]
async fn nobody_learns_who_has_passkeys_without_the_password() {
    let house = House::at(SITE).await;
    let cookies = house.sign_in("clerk").await;
    adds(&house, &cookies, &SoftPasskey::new(1)).await;
    let shape = |answered: &Answered, login: &str| {
        let text = answered.text.replace(login, "<login>");
        let csrf = answered.csrf();
        (answered.status, text.replace(&csrf, "<csrf>"))
    };
    let with = begins(&house, "clerk", "a wrong password").await;
    let without = begins(&house, "agency-lead", "a wrong password").await;
    assert_eq!(with.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(shape(&with, "clerk"), shape(&without, "agency-lead"));
    for (method, path) in [("GET", "/sign-in/second"), ("POST", "/sign-in/second")] {
        let answered = if method == "GET" {
            house.get(path, &with.cookies()).await
        } else {
            house.post(path, &with.cookies(), "challenge=00&passkey=%7B%7D").await
        };
        assert_eq!(answered.location(), "/sign-in", "{method}");
    }
}

#[tokio::test]
async fn without_a_public_address_no_passkeys_are_offered() {
    let house = House::new().await;
    let cookies = house.sign_in("clerk").await;
    let account = house.get("/account", &cookies).await;
    assert!(!account.text.contains("通行密钥"), "{}", account.text);
    let form = house.get("/account/passkeys/new", &cookies).await;
    assert_eq!(form.location(), "/account");
}
