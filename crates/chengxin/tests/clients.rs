//! Systems are let in by command: their secret is shown once, for no more than their body may, and replaced.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const MARKET: &str = "11999901TEMR000151";

/// Runs the program in a folder of its own.
fn chengxin(folder: &Path, arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chengxin"))
        .args(arguments.split(' '))
        .current_dir(folder)
        .env("CHENGXIN_DATA", folder.join("data"))
        .env_remove("DATABASE_URL")
        .env_remove("CHENGXIN_DATABASE_URL")
        .output()
        .unwrap()
}

/// What it prints as JSON, if it ends well.
fn says(folder: &Path, arguments: &str) -> Value {
    let output = chengxin(folder, arguments);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{arguments}: {error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_system_is_let_in_for_no_more_than_its_body_may_and_its_secret_is_kept_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(chengxin(folder, "migrate").status.code(), Some(0));
    let add = format!("account add --role system --agency {MARKET} --json");

    let all = says(folder, &format!("{add} --kind system --name all"));
    assert_eq!((&all["purposes"], &all["items"]), (&Value::Null, &Value::Null));
    let scope = "--purpose licence-review --purpose food-licence-review --no-files";
    let some = says(folder, &format!("{add} {scope} --valid-days 30 --name some"));
    assert_eq!(some["login"], "some");
    assert_eq!(some["purposes"].as_array().unwrap().len(), 2);
    assert_eq!(some["items"].as_array().unwrap().len(), 0, "it sends nothing");
    assert!(some["expires_at"].as_str().unwrap() < all["expires_at"].as_str().unwrap());

    let secret = some["token"].as_str().unwrap();
    assert!(secret.starts_with("cx_") && secret.len() == 67, "64 digits after cx_");
    for entry in std::fs::read_dir(folder.join("data")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{}", path.display());
        }
    }

    for (wrong, code) in [
        ("--purpose tax-supervision", 1),
        ("--item NP04-TX", 1),
        ("--valid-days 0", 1),
        ("--valid-days 3660", 1),
        ("--purpose licence-review --no-checks", 2),
        ("--kind staff", 2),
    ] {
        let output = chengxin(folder, &format!("{add} {wrong}"));
        assert_eq!(output.status.code(), Some(code), "{wrong}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{wrong}");
    }
    let staff =
        format!("account add --role agency-clerk --agency {MARKET} --purpose licence-review");
    assert_eq!(chengxin(folder, &staff).status.code(), Some(2), "people have no scope");
    assert_eq!(chengxin(folder, "account add --role system").status.code(), Some(2), "no body");
}

#[test]
fn a_secret_is_replaced_while_the_system_is_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(chengxin(folder, "migrate").status.code(), Some(0));
    let add = format!("account add --role system --agency {MARKET} --name mr --json");
    let first = says(folder, &add);
    let second = says(folder, "account rotate mr --keep-days 3 --json");
    assert_eq!((&first["login"], &first["id"]), (&second["login"], &second["id"]));
    assert_ne!(first["token"], second["token"]);
    for (wrong, code) in [("mr --keep-days 400", 1), ("nobody", 1), ("mr --keep-days some", 2)] {
        let output = chengxin(folder, &format!("account rotate {wrong}"));
        assert_eq!(output.status.code(), Some(code), "{wrong}");
    }
    assert_eq!(chengxin(folder, "account disable mr").status.code(), Some(0));
    assert_eq!(chengxin(folder, "account rotate mr").status.code(), Some(1), "switched off");
}
