use e2e::Visit;

/// Whoever keeps the machine running comes in, sees how it does and what to do next, and nobody in it.
#[tokio::test]
async fn the_operator_sees_how_the_system_does_and_nobody_in_it() {
    let mut visit = Visit::begin("operator").await;
    let person = visit.person("citizen-1");
    visit.sign_in("operator", "/operator").await;
    visit.is_headed("运行状况").await;
    visit.says(&["没有找到任何一次备份", "请运行 chengxin backup", "SQLite", "定时任务"]).await;
    visit.is_silent_about(&[&person.name, &person.number]).await;
    visit.look("health").await;
    visit.open("/incident/tasks").await;
    visit.is_headed("信息安全事件的技术任务").await;
    visit.look("tasks").await;
    for path in ["/my", "/desk", "/office"] {
        visit.open(path).await;
        assert_eq!(visit.status().await, 403, "{path}");
    }
    visit.end().await;
}
