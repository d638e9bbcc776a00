//! Supervision of look-ups, through the door.

use axum::http::{StatusCode, header};

use crate::house::House;

#[tokio::test]
async fn a_month_is_a_page_a_pdf_and_a_workbook() {
    let house = House::new().await;
    let cookies = house.sign_in("office").await;
    let page = house.get("/office/supervision/month?month=2026-11", &cookies).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("查询监督月报 2026年11月") && page.text.contains("没有查询。"));
    let wrong = house.get("/office/supervision/month?month=x", &cookies).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let pdf = house.get("/office/supervision/month.pdf?month=2026-11", &cookies).await;
    assert_eq!(pdf.status, StatusCode::OK, "{}", pdf.text);
    assert_eq!(pdf.header(header::CONTENT_TYPE), "application/pdf");
    assert!(pdf.bytes.starts_with(b"%PDF"));
    let book = house.get("/office/supervision/month.xlsx?month=2026-11", &cookies).await;
    assert_eq!(book.status, StatusCode::OK, "{}", book.text);
    assert!(book.header(header::CONTENT_DISPOSITION).starts_with("attachment"));
    assert!(book.bytes.starts_with(b"PK"));
}

#[tokio::test]
async fn a_case_that_is_not_there_is_not_found_by_either_side() {
    let house = House::new().await;
    let id = "01936f2e-7c1a-7000-8000-0000000000a1";
    for (login, place) in [("office", "office"), ("clerk", "desk")] {
        let cookies = house.sign_in(login).await;
        let page = house.get(&format!("/{place}/supervision/{id}"), &cookies).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{place}");
    }
    let cookies = house.sign_in("office").await;
    let list = house.get("/office/supervision", &cookies).await;
    assert_eq!(list.status, StatusCode::OK, "{}", list.text);
    assert!(list.text.contains("不使用姓氏、住址"));
}
