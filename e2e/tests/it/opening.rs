use e2e::Visit;

/// A death noted by one, confirmed by another; a relative sees the file, and has it erased.
#[tokio::test]
async fn two_people_close_a_file_open_it_for_a_relative_and_erase_it() {
    let folder = tempfile::tempdir().unwrap();
    let paper = folder.path().join("证明.pdf");
    std::fs::write(&paper, b"%PDF-1.7 an invented certificate").unwrap();
    let mut visit = Visit::begin("opening").await;
    let person = visit.person("citizen-1");

    visit.sign_in("office-clerk", "/office").await;
    visit.open("/office/openings").await;
    visit.says(&["没有人申请过"]).await;
    visit.look("none").await;
    visit.open("/office/openings/relative").await;
    visit.look("relative-empty").await;
    visit.fill("id_number", &person.number).await;
    visit.fill("name", &person.name).await;
    visit.fill("matter", "窗口〔2026〕18号").await;
    visit.choose("wish", "see").await;
    visit.fill("relative_name", "柳小明").await;
    visit.fill("relative_number", "999901198512310029").await;
    visit.choose("relation", "child").await;
    visit.fill("words", "办理遗产手续，需要核对。").await;
    visit.press("提交申请").await;
    visit.says(&["请附上近亲属签名的申请"]).await;
    visit.look("relative-mistake").await;
    visit.attach("papers", &paper).await;
    visit.press("提交申请").await;
    visit.says(&["没有登记为去世", "证明.pdf"]).await;

    visit.open("/office/deaths").await;
    visit.look("deaths-empty").await;
    visit.fill("id_number", &person.number).await;
    visit.fill("name", &person.name).await;
    visit.fill("matter", "窗口〔2026〕18号").await;
    visit.fill("died_on", "昨天").await;
    visit.fill("document", "居民死亡医学证明 2026-17").await;
    visit.attach("papers", &paper).await;
    visit.press("登记").await;
    visit.says(&["格式填写去世日期", "已收下：证明.pdf"]).await;
    visit.fill("died_on", "2026-11-01").await;
    visit.press("登记").await;
    visit.says(&["等待核对"]).await;
    visit.is_silent_about(&[&person.name]).await;
    visit.look("deaths").await;
    visit.sign_out().await;

    visit.sign_in("office-lead", "/office").await;
    visit.open("/office/deaths").await;
    let first = visit.script("return document.querySelector('th a').getAttribute('href')").await;
    visit.open(first.as_str().unwrap()).await;
    visit.says(&[&person.name, "居民死亡医学证明 2026-17"]).await;
    visit.look("death").await;
    visit.press("核对无误").await;
    visit.says(&["已核对"]).await;
    visit.sign_out().await;

    visit.sign_in("office-clerk", "/office").await;
    for wish in ["see", "erase"] {
        visit.open("/office/openings/relative").await;
        visit.fill("id_number", &person.number).await;
        visit.fill("name", &person.name).await;
        visit.fill("matter", "窗口〔2026〕18号").await;
        visit.choose("wish", wish).await;
        visit.fill("relative_name", "柳小明").await;
        visit.fill("relative_number", "999901198512310029").await;
        visit.choose("relation", "child").await;
        visit.fill("words", "办理遗产手续，需要核对。").await;
        visit.attach("papers", &paper).await;
        visit.press("提交申请").await;
        visit.says(&["等待第二个人"]).await;
    }
    visit.look("asked").await;
    visit.sign_out().await;

    visit.sign_in("office-lead", "/office").await;
    visit.open("/office/openings").await;
    let hrefs =
        "return [...document.querySelectorAll('th a')].map(a => a.getAttribute('href')).join(' ')";
    let hrefs = visit.script(hrefs).await;
    let (erase, see) = hrefs.as_str().unwrap().split_once(' ').unwrap();
    visit.open(see).await;
    visit.says(&["柳小明", "办理遗产手续", "您的决定"]).await;
    visit.look("to-decide").await;
    visit.press("提交决定").await;
    visit.says(&["请选择同意还是不同意"]).await;
    visit.choose("decision", "grant").await;
    visit.fill("reasons", "关系清楚，材料齐全。").await;
    visit.press("提交决定").await;
    visit.says(&["已启封", "只能用在这件申请写明的事情上", "行政处罚"]).await;
    visit.look("open").await;
    visit.open(erase).await;
    visit.says(&["不能恢复"]).await;
    visit.look("to-erase").await;
    visit.choose("decision", "grant").await;
    visit.fill("reasons", "关系清楚，材料齐全。").await;
    visit.press("提交决定").await;
    visit.says(&["已经全部删除"]).await;
    visit.look("erased").await;
    visit.open(see).await;
    visit.says(&["没有信息"]).await;
    visit.end().await;
}
