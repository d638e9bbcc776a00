use std::time::Duration;

use e2e::Visit;

/// Opens the form when there is a code that was not used yet; gives the code.
async fn with_code(visit: &Visit, form: &str) -> String {
    for _ in 0..100 {
        visit.open(form).await;
        if let [code] = visit.texts("#demo-code").await.as_slice() {
            return code.clone();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("no code comes");
}

#[tokio::test]
async fn a_clerk_sees_a_whole_number_once_and_the_person_reads_why() {
    let mut visit = Visit::begin("whole-number").await;
    let person = visit.person("citizen-5");

    // The case shows the end of the number only.
    visit.sign_in("mr-clerk", "/desk").await;
    visit.follow("YY").await;
    visit.says(&[&person.name, "显示完整证件号码"]).await;
    visit.is_silent_about(&[&person.number]).await;
    visit.look("case").await;
    let case = visit.path().await;
    let form = visit.target("显示完整证件号码").await;
    visit.follow("显示完整证件号码").await;
    visit.is_headed("显示完整证件号码").await;
    visit.says(&["本人都看得到"]).await;
    visit.is_silent_about(&[&person.number]).await;
    visit.look("form").await;
    visit.press("登记并显示一次").await;
    visit.says(&["请写明情况和理由", "请再输入一次您的密码", "请输入验证码"]).await;
    visit.look("form-with-mistakes").await;

    // A wrong password shows nothing, and what was written stays.
    let code = with_code(&visit, &form).await;
    visit.fill("reason", "核对文书原件上的证件号码").await;
    visit.fill("password", "not-the-password").await;
    visit.fill("code", &code).await;
    visit.press("登记并显示一次").await;
    visit.says(&["密码或者验证码不对"]).await;
    visit.is_silent_about(&[&person.number]).await;
    let kept = visit.script("return document.querySelector('#reason').value").await;
    assert_eq!(kept, "核对文书原件上的证件号码");
    visit.look("form-refused").await;

    let code = with_code(&visit, &form).await;
    visit.fill("reason", "核对文书原件上的证件号码").await;
    visit.fill("password", "chengxin-demo").await;
    visit.fill("code", &code).await;
    visit.press("登记并显示一次").await;
    visit.is_headed("完整证件号码").await;
    visit.says(&[&person.name, &person.number, "只显示这一次", "存证位置"]).await;
    assert_eq!(visit.path().await, form, "nothing of it stands in the address");
    visit.look("shown").await;
    // Opened again, it is the form.
    visit.open(&form).await;
    visit.is_silent_about(&[&person.number]).await;
    visit.open(&case).await;
    visit.is_silent_about(&[&person.number]).await;
    visit.sign_out().await;

    // The person reads who saw it, and why.
    visit.sign_in("citizen-5", "/my").await;
    visit.open("/my/looks").await;
    visit.says(&["市场监督管理局", "查看您的完整证件号码", "核对文书原件上的证件号码"]).await;
    visit.look("looks").await;
    visit.sign_out().await;

    // Who audits does not come to it.
    visit.sign_in("auditor", "/office").await;
    visit.open(&form).await;
    assert_eq!(visit.status().await, 403);
    visit.end().await;
}
