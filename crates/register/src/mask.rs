//! Masks 隐去: what screens, prints and exports show instead of a name or a number.

use crate::Value;

/// First character kept, every other one a star.
#[must_use]
pub fn name(name: &str) -> String {
    name.chars().enumerate().map(|(at, c)| if at == 0 { c } else { '*' }).collect()
}

/// Only the last four characters kept: region and date of birth stay hidden.
#[must_use]
pub fn number(number: &str) -> String {
    let length = number.chars().count();
    number.chars().enumerate().map(|(at, c)| if at + 4 < length { '*' } else { c }).collect()
}

/// Stars over identity numbers and telephone numbers inside running text; `None` if there are none.
///
/// # Law
/// 个人信息保护法 6, 51 — no more than needed; numbers of third persons have no place in a text.
#[must_use]
pub fn text(text: &str) -> Option<String> {
    let mut masked = String::new();
    let mut run = String::new();
    let mut found = false;
    for c in text.chars().chain(std::iter::once('\n')) {
        let plain = match c {
            '０'..='９' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            c => c,
        };
        if plain.is_ascii_digit() || (matches!(plain, 'x' | 'X') && run.len() == 17) {
            run.push(plain);
            continue;
        }
        if is_personal(&run) {
            found = true;
            masked.extend(std::iter::repeat_n('*', run.len()));
        } else {
            masked.push_str(&run);
        }
        run.clear();
        masked.push(c);
    }
    masked.pop();
    found.then_some(masked)
}

fn is_personal(run: &str) -> bool {
    let bytes = run.as_bytes();
    match bytes.len() {
        // Also one with a slip of the pen.
        18 if has_birth(run, 6, 8) => true,
        // As they were before 1999.
        15 => has_birth(run, 6, 6) || is_card(bytes),
        16..=19 => is_card(bytes),
        11 => {
            bytes.first() == Some(&b'1') && bytes.get(1).is_some_and(|b| (b'3'..=b'9').contains(b))
        }
        _ => false,
    }
}

/// Whether a day of birth stands in an identity number: year in 4 or 2 digits, month, day.
fn has_birth(run: &str, from: usize, width: usize) -> bool {
    let part = |from: usize, width: usize| {
        run.get(from..from + width).and_then(|digits| digits.parse::<u32>().ok())
    };
    let year = width - 4;
    let is_region = run.starts_with(|first: char| ('1'..='9').contains(&first));
    let is_year = year == 2 || part(from, 4).is_some_and(|year| (1880..2100).contains(&year));
    let is_month = part(from + year, 2).is_some_and(|month| (1..=12).contains(&month));
    is_region
        && is_year
        && is_month
        && part(from + year + 2, 2).is_some_and(|day| (1..=31).contains(&day))
}

/// Whether the digits are those of a bank card (ISO/IEC 7812).
fn is_card(bytes: &[u8]) -> bool {
    let sum: u32 = bytes
        .iter()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(byte, weight)| {
            let value = u32::from(byte.wrapping_sub(b'0')) * weight;
            value / 10 + value % 10
        })
        .sum();
    matches!(bytes.first(), Some(b'3'..=b'6')) && sum.is_multiple_of(10)
}

/// A document's number without spaces and brackets, which everybody types in another way: for
/// comparing, never for showing.
#[must_use]
pub fn bare(number: &str) -> String {
    let is_bracket = |c| "〔〕[]［］【】()（）".contains(c);
    number.chars().filter(|c: &char| !c.is_whitespace() && !is_bracket(*c)).collect()
}

/// A value as plain text: dates by ISO 8601, amounts in fen.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Day(day) => day.to_string(),
        Value::Fen(fen) => fen.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn masks() {
        assert_eq!(super::name("柳𬭚"), "柳*");
        assert_eq!(super::number("999901197001010011"), "**************0011");
        assert_eq!(super::number("12"), "12");
    }

    #[test]
    fn a_number_is_the_same_whatever_its_brackets() {
        for typed in ["示罚〔2026〕1号", "示罚[2026]1号", "示罚（2026） 1号"] {
            assert_eq!(super::bare(typed), "示罚20261号");
        }
    }

    #[test]
    fn numbers_in_text_are_starred_and_others_stay() {
        assert_eq!(
            super::text("当事人（999901197001010011，电话13800001111）于2026年").as_deref(),
            Some("当事人（******************，电话***********）于2026年")
        );
        assert_eq!(super::text("货值12345678901元，文书20260301"), None);
        assert_eq!(
            super::text("９９９９０１１９７００１０１００１１").as_deref(),
            Some("******************")
        );
    }
}
