//! The log of looks as the public, the person and the clerk see it.

use axum::http::StatusCode;

use crate::house::{CITIZEN, House};

/// The value of a field of a JSON text, by name.
fn field(json: &str, name: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    value[name].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn everybody_reads_the_head_and_the_key_that_checks_proofs() {
    let house = House::new().await;
    let empty = house.get("/rights", "").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.text.contains("还没有登记") && empty.text.contains("签名公钥"));
    assert_eq!(house.get("/api/v1/log/head", "").await.status, StatusCode::NOT_FOUND);

    house.look().await;
    let head = house.get("/api/v1/log/head", "").await;
    assert_eq!(head.status, StatusCode::OK, "{}", head.text);
    let (key, root) = (field(&head.text, "public_key"), field(&head.text, "root"));
    let rights = house.get("/rights", "").await.text;
    assert!(rights.contains("id=\"looks\"") && rights.contains(&key), "{rights}");
    assert!(rights.replace(' ', "").contains(&root), "{rights}");

    // What the person downloads names the same key, and his page sends him there to compare.
    let cookies = house.sign_in("citizen").await;
    let proof = house.get("/my/looks/0/proof.json", &cookies).await;
    assert_eq!(field(&proof.text, "public_key"), key);
    assert!(house.get("/my/looks/0", &cookies).await.text.contains("/rights#looks"));
    // Proofs of positions are still for who is signed in.
    let closed = house.get("/api/v1/log/proof?seq=0", "").await;
    assert_eq!(closed.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_clerk_downloads_the_proof_of_a_position_and_no_content() {
    let house = House::new().await;
    house.look().await;
    let cookies = house.sign_in("clerk").await;
    let proof = house.get("/api/v1/log/proof?seq=0", &cookies).await;
    assert_eq!(proof.status, StatusCode::OK, "{}", proof.text);
    let name = proof.header(axum::http::header::CONTENT_DISPOSITION);
    assert_eq!(name, "attachment; filename=\"chengxin-position-0.json\"");
    for word in ["LY-1", "entry", "salt"] {
        assert!(!proof.text.contains(word), "{}", proof.text);
    }
    let csrf = house.get("/desk/check", &cookies).await.csrf();
    let fields = format!(
        "csrf={csrf}&id_kind=01&id_number={}&name=%E6%9F%B3&purpose=licence-review&matter=LY-2",
        crate::house::CITIZEN
    );
    let result = house.post("/desk/check", &cookies, &fields).await;
    assert_eq!(result.status, StatusCode::OK, "{}", result.text);
    assert!(result.text.contains("位置证明（JSON）"), "{}", result.text);
    assert!(!result.text.contains("存证文件（JSON）"));
}

#[tokio::test]
async fn an_old_link_to_older_looks_leads_back_to_the_newest() {
    let house = House::new().await;
    let cookies = house.sign_in("citizen").await;
    let none = house.get("/my/looks", &cookies).await;
    assert!(none.text.contains("还没有人查询过您的信息"), "{}", none.text);
    house.look().await;
    let older = house.get("/my/looks?before=0", &cookies).await;
    assert!(older.text.contains("没有更早的查询"), "{}", older.text);
    assert!(older.text.contains("href=\"/my/looks\">看最近的"), "{}", older.text);
    assert!(!older.text.contains("还没有人查询过您的信息"));
}

#[tokio::test]
async fn whatever_was_touched_is_said_on_the_page_that_checks() {
    for (sql, status, says) in [
        ("UPDATE access_entry SET detail = X'00' WHERE seq = 0", 200, "核验没有通过"),
        ("UPDATE access_entry SET agency = 'x' WHERE seq = 0", 200, "核验没有通过"),
        ("DELETE FROM log_leaf WHERE seq = 0", 200, "核验没有通过"),
        ("UPDATE access_entry SET outcome = 'refused' WHERE seq = 0", 409, "可能被改动过"),
        ("DELETE FROM access_entry WHERE seq = 0", 409, "这个位置有登记，但内容不在了"),
    ] {
        let house = House::new().await;
        house.look().await;
        house.look().await;
        let cookies = house.sign_in("citizen").await;
        house.tamper(sql).await;
        let page = house.get("/my/looks/0", &cookies).await;
        assert_eq!(page.status.as_u16(), status, "{sql}: {}", page.text);
        assert!(page.text.contains(says), "{sql}: {}", page.text);
        // The list is still there, and so is every look that nobody touched.
        let list = house.get("/my/looks", &cookies).await;
        assert_eq!(list.status, StatusCode::OK, "{sql}: {}", list.text);
        let other = house.get("/my/looks/1", &cookies).await;
        assert_eq!(other.status, StatusCode::OK, "{sql}: {}", other.text);
        assert_eq!(house.get("/my/looks/9", &cookies).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn what_was_seen_and_erased_since_is_still_said_to_have_been_seen() {
    let house = House::new().await;
    house.enters((CITIZEN, "柳𬭚"), "2026-11-03").await;
    let ask = format!(
        r#"{{"id_number":"{CITIZEN}","name":"柳𬭚","purpose":"food-licence-review","matter":"LY-1"}}"#
    );
    let answered = house.api("/api/v1/checks", &ask).await;
    assert!(answered.text.contains(r#""seq":0"#), "{}", answered.text);
    let cookies = house.sign_in("citizen").await;
    let look = house.get("/my/looks/0", &cookies).await;
    assert!(look.text.contains("行政处罚：无照经营"), "{}", look.text);

    house.tamper("UPDATE record SET erase_on = '2026-11-01'").await;
    assert_eq!(usecases::retention::erase(&house.cx).await.unwrap().records, 1);
    let look = house.get("/my/looks/0", &cookies).await;
    assert!(look.text.contains("1 条信息，已经销毁，不再有名称"), "{}", look.text);
    assert!(!look.text.contains("没有看到任何信息"), "{}", look.text);
}
