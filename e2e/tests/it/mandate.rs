use e2e::Visit;

#[tokio::test]
async fn a_person_lets_a_body_look_and_takes_it_back() {
    let mut visit = Visit::begin("mandate").await;
    let person = visit.person("citizen-1");

    // The person allows one body, for one thing, twice.
    visit.sign_in("citizen-1", "/my").await;
    visit.open("/my/mandates").await;
    visit.says(&["您没有作出过授权"]).await;
    visit.look("none-yet").await;
    visit.follow("新的授权").await;
    visit.press("生成授权码").await;
    visit.says(&["请选择授权给哪个单位", "请至少选一项可以看的内容", "请写明为了什么事"]).await;
    visit.look("form-with-mistakes").await;
    let pick = "const bodies = document.querySelector('#grantee');\
        bodies.value = '11999901TETR000189'; return bodies.value";
    visit.script(pick).await;
    visit.fill("purpose", "入职核对").await;
    visit.choose("items", "NP04-MR").await;
    visit.fill("uses", "2").await;
    visit.press("生成授权码").await;
    visit.is_headed("授权码").await;
    visit.look("code").await;
    let code = visit.texts("#code").await[0].clone();
    assert_eq!(visit.count(".cx-qr svg").await, 1);
    visit.sign_out().await;

    // Another body cannot use it; the named one sees what was chosen, and who it is about.
    visit.sign_in("hr-clerk", "/desk").await;
    visit.open("/desk/mandates").await;
    visit.fill("code", &code).await;
    visit.fill("matter", "入职核对 2026-17").await;
    visit.press("登记并查询").await;
    visit.says(&["没有这份授权，或者它不是给本单位的"]).await;
    visit.look("wrong-body").await;
    visit.sign_out().await;
    visit.sign_in("tr-clerk", "/desk").await;
    visit.open(&format!("/desk/mandates?code={code}")).await;
    visit.press("登记并查询").await;
    visit.says(&["请填写办理事项"]).await;
    visit.fill("matter", "入职核对 2026-17").await;
    visit.press("登记并查询").await;
    visit.is_headed("授权查询结果").await;
    visit.says(&[&person.name, "入职核对", "1 次，最多 2 次", "存证位置"]).await;
    visit.look("seen").await;
    visit.sign_out().await;

    // The person sees it, and takes the mandate back.
    visit.sign_in("citizen-1", "/my").await;
    visit.open("/my/looks").await;
    visit.says(&["按您的授权查询", "入职核对 2026-17（授权 SQ"]).await;
    visit.open("/my/mandates").await;
    visit.says(&["有效", "1 次，最多 2 次"]).await;
    visit.look("list").await;
    let number = visit.texts(".cx-card dd").await[0].clone();
    visit.press(&format!("撤回授权 {number}")).await;
    visit.says(&["已撤回"]).await;
    visit.sign_out().await;
    visit.sign_in("tr-clerk", "/desk").await;
    visit.open(&format!("/desk/mandates?code={code}")).await;
    visit.fill("matter", "入职核对 2026-17").await;
    visit.press("登记并查询").await;
    visit.says(&["由本人撤回。没有给出任何信息"]).await;
    visit.look("revoked").await;
    visit.end().await;
}
