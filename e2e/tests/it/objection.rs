use std::path::PathBuf;

use e2e::Visit;

/// The way to object to a penalty, as its card shows it.
const PENALTY: &str = "return [...document.querySelectorAll('main article')]\
    .find(card => card.querySelector('h2').textContent.includes('行政处罚'))\
    .querySelector('a[href*=\"objections/new\"]').getAttribute('href')";

/// A file on the disk, as a person would choose it.
fn file(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[tokio::test]
async fn a_person_objects_at_home_and_the_body_corrects() {
    let folder = tempfile::tempdir().unwrap();
    let receipt = file(&folder, "收据.pdf", b"%PDF-1.7 an invented receipt");
    let archive = file(&folder, "照片.pdf", b"PK\x03\x04 a ZIP that says it is a PDF");
    let mut visit = Visit::begin("objection").await;
    let person = visit.person("citizen-1");

    // Somebody looks first, so that somebody has received the fact.
    visit.sign_in("mr-clerk", "/desk").await;
    visit.open("/desk/check").await;
    visit.fill("id_number", &person.number).await;
    visit.fill("name", &person.name).await;
    visit.choose("purpose", "food-licence-review").await;
    visit.fill("matter", "食品经营许可受理〔2026〕第0501号").await;
    visit.press("登记并查询").await;
    visit.is_headed("核查结果").await;
    visit.sign_out().await;

    // The person objects: every mistake is said at once, what was right stays.
    visit.sign_in("citizen-1", "/my").await;
    visit.open("/my/objections").await;
    visit.says(&["您没有提出过异议"]).await;
    visit.look("none-yet").await;
    visit.open("/my").await;
    let link = visit.script(PENALTY).await;
    visit.open(link.as_str().unwrap()).await;
    visit.is_headed("提出异议").await;
    visit.look("form").await;
    visit.choose("ground", "wrong-fact").await;
    visit.fill("words", "当天没有营业，𬴂㛃可以作证。").await;
    visit.attach("papers", &receipt).await;
    visit.attach("papers", &archive).await;
    visit.press("提交异议").await;
    visit.says(&["“照片.pdf”不是 PDF、JPEG、PNG 或者 OFD 文件", "已收下：收据.pdf"]).await;
    visit.look("form-with-mistakes").await;
    visit.press("提交异议").await;
    visit.says(&["请选择希望怎样处理"]).await;
    visit.choose("request", "correct").await;
    visit.press("提交异议").await;
    visit.says(&["核查中", "您提出异议", "𬴂㛃可以作证", "收据.pdf", "指纹（SHA-256）"]).await;
    visit.look("case").await;
    let number = visit.texts("main h1").await[0].replace("异议 ", "");
    let (status, paper) = visit.fetch(&visit.target("收据.pdf").await).await;
    assert_eq!((status, paper.as_str()), (200, "%PDF-1.7 an invented receipt"));

    // The card is marked, and takes the person's own words.
    visit.open("/my").await;
    visit.says(&["有异议", "看异议办到哪一步"]).await;
    visit.look("file-contested").await;
    visit.follow("附上本人声明").await;
    visit.fill("words", &"长".repeat(600)).await;
    visit.press("保存声明").await;
    visit.says(&["写了 600 个字，最多 500 个字"]).await;
    visit.look("statement-too-long").await;
    visit.fill("words", "执照已经补办，罚款已经交清。").await;
    visit.press("保存声明").await;
    visit.is_headed("我的档案").await;
    visit.says(&["执照已经补办，罚款已经交清。"]).await;
    visit.sign_out().await;

    // The body answers.
    visit.sign_in("mr-clerk", "/desk").await;
    visit.says(&[&number, "还剩"]).await;
    visit.look("desk").await;
    visit.follow(&number).await;
    visit.says(&[&person.name, "𬴂㛃可以作证", "您打开这件异议已登记"]).await;
    visit.look("desk-case").await;
    visit.choose("outcome", "corrected").await;
    visit.fill("reasons", "调阅现场笔录后更正。").await;
    visit.press("提交答复").await;
    visit.says(&["没有改动任何一项"]).await;
    visit.look("desk-case-with-mistakes").await;
    visit.fill("field-facts", "经查，当天没有营业。").await;
    visit.press("提交答复").await;
    visit.says(&["答复：已更正", "调阅现场笔录后更正"]).await;
    visit.look("desk-case-answered").await;
    visit.open("/desk/corrections").await;
    visit.says(&["第0501号", "已更正", "请重新核查"]).await;
    visit.look("corrections").await;
    visit.press("已处理，确认（事项 食品经营许可受理〔2026〕第0501号）").await;
    visit.says(&["没有要确认的更正通知"]).await;
    visit.sign_out().await;

    // The person sees the end, who acknowledged, and what the record says now.
    visit.sign_in("citizen-1", "/my").await;
    visit.says(&["经查，当天没有营业。"]).await;
    visit.open("/my/notices").await;
    visit.follow("关于异议办理结果的告知书").await;
    visit.says(&["已经办结"]).await;
    visit.look("letter").await;
    visit.open("/my/objections").await;
    visit.follow(&number).await;
    visit.says(&["已更正", "调阅现场笔录后更正", "申请行政复议"]).await;
    visit.says(&["通知收到过这条信息的单位", "确认"]).await;
    visit.look("case-answered").await;
    visit.open("/my/looks").await;
    visit.says(&[&number]).await;
    visit.sign_out().await;

    // The office sees what is due and whose it is not.
    visit.sign_in("office-lead", "/office").await;
    visit.open("/office/cases").await;
    visit.says(&["正在办理的异议", "市场监督管理局"]).await;
    visit.is_silent_about(&[&person.name, &person.number]).await;
    visit.look("office").await;
    visit.end().await;
}
