//! The list of returned rows, while it is there and afterwards.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use register::BatchId;

use crate::house::House;

/// Sends one row that cannot be accepted; gives the address of its batch once it was read.
async fn sent(house: &House, cookies: &str) -> String {
    let csrf = house.get("/desk/send", cookies).await.csrf();
    let sample = house.get("/desk/samples/NP04-MR.csv", cookies).await.text;
    let header = sample.lines().next().unwrap();
    let row = ",".repeat(header.matches(',').count());
    let body = format!(
        "--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
         --B\r\nContent-Disposition: form-data; name=\"item\"\r\n\r\nNP04-MR\r\n\
         --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"rows.csv\"\r\n\r\n\
         {header}\r\n不成行{row}\r\n\r\n--B--\r\n"
    );
    let request = Request::post("/desk/send")
        .header(header::COOKIE, cookies)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
    let answered = house.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.text);
    let page = answered.header(header::LOCATION).to_owned();
    for _ in 0..200 {
        if !house.get(&page, cookies).await.text.contains("处理中") {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the batch was not read")
}

#[tokio::test(flavor = "multi_thread")]
async fn returned_rows_are_offered_as_long_as_they_are_kept() {
    let house = House::new().await;
    let cookies = house.sign_in("clerk").await;
    let page = sent(&house, &cookies).await;
    let id: BatchId = page.rsplit('/').next().unwrap().parse().unwrap();
    let shown = house.get(&page, &cookies).await.text;
    assert!(shown.contains("下载退回清单") && shown.contains("清单保留到"), "{shown}");
    let list = format!("{page}/rejections.csv");
    assert_eq!(house.get(&list, &cookies).await.status, StatusCode::OK);

    // The page promises no more than the job keeps.
    let until = house.cx.files.returned_until(id).unwrap().unwrap();
    assert_eq!(usecases::batch::erase_old(&house.cx, until).await.unwrap(), 0);
    let after = until + jiff::SignedDuration::from_secs(1);
    assert_eq!(usecases::batch::erase_old(&house.cx, after).await.unwrap(), 1);
    let shown = house.get(&page, &cookies).await.text;
    assert!(!shown.contains("下载退回清单"), "{shown}");
    assert!(shown.contains("从本单位的原文件改"), "{shown}");
    let gone = house.get(&list, &cookies).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.text.contains("到期自动删除"), "{}", gone.text);
}
