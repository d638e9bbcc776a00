use e2e::Visit;

/// The guide to remedies of a penalty by the market bureau, as its card shows it.
const GUIDE: &str = "return [...document.querySelectorAll('main article')]\
    .filter(card => card.innerText.includes('市场监督管理局'))\
    .flatMap(card => [...card.querySelectorAll('a[href*=\"/remedies\"]')])[0].getAttribute('href')";

#[tokio::test]
async fn a_person_asks_why_and_follows_a_decision_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let notice = folder.path().join("受理通知书.pdf");
    std::fs::write(&notice, b"%PDF-1.7 an invented notice").unwrap();
    let mut visit = Visit::begin("remedy").await;
    let person = visit.person("citizen-1");

    // Somebody looks, and the person asks why.
    visit.sign_in("mr-clerk", "/desk").await;
    visit.open("/desk/check").await;
    visit.fill("id_number", &person.number).await;
    visit.fill("name", &person.name).await;
    visit.choose("purpose", "food-licence-review").await;
    visit.fill("matter", "食品经营许可受理〔2026〕第0601号").await;
    visit.press("登记并查询").await;
    visit.is_headed("核查结果").await;
    visit.sign_out().await;
    visit.sign_in("citizen-1", "/my").await;
    visit.open("/my/looks").await;
    let looks = "return [...document.querySelectorAll('.cx-looks li')]\
        .find(look => look.innerText.includes('第0601号')).querySelector('a').getAttribute('href')";
    let look = visit.script(looks).await;
    visit.open(look.as_str().unwrap()).await;
    visit.follow("我不明白这次查询").await;
    visit.is_headed("我不明白这次查询").await;
    visit.press("提交").await;
    visit.says(&["请写明情况和理由"]).await;
    visit.look("inquiry-empty").await;
    visit.fill("words", "我没有申请过食品经营许可。").await;

    // The session ends while he writes: his words come back, and the way leads to the form.
    visit.driver().delete_all_cookies().await.unwrap();
    visit.press("提交").await;
    visit.says(&["登录已经过期", "还没有提交的内容", "我没有申请过食品经营许可。"]).await;
    visit.look("unsent").await;
    visit.follow("重新登录，回到刚才的表单").await;
    visit.fill("login", "citizen-1").await;
    visit.fill("password", "chengxin-demo").await;
    visit.press("登录").await;
    visit.is_headed("我不明白这次查询").await;
    visit.fill("words", "我没有申请过食品经营许可。").await;
    visit.press("提交").await;
    visit.says(&["等待单位说明", "您不明白这次查询", "第0601号"]).await;
    visit.look("inquiry").await;

    // The guide, and the challenge of the decision.
    visit.open("/my").await;
    let guide = visit.script(GUIDE).await;
    visit.open(guide.as_str().unwrap()).await;
    visit.is_headed("不服，复议或者诉讼").await;
    visit.says(&["行政复议", "凌源市人民政府", "60 日", "6 个月", "凌源市人民法院"]).await;
    visit.look("guide").await;
    visit.follow("登记复议或者诉讼").await;
    visit.press("登记").await;
    visit.says(&["请选择是复议还是诉讼", "请交受理通知书或者立案通知书"]).await;
    visit.look("challenge-mistakes").await;
    visit.choose("choice", "reconsideration").await;
    visit.fill("words", "凌政复〔2026〕18 号，11 月 20 日受理。").await;
    visit.attach("papers", &notice).await;
    visit.press("登记").await;
    visit.says(&["正在审理", "您登记行政复议，信息已标注"]).await;
    visit.choose("choice", "revoked").await;
    visit.fill("words", "凌政复决〔2026〕18 号撤销了处罚决定。").await;
    visit.attach("papers", &notice).await;
    visit.press("登记结果").await;
    visit.says(&["已有结果，等待单位办理", "撤销原决定", "单位按结果办理"]).await;
    visit.look("challenge-reported").await;
    let number = visit.texts("main h1").await[0].replace("复议、诉讼 ", "");
    visit.open("/my").await;
    visit.says(&["复议、诉讼中", "记入依据"]).await;
    for (copy, says) in [("/my/copy.json", "chengxin-my-copy/1"), ("/my/copy.csv", "记入依据")]
    {
        let (status, text) = visit.fetch(copy).await;
        assert_eq!(status, 200);
        assert!(text.contains(says) && text.contains("市场监督管理局"), "{copy}");
    }
    visit.sign_out().await;

    // The body explains its look, and follows the result; not the one who looked.
    visit.sign_in("mr-second", "/desk").await;
    visit.says(&["查询疑问", &number]).await;
    visit.look("desk").await;
    visit.open("/desk/calendar").await;
    visit.press("生成订阅地址").await;
    visit.says(&["它只显示这一次", "停止订阅"]).await;
    visit.look("desk-calendar").await;
    let address = visit.texts("#address").await[0].clone();
    let path = address.find("/calendar/").map(|at| address[at..].to_owned()).unwrap();
    let (status, calendar) = visit.fetch(&path).await;
    let calendar = calendar.replace("\r\n ", "");
    assert_eq!(status, 200);
    assert!(calendar.contains("BEGIN:VALARM") && calendar.contains(&number), "{calendar}");
    assert!(!calendar.contains(&person.name) && !calendar.contains(&person.number));
    visit.open("/desk").await;
    visit.follow("查询疑问").await;
    visit.says(&["我没有申请过食品经营许可", "由账号 mr-clerk 查询"]).await;
    visit.choose("state", "mistaken").await;
    visit.fill("words", "号码输错了一位，已经改正并教育经办人。").await;
    visit.look("desk-inquiry").await;
    visit.press("提交").await;
    visit.says(&["承认不应该查询"]).await;
    visit.open("/desk").await;
    visit.follow(&number).await;
    visit.choose("ending", "revoked").await;
    visit.fill("words", "已收到复议决定书。").await;
    visit.look("desk-challenge").await;
    let bundle = "return document.querySelector('a[href$=\"bundle.pdf\"]').getAttribute('href')";
    let bundle = visit.script(bundle).await;
    let (status, pdf) = visit.fetch(bundle.as_str().unwrap()).await;
    assert!(status == 200 && pdf.starts_with("%PDF-"), "{status}");
    visit.press("办理").await;
    visit.says(&["信息已撤下", "通知收到过这条信息的单位"]).await;
    visit.open("/desk/corrections").await;
    visit.says(&["原决定已被撤销、变更或者确认违法", "作出的决定已经不成立"]).await;
    visit.sign_out().await;
    visit.sign_in("office-lead", "/office").await;
    visit.open("/office/cases").await;
    visit.says(&["单位承认不应该的查询", "市场监督管理局"]).await;
    visit.is_silent_about(&[&person.name, &person.number]).await;
    visit.look("office").await;
    visit.sign_out().await;
    visit.sign_in("citizen-1", "/my").await;
    visit.says(&["已撤下"]).await;
    visit.end().await;
}
