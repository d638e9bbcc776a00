use e2e::Visit;
use serde_json::{Value, json};
use thirtyfour::By;

const PASSWORD: &str = "chengxin-demo";

/// Lets the page fill its form in, and keeps what it would have sent.
const KEEP: &str = "
const form = document.querySelector('[data-passkey]').closest('form');
form.submit = () => { document.kept = new URLSearchParams(new FormData(form)).toString(); };";

/// Sends what was kept: first with another answer, then as it was.
const REPLAY: &str = "
const done = arguments[arguments.length - 1];
const send = async body => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const got = await fetch('/sign-in/second', { method: 'POST', body, headers, redirect: 'manual' });
  return [got.status, await got.text()];
};
const spoiled = new URLSearchParams(document.kept);
spoiled.set('passkey', '{}');
send(spoiled.toString()).then(async first => done([first, await send(document.kept)]));";

/// A device that makes sure of its holder by itself; it stays in the browser.
async fn has_a_device(visit: &Visit) {
    let cdp = visit.driver().cdp();
    cdp.send_raw("WebAuthn.enable", json!({ "enableUI": false })).await.unwrap();
    let options = json!({
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": true,
        "hasUserVerification": true,
        "isUserVerified": true,
        "automaticPresenceSimulation": true,
    });
    let made = cdp.send_raw("WebAuthn.addVirtualAuthenticator", json!({ "options": options }));
    let made = made.await.unwrap();
    assert!(made["authenticatorId"].is_string(), "{made}");
}

/// Shows the password, up to the page that asks for more.
async fn shows_password(visit: &Visit, heading: &str) {
    visit.open("/sign-in").await;
    visit.fill("login", "mr-clerk").await;
    visit.fill("password", PASSWORD).await;
    visit.press("登录").await;
    visit.comes_to("/sign-in/second").await;
    visit.is_headed(heading).await;
}

#[tokio::test]
async fn somebody_at_work_adds_a_passkey_signs_in_by_it_and_removes_it() {
    let mut visit = Visit::begin_named("passkey").await;
    has_a_device(&visit).await;
    visit.sign_in("mr-clerk", "/desk").await;

    visit.open("/account").await;
    visit.says(&["通行密钥", "假冒的网站骗不走"]).await;
    visit.follow("添加通行密钥").await;
    visit.is_headed("添加通行密钥").await;
    visit.look("new").await;
    visit.fill("name", "办公电脑").await;
    visit.fill("current", "not this one").await;
    visit.press("继续").await;
    visit.says(&["密码不对"]).await;
    visit.look("new-refused").await;
    visit.fill("current", PASSWORD).await;
    visit.press("继续").await;
    visit.says(&["名字：办公电脑"]).await;
    visit.is_silent_about(&["用不了通行密钥"]).await;
    visit.look("new-ask").await;
    visit.press("在这台设备上添加").await;
    visit.says(&["通行密钥已经添加，其他地方都已退出。", "办公电脑", "还没有用过"]).await;
    visit.look("account").await;
    visit.sign_out().await;

    // After the password the device is asked; a code would do as well.
    shows_password(&visit, "再确认一次").await;
    visit.says(&["用通行密钥登录", "用验证码"]).await;
    visit.look("second").await;
    visit.press("用通行密钥登录").await;
    visit.comes_to("/desk").await;
    visit.open("/account").await;
    visit.says(&["办公电脑", "添加通行密钥"]).await;
    visit.is_silent_about(&["还没有用过"]).await;
    visit.sign_out().await;

    // What was brought once opens nothing any more, though nobody came in by it.
    shows_password(&visit, "再确认一次").await;
    visit.script(KEEP).await;
    visit.driver().find(By::Id("passkey")).await.unwrap().click().await.unwrap();
    let kept = "return typeof document.kept";
    visit.becomes("the device has answered", kept, |kind| *kind == json!("string")).await;
    let got = visit.driver().execute_async(REPLAY, vec![]).await.unwrap();
    let got: [(u64, String); 2] = got.convert().unwrap();
    assert_eq!((got[0].0, got[1].0), (422, 422), "{got:?}");
    assert!(got[0].1.contains("没有通过核对"), "{}", got[0].1);
    assert!(got[1].1.contains("已经过期，或者已经用过"), "{}", got[1].1);
    // The page asks anew.
    visit.open("/sign-in/second").await;
    visit.press("用通行密钥登录").await;
    visit.comes_to("/desk").await;

    // Or by a code, as before; and the passkey goes.
    visit.sign_out().await;
    visit.sign_in("mr-clerk", "/desk").await;
    visit.open("/account").await;
    visit.follow("移除办公电脑").await;
    visit.is_headed("移除通行密钥").await;
    visit.look("remove").await;
    visit.fill("current", PASSWORD).await;
    visit.press("移除").await;
    visit.says(&["通行密钥已经移除，其他地方都已退出。"]).await;
    visit.is_silent_about(&["办公电脑"]).await;
    visit.sign_out().await;
    shows_password(&visit, "验证码").await;
    visit.is_silent_about(&["用通行密钥登录"]).await;
    let kept: Value = visit.script("return document.scripts.length").await;
    assert_eq!(kept, json!(0), "nothing runs where nothing is asked");
    visit.end().await;
}
