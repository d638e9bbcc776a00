//! Files that another platform fetches.

use std::collections::HashMap;

use courier::{Carrier, Courier, Folder, FolderSettings};
use register::delivery::Channel;
use testkit::{City, Engine, MARKET};
use usecases::Channels;

use crate::http::looked_and_withdrawn;

#[tokio::test]
async fn i13_a_correction_lies_whole_in_the_folder_and_its_receipt_closes_it() {
    let receivers = HashMap::from([(MARKET.to_owned(), Channel::Folder)]);
    let channels = Channels { receivers, ..Channels::default() };
    let city = City::reaching(Engine::Sqlite, channels).await;
    let folder = tempfile::tempdir().unwrap();
    let folders = HashMap::from([(MARKET.to_owned(), folder.path().to_owned())]);
    let carriers: Vec<Box<dyn Carrier>> =
        vec![Box::new(Folder::new(FolderSettings { folders }).unwrap())];
    let courier = Courier::new(city.cx.clone(), carriers);
    looked_and_withdrawn(&city).await;
    assert_eq!(courier.round().await.unwrap(), 1);

    let files: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    assert_eq!(files.len(), 1, "nothing half written stays");
    let name = files[0].file_name().unwrap().to_str().unwrap();
    let file: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&files[0]).unwrap()).unwrap();
    let message: serde_json::Value =
        serde_json::from_str(file["message"].as_str().unwrap()).unwrap();
    assert_eq!(name, format!("correction-{}.json", message["id"].as_str().unwrap()));
    assert_eq!(message["change"], "withdrawn");

    let market = city.clerk(MARKET);
    assert_eq!(usecases::correction::received(&city.cx, &market).await.unwrap().len(), 1);
    for stray in ["what.json", "correction-0.json"] {
        std::fs::write(folder.path().join("receipts").join(stray), "{}").unwrap();
    }
    // Not acknowledged in its days it comes once more; the receipt of either counts.
    city.stands_on("2026-12-05");
    usecases::correction::chase(&city.cx).await.unwrap();
    assert_eq!(courier.round().await.unwrap(), 1);
    let again = name.replace(".json", "-reminder.json");
    assert!(folder.path().join(&again).is_file());
    std::fs::write(folder.path().join("receipts").join(again), "").unwrap();
    courier.round().await.unwrap();
    assert!(usecases::correction::received(&city.cx, &market).await.unwrap().is_empty());
    let read = std::fs::read_dir(folder.path().join("receipts/read")).unwrap().count();
    assert_eq!(read, 3, "receipts are kept");
}
