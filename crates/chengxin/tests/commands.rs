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

/// The service manager keeps what a start says, and starts again every few seconds.
#[test]
fn i14_a_mistyped_address_of_the_database_is_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(says(&chengxin(folder, &["migrate"])).1, Some(0), "there are keys now");
    for url in [
        "postgres://u:7Ks#geheim@127.0.0.1/db",
        "postgres://u:7Ks/geheim@127.0.0.1/db",
        "postgres://u@127.0.0.1:1/db?pasword=7Ks-geheim",
    ] {
        for command in ["serve", "migrate", "backup there", "doctor", "log head"] {
            let output = Command::new(env!("CARGO_BIN_EXE_chengxin"))
                .args(command.split(' '))
                .current_dir(folder)
                .env("CHENGXIN_DATA", folder.join("data"))
                .env_remove("CHENGXIN_DATABASE_URL")
                .env("DATABASE_URL", url)
                .output()
                .unwrap();
            let (said, code) = says(&output);
            let said = format!("{said}{}", String::from_utf8_lossy(&output.stdout));
            assert_eq!(code, Some(1), "{command}: {said}");
            assert!(said.contains("DATABASE_URL"), "{command}: {said}");
            assert!(!said.contains("7Ks") && !said.contains("geheim"), "{command}: {said}");
        }
    }
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

#[test]
fn a_password_is_printed_once_and_anew_after_a_reset() {
    let folder = tempfile::tempdir().unwrap();
    let runs = |arguments: &str| {
        let output = chengxin(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        let (said, code) = says(&output);
        (String::from_utf8(output.stdout).unwrap(), said, code)
    };
    assert_eq!(runs("migrate").2, Some(0));
    let password = |arguments: &str| {
        let (printed, said, code) = runs(arguments);
        assert_eq!(code, Some(0), "{said}");
        let answer: serde_json::Value = serde_json::from_str(&printed).unwrap();
        answer["password"].as_str().unwrap().to_owned()
    };
    let made = password("account add --kind staff --role auditor --name auditor --json");
    let anew = password("account reset auditor --json");
    assert!(made != anew && anew.len() >= 16, "{made} {anew}");
    let system = "account add --role system --agency 11999901TEMR000151 --name system";
    assert_eq!(runs(system).2, Some(0));
    for login in ["system", "nobody"] {
        let (printed, said, code) = runs(&format!("account reset {login}"));
        assert_eq!(code, Some(1), "{said}");
        assert!(printed.is_empty() && said.contains("account list"), "{said}");
    }
}

/// Whoever runs the machine sets it up; what is the office's he does on its word, and says so.
#[test]
fn the_operator_opens_the_first_accounts_and_then_needs_the_word_of_the_lead() {
    let folder = tempfile::tempdir().unwrap();
    let runs = |arguments: &str| {
        let output = chengxin(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        let (said, code) = says(&output);
        (String::from_utf8(output.stdout).unwrap(), said, code)
    };
    assert_eq!(runs("migrate").2, Some(0));
    for first in ["office-clerk --name clerk", "office-lead --name lead"] {
        let (_, said, code) = runs(&format!("account add --role {first}"));
        assert_eq!(code, Some(0), "{first}: {said}");
    }
    for alone in [
        "account add --role auditor --name auditor",
        "account add --role system --agency 11999901TEMR000151 --name system",
        "account list",
        "account reset clerk",
        "account disable clerk",
        "account list --as clerk",
    ] {
        let (printed, said, code) = runs(alone);
        assert_eq!(code, Some(1), "{alone}: {said}");
        assert!(printed.is_empty() && said.contains("--as LOGIN"), "{alone}: {said}");
    }
    assert_eq!(runs("account add --role auditor --name auditor --as lead").2, Some(0));
    let (listed, said, code) = runs("account list --as lead");
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(listed.lines().count(), 3, "{listed}");
    let (_, said, code) = runs("account list --as nobody");
    assert!(code == Some(1) && said.contains("nobody at work signs in as nobody"), "{said}");
    // The last lead goes: somebody must be able to open another.
    assert_eq!(runs("account disable lead --as lead").2, Some(0));
    assert_eq!(runs("account add --role office-lead --name second").2, Some(0));

    // A mark is the office's too, and no lead is needed for it.
    std::fs::write(folder.path().join("number"), "999901197001010011").unwrap();
    let mark = "record contest --document-no 1 --id-number-file number";
    let (_, said, code) = runs(mark);
    assert!(code == Some(2) && said.contains("--as LOGIN"), "{said}");
    let (_, said, code) = runs(&format!("{mark} --as auditor"));
    assert!(code == Some(1) && said.contains("--as LOGIN"), "{said}");
    let (_, said, code) = runs(&format!("{mark} --as clerk"));
    assert!(code == Some(1) && !said.contains("--as LOGIN"), "there is no such record: {said}");
}
