//! What the commands refuse, and what they leave behind.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the program in a folder of its own.
fn chengxin(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chengxin"))
        .args(arguments)
        .current_dir(folder)
        .env("CHENGXIN_DATA", folder.join("data"))
        .env_remove("DATABASE_URL")
        .env_remove("CHENGXIN_DATABASE_URL")
        .output()
        .unwrap()
}

/// What it says on standard error and its exit code.
fn says(output: &Output) -> (String, Option<i32>) {
    (String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code())
}

#[test]
fn a_configuration_that_is_named_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let check = ["rulebook", "check"];
    assert_eq!(chengxin(folder.path(), &check).status.code(), Some(0), "the usual one may miss");
    let (says, code) =
        says(&chengxin(folder.path(), &["--config", "typo.toml", "rulebook", "check"]));
    assert_eq!(code, Some(2), "{says}");
    assert!(says.contains("typo.toml"), "{says}");
    std::fs::write(folder.path().join("own.toml"), "readers = 2\n").unwrap();
    let own = chengxin(folder.path(), &["--config", "own.toml", "rulebook", "check"]);
    assert_eq!(own.status.code(), Some(0));
}

#[test]
fn any_seed_makes_a_sample() {
    let folder = tempfile::tempdir().unwrap();
    let seed = u64::MAX.to_string();
    let sample = ["sample", "--item", "NP04-MR", "--rows", "3", "--out", "a.csv", "--seed", &seed];
    let (says, code) = says(&chengxin(folder.path(), &sample));
    assert_eq!(code, Some(0), "{says}");
    let rows = std::fs::read_to_string(folder.path().join("a.csv")).unwrap();
    assert_eq!(rows.lines().count(), 4);
}

#[test]
fn a_workbook_is_not_said_to_be_in_another_encoding() {
    let folder = tempfile::tempdir().unwrap();
    let sample = "sample --item NP04-MR --rows 1 --out a.xlsx --format xlsx --encoding gb18030";
    let (says, code) = says(&chengxin(folder.path(), &sample.split(' ').collect::<Vec<_>>()));
    assert_eq!(code, Some(2), "{says}");
    assert!(says.contains("--encoding"), "{says}");
    assert!(!folder.path().join("a.xlsx").exists());
}

#[test]
fn rows_that_come_back_are_for_the_caller_alone() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sample = "sample --item NP04-MR --rows 8 --mistakes 100 --out a.csv";
    let (said, code) = says(&chengxin(folder, &sample.split(' ').collect::<Vec<_>>()));
    assert_eq!(code, Some(0), "{said}");
    let agency = said.split(" for ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    let intake = ["intake", "--item", "NP04-MR", "--agency", agency, "--rejections", "b.csv"];

    let (said, code) = says(&chengxin(folder, &[&intake[..], &["--dry-run", "a.csv"]].concat()));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--rejections"), "{said}");
    assert!(!folder.join("b.csv").exists());

    assert_eq!(says(&chengxin(folder, &["migrate"])).1, Some(0));
    // A file that others could read before.
    std::fs::write(folder.join("b.csv"), "old").unwrap();
    let (said, code) = says(&chengxin(folder, &[&intake[..], &["a.csv"]].concat()));
    assert_eq!(code, Some(0), "{said}");
    let bytes = std::fs::read(folder.join("b.csv")).unwrap();
    assert!(bytes.starts_with(b"\xEF\xBB\xBF"));
    let rows = String::from_utf8(bytes).unwrap();
    assert_eq!(rows.matches("罚字〔").count(), 8, "the eight rows, and nothing of what was there");
    let mode = std::fs::metadata(folder.join("b.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
