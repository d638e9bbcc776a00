//! Which characters can be drawn, and what stands for those that cannot.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fonts;

/// Characters of `text` that no font here can draw, in order of code point, each once.
///
/// For a form that wants to warn before anything is printed.
pub fn unprintable(text: &str) -> Vec<char> {
    let mut missing = BTreeSet::new();
    clean(text, &mut missing);
    missing.into_iter().collect()
}

/// Every string in `value` made printable; what could not be drawn is added to `missing`.
pub(crate) fn clean_all(value: &mut Value, missing: &mut BTreeSet<char>) {
    match value {
        Value::String(text) => *text = clean(text, missing),
        Value::Array(values) => values.iter_mut().for_each(|value| clean_all(value, missing)),
        Value::Object(fields) => fields.values_mut().for_each(|value| clean_all(value, missing)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn clean(text: &str, missing: &mut BTreeSet<char>) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => clean.push('\n'),
            '\t' | '\u{a0}' => clean.push(' '),
            '\r' => {}
            // They choose between forms of one character; the fonts have one form each.
            '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => {}
            character if !is_invisible(character) && fonts::can_draw(character) => {
                clean.push(character);
            }
            character => {
                missing.insert(character);
                clean.push_str(&format!("[U+{:04X}]", u32::from(character)));
            }
        }
    }
    clean
}

/// Characters that show nothing but move or turn what is around them: shown by number, so that nobody
/// is misled by a text that reads otherwise than it is stored.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_drawn_is_named_by_number() {
        let mut missing = BTreeSet::new();
        assert_eq!(clean("张\u{2ebf0}三\u{202e}", &mut missing), "张[U+2EBF0]三[U+202E]");
        assert_eq!(missing.into_iter().collect::<Vec<_>>(), ['\u{202e}', '\u{2ebf0}']);
    }

    #[test]
    fn ordinary_and_rare_characters_stay_as_they_are() {
        for text in ["王建国", "𬴂㛃𫍯䶮", "阿卜杜·热合曼", "A a 1 ％（）", "𠀀𪜀𫠝𬺰"]
        {
            assert_eq!(unprintable(text), Vec::<char>::new(), "{text}");
        }
    }

    #[test]
    fn variants_of_form_are_one_character() {
        assert_eq!(clean("葛\u{e0100}", &mut BTreeSet::new()), "葛");
    }
}
