//! Whether an address fits behind the window of an envelope.

use crate::ReportError;

/// How many full-width characters of the smallest size (9 pt) stand side by side: 75 mm.
const HALVES_A_LINE: usize = 46;
/// How many lines of the smallest size stand under the return address: 32 mm.
const LINES: usize = 7;

/// Counts in the smallest size; the template takes the largest that fits.
pub(crate) fn fits(lines: &[String]) -> Result<(), ReportError> {
    if lines.iter().all(|line| line.trim().is_empty()) {
        return Err(ReportError::Empty { field: "address" });
    }
    let needed = lines.iter().map(|line| lines_of(line)).sum();
    if needed > LINES {
        return Err(ReportError::AddressTooLong { needed, fits: LINES });
    }
    Ok(())
}

fn lines_of(text: &str) -> usize {
    let halves: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    halves.div_ceil(HALVES_A_LINE).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_short_lines_fit_and_eight_do_not() {
        let line = "辽宁省沈阳市浑南区某某路一号".to_owned();
        assert_eq!(fits(&vec![line.clone(); 7]), Ok(()));
        let error = fits(&vec![line.clone(); 8]);
        assert_eq!(error, Err(ReportError::AddressTooLong { needed: 8, fits: 7 }));
        assert_eq!(fits(&[String::new()]), Err(ReportError::Empty { field: "address" }));
        assert_eq!(lines_of(&line.repeat(2)), 2);
    }
}
