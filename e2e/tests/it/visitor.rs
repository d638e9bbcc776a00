use e2e::Visit;

#[tokio::test]
async fn a_visitor_reads_what_is_public_and_no_more() {
    let mut visit = Visit::begin("visitor").await;
    visit.open("/").await;
    visit.is_headed("您的信用信息，\n由您看得见、改得了").await;
    visit.says(&["不给任何人打分、评级、排名"]).await;
    visit.look("home").await;
    for (path, heading, says) in [
        ("/rules", "规则与目录", "目录以外的事，一律不记录"),
        ("/rights", "您的权利", "都不收费"),
        ("/sign-in", "登录", "citizen-1"),
    ] {
        visit.open(path).await;
        visit.is_headed(heading).await;
        visit.says(&[says]).await;
        assert_eq!(visit.status().await, 200);
        visit.look(path.trim_start_matches('/')).await;
    }

    visit.open("/nowhere").await;
    assert_eq!(visit.status().await, 404);
    visit.says(&["没有找到这个页面", "回到首页"]).await;
    visit.look("nowhere").await;

    // Who is nobody is asked who he is, and led on to where he wanted to go.
    visit.open("/my/looks").await;
    assert_eq!(visit.path().await, "/sign-in?next=/my/looks");
    visit.fill("login", "citizen-1").await;
    visit.fill("password", "not the password").await;
    visit.press("登录").await;
    visit
        .becomes("refused", "return document.title", |title| {
            title.as_str().is_some_and(|title| title.starts_with("有误："))
        })
        .await;
    assert_eq!(visit.status().await, 422);
    visit.says(&["还有几处需要您看一下", "账号或者密码不对"]).await;
    visit.look("wrong-password").await;
    visit.fill("password", "chengxin-demo").await;
    visit.press("登录").await;
    visit.comes_to("/my/looks").await;

    // A page of somebody else's role.
    visit.open("/desk").await;
    assert_eq!(visit.status().await, 403);
    visit.says(&["这一页不属于您的账号", "没有任何内容被打开"]).await;
    visit.look("not-mine").await;
    visit.end().await;
}
