//! Cells: dates and amounts as agencies write them.

use std::borrow::Cow;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::layout::Unit;

/// Full-width digits and signs folded, trimmed.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text.trim());
    }
    let folded: String = text
        .chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '\u{3000}' | '\u{00A0}' => ' ',
            c => c,
        })
        .collect();
    Cow::Owned(folded.trim().to_owned())
}

/// Reads `2026-03-01`, `2026/3/1`, `2026.3.1`, `20260301`, `2026年3月1日`, each with an optional time.
///
/// A moment with its offset is the day that it is in China; what follows a dash is the end of a range,
/// and a range is no day. Years before 1900 are mistakes.
pub(crate) fn date(text: &str) -> Option<Date> {
    let text = plain(text);
    let end = text.find([' ', 'T']).unwrap_or(text.len());
    let (day, time) = text.split_at_checked(end)?;
    let time = time.trim_start_matches(['T', ' ']);
    if !is_time(time) {
        return None;
    }
    let date = if time.ends_with('Z') || time.contains('+') {
        let moment: jiff::Timestamp = text.parse().ok()?;
        moment.to_zoned(TimeZone::fixed(Offset::constant(8))).date()
    } else {
        bare_date(day)?
    };
    (date.year() >= 1900).then_some(date)
}

fn bare_date(day: &str) -> Option<Date> {
    let number = |part: &str| -> Option<i16> {
        let is_number = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse().ok())?
    };
    let small = |part: &str| number(part).and_then(|number| i8::try_from(number).ok());
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        let part = |from, to| day.get(from..to);
        return Date::new(number(part(0, 4)?)?, small(part(4, 6)?)?, small(part(6, 8)?)?).ok();
    }
    let day = day.strip_suffix(['日', '号']).unwrap_or(day);
    let mut parts = day.split(['-', '/', '.', '年', '月']);
    let (year, month, dom) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(number(year)?, small(month)?, small(dom)?).ok()
}

/// Whether the words mean that there is no day and no amount, as agencies fill what must not be blank.
pub(crate) fn is_nothing(words: &str) -> bool {
    let words = plain(words).to_uppercase();
    ["无", "/", "-", "--", "—", "——", "NULL", "N/A"].contains(&words.as_str())
}

/// Nothing, or something that begins like a time of day: a second date is none.
fn is_time(text: &str) -> bool {
    let text = text.trim_start_matches(['上', '下', '午']);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.is_empty()
        || ((1..=2).contains(&digits)
            && text.get(digits..).is_some_and(|rest| rest.starts_with([':', '时']))
            && text.chars().all(|c| c.is_ascii_digit() || ":.+ZAPM 时分秒".contains(c)))
}

/// The day of a spreadsheet's number that is not marked as a date.
///
/// Only 1970 to 2099 is believed, so that a bare year or month is not taken for a day.
pub(crate) fn serial(days: f64, is_1904: bool) -> Option<Date> {
    use jiff::ToSpan;
    let epoch = if is_1904 { Date::new(1904, 1, 1) } else { Date::new(1899, 12, 30) }.ok()?;
    if !(20_000.0..80_000.0).contains(&days) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked above")]
    let whole = days.floor() as i64;
    let day = epoch.checked_add(whole.days()).ok()?;
    (1970..2100).contains(&day.year()).then_some(day)
}

/// A spreadsheet's amount with the 15 digits that a spreadsheet keeps: what comes after them is
/// noise of its arithmetic (`0.1 + 0.2`).
pub(crate) fn amount(number: f64) -> String {
    let whole = format!("{:.0}", number.abs().trunc());
    let digits = if whole == "0" { 0 } else { whole.len() };
    format!("{number:.*}", 15_usize.saturating_sub(digits))
}

/// Reads an amount exactly into fen, without floats: in the unit of its column, or in the one that
/// is written behind it.
pub(crate) fn fen(text: &str, unit: Unit) -> Option<i64> {
    let text = plain(text);
    let text = text.trim_start_matches(['￥', '¥', ' ']).trim();
    let (digits, unit) = match text.strip_suffix("万元").or_else(|| text.strip_suffix('万')) {
        Some(digits) => (digits, Unit::WanYuan),
        None => text.strip_suffix('元').map_or((text, unit), |rest| (rest, Unit::Yuan)),
    };
    // 1 万元 is 1,000,000 fen, 1 元 is 100.
    let places = match unit {
        Unit::WanYuan => 6,
        Unit::Yuan => 2,
    };
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, digits),
    };
    let (whole, part) = digits.trim().split_once('.').unwrap_or((digits.trim(), ""));
    let whole = ungrouped(whole)?;
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !all_digits(&whole) || !all_digits(part) {
        return None;
    }
    let (kept, lost) = part.split_at_checked(part.len().min(places))?;
    if lost.bytes().any(|b| b != b'0') {
        return None;
    }
    let zeros = "000000".get(..places - kept.len())?;
    format!("{whole}{kept}{zeros}").parse::<i64>().ok()?.checked_mul(sign)
}

/// A whole number without the commas before groups of three; commas elsewhere are a mistake.
fn ungrouped(whole: &str) -> Option<Cow<'_, str>> {
    if !whole.contains(',') {
        return Some(Cow::Borrowed(whole));
    }
    let mut groups = whole.split(',');
    let begins_well = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    (begins_well && groups.all(|group| group.len() == 3))
        .then(|| Cow::Owned(whole.replace(',', "")))
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
    #[case("2026年03月01号")]
    #[case("２０２６年３月１日")]
    #[case(" 2026-03-01 00:00:00 ")]
    #[case("2026-03-01T08:00:00")]
    #[case("2026/3/1 9:05")]
    #[case("2026年3月1日 下午3时20分")]
    #[case("2026-02-28T16:00:00Z")]
    #[case("2026-02-28T16:00:00.000Z")]
    #[case("2026-03-01T00:00:00+08:00")]
    fn dates(#[case] text: &str) {
        assert_eq!(date(text), Some(day(2026, 3, 1)));
    }

    #[rstest]
    #[case("2026-02-30")]
    #[case("2026-13-01")]
    #[case("26-3-1")]
    #[case("3/1/2026")]
    #[case("明天")]
    #[case("")]
    #[case("2026-3-1-2")]
    #[case("2026-03-01 2026-04-01")]
    #[case("2026-03-01 至 2026-04-01")]
    #[case("2026-03-01 10:00-11:00")]
    #[case("2026-03-01 10:00:00-11:00:00")]
    #[case("2026年3月1日-3月5日")]
    #[case("2026.3.1-2026.3.5")]
    #[case("+026-03-01")]
    #[case("0026-03-01")]
    #[case("2026-03")]
    fn no_dates(#[case] text: &str) {
        assert_eq!(date(text), None);
    }

    #[test]
    fn serials() {
        assert_eq!(serial(46_082.0, false), Some(day(2026, 3, 1)));
        assert_eq!(serial(46_082.75, false), Some(day(2026, 3, 1)));
        assert_eq!(serial(44_620.0, true), Some(day(2026, 3, 1)));
        assert_eq!(serial(-1.0, false), None);
        assert_eq!(serial(2_026.0, false), None, "a bare year");
        assert_eq!(serial(202_603.0, false), None, "a bare month");
        assert_eq!(serial(f64::NAN, false), None);
    }

    #[rstest]
    #[case(0.15, Some(150_000))]
    #[case(0.1 + 0.2, Some(300_000))]
    #[case(0.000_001, Some(1))]
    #[case(1_234_567.891_234, Some(1_234_567_891_234))]
    #[case(20.0, Some(20_000_000))]
    #[case(0.000_000_4, None)]
    #[case(f64::INFINITY, None)]
    fn amounts_of_spreadsheets(#[case] number: f64, #[case] expected: Option<i64>) {
        assert_eq!(fen(&amount(number), Unit::WanYuan), expected);
    }

    #[rstest]
    #[case("0.15", Some(150_000))]
    #[case("0.000001", Some(1))]
    #[case("1", Some(1_000_000))]
    #[case("12,345,678", Some(12_345_678_000_000))]
    #[case("0,15", None)]
    #[case("3000,5000", None)]
    #[case("1,23", None)]
    #[case("10 20", None)]
    #[case("￥ 0.15 万元", Some(150_000))]
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
        assert_eq!(fen(text, Unit::WanYuan), expected);
    }

    #[rstest]
    #[case("1500", Some(150_000))]
    #[case("1500.05", Some(150_005))]
    #[case("0.15万元", Some(150_000))]
    #[case("1500.005", None)]
    fn amounts_in_yuan(#[case] text: &str, #[case] expected: Option<i64>) {
        assert_eq!(fen(text, Unit::Yuan), expected);
    }
}
