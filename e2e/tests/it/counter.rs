use e2e::Visit;

#[tokio::test]
async fn the_office_takes_an_objection_of_a_person_who_signs() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = folder.path().join("签名.pdf");
    std::fs::write(&sheet, b"%PDF-1.7 an invented signed sheet").unwrap();
    let mut visit = Visit::begin("counter").await;
    let person = visit.person("citizen-1");

    visit.sign_in("office-lead", "/office").await;
    visit.open("/office/counter").await;
    visit.look("empty").await;
    let typed = "return [...document.querySelectorAll('main input:not([type=hidden])')].map(i => i.value).join()";
    assert_eq!(visit.script(typed).await, ",,", "nothing stands in the form");
    visit.press("登记并查看").await;
    visit.says(&["请填写窗口受理编号"]).await;
    visit.fill("id_number", &person.number).await;
    visit.fill("name", "另一人").await;
    visit.fill("matter", "窗口〔2026〕17号").await;
    visit.press("登记并查看").await;
    visit.says(&["没有查到。请核对号码和姓名"]).await;
    visit.look("nobody").await;
    visit.fill("name", &person.name).await;
    visit.press("登记并查看").await;
    visit.says(&[&person.name, "代收异议"]).await;
    visit.look("found").await;
    let first = visit.script("return document.querySelector('td a').getAttribute('href')").await;
    let first = first.as_str().unwrap();
    assert!(first.starts_with("/office/counter/objection?visit=") && !first.contains("matter"));
    visit.open(first).await;
    visit.look("form").await;
    visit.press("提交异议").await;
    visit.says(&["请先打印异议书"]).await;
    visit.attach("papers", &sheet).await;
    visit.press("提交异议").await;
    visit.says(&["请选择为什么提出异议", "签名.pdf"]).await;
    visit.look("form-with-mistakes").await;
    visit.choose("ground", "wrong-fact").await;
    visit.choose("request", "correct").await;
    visit.fill("words", "我没有经营过这家店。").await;
    visit.press("提交异议").await;
    visit.says(&["已经受理", "请把编号告诉本人"]).await;
    visit.is_silent_about(&[&person.name]).await;
    visit.look("taken").await;
    visit.fill("id_number", &person.number).await;
    visit.fill("name", &person.name).await;
    visit.fill("matter", "窗口〔2026〕18号").await;
    visit.press("登记并查看").await;
    visit.says(&["正在异议中", "核查中", "异议：内容有错"]).await;
    visit.look("found-again").await;
    visit.sign_out().await;

    visit.sign_in("citizen-1", "/my").await;
    visit.says(&["有异议"]).await;
    visit.open("/my/looks").await;
    visit.says(&["窗口办理", "窗口〔2026〕17号"]).await;
    visit.end().await;
}
