//! Cells that no spreadsheet takes for a formula 防公式注入: on the way out, and back.
//!
//! Whoever fills in a form decides what a cell begins with, and somebody else opens the table. An apostrophe before it
//! makes it text; a workbook needs none, its cells say themselves that they are text.

use std::borrow::Cow;

/// Whether a spreadsheet may read it as a formula, apostrophes before it or not.
fn is_formula(cell: &str) -> bool {
    // Spreadsheets fold full-width signs, and pass over spaces before them.
    let begins = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let rest = cell.trim_start_matches('\'');
    rest.starts_with(begins) || rest.trim_start().starts_with(begins)
}

/// A cell of a CSV that is only text, whatever it begins with.
#[must_use]
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The same cell as it was before, when a table of ours comes back.
pub(crate) fn as_written(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        Some(_) | None => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_become_text_and_text_stays() {
        for cell in
            ["=1+1", "+1", "-1", "@a", "\tx", "\rx", " =1", "＝1", "＠SUM", "'=1", "\u{3000}=1"]
        {
            assert_eq!(harmless(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "罚款 100 元", "2026-11-23", "a=b", "'", "'引文'", "1-2"] {
            assert_eq!(harmless(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn whatever_it_is_it_is_text_and_comes_back(
            cell in "['=+@\\-\t\r\n ＝＋－＠\u{3000}a1张]{0,8}|\\PC{0,12}",
        ) {
            let safe = harmless(&cell);
            prop_assert!(!safe.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']));
            prop_assert!(!safe.starts_with(['\t', '\r', '\n']));
            prop_assert_eq!(as_written(&safe), cell.as_str());
        }
    }
}
