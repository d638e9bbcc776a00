//! The house is as ARCHITECTURE.md draws it: which room may know which.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Room → rooms that it may depend on, outside tests.
const ARROWS: &[(&str, &[&str])] = &[
    ("rulebook", &[]),
    ("register", &["rulebook"]),
    ("intake", &[]),
    ("vault", &[]),
    ("ledger", &[]),
    ("access", &[]),
    ("report", &[]),
    ("courier", &["register", "usecases"]),
    ("store", &["register", "rulebook"]),
    ("usecases", &["access", "intake", "ledger", "register", "rulebook", "store", "vault"]),
    ("web", &["intake", "ledger", "register", "report", "rulebook", "usecases"]),
    (
        "chengxin",
        &[
            "access", "courier", "intake", "ledger", "register", "rulebook", "store", "usecases",
            "vault", "web",
        ],
    ),
    ("bench", &["report", "store"]),
    ("e2e", &[]),
    ("testkit", &["access", "register", "rulebook", "store", "usecases", "vault"]),
];

fn metadata() -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn arrows_are_those_of_the_picture() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let rooms: BTreeSet<&str> = packages.iter().map(|p| p["name"].as_str().unwrap()).collect();
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(room, to)| (*room, to.iter().copied().collect())).collect();
    assert_eq!(rooms, allowed.keys().copied().collect(), "a room is missing from the picture");
    for package in packages {
        let room = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let to = dependency["name"].as_str().unwrap();
            let is_dev = dependency["kind"].as_str() == Some("dev");
            if rooms.contains(to) && !is_dev {
                assert!(allowed[room].contains(to), "{room} must not know {to}");
            }
            if to == "testkit" {
                assert!(is_dev, "{room}: testkit is for tests only");
            }
        }
    }
}

#[test]
fn promises_have_a_test_of_their_name() {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut names = String::new();
    let mut folders = vec![std::path::PathBuf::from(tests)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                names.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    for number in [1, 2, 3, 4, 5, 6, 7, 9, 10, 13, 14, 15, 16, 17] {
        assert!(names.contains(&format!("fn i{number:02}_")), "I{number} has no test");
    }
}

#[test]
fn no_pinyin_outside_the_layouts() {
    for room in ["register", "store", "vault", "ledger", "access"] {
        let folder = format!("{}/../{room}/src", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(!text.contains("CF_") && !text.contains("XK_"), "{}", path.display());
            }
        }
    }
}
