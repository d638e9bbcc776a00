//! How dates, amounts and masks are written on screen 写法.

use jiff::civil::{Date, DateTime};
pub use register::mask::{name as masked_name, number as masked_number};

/// A date in full: `2026年3月1日`.
#[must_use]
pub fn zh_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// A moment in local time: `2026年3月1日 09:05`.
#[must_use]
pub fn zh_moment(at: DateTime) -> String {
    format!("{} {:02}:{:02}", zh_date(at.date()), at.hour(), at.minute())
}

/// An amount in fen, written in yuan: `1,500 元`, `0.05 元`, `-3.20 元`.
#[must_use]
pub fn yuan(fen: i64) -> String {
    let (whole, part) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let sign = if fen < 0 { "-" } else { "" };
    if part == 0 {
        format!("{sign}{} 元", grouped(whole))
    } else {
        format!("{sign}{}.{part:02} 元", grouped(whole))
    }
}

/// A count with a comma between thousands: `1,234,567`.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A hash in groups of eight, so that two people can compare it aloud.
#[must_use]
pub fn grouped_hash(hash: &str) -> String {
    let mut out = String::with_capacity(hash.len() + hash.len() / 8);
    for (at, digit) in hash.chars().enumerate() {
        if at > 0 && at % 8 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_are_written_in_full() {
        assert_eq!(zh_date(date(2026, 3, 1)), "2026年3月1日");
        assert_eq!(zh_moment(date(2026, 11, 20).at(9, 5, 59, 0)), "2026年11月20日 09:05");
    }

    #[test]
    fn amounts_are_exact() {
        for (fen, says) in [
            (0, "0 元"),
            (5, "0.05 元"),
            (150_000, "1,500 元"),
            (-320, "-3.20 元"),
            (123_456_789, "1,234,567.89 元"),
            (i64::MIN, "-92,233,720,368,547,758.08 元"),
        ] {
            assert_eq!(yuan(fen), says);
        }
    }

    #[test]
    fn masks_keep_the_first_character_and_the_last_four() {
        assert_eq!(masked_name("柳𬭚"), "柳*");
        assert_eq!(masked_number("999901197001010011"), "**************0011");
    }

    #[test]
    fn hashes_are_grouped() {
        assert_eq!(grouped_hash("0011223344556677"), "00112233 44556677");
    }
}
