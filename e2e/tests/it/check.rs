use e2e::{Person, Visit};
use serde_json::Value;

const LARGE: &str = "return document.documentElement.classList.contains('cx-text-large')";

/// Asks about a person, without looking at the answer yet.
async fn ask(visit: &Visit, person: &Person, purpose: &str, matter: &str) {
    visit.open("/desk/check").await;
    visit.is_headed("核查").await;
    visit.fill("id_number", &person.number).await;
    visit.fill("name", &person.name).await;
    visit.choose("purpose", purpose).await;
    visit.fill("matter", matter).await;
    visit.press("登记并查询").await;
}

#[tokio::test]
async fn a_look_shows_what_its_purpose_allows_and_the_person_sees_it() {
    let mut visit = Visit::begin("check").await;
    let person = visit.person("citizen-1");
    let nobody = visit.person("citizen-4");

    visit.sign_in("mr-clerk", "/desk").await;
    visit.open("/desk/check").await;
    visit.look("form").await;
    ask(&visit, &person, "food-licence-review", "食品经营许可受理〔2026〕第0427号").await;
    visit.is_headed("核查结果").await;
    visit.says(&["食品经营许可审查", "第0427号", "存证位置", "行政处罚"]).await;
    visit.is_silent_about(&[&person.number, &person.name]).await;
    let seen = visit.texts("main article h2").await;
    let position = visit.texts("main > dl:last-of-type > dd").await[0].clone();
    assert!(!seen.is_empty() && position.chars().any(|one| one.is_ascii_digit()), "{position}");
    visit.look("answer").await;

    // About somebody of whom nothing is known, the answer says no more than that.
    ask(&visit, &nobody, "licence-review", "许可受理〔2026〕第0001号").await;
    visit.is_headed("核查结果").await;
    visit.says(&["就这个用途，没有可以提供的信息"]).await;
    visit.look("nothing").await;
    visit.sign_out().await;

    // The transport bureau may see licences, not the other bureau's penalties.
    visit.sign_in("tr-clerk", "/desk").await;
    ask(&visit, &person, "transport-qualification-review", "从业资格受理〔2026〕第0099号").await;
    visit.is_headed("核查结果").await;
    visit.is_silent_about(&["罚款"]).await;
    let less = visit.texts("main article h2").await;
    assert!(less.len() < seen.len(), "{less:?} of {seen:?}");
    assert!(less.iter().any(|title| title.starts_with("行政许可")), "{less:?}");
    visit.look("answer-for-less").await;
    visit.sign_out().await;

    // The person: file, who looked, the proof, the notices.
    visit.sign_in("citizen-1", "/my").await;
    visit.is_headed("我的档案").await;
    visit.says(&["您这次查看也已登记"]).await;
    assert!(visit.count("main article").await >= seen.len());
    visit.look("my-file").await;
    visit.follow_below("大字版").await;
    visit.becomes("letters are large", LARGE, |large| large == true).await;
    visit.look("my-file-in-large-letters").await;
    visit.follow_below("标准字号").await;
    visit.becomes("letters are as usual", LARGE, |large| large == false).await;

    visit.open("/my/looks").await;
    visit.says(&["食品经营许可审查", "第0427号", "第0099号"]).await;
    visit.is_silent_about(&["第0001号"]).await;
    visit.look("my-looks").await;
    visit.follow(&format!("存证位置 {position}")).await;
    visit.is_headed(&format!("存证 {position}")).await;
    visit.says(&["刚刚核验过", "第0427号", "怎样自行核验"]).await;
    for title in &seen {
        visit.says(&[title]).await;
    }
    visit.look("my-look").await;
    let (status, proof) = visit.fetch(&visit.target("下载存证文件").await).await;
    assert_eq!(status, 200);
    let proof: Value = serde_json::from_str(&proof).unwrap();
    for key in ["proof", "root", "size", "public_key"] {
        assert!(!proof[key].is_null(), "no {key} in {proof}");
    }
    assert!(!proof.to_string().contains(&person.number), "a proof tells no number");

    visit.open("/my/notices").await;
    let unread = visit.count("main .govuk-tag--blue").await;
    assert!(unread >= 1, "a notice waits");
    visit.look("my-notices").await;
    visit.follow("告知书").await;
    visit.says(&[&person.name, "提出异议", "申请行政复议"]).await;
    visit.look("my-notice").await;
    visit.open("/my/notices").await;
    assert_eq!(visit.count("main .govuk-tag--blue").await, unread - 1, "opening is reading");

    // Somebody else sees none of it.
    visit.sign_out().await;
    visit.sign_in("citizen-4", "/my").await;
    visit.says(&["没有关于您的记录"]).await;
    visit.look("my-file-empty").await;
    visit
        .open(&format!("/my/looks/{}", position.replace(|one: char| !one.is_ascii_digit(), "")))
        .await;
    assert_eq!(visit.status().await, 404);
    for (login, name) in [("citizen-2", "my-file-told"), ("citizen-3", "my-file-over")] {
        visit.open("/my").await;
        visit.sign_out().await;
        visit.sign_in(login, "/my").await;
        visit.look(name).await;
    }
    visit.says(&["只有您还看得到的"]).await;
    visit.end().await;
}

#[tokio::test]
async fn what_is_contested_is_marked_and_what_is_kept_from_use_is_not_seen() {
    let mut visit = Visit::begin("check-states").await;
    let people = ["citizen-5", "citizen-6", "citizen-7"].map(|login| (login, visit.person(login)));
    visit.sign_in("mr-clerk", "/desk").await;
    for (login, person) in &people {
        ask(&visit, person, "food-licence-review", "食品经营许可受理〔2026〕第0428号").await;
        visit.is_headed("核查结果").await;
        let shown = visit.count("main article").await;
        if *login == "citizen-5" {
            assert!(shown > 0);
            visit.says(&["有异议"]).await;
        } else {
            let titles = visit.texts("main article h2").await;
            assert!(titles.iter().all(|title| !title.contains("处罚")), "{login}: {titles:?}");
        }
        visit.look(&format!("answer-about-{login}")).await;
    }
    visit.sign_out().await;
    for (login, words) in [("citizen-5", "有异议"), ("citizen-6", "暂停"), ("citizen-7", "撤下")]
    {
        visit.sign_in(login, "/my").await;
        visit.says(&[words]).await;
        visit.look(&format!("file-of-{login}")).await;
        visit.sign_out().await;
    }
    visit.end().await;
}
