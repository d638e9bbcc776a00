//! Numbers as an independent package reads them.

mod admission;
mod rows;

use jiff::civil::date;
use register::{IdDocument, IdKind, Uscc};

#[test]
fn check_digits_are_those_of_an_independent_package() {
    let mut seen = [0; 2];
    for line in include_str!("../fixtures/numbers.tsv").lines().filter(|l| !l.starts_with('#')) {
        let [kind, number, verdict]: [&str; 3] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let is_right = match kind {
            "citizen" => IdDocument::parse(IdKind::Citizen, number, date(2026, 11, 23)).is_ok(),
            "organisation" => Uscc::parse(number).is_ok(),
            other => unreachable!("{other}"),
        };
        assert_eq!(is_right, verdict == "right", "{line}");
        seen[usize::from(is_right)] += 1;
    }
    assert!(seen[0] > 400 && seen[1] > 500, "{seen:?}");
}
