//! Masks 隐去: what screens, prints and exports show instead of a name or a number.

use crate::Value;

/// Least characters of the reason for which somebody sees what is hidden: one word is none.
pub const REASON_LEAST: usize = 5;
/// Most characters of it.
pub const REASON_MOST: usize = 200;

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

/// Stars over what is surely an identity number or a telephone number inside a text, however it is
/// spaced; `None` if there is none.
///
/// # Law
/// 个人信息保护法 6, 51 — no more than needed; numbers of third persons have no place in a text.
#[must_use]
pub fn text(text: &str) -> Option<String> {
    starred(text, surely_personal)
}

/// Stars over everything in a running text that may be a number of a person; `None` if there is none.
///
/// What [`text`] finds, identity numbers with a slip of the pen or of 15 digits, bank cards and
/// accounts. Nothing that a decision must say is as long as these.
///
/// # Law
/// 个人信息保护法 6, 28, 51 — no more than needed; identity and financial accounts are sensitive.
#[must_use]
pub fn running_text(text: &str) -> Option<String> {
    starred(text, |groups| surely_personal(groups) || perhaps_personal(groups))
}

/// The last four characters of a text that is nothing but a citizen's number; `None` if it is not.
#[must_use]
pub fn citizen_number(text: &str) -> Option<String> {
    let plain = crate::identity::plain_upper(text);
    is_citizen_number(&plain).then(|| number(&plain))
}

/// Whether a text holds the number of a citizen, check digit and all.
pub(crate) fn holds_citizen_number(text: &str) -> bool {
    numbers_of_persons(text).iter().any(|number| citizen_number(number).is_some())
}

/// Everything in a text that is as long as a citizen's number and holds a date of birth where such a
/// number does.
pub(crate) fn numbers_of_persons(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for run in runs(text) {
        windows(&run.groups, |groups| {
            let number: String = groups.iter().map(|group| group.digits.as_str()).collect();
            let is_one = crate::identity::birth_date_shown(&number).is_some();
            if is_one {
                found.push(number);
            }
            is_one
        });
    }
    found
}

/// Digits that stand together.
struct Group {
    /// Where they begin and end in the text, in bytes.
    place: std::ops::Range<usize>,
    /// Plain digits, and perhaps an `X` at the end.
    digits: String,
}

/// Groups with nothing between them but spaces or dashes.
struct Run {
    groups: Vec<Group>,
}

/// The longest that a number of a person may be.
const LONGEST: usize = 19;

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    // Whether the digits go on, and whether the run does.
    let (mut in_group, mut in_run) = (false, false);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let plain = match c {
            '０'..='９' | 'Ｘ' | 'ｘ' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            c => c,
        };
        if plain.is_ascii_digit() {
            if !in_run {
                runs.push(Run { groups: Vec::new() });
            }
            let Some(run) = runs.last_mut() else { continue };
            match run.groups.last_mut().filter(|_| in_group) {
                Some(group) => {
                    group.place.end = end;
                    group.digits.push(plain);
                }
                None => run.groups.push(Group { place: at..end, digits: plain.into() }),
            }
            (in_group, in_run) = (true, true);
        } else if in_group && plain.eq_ignore_ascii_case(&'x') {
            if let Some(group) = runs.last_mut().and_then(|run| run.groups.last_mut()) {
                group.place.end = end;
                group.digits.push('X');
            }
            (in_group, in_run) = (false, false);
        } else {
            in_group = false;
            in_run &= c.is_whitespace() || "-－‐‑‒–—―".contains(c);
        }
    }
    runs
}

/// Asks about every window of groups that is not too long, the longest first; what was a number is not
/// asked about again.
fn windows(groups: &[Group], mut is_number: impl FnMut(&[Group]) -> bool) {
    let mut from = 0;
    while from < groups.len() {
        let mut length = 0;
        let fitting = groups
            .iter()
            .skip(from)
            .take_while(|group| {
                length += group.digits.len();
                length <= LONGEST
            })
            .count();
        let taken = (1..=fitting)
            .rev()
            .find(|count| groups.get(from..from + count).is_some_and(&mut is_number));
        from += taken.unwrap_or(1);
    }
}

fn starred(text: &str, is_personal: impl Fn(&[Group]) -> bool) -> Option<String> {
    let mut places = Vec::new();
    for run in runs(text) {
        windows(&run.groups, |groups| {
            let found = is_personal(groups);
            if found {
                places.extend(groups.iter().map(|group| group.place.clone()));
            }
            found
        });
    }
    if places.is_empty() {
        return None;
    }
    // They stand in the order of the text: a long one full of numbers is gone through once.
    let mut places = places.into_iter().peekable();
    let star = |(at, c)| {
        while places.next_if(|place: &std::ops::Range<usize>| place.end <= at).is_some() {}
        if places.peek().is_some_and(|place| place.start <= at) { '*' } else { c }
    };
    Some(text.char_indices().map(star).collect())
}

fn joined(groups: &[Group]) -> String {
    groups.iter().map(|group| group.digits.as_str()).collect()
}

fn lengths(groups: &[Group]) -> Vec<usize> {
    groups.iter().map(|group| group.digits.len()).collect()
}

/// A citizen's number that fits in every digit, or a mobile telephone.
fn surely_personal(groups: &[Group]) -> bool {
    let number = joined(groups);
    let is_mobile = match *lengths(groups).as_slice() {
        [11] | [3, 4, 4] => is_mobile(&number),
        [13] | [2, 11] | [2, 3, 4, 4] => number.strip_prefix("86").is_some_and(is_mobile),
        _ => false,
    };
    is_mobile || is_citizen_number(&number)
}

fn is_mobile(number: &str) -> bool {
    matches!(number.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9)
}

fn is_citizen_number(number: &str) -> bool {
    number.len() == 18
        && crate::identity::birth_date_shown(number).is_some()
        && number.get(..17).and_then(crate::identity::citizen_check_digit)
            == number.chars().next_back()
}

/// As long as an identity number or a bank account, written as people write these.
fn perhaps_personal(groups: &[Group]) -> bool {
    let number = joined(groups);
    match *lengths(groups).as_slice() {
        [15..=LONGEST] | [6, 6, 3] => true,
        // Groups of four as on a bank card, which begins with 3 to 6: no row of years.
        [4, 4, 4, 4] | [4, 4, 4, 4, 1..=3] if number.starts_with(['3', '4', '5', '6']) => true,
        // Two dates beside each other are none.
        [4, 1 | 2, 1 | 2, ..] => false,
        _ => {
            number.len() == 18
                && crate::identity::birth_date_shown(&number)
                    .is_some_and(|born| (1900..2100).contains(&born.year()))
        }
    }
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
    fn a_very_long_text_full_of_numbers_is_gone_through_once() {
        let text = "卡号6222000000000000000，".repeat(50_000);
        let masked = super::running_text(&text).unwrap();
        assert_eq!(masked, "卡号*******************，".repeat(50_000));
    }

    #[test]
    fn numbers_in_text_are_starred_and_others_stay() {
        assert_eq!(
            super::text("当事人（999901197001010011，电话13800001111）于2026年").as_deref(),
            Some("当事人（******************，电话***********）于2026年")
        );
        assert_eq!(super::text("货值12345678901元，文书20260301"), None);
        assert_eq!(
            super::text("电话138-0000-1111、+86 13800001111").as_deref(),
            Some("电话***-****-****、+** ***********")
        );
        assert_eq!(
            super::text("1. 999901 19700101 0011；9999 0119 7001 0100 11").as_deref(),
            Some("1. ****** ******** ****；**** **** **** **** **")
        );
        // A wrong check digit is not surely a person's: a matter's number may look like it.
        assert_eq!(super::text("999901197001010012，211382202611230001"), None);
        assert_eq!(
            super::text("９９９９０１１９７００１０１００１１").as_deref(),
            Some("******************")
        );
    }

    #[test]
    fn a_running_text_keeps_no_number_of_a_person() {
        for (text, masked) in [
            ("身份证999901197001010012", "身份证******************"),
            ("999901-19700101-0012", "******-********-****"),
            ("一代证999901700101001。", "一代证***************。"),
            ("999901 700101 001", "****** ****** ***"),
            ("少一位99990119700101001", "少一位*****************"),
            ("账号6222021234567890123", "账号*******************"),
            ("卡号6222 0212 3456 7890 123", "卡号**** **** **** **** ***"),
            ("９９９９０１１９７００１０１００１２", "******************"),
            ("99990119700101001x的", "******************的"),
        ] {
            assert_eq!(super::running_text(text).as_deref(), Some(masked), "{text}");
        }
    }

    #[test]
    fn what_a_decision_must_say_stays() {
        for text in [
            "2026-03-01 2026-04-05 期间",
            "2019 2020 2021 2022 四年",
            "货值12345678901元，罚款5000元",
            "〔2026〕12号，2026年3月1日10时30分",
            "依据第122条、第126条，共 3 次 1200 元",
            "91210000MA0000000X",
            "0421-5501234",
        ] {
            assert_eq!(super::running_text(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_masked_only_if_it_is_a_citizens() {
        assert_eq!(
            super::citizen_number("999901197001010011").as_deref(),
            Some("**************0011")
        );
        for number in
            ["15201234567", "示市监罚字〔2026〕12号", "999901197001010012", "JY12113820012345"]
        {
            assert_eq!(super::citizen_number(number), None, "{number}");
        }
    }

    #[test]
    fn numbers_of_persons_are_found_anywhere_in_a_cell() {
        assert_eq!(
            super::numbers_of_persons("小树 999901201206010040，男"),
            ["999901201206010040"]
        );
        assert!(super::numbers_of_persons("2026-03-01 2026-04-05").is_empty());
    }
}
