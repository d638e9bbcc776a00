//! Names 姓名: normalised so that the same name, typed in two ways, is one name; nothing is lost.

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use crate::Redacted;

/// A person's name as the register keeps it.
///
/// Unicode NFC; full-width letters, digits and spaces folded to plain ones; every middle dot that
/// agencies type (`·` `•` `・` `‧` `∙` `．` `.`between Chinese characters) becomes U+00B7; spaces
/// inside a Chinese name go. Rare characters outside the basic plane stay as they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PersonName(Redacted<String>);

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NameError {
    #[error("the name is empty")]
    Empty,
    #[error("the name is longer than {MAX_CHARS} characters")]
    TooLong,
    #[error("the name contains a digit or a sign that no name has")]
    NotAName,
}

/// Longest name, in characters: the longest full names of ethnic groups and foreigners fit.
pub const MAX_CHARS: usize = 60;

const MIDDLE_DOT: char = '·';

impl PersonName {
    /// Reads and normalises a name.
    ///
    /// # Errors
    /// [`NameError`], which never repeats the text.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        // Once more after folding: what was folded may compose with what stands behind it.
        let folded: String = text.nfc().filter_map(fold).nfc().collect();
        let name = tidy(folded.trim());
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.chars().count() > MAX_CHARS {
            return Err(NameError::TooLong);
        }
        if name
            .chars()
            .any(|c| c.is_ascii_digit() || (c.is_ascii_punctuation() && !"'-.".contains(c)))
        {
            return Err(NameError::NotAName);
        }
        Ok(Self(name.into()))
    }

    /// The normalised name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.reveal()
    }
}

fn fold(c: char) -> Option<char> {
    match c {
        '\u{2022}' | '\u{30FB}' | '\u{2027}' | '\u{2219}' | '\u{22C5}' | '\u{FF65}'
        | '\u{0387}' | '\u{2024}' | '\u{FF0E}' | '\u{25CF}' | '\u{00B7}' => Some(MIDDLE_DOT),
        '\u{3000}' | '\u{00A0}' | '\t' => Some(' '),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0),
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// Drops spaces that touch a Chinese character or a middle dot, and folds the others to one; a plain
/// full stop between Chinese characters is a middle dot.
fn tidy(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut name = String::with_capacity(text.len());
    for (at, &c) in chars.iter().enumerate() {
        let before = name.chars().next_back();
        let after = chars.iter().skip(at + 1).copied().find(|next| *next != ' ');
        let between_han = before.is_some_and(is_han) && after.is_some_and(is_han);
        match c {
            ' ' if before == Some(' ')
                || before.is_none_or(|b| is_han(b) || b == MIDDLE_DOT)
                || after.is_none_or(|a| is_han(a) || a == MIDDLE_DOT) => {}
            '.' if between_han => name.push(MIDDLE_DOT),
            c => name.push(c),
        }
    }
    name
}

fn is_han(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xE000..=0xF8FF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_typed_in_many_ways_is_one_name() {
        for text in [
            "买买提·艾力",
            "买买提•艾力",
            "买买提・艾力",
            "买买提．艾力",
            "买买提.艾力",
            " 买买提 · 艾力 ",
            "买买提·艾力\u{200B}",
        ] {
            assert_eq!(PersonName::parse(text).unwrap().as_str(), "买买提·艾力", "{text}");
        }
        assert_eq!(PersonName::parse("柳　𬭚").unwrap().as_str(), "柳𬭚");
        assert_eq!(PersonName::parse("ＬＩ　Ｍｉｎｇ").unwrap().as_str(), "LI Ming");
        for text in ["e\u{301}lan", "\u{ff45}\u{301}lan", "e\u{200B}\u{301}lan"] {
            assert_eq!(PersonName::parse(text).unwrap().as_str(), "\u{e9}lan");
        }
    }

    #[test]
    fn rare_characters_stay() {
        for name in ["𬴂㛃", "𠮷野", "㐂", "鿍"] {
            assert_eq!(PersonName::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_is_no_name_is_refused_without_repeating_it() {
        assert_eq!(PersonName::parse(" 　"), Err(NameError::Empty));
        assert_eq!(PersonName::parse("张三1"), Err(NameError::NotAName));
        assert_eq!(PersonName::parse(&"张".repeat(61)), Err(NameError::TooLong));
        assert_eq!(format!("{:?}", PersonName::parse("张三").unwrap()), "PersonName(…)");
    }
}
