//! What runs by itself: twice without harm, and nothing is left lying about.

use std::fs::File;
use std::time::{Duration, UNIX_EPOCH};

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
