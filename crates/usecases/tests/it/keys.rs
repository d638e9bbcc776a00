//! Keys rotate while everybody goes on working: nothing becomes unreadable, nobody becomes unfindable, and an old key is
//! gone only when nothing needs it. What was destroyed by month stays destroyed.

use std::io::Read as _;
use std::task::Poll;
use std::time::Duration;

use jiff::SignedDuration;
use register::report::Verdict;
use register::{IdDocument, IdKind, PersonId, Role};
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, LIU, MARKET, ZHOU};
use usecases::batch::Upload;
use usecases::jobs::{self, What};
use usecases::keys::{self, KeysError, Status};
use usecases::objection::{self, NewObjection};
use usecases::{Actor, Cx, Error, check, log, my, paper, report, retention};
use vault::{PublicKey, Vault};

fn operator() -> Actor {
    usecases::account::operator(None)
}

/// How much needs a key still; `None` if it is not an old one.
async fn uses(city: &City, id: u16) -> Option<u64> {
    let status = keys::status(&city.cx, &operator(), true).await.unwrap();
    let key = status.keys.into_iter().find(|key| key.id == id).unwrap();
    key.uses.map(|uses| uses.iter().map(|one| one.count).sum())
}

async fn rotates(city: &City) -> u16 {
    keys::rotate(&city.cx, &operator(), None, Duration::ZERO).await.unwrap().key
}

/// What the job does until it has nothing to do any more, with the time that it lets pass.
async fn is_resealed(city: &City) {
    for _ in 0..2 {
        while jobs::run(&city.cx, What::Reseal).await.unwrap() > 0 {}
        city.passes(SignedDuration::from_mins(61));
    }
    while jobs::run(&city.cx, What::Reseal).await.unwrap() > 0 {}
}

async fn is_sound(city: &City) -> log::Verified {
    log::verify(&city.cx, &operator(), 0, city.witnessed(), |_, _| {}).await.unwrap()
}

async fn seen_by(city: &City, cx: &Cx, who: (&str, &str)) -> usize {
    let ask = city.ask(who, "food-licence-review");
    check::one(cx, &city.clerk(MARKET), &ask).await.unwrap().facts().len()
}

fn blind(city: &City, key: u16, who: (&str, &str)) -> [u8; 32] {
    let document = IdDocument::parse(IdKind::Citizen, who.0, city.cx.today()).unwrap();
    city.cx.vault.blind(key, document.kind().code(), document.number()).unwrap().0
}

/// By which of these keys a person stands in the directory.
async fn places(city: &City, who: (&str, &str), of: &[u16]) -> Vec<(u16, PersonId, bool)> {
    let mut found = Vec::new();
    for key in of {
        let blinds = [blind(city, *key, who)];
        let there = store::person::find(city.cx.store.read(), &blinds).await.unwrap();
        found.extend(there.into_iter().map(|place| (*key, place.person, place.is_dead)));
    }
    found
}

/// Liu with a fine that the market bureau has seen, an objection with a paper, and rows that went back.
struct Busy {
    city: City,
    liu: Actor,
    objection: register::ObjectionId,
    paper: register::PaperId,
    batch: register::BatchId,
}

const PAPER: &[u8] = b"%PDF-1.7\nreceipt\n%%EOF\n";

async fn busy(engine: Engine) -> Busy {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let clerk = city.clerk(MARKET);
    let rows = [city.row(LIU, "2026-07-03", "2026-07-06"), city.row(ZHOU, "2026-02-30", "")];
    let batch = city.sends(&clerk, "NP04-MR", &rows).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.rejected), (1, 1));
    assert_eq!(city.sees(LIU).await, 1);
    let file = my::file(&city.cx, &liu).await.unwrap();
    let record = file.facts().records[0].record.id;
    let received = paper::receive(&city.cx, "收据.pdf", PAPER).unwrap().unwrap();
    let paper = received.id;
    let new = NewObjection {
        ground: "wrong-fact".to_owned(),
        request: "correct".to_owned(),
        words: "金额不对。".to_owned(),
        papers: vec![received],
    };
    let person = liu.person.unwrap();
    let objection = objection::open(&city.cx, &liu, person, record, new).await.unwrap().id;
    Busy { city, liu, objection, paper, batch: batch.id }
}

impl Busy {
    /// All of it opens, and the log is whole.
    async fn is_readable(&self) {
        let Self { city, liu, .. } = self;
        assert_eq!(city.sees(LIU).await, 1);
        let file = my::file(&city.cx, liu).await.unwrap();
        assert_eq!(file.facts().records.len(), 1);
        let case = objection::one_of_mine(&city.cx, liu, self.objection).await.unwrap();
        assert_eq!(case.facts().papers[0].name, "收据.pdf");
        let found = objection::paper_of_mine(&city.cx, liu, self.objection, self.paper).await;
        let mut bytes = Vec::new();
        found.unwrap().1.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, PAPER);
        let clerk = city.clerk(MARKET);
        let returned = usecases::batch::returned(&city.cx, &clerk, self.batch).await.unwrap();
        let mut rows = String::new();
        returned.into_parts().0.read_to_string(&mut rows).unwrap();
        assert!(rows.contains("2026-02-30"), "{rows}");
        assert!(!my::notices(&city.cx, liu).await.unwrap().is_empty());
        assert_eq!(is_sound(city).await.fault, None);
    }
}

#[rstest]
#[tokio::test]
async fn a_key_takes_the_place_of_another_while_everything_goes_on(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let busy = busy(engine).await;
    let city = &busy.city;
    assert!(matches!(
        keys::retire(&city.cx, &operator(), 1, true).await,
        Err(KeysError::Active(1))
    ));
    assert_eq!(rotates(city).await, 2);
    assert_eq!(city.cx.vault.active(), 2);
    let again = keys::rotate(&city.cx, &operator(), None, Duration::ZERO).await;
    assert!(matches!(again, Err(KeysError::JustRotated { key: 2, minutes: 0 })), "{again:?}");
    busy.is_readable().await;

    // What is new is sealed with it at once, and month keys too.
    let zhou = city.opens_account(ZHOU).await;
    let sealed = store::person::sealed(city.cx.store.read(), zhou.person.unwrap()).await.unwrap();
    assert_eq!(Vault::key_of(&sealed.unwrap().1), Some(2));
    let months = std::fs::read_to_string(city.dir.path().join("months.key")).unwrap();
    assert_eq!(Vault::key_of(&hex::decode(months.trim()).unwrap()), Some(2));

    // Not yet: neither so soon, nor while anything needs it. What is said counts it.
    let soon = keys::retire(&city.cx, &operator(), 1, true).await.unwrap_err().to_string();
    assert!(soon.contains("0 minutes ago") && soon.contains("ten minutes"), "{soon}");
    city.passes(SignedDuration::from_mins(11));
    let soon = keys::retire(&city.cx, &operator(), 1, false).await.unwrap_err();
    assert!(matches!(soon, KeysError::TooSoon { id: 1, .. }), "{soon}");
    let used = keys::retire(&city.cx, &operator(), 1, true).await.unwrap_err().to_string();
    assert!(used.contains("1 values in person.sealed"), "{used}");
    assert!(used.contains("1 values in paper.name") && used.contains("1 papers"), "{used}");
    assert!(used.contains("1 files of rows that go back"), "{used}");
    assert!(city.cx.vault.keys()[0].replaced_at.is_some());

    is_resealed(city).await;
    assert_eq!(uses(city, 1).await, Some(0));
    assert_eq!(jobs::run(&city.cx, What::Reseal).await.unwrap(), 0, "twice without harm");
    busy.is_readable().await;
    city.passes(SignedDuration::from_hours(24));
    let retired = keys::retire(&city.cx, &operator(), 1, false).await.unwrap();
    assert!(retired.is_finding, "somebody may have been looked for before he was known");
    busy.is_readable().await;
    assert_eq!(city.sees(ZHOU).await, 0);
    let text = std::fs::read_to_string(city.dir.path().join("keys.toml")).unwrap();
    assert_eq!(text.matches("material").count(), 1, "the other one is gone from the disk");
    assert!(matches!(
        keys::retire(&city.cx, &operator(), 9, false).await,
        Err(KeysError::NoSuchKey(9))
    ));

    // Whoever begins now has these keys alone, and everything opens.
    let later = city.apart();
    keys::refresh(&later).await.unwrap();
    assert_eq!(seen_by(city, &later, LIU).await, 1);
    assert_eq!(rotates(city).await, 3);
    busy.is_readable().await;
}

#[rstest]
#[tokio::test]
async fn the_log_names_the_new_key_over_the_signature_of_the_old_one(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let busy = busy(engine).await;
    let city = &busy.city;
    let old = city.apart();
    let seq = my::looks(&city.cx, &busy.liu, u64::MAX, 1).await.unwrap().looks[0].seq;
    let proof = my::proof(&city.cx, &busy.liu, seq).await.unwrap();
    rotates(city).await;
    let db = city.cx.store.read();
    let entries = store::access_entry::from(db, "main", 0, 100).await.unwrap();
    let entry = entries.iter().find(|entry| entry.door == "keys").unwrap();
    let head = store::access_entry::head_from(db, "main", entry.seq + 1).await.unwrap().unwrap();
    assert_eq!((head.size, Vault::key_of(&head.signature)), (entry.seq + 1, Some(1)));
    let Status { keys: found, .. } = keys::status(&city.cx, &operator(), false).await.unwrap();
    let public = |at: usize| found[at].public_key.parse::<PublicKey>().unwrap();
    let signature = hex::decode(found[1].follows.as_ref().unwrap()).unwrap();
    vault::follows(&public(0), &public(1), &signature).unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let head = log::head(&city.cx).await.unwrap();
    assert_eq!(head.public_key, found[1].public_key);
    is_resealed(city).await;
    city.passes(SignedDuration::from_hours(24));
    keys::retire(&city.cx, &operator(), 1, false).await.unwrap();
    assert_eq!(is_sound(city).await.fault, None, "heads of before still count");
    // A proof of before is checked by what stands in it, whatever became of the key.
    let signed = |key: &str, message: &[u8], signature: &[u8]| {
        key.parse().is_ok_and(|key| vault::verify(&key, message, signature).is_ok())
    };
    proof.check(signed).unwrap();
    my::proof(&city.cx, &busy.liu, seq).await.unwrap().check(signed).unwrap();
    // Somebody kept the old key, and signs with it what came after: no head of ours.
    seen_by(city, &old, LIU).await;
    let found = is_sound(city).await;
    assert_eq!(found.fault.unwrap().what, "signed head does not fit");
}

#[rstest]
#[tokio::test]
async fn cut_off_and_run_beside_itself_it_seals_each_value_anew_once(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let busy = busy(engine).await;
    let city = &busy.city;
    // More than one page of them.
    let rows: Vec<String> = (0..150)
        .map(|n| {
            let number = testkit::number(n % 100);
            city.row((number.as_str(), "王生"), &format!("2026-07-{:02}", n % 28 + 1), "2026-08-06")
        })
        .collect();
    city.sends(&city.clerk(MARKET), "NP04-MR", &rows).await.unwrap();
    rotates(city).await;
    let before = uses(city, 1).await.unwrap();
    assert!(before > 100, "{before}");
    // Killed after some of its transactions: what was done stays done, the rest waits.
    for polls in [3, 9, 27, 81] {
        let operator = operator();
        let mut sealing = Box::pin(keys::reseal(&city.cx, &operator));
        for _ in 0..polls {
            let is_over =
                std::future::poll_fn(|cx| Poll::Ready(sealing.as_mut().poll(cx).is_ready())).await;
            if is_over {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        drop(sealing);
        assert_eq!(city.sees(LIU).await, 1);
    }
    let (one, other) = (city.apart(), city.apart());
    let (actor, beside) = (operator(), operator());
    let (first, second) = tokio::join!(keys::reseal(&one, &actor), keys::reseal(&other, &beside));
    first.unwrap();
    second.unwrap();
    is_resealed(city).await;
    assert_eq!(uses(city, 1).await, Some(0));
    busy.is_readable().await;
    let number = testkit::number(7);
    assert!(city.sees((number.as_str(), "王生")).await > 0);
}

#[rstest]
#[tokio::test]
async fn one_number_is_one_person_before_while_and_after_the_directory_moves(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let busy = busy(engine).await;
    let city = &busy.city;
    let liu = busy.liu.person.unwrap();
    let numbers = [testkit::number(1), testkit::number(2), testkit::number(3)];
    let clerk = city.clerk(MARKET);
    let who = |n: usize| (numbers[n].as_str(), "王生");
    // Somebody is looked for, and a report says that there is nothing, before anybody knows him.
    assert_eq!(city.sees(who(0)).await, 0);
    let ask = city.ask(who(0), "food-licence-review");
    let draft = report::for_purpose(&city.cx, &clerk, &ask).await.unwrap().into_parts().0;
    report::keep(&city.cx, &draft, b"nothing").await.unwrap();
    let verdict = async || report::verify(&city.cx, &draft.code, None).await.unwrap().verdict;
    assert_eq!(verdict().await, Verdict::CodeOnly);

    // Another process hears of nothing by itself.
    let stale = city.apart();
    rotates(city).await;
    assert_eq!(places(city, LIU, &[1, 2]).await, [(1, liu, false)]);
    let row = |who| city.row(who, "2026-07-03", "2026-07-06");
    city.sends(&clerk, "NP04-MR", &[row(who(1))]).await.unwrap();
    while jobs::run(&city.cx, What::Reseal).await.unwrap() > 0 {}
    assert_eq!(places(city, LIU, &[1, 2]).await, [(1, liu, false), (2, liu, false)]);
    assert_eq!(places(city, who(1), &[1, 2]).await.len(), 2);
    // In between everybody finds, and whoever enters somebody enters him for both.
    let document = IdDocument::parse(IdKind::Citizen, who(2).0, city.cx.today()).unwrap();
    let new = usecases::account::NewAccount {
        login: "third".to_owned(),
        role: Role::Citizen,
        agency: None,
        person: Some((document, register::PersonName::parse("王生").unwrap())),
        password: Some("a password that is long".to_owned()),
    };
    let lead = city.staff(Role::OfficeLead);
    let third = usecases::account::add(&stale, &lead, new).await.unwrap().0.person.unwrap();
    assert_eq!(places(city, who(2), &[1, 2]).await, [(1, third, false), (2, third, false)]);
    city.sends(&clerk, "NP04-MR", &[row(who(2))]).await.unwrap();
    for cx in [&city.cx, &stale] {
        for who in [LIU, who(1), who(2)] {
            assert_eq!(seen_by(city, cx, who).await, 1);
        }
    }

    // Over: the places by the old key are gone, and everybody is who he was.
    is_resealed(city).await;
    assert_eq!(places(city, LIU, &[1, 2]).await, [(2, liu, false)]);
    assert_eq!(places(city, who(2), &[1, 2]).await, [(2, third, false)]);
    for who in [LIU, who(1), who(2)] {
        assert_eq!(city.sees(who).await, 1);
    }
    let again = city.sends(&clerk, "NP04-MR", &[row(LIU)]).await.unwrap();
    assert_eq!(again.counts.accepted, 1);
    assert_eq!(places(city, LIU, &[1, 2]).await, [(2, liu, false)], "no second Liu");

    // Now he comes in who was looked for: he sees that, and the report no longer holds.
    assert_eq!(verdict().await, Verdict::CodeOnly);
    let first = city.opens_account(who(0)).await;
    let looks = my::looks(&city.cx, &first, u64::MAX, 50).await.unwrap().looks;
    assert_eq!(looks.iter().filter(|look| look.door == "check").count(), 2);
    city.sends(&clerk, "NP04-MR", &[row(who(0))]).await.unwrap();
    assert_eq!(city.sees(who(0)).await, 1);
    assert_eq!(verdict().await, Verdict::Superseded);
    city.passes(SignedDuration::from_hours(24));
    assert!(keys::retire(&city.cx, &operator(), 1, false).await.unwrap().is_finding);
    assert_eq!(verdict().await, Verdict::Superseded);
    let looks = my::looks(&city.cx, &first, u64::MAX, 50).await.unwrap().looks;
    assert!(looks.iter().filter(|look| look.door == "check").count() >= 2);
}

#[rstest]
#[tokio::test]
async fn a_death_and_an_erasing_reach_every_place_of_the_directory(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let busy = busy(engine).await;
    let (city, liu) = (&busy.city, busy.liu.person.unwrap());
    let clerk = city.clerk(MARKET);
    city.sends(&clerk, "NP04-MR", &[city.row(ZHOU, "2026-07-03", "2026-07-06")]).await.unwrap();
    rotates(city).await;
    while jobs::run(&city.cx, What::Reseal).await.unwrap() > 0 {}
    let tx = city.cx.store.begin().await.unwrap();
    let day = Some("2026-11-01".parse().unwrap());
    assert!(store::person::set_died_on(&tx, liu, day).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(places(city, LIU, &[1, 2]).await, [(1, liu, true), (2, liu, true)]);

    // Zhou is erased while he has two places.
    assert_eq!(places(city, ZHOU, &[1, 2]).await.len(), 2);
    city.stands_on("2031-07-04");
    retention::erase(&city.cx).await.unwrap();
    city.stands_on("2036-07-06");
    assert_eq!(retention::erase(&city.cx).await.unwrap().persons, 1);
    assert!(places(city, ZHOU, &[1, 2]).await.is_empty());
}

#[rstest]
#[tokio::test]
async fn what_was_destroyed_by_month_is_gone_under_both_keys(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let liu = city.opens_account(LIU).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(city.sees(LIU).await, 1);
    let person = liu.person.unwrap();
    let stored = store::record::of_person(city.cx.store.read(), person).await.unwrap();
    let (record, copy) = (stored[0].id, stored[0].content.clone());
    let month = Vault::month_of(&copy).unwrap();
    let opens = |vault: &Vault| {
        let place = vault::Place { table: "record", column: "content", row: record.0.as_bytes() };
        vault.open(place, &copy)
    };
    // Another process still has the month in its memory when its keys are destroyed.
    let stale = city.apart();
    let (keys_before, months_before) = (city.cx.keys.text().unwrap(), months_of(&city));
    city.stands_on("2031-07-20");
    city.sees(LIU).await;
    city.stands_on("2031-08-01");
    assert!(retention::erase(&city.cx).await.unwrap().keys);
    let months_between = months_of(&city);
    rotates(&city).await;
    // As if the rotation had been cut off before that, and now the other process seals them anew.
    std::fs::write(city.dir.path().join("months.key"), &months_between).unwrap();
    stale.keys.reload(&stale.vault).unwrap();
    keys::reseal(&stale, &operator()).await.unwrap();
    is_resealed(&city).await;
    let months = months_of(&city);
    assert_ne!(months, months_between, "sealed anew");
    assert_eq!(Vault::key_of(&hex::decode(months.trim()).unwrap()), Some(2));
    for (keys, months) in [
        (city.cx.keys.text().unwrap(), &months),
        (city.cx.keys.text().unwrap(), &months_between),
        (keys_before.clone(), &months_between),
    ] {
        let vault = Vault::read(&keys.text).unwrap();
        vault.with_months(months).unwrap();
        assert_eq!(opens(&vault).unwrap_err(), vault::VaultError::Destroyed(month));
    }
    assert_eq!(opens(&stale.vault).unwrap_err(), vault::VaultError::Destroyed(month));
    // The test is worth something only because the file of before would open it.
    let vault = Vault::read(&keys_before.text).unwrap();
    vault.with_months(&months_before).unwrap();
    opens(&vault).unwrap();
}

fn months_of(city: &City) -> String {
    std::fs::read_to_string(city.dir.path().join("months.key")).unwrap()
}

#[rstest]
#[tokio::test]
async fn what_is_being_written_and_who_has_not_heard_keep_a_key(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let mut upload = Upload::new(&city.cx, &city.clerk(MARKET), "NP04-MR").unwrap();
    upload.write(b"the line is slow").unwrap();
    // A process works with the keys of before, and does not look.
    let stale = city.apart();
    let held = city.cx.keys.hold(&stale.vault).unwrap();
    let rotated = keys::rotate(&city.cx, &operator(), None, Duration::from_millis(300)).await;
    assert!(matches!(rotated, Err(KeysError::Behind { count: 1 })));
    assert_eq!(city.cx.vault.active(), 1, "nobody seals with what somebody cannot open");
    drop(held);
    assert_eq!(rotates(&city).await, 2, "it goes on with the key that was made");
    assert_eq!(city.cx.vault.keys().len(), 2);

    is_resealed(&city).await;
    city.passes(SignedDuration::from_hours(24));
    let used = keys::retire(&city.cx, &operator(), 1, false).await.unwrap_err().to_string();
    assert!(used.contains("1 files that are being written"), "{used}");
    drop(upload);
    for (path, _) in city.cx.files.all().unwrap() {
        std::fs::remove_file(path).unwrap();
    }
    let held = city.cx.keys.hold(&city.cx.vault).unwrap();
    keys::retire(&city.cx, &operator(), 1, false).await.unwrap();
    // Once more it is refused, because somebody works with the keys of before.
    let behind = keys::retire(&city.cx, &operator(), 1, false).await;
    assert!(matches!(behind, Err(KeysError::Behind { count: 1 })), "{behind:?}");
    drop(held);
    keys::retire(&city.cx, &operator(), 1, false).await.unwrap();
}

#[tokio::test]
async fn only_whoever_keeps_the_machine_rotates_and_nothing_is_done_that_is_not_logged() {
    let city = City::on(Sqlite).await;
    let before = city.cx.keys.text().unwrap().text.clone();
    let refused = keys::rotate(&city.cx, &city.clerk(MARKET), None, Duration::ZERO).await;
    assert!(matches!(refused, Err(KeysError::Refused(Error::Denied(_)))));
    let refused = keys::status(&city.cx, &city.clerk(MARKET), false).await;
    assert!(matches!(refused, Err(KeysError::Refused(Error::Denied(_)))));
    assert_eq!(city.cx.keys.text().unwrap().text, before);
    city.loses_its_log();
    let refused = keys::rotate(&city.cx, &operator(), None, Duration::ZERO).await;
    assert!(matches!(refused, Err(KeysError::Refused(Error::Log))));
    assert_eq!(city.cx.vault.active(), 1, "it was made, and seals nothing");
}
