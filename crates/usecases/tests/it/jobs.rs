//! What runs by itself: twice without harm, and nothing is left lying about.

use std::fs::File;
use std::time::{Duration, UNIX_EPOCH};

use register::batch::BatchState;
use rstest::rstest;
use testkit::Engine::{Postgres, Sqlite};
use testkit::{City, Engine, HEADER, LIU, MARKET, ZHOU};
use usecases::batch::Upload;
use usecases::jobs::{self, JOBS, What};

/// Makes every file of the city as old as the first of January 2026.
fn age_files(city: &City) -> std::io::Result<()> {
    for (path, _) in city.cx.files.all()? {
        let file = File::options().write(true).open(path)?;
        file.set_modified(UNIX_EPOCH + Duration::from_secs(1_767_196_800))?;
    }
    Ok(())
}

#[rstest]
#[tokio::test]
async fn every_job_runs_twice(#[values(Sqlite, Postgres)] engine: Engine) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let bad = city.row(ZHOU, "2026-02-30", "");
    city.sends(&clerk, "NP04-MR", &[bad]).await.unwrap();
    let waiting = format!("{HEADER}\n{}\n", city.row(LIU, "2026-07-03", ""));
    let (batch, _) = city.begins(&clerk, "NP04-MR", waiting.as_bytes()).await.unwrap();
    let mut left_behind = Upload::new(&city.cx, &clerk, "NP04-MR").unwrap();
    left_behind.write(b"nobody began this batch").unwrap();
    left_behind.finish().unwrap();
    let mut broken_off = Upload::new(&city.cx, &clerk, "NP04-MR").unwrap();
    broken_off.write(b"the line broke").unwrap();
    drop(broken_off);
    age_files(&city).unwrap();

    let erased = jobs::run(&city.cx, What::EraseFiles).await.unwrap();
    assert_eq!(erased, 3, "old returned rows and two uploads without a batch");
    assert!(city.cx.files.upload(batch.id).exists(), "a batch still waits for this one");
    assert_eq!(jobs::run(&city.cx, What::ResumeBatches).await.unwrap(), 1);
    for job in JOBS {
        jobs::run(&city.cx, job.what).await.unwrap();
        assert_eq!(jobs::run(&city.cx, job.what).await.unwrap(), 0, "{} did it again", job.name);
    }
    let batch = usecases::batch::see(&city.cx, &clerk, batch.id).await.unwrap();
    assert_eq!((batch.counts.accepted, batch.counts.duplicates), (1, 0));
    assert!(city.cx.files.all().unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_file_that_is_sent_again_goes_on_with_its_unfinished_batch(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let file = format!("{HEADER}\n{}\n", city.row(LIU, "2026-07-03", ""));
    let (first, _) = city.begins(&clerk, "NP04-MR", file.as_bytes()).await.unwrap();
    // Its upload is lost with the disk of the machine that received it.
    city.cx.files.remove(&city.cx.files.upload(first.id)).unwrap();
    assert_eq!(usecases::batch::resume_all(&city.cx).await.unwrap(), 0);

    let mut again = Upload::new(&city.cx, &clerk, "NP04-MR").unwrap();
    again.write(file.as_bytes()).unwrap();
    let (id, source) = again.finish().unwrap();
    let checked = usecases::batch::check_file(&city.cx, &clerk, "NP04-MR", &source).unwrap();
    let batch =
        usecases::batch::begin(&city.cx, &clerk, "NP04-MR", Some(id), &checked).await.unwrap();
    assert_eq!(batch.id, first.id);
    Upload::hand_over(&city.cx, id, batch.id).unwrap();
    // And now the program is killed before it has read a row.
    assert_eq!(usecases::batch::resume_all(&city.cx).await.unwrap(), 1);
    assert_eq!(city.cx.files.all().unwrap(), []);
}

#[rstest]
#[tokio::test]
async fn a_batch_that_cannot_be_read_ends_and_keeps_no_other_waiting(
    #[values(Sqlite, Postgres)] engine: Engine,
) {
    let city = City::on(engine).await;
    let clerk = city.clerk(MARKET);
    let file = |who| format!("{HEADER}\n{}\n", city.row(who, "2026-07-03", ""));
    let (damaged, _) = city.begins(&clerk, "NP04-MR", file(LIU).as_bytes()).await.unwrap();
    let (refused, _) = city.begins(&clerk, "NP04-MR", file(LIU).as_bytes()).await.unwrap();
    let (sound, _) = city.begins(&clerk, "NP04-MR", file(ZHOU).as_bytes()).await.unwrap();
    let path = city.cx.files.upload(damaged.id);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[60] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    // Nothing can be read where a folder stands: this may pass.
    let path = city.cx.files.upload(refused.id);
    let upload = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();

    usecases::batch::resume_all(&city.cx).await.unwrap_err();
    let see = async |id| usecases::batch::see(&city.cx, &clerk, id).await.unwrap();
    let ended = see(damaged.id).await;
    assert_eq!(ended.state, BatchState::Failed { code: "file-unreadable".to_owned() });
    assert_eq!(see(sound.id).await.counts.accepted, 1);
    assert_eq!(see(refused.id).await.state, BatchState::Running);
    std::fs::remove_dir(&path).unwrap();
    std::fs::write(&path, upload).unwrap();
    assert_eq!(usecases::batch::resume_all(&city.cx).await.unwrap(), 1);
    assert_eq!(see(refused.id).await.counts.accepted, 1);
}
