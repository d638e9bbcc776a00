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
    ("identity", &[]),
    ("store", &["register", "rulebook"]),
    ("usecases", &["access", "intake", "ledger", "register", "rulebook", "store", "vault"]),
    ("web", &["identity", "intake", "ledger", "register", "report", "rulebook", "usecases"]),
    (
        "chengxin",
        &[
            "access", "courier", "identity", "intake", "ledger", "register", "rulebook", "store",
            "usecases", "vault", "web",
        ],
    ),
    ("bench", &["access", "report", "store"]),
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

/// All that is written in the rooms.
fn sources() -> String {
    let mut all = String::new();
    let rooms = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut folders = vec![std::path::PathBuf::from(rooms)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    all
}

/// What the documents on security name in `code type`, a path or a test, is there: a control whose test has gone stands on
/// nothing.
#[test]
fn what_the_documents_on_security_name_is_there() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sources = sources();
    let (mut paths, mut tests) = (0, 0);
    for name in ["threat-model", "controls-mlps3", "controls-pipl", "commercial-cryptography"] {
        let text = std::fs::read_to_string(root.join(format!("docs/security/{name}.md"))).unwrap();
        for word in text.split('`').skip(1).step_by(2) {
            let is_plain = |signs: &str| {
                word.chars().all(|sign| sign.is_ascii_alphanumeric() || signs.contains(sign))
            };
            if is_plain("_") && word.matches('_').count() >= 3 {
                assert!(sources.contains(&format!("fn {word}(")), "{name}.md: no test {word}");
                tests += 1;
            }
            let has_folder = word.contains('/') && !word.starts_with(['/', '.']);
            if has_folder && is_plain("_-./") {
                assert!(root.join(word).exists(), "{name}.md: no {word}");
                paths += 1;
            }
        }
    }
    assert!(tests > 100 && paths > 80, "{tests} tests, {paths} paths");
}

#[test]
fn promises_have_a_test_of_their_name() {
    let names = sources();
    // I8: measures are not built yet.
    for number in (1..=17).filter(|number| *number != 8) {
        assert!(names.contains(&format!("fn i{number:02}_")), "I{number} has no test");
    }
}

/// Whoever plans retention and backups by the guide must know of the job that destroys keys.
#[test]
fn the_guide_names_every_job() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let guide = std::fs::read_to_string(root.join("docs/guide/operator.md")).unwrap();
    let (_, running) = guide.split_once("\n## Running\n").unwrap();
    let (running, _) = running.split_once("\n## ").unwrap();
    for job in usecases::jobs::JOBS {
        assert!(running.contains(&format!("`{}`", job.name)), "no job {}", job.name);
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
