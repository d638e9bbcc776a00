use e2e::Visit;

#[tokio::test]
async fn notices_and_reports_on_paper() {
    let mut visit = Visit::begin("paper").await;

    // The person asks for paper, and for his report.
    visit.sign_in("citizen-1", "/my").await;
    visit.open("/my/contact").await;
    visit.look("contact-none").await;
    visit.press("保存").await;
    visit.says(&["请选择一种联系方式"]).await;
    visit.look("contact-mistakes").await;
    visit.choose("channel", "letter").await;
    visit.fill("address", "示例市东城区某某路1号2单元301").await;
    visit.press("保存").await;
    visit.says(&["信函：示例市东城区某某路1号2单元301", "在用"]).await;
    visit.look("contact").await;
    visit.press("取消这个联系方式").await;
    visit.says(&["选一种"]).await;

    visit.open("/my/report").await;
    visit.look("report-none").await;
    // What the button does, without a folder for downloads: the file as text, and its kind.
    let got = "const form = document.querySelector('main form');\
        const ask = new XMLHttpRequest(); ask.open('POST', form.action, false);\
        ask.overrideMimeType('text/plain; charset=x-user-defined');\
        ask.send(new URLSearchParams(new FormData(form)));\
        return [ask.status, ask.getResponseHeader('content-type'), ask.responseText.slice(0, 5)]";
    let got = visit.script(got).await;
    assert_eq!(got, serde_json::json!([200, "application/pdf", "%PDF-"]));
    visit.open("/my/report").await;
    visit.says(&["出具过的报告", "BG20"]).await;
    visit.look("report").await;
    visit.open("/my/looks").await;
    visit.sign_out().await;

    visit.open("/verify").await;
    visit.look("verify").await;
    visit.press("核验").await;
    visit.says(&["请填写核验码"]).await;
    visit.fill("code", "2345-6789-ABCD-EFGH").await;
    visit.press("核验").await;
    visit.says(&["查不到", "本平台没有出具过这个核验码的报告"]).await;
    visit.look("verify-unknown").await;

    // The office writes to somebody who has no inbox.
    visit.sign_in("office-lead", "/office").await;
    visit.open("/office/deliveries").await;
    visit.says(&["没有。送不出去的会自动重试几天", "等待打印"]).await;
    visit.look("deliveries").await;
    let first = visit.script("return document.querySelector('td a, th a').pathname").await;
    let letter = first.as_str().unwrap().to_owned();
    visit.open(&letter).await;
    visit.says(&["证件号码", "报送，可以向它问送达地址"]).await;
    visit.press("打印（PDF）").await;
    visit.says(&["请填写收信地址"]).await;
    visit.fill("address", "示例市东城区某某路1号2单元301").await;
    let got = "const form = document.querySelector('main form');\
        const ask = new XMLHttpRequest(); ask.open('POST', form.action, false);\
        ask.overrideMimeType('text/plain; charset=x-user-defined');\
        ask.send(new URLSearchParams(new FormData(form)));\
        return [ask.status, ask.responseText.slice(0, 5)]";
    assert_eq!(visit.script(got).await, serde_json::json!([200, "%PDF-"]));
    visit.open(&letter).await;
    visit.says(&["再打印一份", "今天已经寄出"]).await;
    visit.press("今天已经寄出").await;
    visit.says(&["已经寄出"]).await;
    visit.open(&letter).await;
    visit.press("记为已经送达").await;
    visit.says(&["请按"]).await;
    visit.look("letter-mistakes").await;
    visit.fill("served_on", "2020-01-01").await;
    visit.press("记为已经送达").await;
    visit.says(&["送达日期不能早于打印的那一天"]).await;
    let today = visit.script("return new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)");
    let today = today.await.as_str().unwrap().to_owned();
    visit.fill("served_on", &today).await;
    visit.press("记为已经送达").await;
    visit.is_headed("投递和信函").await;
    visit.look("deliveries-served").await;
    visit.open(&letter).await;
    assert_eq!(visit.status().await, 404, "nothing is left to write to this person");
    visit.end().await;
}
