use e2e::Visit;
use serde_json::json;

/// Sixteen checks within some seconds, as a hurried hand or a small program would make them.
const BURST: &str = "
    const [number, name] = arguments;
    const done = arguments[arguments.length - 1];
    const form = document.querySelector('main form');
    (async () => {
        const statuses = [];
        for (let n = 1; n <= 16; n += 1) {
            const fields = new URLSearchParams(new FormData(form));
            fields.set('id_number', number);
            fields.set('name', name);
            fields.set('purpose', 'transport-qualification-review');
            fields.set('matter', `从业资格受理〔2026〕第${n}号`);
            const got = await fetch('/desk/check', { method: 'POST', body: fields });
            statuses.push(got.status);
            await new Promise(next => setTimeout(next, 300));
        }
        done(statuses);
    })();";

/// Where the case about a burst is.
const CASE: &str = "
    return [...document.querySelectorAll('main tbody tr')]
        .find(row => row.innerText.includes('短时间内大量查询'))
        .querySelector('a').getAttribute('href');";

#[tokio::test]
async fn looks_at_night_are_asked_about_explained_and_found_wrongful() {
    let mut visit = Visit::begin_at("supervision", "2026-12-02T02:00:00+08:00").await;
    let person = visit.person("citizen-1");
    visit.sign_in("tr-clerk", "/desk").await;
    visit.open("/desk/check").await;
    let who = vec![json!(person.number), json!(person.name)];
    let statuses = visit.driver().execute_async(BURST, who).await.unwrap();
    assert_eq!(statuses.json(), &json!(vec![200; 16]), "sixteen looks");

    // The next morning the rules have been asked about the day that is over.
    visit.goes_on_at("2026-12-03T09:00:00+08:00").await;
    visit.sign_in("office-clerk", "/office").await;
    visit.open("/office/supervision").await;
    visit.is_headed("查询监督").await;
    visit.says(&["短时间内大量查询", "非工作时间查询", "不使用姓氏、住址"]).await;
    visit.is_silent_about(&[&person.name, &person.number]).await;
    visit.look("list").await;
    let case = visit.script(CASE).await.as_str().unwrap().to_owned();
    visit.open(&case).await;
    visit.says(&["16 次，1 人", "tr-clerk", "等待信用办处理"]).await;
    visit.is_silent_about(&[&person.name, &person.number]).await;
    visit.fill("ask", "请说明这些查询为哪些事，并提交受理单。").await;
    visit.look("ask").await;
    visit.press("发给单位").await;
    visit.says(&["等待单位说明", "请说明这些查询为哪些事"]).await;
    visit.sign_out().await;

    // Whoever looked does not explain it; the lead of his unit does.
    visit.sign_in("tr-clerk", "/desk").await;
    visit.follow("查询监督 JD").await;
    visit.says(&["等待单位说明"]).await;
    assert_eq!(visit.count("#words").await, 0);
    visit.sign_out().await;
    visit.sign_in("tr-lead", "/desk").await;
    visit.follow("查询监督 JD").await;
    visit.press("提交说明").await;
    visit.says(&["请写明情况和理由"]).await;
    visit.look("explain").await;
    visit.fill("words", "没有这些受理事项，是经办人出于好奇查询，已经停止他的权限。").await;
    visit.press("提交说明").await;
    visit.says(&["单位已说明，等待认定"]).await;
    visit.sign_out().await;

    visit.sign_in("office-lead", "/office").await;
    visit.open(&case).await;
    visit.says(&["出于好奇"]).await;
    visit.choose("finding", "wrongful").await;
    let first = "return document.querySelector('input[name=looks]').value";
    let first = visit.script(first).await.as_str().unwrap().to_owned();
    visit.choose("looks", &first).await;
    visit.fill("reasons", "单位承认没有受理事项。").await;
    visit.look("find").await;
    visit.press("提交认定").await;
    visit.says(&["认定：不应该查询"]).await;
    visit.open("/office/supervision/month?month=2026-12").await;
    visit.is_headed("查询监督月报 2026年12月").await;
    visit.says(&["短时间内大量查询", "略", "还没有结束"]).await;
    visit.is_silent_about(&[&person.name, &person.number]).await;
    visit.look("month").await;
    for link in ["下载 PDF", "下载 XLSX"] {
        let file = visit.target(link).await;
        assert_eq!(visit.fetch(&file).await.0, 200, "{file}");
    }
    visit.sign_out().await;

    // The person is told, and sees it beside that look and no other.
    visit.sign_in("citizen-1", "/my").await;
    visit.open("/my/looks").await;
    visit.says(&["不应该的查询"]).await;
    let marked = visit.texts(".cx-looks li").await;
    assert_eq!(marked.iter().filter(|look| look.contains("不应该的查询")).count(), 1);
    visit.look("my-looks").await;
    visit.open("/my/notices").await;
    visit.follow("关于不应该的查询的告知书").await;
    visit.says(&["存证 ", "2026年12月2日", "要求赔偿"]).await;
    visit.look("told").await;
    visit.end().await;
}
