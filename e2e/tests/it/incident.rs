use e2e::Visit;

/// Somebody reports what he saw; the office judges it, finds in the log whose facts went out, tells the authority and
/// the people; one of them reads it; another person of the office closes it.
#[tokio::test]
async fn an_incident_from_the_report_to_its_end() {
    let mut visit = Visit::begin("incident").await;
    let person = visit.person("citizen-1");
    // The look that should not have been.
    visit.sign_in("mr-clerk", "/desk").await;
    visit.open("/desk/check").await;
    visit.fill("id_number", &person.number).await;
    visit.fill("name", &person.name).await;
    visit.choose("purpose", "food-licence-review").await;
    visit.fill("matter", "食品经营许可受理〔2026〕第0999号").await;
    visit.press("登记并查询").await;
    visit.is_headed("核查结果").await;
    visit.sign_out().await;

    visit.open("/incident").await;
    visit.is_headed("报告信息安全事件").await;
    visit.look("form").await;
    visit.fill("what", "窗口的桌上有一张查询结果，没有人看管。").await;
    visit.press("报告").await;
    visit.says(&["请选择发生了什么"]).await;
    visit.look("form-mistakes").await;
    visit.choose("kind", "leak").await;
    visit.press("报告").await;
    visit.says(&["已经收到", "SJ20"]).await;
    visit.look("reported").await;

    visit.sign_in("office-clerk", "/office").await;
    visit.says(&["没有办结的信息安全事件"]).await;
    visit.open("/office/incidents").await;
    visit.is_headed("信息安全事件").await;
    visit.look("list").await;
    let first = visit.script("return document.querySelector('th a').getAttribute('href')").await;
    let place = first.as_str().unwrap().to_owned();
    visit.open(&place).await;
    visit.says(&["窗口的桌上有一张查询结果", "没有登录的人", "等待研判"]).await;
    visit.look("to-judge").await;
    visit.choose("finding", "yes").await;
    visit.fill("triage_words", "打印件里有处罚信息。").await;
    visit.press("提交研判").await;
    visit.says(&["已确认，正在处置"]).await;
    visit.press("查找受影响的人").await;
    visit.says(&["请至少填写一项"]).await;
    visit.look("search-mistakes").await;
    visit.fill("login", "mr-clerk").await;
    visit.script("document.querySelector('#purpose').value = 'food-licence-review'").await;
    visit.press("查找受影响的人").await;
    visit.says(&["受影响的人：1 人", "账号 mr-clerk，用途 食品经营许可审查"]).await;
    visit.is_silent_about(&[&person.name, &person.number]).await;
    for (field, text) in [
        ("information", "姓名、处罚决定。"),
        ("causes", "打印件没有及时收走。"),
        ("harm", "可能有人冒充工作人员打电话。"),
        ("measures", "已经收回打印件。"),
        ("advice", "不要向来电的人提供验证码。"),
        ("contact", "信用办窗口"),
        ("recipient", "市互联网信息办公室"),
    ] {
        visit.fill(field, text).await;
    }
    visit.press("保存内容").await;
    visit.says(&["下载给主管部门的报告"]).await;
    visit.look("said").await;
    let (status, pdf) = visit.fetch(&visit.target("下载给主管部门的报告").await).await;
    assert_eq!(status, 200);
    assert!(pdf.starts_with("%PDF"));
    visit.press("告知受影响的人").await;
    visit.says(&["已写出的告知书", "1 份"]).await;
    visit.fill("contain_words", "打印件已经销毁，打印机改为刷卡取件。").await;
    visit.press("已经控制").await;
    visit.says(&["已控制"]).await;
    visit.press("报告和告知完毕").await;
    visit.says(&["还没有登记什么时候、怎样向主管部门报告"]).await;
    let today = "return new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)";
    let now = "return new Date(Date.now() + 8 * 3600e3).toISOString().slice(11, 16)";
    let (today, now) = (visit.script(today).await, visit.script(now).await);
    visit.fill("sent_on", today.as_str().unwrap()).await;
    visit.fill("sent_time", now.as_str().unwrap()).await;
    visit.fill("how", "专网报送，收文 7 号").await;
    visit.press("登记已报告").await;
    visit.says(&["专网报送，收文 7 号"]).await;
    visit.press("报告和告知完毕").await;
    visit.says(&["已报告和告知", "要由另一个人办结"]).await;
    visit.look("told").await;
    visit.sign_out().await;

    visit.sign_in("citizen-1", "/my").await;
    visit.open("/my/notices").await;
    visit.follow("关于一起个人信息安全事件的告知书").await;
    visit.says(&["打印件没有及时收走", "不要向来电的人提供验证码", "信用办窗口"]).await;
    visit.look("notice").await;
    visit.open("/my/looks").await;
    visit.says(&["查找、告知信息安全事件受影响的人"]).await;
    visit.sign_out().await;

    visit.sign_in("office-lead", "/office").await;
    visit.open(&place).await;
    visit.fill("close_words", "以后打印件当面交接。").await;
    visit.press("办结").await;
    visit.says(&["已办结", "以后打印件当面交接"]).await;
    visit.look("closed").await;
    visit.open("/office/assessments").await;
    visit.is_headed("个人信息保护影响评估").await;
    visit.says(&["归集行政处罚信息的影响评估", "有效"]).await;
    visit.look("assessments").await;
    visit.open("/office/assessments/new").await;
    visit.look("assessment-new").await;
    visit.end().await;
}
