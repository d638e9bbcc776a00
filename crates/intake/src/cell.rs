//! Cells: dates and amounts as agencies write them.

use jiff::civil::Date;

/// Full-width digits and signs folded, trimmed.
pub(crate) fn plain(text: &str) -> String {
    let folded: String = text
        .chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '\u{3000}' | '\u{00A0}' => ' ',
            c => c,
        })
        .collect();
    folded.trim().to_owned()
}

/// Reads `2026-03-01`, `2026/3/1`, `2026.3.1`, `20260301`, `2026年3月1日`, each with an optional time.
pub(crate) fn date(text: &str) -> Option<Date> {
    let text = plain(text);
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        let part = |from, to| day.get(from..to);
        return Date::new(
            part(0, 4)?.parse().ok()?,
            part(4, 6)?.parse().ok()?,
            part(6, 8)?.parse().ok()?,
        )
        .ok();
    }
    let day = day.trim_end_matches('日');
    let mut parts = day.split(['-', '/', '.', '年', '月']);
    let (year, month, dom) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, dom.parse().ok()?).ok()
}

/// The day of a spreadsheet's serial number.
pub(crate) fn serial(days: f64, is_1904: bool) -> Option<Date> {
    use jiff::ToSpan;
    if !(1.0..2_958_466.0).contains(&days) {
        return None;
    }
    let epoch = if is_1904 { Date::new(1904, 1, 1) } else { Date::new(1899, 12, 30) }.ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked above")]
    let whole = days.floor() as i64;
    epoch.checked_add(whole.days()).ok()
}

/// Reads an amount in 万元 (or with its unit written behind it) exactly into fen; no floats.
pub(crate) fn fen(text: &str) -> Option<i64> {
    let text: String =
        plain(text).chars().filter(|c| !matches!(c, ',' | ' ' | '￥' | '¥')).collect();
    // 1 万元 is 1,000,000 fen, 1 元 is 100.
    let (digits, places) = match text.strip_suffix("万元").or_else(|| text.strip_suffix('万')) {
        Some(digits) => (digits, 6),
        None => text.strip_suffix('元').map_or((text.as_str(), 6), |digits| (digits, 2)),
    };
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, digits),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let (kept, lost) = part.split_at(part.len().min(places));
    if lost.bytes().any(|b| b != b'0') {
        return None;
    }
    let text = format!("{whole}{kept}{}", "0".repeat(places - kept.len()));
    text.parse::<i64>().ok()?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2026-03-01")]
    #[case("2026/3/1")]
    #[case("2026.3.1")]
    #[case("20260301")]
    #[case("2026年3月1日")]
    #[case("２０２６年３月１日")]
    #[case(" 2026-03-01 00:00:00 ")]
    #[case("2026-03-01T08:00:00")]
    fn dates(#[case] text: &str) {
        assert_eq!(date(text), Some(day(2026, 3, 1)));
    }

    #[rstest]
    #[case("2026-02-30")]
    #[case("26-3-1")]
    #[case("3/1/2026")]
    #[case("明天")]
    #[case("")]
    #[case("2026-3-1-2")]
    fn no_dates(#[case] text: &str) {
        assert_eq!(date(text), None);
    }

    #[test]
    fn serials() {
        assert_eq!(serial(46_082.0, false), Some(day(2026, 3, 1)));
        assert_eq!(serial(46_082.75, false), Some(day(2026, 3, 1)));
        assert_eq!(serial(44_620.0, true), Some(day(2026, 3, 1)));
        assert_eq!(serial(-1.0, false), None);
    }

    #[rstest]
    #[case("0.15", Some(150_000))]
    #[case("0.000001", Some(1))]
    #[case("1", Some(1_000_000))]
    #[case("1,234.5", Some(1_234_500_000))]
    #[case("1500元", Some(150_000))]
    #[case("0.05元", Some(5))]
    #[case("0.15万元", Some(150_000))]
    #[case("０.１５", Some(150_000))]
    #[case(".5", Some(500_000))]
    #[case("0.1500000", Some(150_000))]
    #[case("-1", Some(-1_000_000))]
    #[case("0.0000001", None)]
    #[case("一千", None)]
    #[case("", None)]
    #[case("1e3", None)]
    #[case("99999999999999999999", None)]
    fn amounts(#[case] text: &str, #[case] expected: Option<i64>) {
        assert_eq!(fen(text), expected);
    }
}
