use e2e::Visit;

/// A person allows his honours, sees one that was brought, removes it, and takes his consent back.
#[tokio::test]
async fn a_person_allows_his_honours_and_takes_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut visit = Visit::begin("honours").await;
    let person = visit.person("citizen-1");

    visit.sign_in("citizen-1", "/my").await;
    visit.open("/my/honours").await;
    visit.says(&["没有同意", "不影响您办任何事"]).await;
    visit.look("none").await;
    visit.press("同意：荣誉").await;
    visit.says(&["已同意", "再同意 2 年"]).await;
    visit.sign_out().await;

    let file = folder.path().join("荣誉.csv");
    let rows = format!(
        "姓名,证件号码,表彰文件文号,荣誉称号,表彰日期\n{},{},示工表〔2026〕9号,示例市先进工作者,2026-05-01\n\
         柳无名,999901198512310029,示工表〔2026〕10号,示例市劳动模范,2026-05-01\n",
        person.name, person.number
    );
    std::fs::write(&file, rows).unwrap();
    visit.sign_in("union-clerk", "/desk").await;
    visit.open("/desk/send").await;
    visit.choose("item", "NP10").await;
    visit.attach("file", &file).await;
    visit.press("报送").await;
    visit.says(&["没有本人有效的同意"]).await;
    visit.look("sent").await;
    visit.sign_out().await;

    visit.sign_in("citizen-1", "/my").await;
    visit.says(&["荣誉：示例市先进工作者", "经您同意展示"]).await;
    visit.look("file").await;
    visit.open("/my/honours").await;
    visit.says(&["荣誉：示例市先进工作者"]).await;
    visit.look("one").await;
    visit.press("删除：荣誉：示例市先进工作者").await;
    visit.is_silent_about(&["示例市先进工作者"]).await;
    visit.press("撤回同意，这一类全部删除：荣誉").await;
    visit.says(&["没有同意"]).await;
    visit.end().await;
}
