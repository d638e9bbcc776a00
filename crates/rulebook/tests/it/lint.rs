//! Method: a copy of the rulebook is broken in one place; the lint names file, line and reason.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test that cannot be set up is to fail at once"
)]

use std::fs;
use std::path::Path;

use rstest::rstest;

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &to) } else { fs::copy(&path, &to).map(|_| ()).unwrap() }
    }
}

pub(crate) fn rulebook() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rulebook"))
}

#[test]
fn the_rulebook_is_sound() {
    let findings = rulebook::check(rulebook());
    assert!(findings.is_empty(), "{findings:#?}");
}

/// Where a finding must point.
#[derive(Clone, Copy)]
enum Line {
    /// To the table in which the mistake stands.
    Table,
    /// To the mistake itself.
    Itself,
    /// To the file: what is missing, or a file that is one table.
    File,
}

impl Line {
    /// The line, from 1, for a mistake that begins at `offset`.
    fn of(self, text: &str, offset: usize) -> usize {
        let number = |offset: usize| text[..offset].matches('\n').count() + 1;
        match self {
            Self::Table => number(text[..offset].rfind("\n[[").unwrap() + 1),
            Self::Itself => number(offset),
            Self::File => 1,
        }
    }
}

#[rstest]
#[case(
    "display.toml",
    "max_months = 12",
    "max_months = 18",
    "months, allowed are 3 to 12",
    Line::Table
)]
#[case(
    "display.toml",
    "[[earlier]]",
    "[[earlier]]\ndecided_before = 2025-01-01\nmin_months = 1\nmax_months = 2\nbasis = [{ act = \"x\", article = \"1\", status = \"own\" }]\n\n[[earlier]]",
    "there can be only one [[earlier]]",
    Line::Table
)]
#[case(
    "catalogue.toml",
    "\"document_no\",",
    "\"document_no\", \"religion\",",
    "is forbidden",
    Line::Table
)]
#[case(
    "catalogue.toml",
    "\"fine_fen\",",
    "\"fine_fenn\",",
    "no such field: fine_fenn",
    Line::Table
)]
#[case(
    "catalogue.toml",
    "\"document_no\",",
    "\"religious_belief\",",
    "no such field: religious_belief",
    Line::Table
)]
#[case(
    "catalogue.toml",
    "[\"market-regulation\", \"transport\"",
    "[\"market-regulation\", \"transprot\"",
    "no body of kind transprot",
    Line::Table
)]
#[case(
    "catalogue.toml",
    "supplied_by = [\"credit-office\"]",
    "supplied_by = [\"credit-ofice\"]",
    "no body of kind credit-ofice",
    Line::Table
)]
#[case("purposes.toml", "items = [", "items = [\"NP77\", ", "no item NP77", Line::Table)]
#[case(
    "purposes.toml",
    "users = [",
    "users = [\"nobody\", ",
    "no body of kind nobody",
    Line::Table
)]
#[case("deadlines.toml", "status = \"", "stats = \"", "unknown field `stats`", Line::Itself)]
#[case(
    "catalogue.toml",
    "assessment = \"PIA-LICENCE\"",
    "assessment = \"PIA-LICENSE\"",
    "no impact assessment PIA-LICENSE",
    Line::Table
)]
#[case(
    "purposes.toml",
    "assessment = \"PIA-LOOK-COURT\"",
    "assessment = \"\"",
    "enforcement-review: names no impact assessment",
    Line::Table
)]
#[case(
    "assessments.toml",
    "approved_by = \"office-lead\"",
    "approved_by = \"office-clerk\"",
    "a second person must approve it",
    Line::Table
)]
#[case(
    "assessments.toml",
    "review_by = 2027-11-20",
    "review_by = 2027-11-21",
    "PIA-PENALTY: review_by must not lie after 2027-11-20",
    Line::Table
)]
#[case(
    "deadlines.toml",
    "kind = \"quiet\"",
    "kind = \"quite\"",
    "deadline quiet is missing",
    Line::File
)]
#[case("agencies.toml", "11999901TEMR000151", "11999901TEMR000152", "check digit", Line::Table)]
#[case("notices.toml", "{title}", "{titel}", "no such place: {titel}", Line::Table)]
#[case(
    "calendar/2026.toml",
    "from = 2026-10-01",
    "from = 2025-10-01",
    "lies outside 2026",
    Line::File
)]
#[case(
    "calendar/2026.toml",
    "work = [2026-05-09]",
    "work = [2026-05-08]",
    "2026-05-08 is no weekend",
    Line::File
)]
#[case(
    "calendar/provisional.toml",
    "\"05-02\"",
    "\"05-32\"",
    "05-32 is no day of the year",
    Line::File
)]
fn what_is_wrong_is_found_with_file_and_line(
    #[case] file: &str,
    #[case] right: &str,
    #[case] wrong: &str,
    #[case] reason: &str,
    #[case] line: Line,
) {
    let dir = tempfile::tempdir().unwrap();
    copy(rulebook(), dir.path());
    let path = dir.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(right), "{file} has no {right}");
    let text = text.replacen(right, wrong, 1);
    fs::write(&path, &text).unwrap();
    let findings = rulebook::check(dir.path());
    let found = findings.iter().find(|f| f.file == file && f.reason.contains(reason));
    let found = found.unwrap_or_else(|| panic!("{findings:#?}"));
    // The end of what was written: a mistake that brings a table of its own lies in the last one.
    let mistake = text.find(wrong).unwrap() + wrong.len();
    assert_eq!(found.line, line.of(&text, mistake));
}

#[test]
fn a_sector_without_a_limit_for_huge_fines_is_found() {
    let dir = tempfile::tempdir().unwrap();
    copy(rulebook(), dir.path());
    let path = dir.path().join("severity.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("huge_fine_fen_tax", "huge_fine_fen_taxes")).unwrap();
    let findings = rulebook::check(dir.path());
    let found = findings.iter().find(|f| f.reason.contains("huge_fine_fen_tax is missing"));
    let found = found.unwrap_or_else(|| panic!("{findings:#?}"));
    let catalogue = fs::read_to_string(dir.path().join("catalogue.toml")).unwrap();
    let offset = catalogue.find("\"NP04-TX\"").unwrap();
    assert_eq!(
        (found.file.as_str(), found.line),
        ("catalogue.toml", Line::Table.of(&catalogue, offset))
    );
}

/// One that the office wrote stands in the database: here its number is enough, in its form.
#[test]
fn the_number_of_an_assessment_of_the_office_may_be_named() {
    for (number, is_one) in [("PG20261124-7F3K2Q", true), ("PG2026-7F3K2Q", false), ("PG", false)] {
        let dir = tempfile::tempdir().unwrap();
        copy(rulebook(), dir.path());
        let path = dir.path().join("purposes.toml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("PIA-LOOK-COURT", number)).unwrap();
        let findings = rulebook::check(dir.path());
        assert_eq!(findings.is_empty(), is_one, "{number}: {findings:#?}");
    }
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
