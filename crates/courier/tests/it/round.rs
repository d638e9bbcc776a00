//! One round of the courier: what fails in it hinders nothing else.

use std::collections::HashMap;
use std::time::Duration;

use courier::{Carrier, Courier, Folder, FolderSettings};
use register::Role;
use register::delivery::Channel;
use testkit::{City, Engine, LIU, MARKET, TAX, TRANSPORT, ZHOU};
use usecases::delivery::{Load, Parcel, Tried};
use usecases::{Channels, Cx};

use crate::http::looked_and_withdrawn;

/// Breaks down over one address, and takes its time over the others.
struct Moody;

#[async_trait::async_trait]
impl Carrier for Moody {
    fn channel(&self) -> Channel {
        Channel::Mail
    }

    async fn carry(&self, _cx: &Cx, parcel: &Parcel) -> Tried {
        let Load::Mail { to, .. } = &parcel.load else { unreachable!() };
        assert_ne!(to, "liu@mail.example", "it breaks down");
        tokio::time::sleep(Duration::from_millis(200)).await;
        Tried::Sent
    }
}

#[tokio::test]
async fn one_carrier_that_breaks_down_cuts_off_no_other() {
    let city = City::on(Engine::Sqlite).await;
    for (who, address) in [(LIU, "liu@mail.example"), (ZHOU, "zhou@mail.example")] {
        let whose = city.opens_account(who).await;
        usecases::contact::choose(&city.cx, &whose, "mail", address).await.unwrap();
    }
    let carriers: Vec<Box<dyn Carrier>> = vec![Box::new(Moody)];
    let courier = Courier::new(city.cx.clone(), carriers);
    assert!(courier.round().await.is_err(), "said aloud");
    let office = city.staff(Role::OfficeClerk);
    let counts = usecases::delivery::deliveries(&city.cx, &office).await.unwrap().counts;
    let stand = |state: &str| ("mail".to_owned(), state.to_owned(), 1_u64);
    assert_eq!(counts, [stand("sent"), stand("waiting")], "the other was carried and noted");
}

#[tokio::test]
async fn i13_a_folder_or_a_receipt_that_cannot_be_read_keeps_no_other_waiting() {
    let receivers = HashMap::from([(MARKET.to_owned(), Channel::Folder)]);
    let channels = Channels { receivers, ..Channels::default() };
    let city = City::reaching(Engine::Sqlite, channels).await;
    let dir = tempfile::tempdir().unwrap();
    let folders: HashMap<_, _> = [MARKET, TRANSPORT, TAX]
        .into_iter()
        .map(|body| (body.to_owned(), dir.path().join(body)))
        .collect();
    for folder in folders.values() {
        std::fs::create_dir(folder).unwrap();
    }
    let carriers: Vec<Box<dyn Carrier>> =
        vec![Box::new(Folder::new(FolderSettings { folders: folders.clone() }).unwrap())];
    let courier = Courier::new(city.cx.clone(), carriers);
    looked_and_withdrawn(&city).await;
    assert_eq!(courier.round().await.unwrap(), 1);

    // Two folders are gone, and a dozen receipts cannot be put aside: one of them stands in each place.
    for body in [TRANSPORT, TAX] {
        std::fs::remove_dir_all(folders[body].join("receipts")).unwrap();
    }
    let receipts = folders[MARKET].join("receipts");
    for n in 0..12 {
        std::fs::write(receipts.join(format!("what-{n}.json")), "{}").unwrap();
        std::fs::create_dir_all(receipts.join(format!("read/what-{n}.json/in the way"))).unwrap();
    }
    let market = city.clerk(MARKET);
    let open = usecases::correction::received(&city.cx, &market).await.unwrap();
    let receipt = format!("correction-{}.json", open[0].correction.id);
    std::fs::write(receipts.join(receipt), "{}").unwrap();
    assert!(courier.round().await.is_err(), "said aloud");
    assert!(usecases::correction::received(&city.cx, &market).await.unwrap().is_empty());
}
