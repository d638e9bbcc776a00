use e2e::Visit;

/// Where each card of the market bureau leads to ask for a repair.
const LINKS: &str = "return [...document.querySelectorAll('main article')]\
    .filter(card => card.innerText.includes('市场监督管理局'))\
    .flatMap(card => [...card.querySelectorAll('a[href*=\"repairs/new\"]')])\
    .map(link => link.getAttribute('href'))";

const TOO_EARLY: &str = "还没有满最短公示期";

/// Opens the form of a record that has been shown long enough.
async fn ripe(visit: &mut Visit, logins: &[&'static str]) -> &'static str {
    for login in logins {
        visit.sign_in(login, "/my").await;
        let links = visit.script(LINKS).await;
        for link in links.as_array().unwrap() {
            visit.open(link.as_str().unwrap()).await;
            visit.is_headed("申请修复").await;
            visit.press("提交申请").await;
            visit.says(&["请确认已经改正", "请阅读并签署信用承诺", "请交一份履行证明"]).await;
            if !visit.main().await.contains(TOO_EARLY) {
                return login;
            }
        }
        visit.sign_out().await;
    }
    panic!("the demo city has nobody whose record can be repaired");
}

#[tokio::test]
async fn a_person_asks_for_a_repair_and_it_ends_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let receipt = folder.path().join("收据.pdf");
    std::fs::write(&receipt, b"%PDF-1.7 an invented receipt").unwrap();
    let mut visit = Visit::begin("repair").await;

    // The person asks; everything that is missing is told at once.
    let login =
        ripe(&mut visit, &["citizen-1", "citizen-2", "citizen-3", "citizen-4", "citizen-8"]).await;
    visit.look("everything-missing").await;
    visit.fill("words", "罚款已经交清，有收据。").await;
    visit.attach("papers", &receipt).await;
    visit.choose("performed", "yes").await;
    visit.press("提交申请").await;
    visit.says(&["请阅读并签署信用承诺", "已收下：收据.pdf"]).await;
    visit.choose("pledge", "yes").await;
    visit.press("提交申请").await;
    visit.says(&["等待受理", "您申请修复", "您签署信用承诺", "收据.pdf", "决定是否受理"]).await;
    visit.look("case").await;
    let number = visit.texts("main h1").await[0].replace("修复 ", "");
    visit.open("/my/cases").await;
    visit.says(&[&number]).await;
    visit.look("cases").await;
    visit.sign_out().await;

    // The body that determined it decides.
    visit.sign_in("mr-clerk", "/desk").await;
    visit.says(&[&number, "还剩"]).await;
    visit.follow(&number).await;
    visit.says(&["罚款已经交清", "不得要求培训证明"]).await;
    visit.look("desk-case").await;
    visit.choose("decision", "refused").await;
    visit.press("提交").await;
    visit.says(&["请写明情况和理由"]).await;
    visit.choose("decision", "accepted").await;
    visit.press("提交").await;
    visit.says(&["已受理"]).await;
    visit.choose("decision", "granted").await;
    visit.press("提交").await;
    visit.says(&["准予修复，停止展示、共享和使用", "拟撤销这次修复"]).await;
    visit.look("desk-granted").await;
    visit.choose("decision", "hearing").await;
    visit.fill("reasons", "收据和入账记录对不上，请说明。").await;
    visit.press("提交").await;
    visit.says(&["听取意见"]).await;
    visit.sign_out().await;

    // The person is heard before anything is decided against him.
    visit.sign_in(login, "/my").await;
    visit.says(&["已修复"]).await;
    visit.look("file").await;
    visit.open("/my/cases").await;
    visit.follow(&number).await;
    visit.says(&["收据和入账记录对不上", "现在还没有作出决定"]).await;
    visit.press("提交意见").await;
    visit.says(&["请写明情况和理由"]).await;
    visit.fill("words", "收据是银行自助机打印的，流水号在上面。").await;
    visit.press("提交意见").await;
    visit.says(&["您陈述意见"]).await;
    visit.look("hearing").await;
    visit.sign_out().await;
    // Whoever proposed it does not decide on the answer (I15).
    for (who, says) in [("mr-clerk", "要由本单位的另一个人决定"), ("mr-second", "决定维持修复")]
    {
        visit.sign_in(who, "/desk").await;
        visit.follow(&number).await;
        visit.choose("decision", "kept").await;
        visit.fill("reasons", "核对流水号，确已入账。").await;
        visit.press("提交").await;
        visit.says(&[says]).await;
        if who == "mr-clerk" {
            visit.sign_out().await;
        }
    }
    visit.says(&["决定维持修复"]).await;
    visit.sign_out().await;
    visit.sign_in("office-lead", "/office").await;
    visit.open("/office/cases").await;
    visit.is_silent_about(&[&visit.person(login).name]).await;
    visit.end().await;
}
