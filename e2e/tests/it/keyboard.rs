use e2e::Visit;
use thirtyfour::Key;

const FOCUS: &str = "return document.activeElement.id || document.activeElement.className";

#[tokio::test]
async fn the_keyboard_suffices_and_signing_out_ends_the_session() {
    let mut visit = Visit::begin("keyboard").await;

    // The first thing that Tab finds is the way past the header; it shows and it works.
    visit.open("/rules").await;
    visit.keys(&[Key::Tab]).await;
    assert_eq!(visit.script(FOCUS).await, "govuk-skip-link");
    let shows = "const box = document.activeElement.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && box.top >= 0 && box.left >= 0";
    assert_eq!(visit.script(shows).await, true, "who has the focus is seen");
    visit.look("skip-link").await;
    visit.keys(&[Key::Enter]).await;
    visit.becomes("the focus is in the text", FOCUS, |focus| focus == "main").await;

    // Signing in without a mouse.
    visit.open("/sign-in").await;
    visit.script("document.getElementById('login').focus()").await;
    visit.write("mr-clerk").await;
    visit.keys(&[Key::Tab]).await;
    visit.write("chengxin-demo").await;
    visit.keys(&[Key::Enter]).await;
    visit.comes_to("/sign-in/second").await;
    visit.look("second").await;
    // The code shown there has aged while the page was looked at.
    visit.open("/sign-in/second").await;
    let code = visit.texts("#demo-code").await[0].clone();
    visit.script("document.getElementById('code').focus()").await;
    visit.write(&code).await;
    visit.keys(&[Key::Enter]).await;
    visit.comes_to("/desk").await;

    // An empty form comes back with a summary at the top whose links lead to the fields.
    visit.open("/desk/check").await;
    visit.press("登记并查询").await;
    visit
        .becomes("refused", "return document.title", |title| title == "有误：核查 · 诚信凌源")
        .await;
    let first = "return document.querySelector('main').firstElementChild.className";
    assert_eq!(visit.script(first).await, "govuk-error-summary");
    assert_eq!(visit.count(".govuk-error-summary [role=alert]").await, 1, "it is read out");
    visit.becomes("the summary has the focus", FOCUS, |at| at == "govuk-error-summary").await;
    let fields = "return [...document.querySelectorAll('.govuk-error-summary a')]
        .map(link => link.getAttribute('href').slice(1))";
    let fields: Vec<String> = serde_json::from_value(visit.script(fields).await).unwrap();
    for field in ["id_number", "name", "purpose", "matter"] {
        assert!(fields.iter().any(|one| one == field), "{field} is not in {fields:?}");
        assert!(!visit.texts(&format!("#{field}-error")).await.is_empty(), "{field} says nothing");
    }
    visit.look("empty-form").await;
    for (at, field) in fields.iter().enumerate() {
        let focus = format!("document.querySelectorAll('.govuk-error-summary a')[{at}].focus()");
        visit.script(&focus).await;
        visit.keys(&[Key::Enter]).await;
        visit.becomes(&format!("the focus is at {field}"), FOCUS, |focus| focus == field).await;
    }

    // Out is out: for the browser, for its memory, and for who kept the cookie.
    let cookies = visit.driver().get_all_cookies().await.unwrap();
    assert!(!cookies.is_empty());
    visit.sign_out().await;
    assert_eq!(visit.count(".govuk-notification-banner").await, 1, "it says that one is out");
    visit.look("signed-out").await;
    visit.open("/desk").await;
    visit.comes_to("/sign-in").await;
    for cookie in cookies {
        visit.driver().add_cookie(cookie).await.unwrap();
    }
    visit.open("/desk").await;
    visit.comes_to("/sign-in").await;
    visit.is_silent_about(&["最近的报送"]).await;
    visit.end().await;
}
