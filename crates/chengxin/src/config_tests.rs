//! The configuration that is shipped names every setting, and what it calls a default is one.

use std::collections::BTreeSet;

use figment::Figment;
use figment::providers::{Format, Serialized, Toml};
use serde_json::Value;

use super::Config;
use crate::command::Failure;

const SHIPPED: &str = include_str!("../../../packaging/chengxin.toml");
const GUIDE: &str = include_str!("../../../docs/guide/operator.md");

/// The shipped file with everything switched on: `#name = …` and `#[table]` have no space after the sign.
fn all_on() -> String {
    let switched_on = |line: &str| {
        line.strip_prefix('#')
            .filter(|rest| {
                rest.starts_with(|first: char| first == '[' || first.is_ascii_lowercase())
            })
            .unwrap_or(line)
            .to_owned()
    };
    SHIPPED.lines().map(switched_on).collect::<Vec<_>>().join("\n")
}

fn read(text: &str) -> Value {
    let config: Config = Figment::from(Serialized::defaults(Config::default()))
        .merge(Toml::string(text))
        .extract()
        .unwrap();
    serde_json::to_value(config).unwrap()
}

/// Every setting with the tables it stands in; the code of a receiver is any code.
fn names(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    let Some(table) = value.as_object().filter(|table| !table.is_empty()) else {
        found.insert(at.to_owned());
        return;
    };
    for (name, value) in table {
        let name = if at == "receivers" { "CODE" } else { name.as_str() };
        let at = if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
        names(value, &at, found);
    }
}

#[test]
fn the_shipped_file_names_every_setting() {
    let text = all_on();
    let mut known = BTreeSet::new();
    names(&read(&text), "", &mut known);
    let mut named = BTreeSet::new();
    let written: Value = Figment::from(Toml::string(&text)).extract().unwrap();
    names(&written, "", &mut named);
    assert!(known.contains("mail.password_file") && known.contains("receivers.CODE.folder"));
    assert_eq!(named, known, "left: in packaging/chengxin.toml, right: in config.rs");
}

#[test]
fn the_shipped_file_changes_only_the_data_folder() {
    let mut shipped = read(SHIPPED);
    shipped["data"] = read("")["data"].clone();
    assert_eq!(shipped, read(""));
}

#[test]
fn what_the_shipped_file_calls_a_default_is_one() {
    let (on, default) = (read(&all_on()), read(""));
    for (name, value) in default.as_object().unwrap() {
        // Tables have no default; they are examples.
        let is_table = value.is_null() || value.is_object();
        if name != "data" && !is_table {
            assert_eq!(&on[name], value, "{name}");
        }
    }
}

#[test]
fn the_guide_names_every_setting() {
    for name in read("").as_object().unwrap().keys() {
        let is_named = [format!("`{name}`"), format!("`[{name}]`"), format!("`[{name}.")]
            .iter()
            .any(|name| GUIDE.contains(name));
        assert!(is_named, "docs/guide/operator.md does not explain {name}");
    }
}

#[test]
fn a_secret_in_the_configuration_is_refused_with_words_and_is_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chengxin.toml");
    for (text, name) in [
        ("[mail]\nhost = \"h\"\npassword = \"hunter2\"\n", "`mail.password`"),
        ("[sms]\nkey = \"hunter2\"\n", "`sms.key`"),
        ("client_secret = \"hunter2\"\n", "`client_secret`"),
        (
            "[receivers.11999901TEMR000151]\ntoken = \"hunter2\"\n",
            "receivers.11999901TEMR000151.token",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let Err(Failure::Usage(says)) = Config::read(Some(&file)) else { panic!("{text}") };
        assert!(says.contains(name) && says.contains("_file"), "{says}");
        assert!(!says.contains("hunter2"), "{says}");
    }
    std::fs::write(&file, "tls_key = \"/etc/chengxin/tls/key.pem\"\n").unwrap();
    assert!(Config::read(Some(&file)).is_ok(), "a path is no secret");
}
