//! What is shipped beside the program fits it: unit, container, configuration, package, list of what is inside.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The program in an empty folder, knowing nothing of the tester's own settings.
fn chengxin(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chengxin"));
    command.current_dir(folder).env_remove("DATABASE_URL");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CHENGXIN_") {
            command.env_remove(name);
        }
    }
    command
}

/// Command lines of the unit, without the program and its configuration.
fn started(unit: &str) -> Vec<Vec<&str>> {
    let lines = unit.lines().filter_map(|line| line.strip_prefix("Exec")?.split_once('='));
    let lines = lines.filter(|(kind, _)| kind.starts_with("Start") || *kind == "Reload");
    lines
        .map(|(_, line)| {
            // A minus before it: its failure stops nothing.
            let words: Vec<_> = line.trim_start_matches('-').split(' ').collect();
            let begin = ["/usr/bin/chengxin", "--config", "/etc/chengxin/chengxin.toml"];
            assert_eq!(words[..3], begin, "{line}");
            words[3..].to_vec()
        })
        .collect()
}

#[test]
fn the_unit_starts_commands_that_exist() {
    let folder = tempfile::tempdir().unwrap();
    let unit = text("packaging/chengxin.service");
    let started = started(&unit);
    assert!(started.iter().any(|words| words[0] == "serve"), "{started:?}");
    for words in started {
        let output = chengxin(folder.path()).args(&words).arg("--help").output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
    }
}

#[test]
fn the_shipped_configuration_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = root().join("packaging/chengxin.toml");
    let output = chengxin(folder.path())
        .arg("--config")
        .arg(shipped)
        .args(["rulebook", "check"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_container_sets_variables_that_exist() {
    let folder = tempfile::tempdir().unwrap();
    let container = text("packaging/Containerfile");
    let set: Vec<_> = container
        .lines()
        .filter_map(|line| line.strip_prefix("ENV ")?.split_once('='))
        .filter(|(name, _)| name.starts_with("CHENGXIN_") || *name == "DATABASE_URL")
        .collect();
    assert!(!set.is_empty());
    let output = chengxin(folder.path()).args(["rulebook", "check"]).envs(set).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// One folder for data, whoever ships it.
#[test]
fn all_speak_of_the_same_folders() {
    for (file, says) in [
        ("packaging/chengxin.toml", "data = \"/var/lib/chengxin\"\n"),
        ("packaging/chengxin.service", "\nStateDirectory=chengxin\nStateDirectoryMode=0700\n"),
        ("packaging/chengxin.service", "\nAssertPathExists=/var/lib/chengxin/keys.toml\n"),
        ("packaging/chengxin.service", "\nLoadCredential=secret:/etc/chengxin/secrets\n"),
        ("packaging/chengxin.toml", "\"/run/credentials/chengxin.service/secret_mail\"\n"),
        (
            "packaging/debian/postinst",
            "install -d -m 0700 -o chengxin -g chengxin /var/lib/chengxin\n",
        ),
        ("packaging/debian/postinst", "install -d -m 0700 -o root -g root /etc/chengxin/secrets\n"),
        ("packaging/Containerfile", "\nVOLUME /var/lib/chengxin\n"),
    ] {
        assert!(text(file).contains(says), "{file} does not say {says:?}");
    }
}

/// `just sbom` names what no manifest names; a file that comes from others and is not in its list would be shipped unseen.
#[test]
fn everything_from_others_is_in_the_list_of_what_is_inside() {
    let listed: serde_json::Value = serde_json::from_str(&text("packaging/vendored.json")).unwrap();
    let listed: BTreeSet<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["files"].as_array())
        .flatten()
        .map(|file| file.as_str().unwrap().to_owned())
        .collect();
    let mut shipped = BTreeSet::new();
    for (folder, kinds) in
        [("crates/report/fonts", &["br"][..]), ("crates/web/assets", &["js", "css", "woff2"])]
    {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            // Written here, unlike the others.
            if path.ends_with("assets/passkey.js") {
                continue;
            }
            let kind = path.extension().unwrap_or_default().to_string_lossy().into_owned();
            if kinds.contains(&kind.as_str()) {
                shipped.insert(format!("{folder}/{}", path.file_name().unwrap().display()));
            }
        }
    }
    assert!(shipped.len() >= 5, "{shipped:?}");
    assert_eq!(listed, shipped, "left: packaging/vendored.json, right: the folders");
}
