use e2e::{IdentityService, Visit};

/// An adult, and somebody of fourteen, both of a region that does not exist.
const ADULT: (&str, &str) = ("999901198512310029", "周明");
const MINOR: (&str, &str) = ("999901201206010049", "小树");

/// Writes down at the service who signs in.
async fn is(visit: &Visit, user: &str, who: (&str, &str)) {
    visit.is_headed("省身份服务").await;
    visit.fill("sub", user).await;
    visit.fill("name", who.1).await;
    visit.fill("id_number", who.0).await;
    visit.press("同意并登录").await;
}

#[tokio::test]
async fn a_person_comes_in_by_the_identity_service_and_only_to_his_own_file() {
    let service = IdentityService::start();
    let mut visit = Visit::begin_with("identity", &service).await;
    let other = visit.person("citizen-1");

    // He was on the way to his looks; the service asks who he is; he lands where he wanted to go.
    visit.open("/my/looks").await;
    visit.comes_to("/sign-in").await;
    visit.says(&["用省身份服务登录", "没有经过实名核对"]).await;
    visit.look("sign-in").await;
    visit.follow("用省身份服务登录").await;
    is(&visit, "zhou", ADULT).await;
    visit.comes_to("/my/looks").await;
    visit.open("/my").await;
    visit.is_headed("我的档案").await;

    // Out, here and there.
    visit.press("退出").await;
    visit.comes_to("/sign-in/identity/out").await;
    visit.is_headed("您已退出").await;
    visit.look("out").await;
    visit.follow("也退出省身份服务").await;
    visit.is_headed("退出省身份服务").await;
    visit.press("确定退出").await;
    visit.comes_to("/").await;

    // In again: the same person.
    visit.open("/sign-in").await;
    visit.follow("用省身份服务登录").await;
    is(&visit, "zhou", ADULT).await;
    visit.comes_to("/my").await;
    visit.press("退出").await;
    visit.comes_to("/sign-in/identity/out").await;

    // Somebody with the number of another.
    visit.open("/sign-in/identity?again=1").await;
    is(&visit, "somebody", (&other.number, ADULT.1)).await;
    visit.comes_to("/sign-in/identity/back").await;
    visit.is_headed("没有登录").await;
    visit.says(&["姓名不一致", "编号：SM"]).await;
    assert_eq!(visit.status().await, 403);
    visit.look("name-differs").await;
    let number = visit.texts(".govuk-inset-text .cx-hash").await[0].clone();

    // A minor, at the same browser.
    visit.follow("换一个人登录").await;
    is(&visit, "minor", MINOR).await;
    visit.says(&["不记录未满十八周岁的人"]).await;
    visit.look("under-age").await;

    // Zhou's user says that he is somebody else.
    visit.follow("换一个人登录").await;
    is(&visit, "zhou", (&other.number, &other.name)).await;
    visit.says(&["以前登录的是另一个人的档案"]).await;

    // Somebody says no.
    visit.follow("换一个人登录").await;
    visit.is_headed("省身份服务").await;
    visit.press("不同意").await;
    visit.says(&["没有同意，或者取消了登录"]).await;
    visit.look("denied").await;

    // The office sees what does not agree, without a name.
    visit.sign_in("office-lead", "/office").await;
    visit.follow("实名登录的疑问").await;
    visit.is_headed("实名登录的疑问").await;
    visit.says(&[&number, "另一个姓名", "另一个人"]).await;
    visit.is_silent_about(&[&other.name, &other.number]).await;
    visit.look("doubts").await;
    visit.press(&format!("解除原来的对应：{}", visit.texts("tbody .cx-hash").await[1])).await;
    visit.comes_to("/office/doubts").await;
    visit
        .becomes("one is settled", "return document.querySelectorAll('tbody tr').length", |left| {
            left == 1
        })
        .await;
    visit.sign_out().await;
    visit.end().await;
}
