//! A backup is one moment of everything, whoever writes meanwhile; given up, it leaves nothing behind. The newest
//! part of the log alone tells what was touched.

use std::path::Path;
use std::task::Poll;

use register::batch::BatchState;
use register::retention::month;
use rstest::rstest;
use store::Store;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, HEADER, LIU, MARKET};
use usecases::backup::{self, Backup, BackupError, Order, Target};
use usecases::health::{self, Finding, Place, State};
use usecases::log::{self, Witness};
use usecases::{Actor, Error};

fn order<'a>(city: &'a City, into: &'a Path) -> Order<'a> {
    let nowhere = Path::new("");
    Order { into, data: city.dir.path(), database: "", tools: nowhere, program: "0.1.0" }
}

fn operator() -> Actor {
    usecases::account::operator(None)
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

async fn busy(engine: Engine) -> City {
    let city = City::on(engine).await;
    let row = city.row(LIU, "2026-07-03", "2026-07-06");
    city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    for _ in 0..3 {
        // The head is remembered outside at most once a second.
        city.passes(jiff::SignedDuration::from_secs(2));
        assert_eq!(city.sees(LIU).await, 1);
    }
    city
}

#[tokio::test]
async fn a_backup_says_what_is_in_it_and_is_put_back_as_it_was() {
    let city = busy(Sqlite).await;
    std::fs::write(city.dir.path().join("files/a.paper"), "sealed before").unwrap();
    let into = tempfile::tempdir().unwrap();
    let taken = backup::take(&city.cx, &operator(), &order(&city, into.path())).await.unwrap();
    assert_eq!(taken.manifest.log.size, 4, "three looks, and the one that the backup is");
    assert_eq!(names(into.path()), ["20261123T040006Z-4"]);
    assert!(!city.dir.path().join("copying").exists());
    // What happens afterwards is not in it.
    assert_eq!(city.sees(LIU).await, 1);

    let backup = Backup::verified(&taken.folder, &city.cx.vault).unwrap();
    assert_eq!(backup.manifest(), &taken.manifest);
    let place = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", place.path().join("chengxin.sqlite").display());
    let witness = place.path().join("log-main.head");
    let target =
        Target { data: place.path(), database: &database, tools: Path::new(""), witness: &witness };
    backup.put_back(&city.cx.vault, &target).unwrap();
    let store = Store::open(&database, 1).await.unwrap();
    let head = store::access_entry::head(store.read(), "main").await.unwrap().unwrap();
    assert_eq!((head.size, hex::encode(head.root)), (4, taken.manifest.log.root.clone()));
    let line = std::fs::read_to_string(&witness).unwrap();
    assert_eq!(line, format!("main 4 {}\n", taken.manifest.log.root));
    assert_eq!(std::fs::read(place.path().join("files/a.paper")).unwrap(), b"sealed before");
    store.close().await.unwrap();

    // Not over what is there, and what was there stays.
    assert!(backup.put_back(&city.cx.vault, &target).is_err());
    assert!(witness.exists() && place.path().join("chengxin.sqlite").exists());
}

#[tokio::test]
async fn a_backup_that_was_touched_is_not_put_back() {
    let city = busy(Sqlite).await;
    std::fs::write(city.dir.path().join("files/a.paper"), "sealed before").unwrap();
    let into = tempfile::tempdir().unwrap();
    let taken = backup::take(&city.cx, &operator(), &order(&city, into.path())).await.unwrap();
    for part in ["db.sealed", "log.head", "files/a.paper"] {
        let path = taken.folder.join(part);
        let whole = std::fs::read(&path).unwrap();
        let mut touched = whole.clone();
        *touched.last_mut().unwrap() ^= 1;
        std::fs::write(&path, touched).unwrap();
        let found = Backup::verified(&taken.folder, &city.cx.vault);
        assert!(matches!(found, Err(BackupError::Part { what: "was changed", .. })), "{part}");
        std::fs::remove_file(&path).unwrap();
        let found = Backup::verified(&taken.folder, &city.cx.vault);
        assert!(matches!(found, Err(BackupError::Part { what: "is missing", .. })), "{part}");
        std::fs::write(&path, whole).unwrap();
    }
    Backup::verified(&taken.folder, &city.cx.vault).unwrap();
    std::fs::remove_file(taken.folder.join(backup::MANIFEST)).unwrap();
    let found = Backup::verified(&taken.folder, &city.cx.vault);
    assert!(matches!(found, Err(BackupError::Unfinished(_))), "{found:?}");
}

#[tokio::test]
async fn what_was_taken_last_is_known_where_it_lies_and_without_that_in_the_data_folder() {
    let city = busy(Sqlite).await;
    let into = tempfile::tempdir().unwrap();
    let (vault, now) = (&city.cx.vault, || city.cx.now());
    let far = Place { data: city.dir.path().to_owned(), ..Place::default() };
    let near = Place { backups: into.path().to_owned(), ..far.clone() };
    for place in [&far, &near] {
        assert_eq!(health::backups(place, Some(vault), now()), [Finding::NoBackup]);
    }
    let taken = backup::take(&city.cx, &operator(), &order(&city, into.path())).await.unwrap();
    city.passes(jiff::SignedDuration::from_hours(3));
    let known = [Finding::Backup { taken_at: taken.manifest.taken_at, hours: 3 }];
    for place in [&far, &near] {
        assert_eq!(health::backups(place, Some(vault), now()), known);
    }
    // A copy that was cut off is no backup, though its manifest is.
    let sealed = taken.folder.join("db.sealed");
    let whole = std::fs::read(&sealed).unwrap();
    std::fs::write(&sealed, &whole[..whole.len() - 1]).unwrap();
    let found = health::backups(&near, Some(vault), now());
    assert!(matches!(found.as_slice(), [Finding::BadBackup { .. }]), "{found:?}");
}

#[rstest]
#[tokio::test]
async fn whoever_runs_the_machine_sees_how_the_register_does(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = busy(engine).await;
    let place = Place { data: city.dir.path().to_owned(), ..Place::default() };
    let began = city.cx.now();
    let found = health::look(&city.cx, &operator(), &place, began).await.unwrap();
    let log = found.iter().find(|one| matches!(one, Finding::Log { .. })).unwrap();
    assert!(matches!(log, Finding::Log { size: 3, failed: 0, .. }), "{log:?}");
    let out =
        |found: &[Finding]| found.iter().find(|one| matches!(one, Finding::Outbox { .. })).cloned();
    let nothing = Finding::Outbox { due: 0, late: 0, retried: 0, given_up: 0 };
    assert_eq!(out(&found), Some(nothing), "nobody has a way to be told");
    let jobs = found.iter().filter(|one| matches!(one, Finding::Job { .. })).count();
    assert_eq!(jobs, usecases::jobs::JOBS.len());
    assert!(!found.iter().any(|one| one.state() == State::Act), "{found:?}");

    // Hours later no job has run, and the clock is set back behind the log.
    city.passes(jiff::SignedDuration::from_hours(9));
    let found = health::look(&city.cx, &operator(), &place, began).await.unwrap();
    let late = |one: &&Finding| matches!(one, Finding::Job { is_late: true, .. });
    assert_eq!(found.iter().filter(late).count(), jobs);
    city.passes(jiff::SignedDuration::from_hours(-10));
    let found = health::look(&city.cx, &operator(), &place, began).await.unwrap();
    let is_behind =
        |one: &Finding| matches!(one, Finding::Clock { .. }) && one.state() == State::Act;
    assert!(found.iter().any(is_behind), "{found:?}");

    let refused = health::look(&city.cx, &city.clerk(MARKET), &place, began).await;
    assert!(matches!(refused, Err(Error::Denied(_))));
}

/// As in a register that was put back without it: the job that goes on with batches looks for their files.
#[rstest]
#[tokio::test]
async fn a_batch_that_nobody_can_go_on_with_is_found(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let file = format!("{HEADER}\n{}\n", city.row(LIU, "2026-07-03", "2026-07-06"));
    let (batch, _) = city.begins(&city.clerk(MARKET), "NP04-MR", file.as_bytes()).await.unwrap();
    let upload = city.cx.files.upload(batch.id);
    let found = async || {
        let found = health::inside(&city.cx, &operator()).await.unwrap();
        found.into_iter().find(|one| matches!(one, Finding::Stuck { .. }))
    };
    city.passes(jiff::SignedDuration::from_hours(25));
    assert_eq!(found().await, None, "it is only slow");
    std::fs::remove_file(upload).unwrap();
    assert_eq!(found().await, Some(Finding::Stuck { count: 1 }));
}

#[tokio::test]
async fn given_up_half_way_a_backup_leaves_nothing_behind() {
    let city = busy(Sqlite).await;
    let into = tempfile::tempdir().unwrap();
    let (operator, order) = (operator(), order(&city, into.path()));
    let mut taking = Box::pin(backup::take(&city.cx, &operator, &order));
    let mut seen = Vec::new();
    loop {
        let is_over =
            std::future::poll_fn(|cx| Poll::Ready(taking.as_mut().poll(cx).is_ready())).await;
        let now = names(into.path());
        if is_over || now.iter().any(|name| name.ends_with("-4")) {
            assert!(!is_over, "it was too fast to be given up");
            assert!(!into.path().join(&now[0]).join(backup::MANIFEST).exists());
            break;
        }
        seen = now;
        tokio::task::yield_now().await;
    }
    assert_eq!(seen, ["20261123T040006Z.unfinished"]);
    drop(taking);
    assert!(names(into.path()).is_empty());
    assert!(!city.dir.path().join("copying").exists());
}

/// A file that came after the first look at the files and was done with before the second would be in neither, while the
/// database in the copy may still wait for it.
#[rstest]
#[tokio::test]
async fn an_upload_stays_while_a_backup_is_taken(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = busy(engine).await;
    let uploads = || {
        let names = names(&city.dir.path().join("files"));
        names.iter().filter(|name| name.ends_with(".upload")).count()
    };
    assert_eq!(uploads(), 0, "what is done with is removed at once");
    let lock = std::fs::File::create(city.dir.path().join("backup.lock")).unwrap();
    lock.lock().unwrap();
    let row = city.row(LIU, "2026-07-13", "2026-07-16");
    let batch = city.sends(&city.clerk(MARKET), "NP04-MR", &[row]).await.unwrap();
    assert_eq!(batch.state, BatchState::Done);
    assert_eq!(uploads(), 1);
    drop(lock);
    usecases::batch::erase_old(&city.cx, jiff::Timestamp::MAX).await.unwrap();
    assert_eq!(uploads(), 0, "the job comes for it");
}

#[tokio::test]
async fn only_whoever_runs_the_machine_takes_a_backup() {
    let city = busy(Sqlite).await;
    let into = tempfile::tempdir().unwrap();
    for other in [city.clerk(MARKET), testkit::lead()] {
        let refused = backup::take(&city.cx, &other, &order(&city, into.path())).await;
        assert!(matches!(refused, Err(BackupError::Refused(Error::Denied(_)))), "{other:?}");
    }
    city.loses_its_log();
    let refused = backup::take(&city.cx, &operator(), &order(&city, into.path())).await;
    assert!(
        matches!(refused, Err(BackupError::Refused(Error::Log))),
        "logged first, or not at all"
    );
    assert!(names(into.path()).is_empty());
}

#[rstest]
#[tokio::test]
async fn i07_the_newest_part_of_the_log_tells_what_was_touched(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = busy(engine).await;
    let recent = async |witness: Option<Witness>| {
        let found = log::verify_recent(&city.cx, &operator(), 2, witness).await.unwrap();
        (found.size, found.entries, found.fault.map(|fault| fault.seq))
    };
    city.remembers(3).await;
    let witness = city.witnessed();
    assert_eq!(recent(witness.clone()).await, (3, 2, None));
    // An entry before the newest ones is not looked at, one among them is.
    assert_eq!(city.tampers("UPDATE access_entry SET door = 'x' WHERE seq = 0").await, 1);
    assert_eq!(recent(witness.clone()).await.2, None);
    assert_eq!(city.tampers("UPDATE access_entry SET door = 'x' WHERE seq = 2").await, 1);
    assert_eq!(recent(witness.clone()).await.2, Some(2));
    city.tampers("DELETE FROM access_entry WHERE seq = 1").await;
    assert_eq!(recent(witness.clone()).await.2, Some(1));
    // The end is cut off, with everything that speaks of it.
    for table in ["log_head", "log_leaf", "access_entry"] {
        let column = if table == "log_head" { "size > 2" } else { "seq > 1" };
        city.tampers(&format!("DELETE FROM {table} WHERE {column}")).await;
    }
    assert_eq!(recent(witness).await.2, Some(2), "more was remembered outside");
}

#[tokio::test]
async fn looks_that_are_kept_no_longer_may_have_lost_their_key() {
    let city = busy(Sqlite).await;
    // As after a backup of before was put back beside the month keys of today.
    let after = month("2026-11-23".parse().unwrap()) + 62;
    let text = city.cx.vault.forget_before(after).unwrap();
    city.cx.vault.with_months(&text).unwrap();
    let fault = async || {
        let found = log::verify(&city.cx, &operator(), 0, None, |_, _| {}).await.unwrap();
        found.fault.map(|fault| fault.what)
    };
    assert_eq!(fault().await, Some("entry was changed"), "while it must be kept");
    city.stands_on("2032-01-15");
    assert_eq!(fault().await, None);
}
