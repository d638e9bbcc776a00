//! Method: a copy of the rulebook is broken in one place; the lint names file, line and reason.

use std::fs;
use std::path::Path;

use rstest::rstest;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &to) } else { fs::copy(&path, &to).map(|_| ()).unwrap() }
    }
}

fn rulebook() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rulebook"))
}

#[test]
fn the_rulebook_is_sound() {
    let findings = rulebook::check(rulebook());
    assert!(findings.is_empty(), "{findings:#?}");
}

#[rstest]
#[case("display.toml", "max_months = 12", "max_months = 18", "months, allowed are 3 to 12")]
#[case("catalogue.toml", "\"document_no\",", "\"document_no\", \"religion\",", "is forbidden")]
#[case("purposes.toml", "items = [", "items = [\"NP77\", ", "no item NP77")]
#[case("purposes.toml", "users = [", "users = [\"nobody\", ", "no body of kind nobody")]
#[case("deadlines.toml", "status = \"", "stats = \"", "unknown field `stats`")]
#[case("deadlines.toml", "kind = \"quiet\"", "kind = \"quite\"", "deadline quiet is missing")]
#[case("agencies.toml", "11999901TEMR000151", "11999901TEMR000152", "check digit")]
#[case("notices.toml", "{title}", "{titel}", "no such place: {titel}")]
#[case("calendar/2026.toml", "from = 2026-10-01", "from = 2025-10-01", "lies outside 2026")]
fn what_is_wrong_is_found_with_file_and_line(
    #[case] file: &str,
    #[case] right: &str,
    #[case] wrong: &str,
    #[case] reason: &str,
) {
    let dir = tempfile::tempdir().unwrap();
    copy(rulebook(), dir.path());
    let path = dir.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(right), "{file} has no {right}");
    fs::write(&path, text.replacen(right, wrong, 1)).unwrap();
    let findings = rulebook::check(dir.path());
    let found = findings.iter().find(|f| f.file == file && f.reason.contains(reason));
    let found = found.unwrap_or_else(|| panic!("{findings:#?}"));
    assert!(found.line >= 1);
}

#[test]
fn versions_of_an_item_do_not_overlap() {
    let dir = tempfile::tempdir().unwrap();
    copy(rulebook(), dir.path());
    let path = dir.path().join("catalogue.toml");
    let text = fs::read_to_string(&path).unwrap();
    let start = text.find("[[item]]").unwrap();
    let end = text[start + 8..].find("[[item]]").unwrap() + start + 8;
    fs::write(&path, format!("{text}\n{}", &text[start..end])).unwrap();
    let findings = rulebook::check(dir.path());
    assert!(findings.iter().any(|f| f.reason.contains("overlap")), "{findings:#?}");
}

#[test]
fn a_rule_without_a_basis_is_found() {
    let dir = tempfile::tempdir().unwrap();
    copy(rulebook(), dir.path());
    let path = dir.path().join("limits.toml");
    let mut text = fs::read_to_string(&path).unwrap();
    text.push_str(
        "\n[[limit]]\nname = \"x\"\ntitle = \"x\"\nvalue = 1\nunit = \"x\"\nbasis = []\n",
    );
    fs::write(&path, &text).unwrap();
    let findings = rulebook::check(dir.path());
    let found = findings.iter().find(|f| f.reason.contains("no basis")).unwrap();
    assert_eq!(found.line, text.lines().position(|l| l.contains("name = \"x\"")).unwrap());
}
