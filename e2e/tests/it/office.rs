use e2e::Visit;

#[tokio::test]
async fn the_office_sees_rules_and_counts_and_no_person() {
    let mut visit = Visit::begin("office").await;
    let person = visit.person("citizen-1");
    // Somebody looks at his own file, so that there is a log.
    visit.sign_in("citizen-1", "/my").await;
    visit.sign_out().await;
    visit.sign_in("office-lead", "/office").await;
    visit.is_headed("总览").await;
    visit.says(&["最近各单位报送", "待确认的规则", "不统计记录了多少人"]).await;
    visit.look("overview").await;

    visit.follow("待确认的规则").await;
    visit.is_headed("规则库").await;
    visit.says(&["检查通过", "待确认", "最迟复核"]).await;
    assert!(visit.count("main tbody .govuk-tag--purple").await > 0, "what is to be confirmed");
    visit.look("rules").await;
    let all = visit.count("#all ~ table tbody tr").await;
    visit.fill("q", "NP04-MR").await;
    visit.press("筛选").await;
    visit
        .becomes("filtered", "return new URLSearchParams(location.search).get('q')", |q| {
            q == "NP04-MR"
        })
        .await;
    let some = visit.count("#all ~ table tbody tr").await;
    assert!(0 < some && some < all, "{some} of {all}");
    visit.look("rules-filtered").await;

    visit.open("/office/systems").await;
    visit.is_headed("业务系统").await;
    visit.says(&["凭系统密钥调用接口", "还没有接入任何系统"]).await;
    visit.look("systems").await;

    visit.open("/office/log").await;
    visit.is_headed("查询存证").await;
    visit.says(&["登记总数", "总指纹", "chengxin log verify"]).await;
    visit.is_silent_about(&["还没有登记"]).await;
    let facts = visit.texts("main dl dd").await;
    assert_eq!(facts[0], "1", "one look so far");
    visit.look("log").await;
    let (status, head) = visit.fetch(&visit.target("下载签名的总指纹").await).await;
    assert_eq!(status, 200);
    assert!(head.contains("signature"), "{head}");

    // Not a person, and nobody's desk or file.
    for path in ["/office", "/office/rules", "/office/log"] {
        visit.open(path).await;
        visit.is_silent_about(&[&person.name, &person.number]).await;
    }
    for path in ["/my", "/desk", "/desk/check"] {
        visit.open(path).await;
        assert_eq!(visit.status().await, 403, "{path}");
    }
    visit.look("not-the-desk").await;

    // The auditor reads the same log.
    visit.sign_out().await;
    visit.sign_in("auditor", "/office").await;
    visit.open("/office/log").await;
    assert_eq!(visit.texts("main dl dd").await, facts);
    visit.end().await;
}
