//! Own statements 本人声明: what the person says beside a record; nobody edits it, nobody judges it.

use thiserror::Error;

use crate::mask;

/// Most characters.
pub const WORDS: usize = 500;

/// The person's own words beside a record.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement(String);

crate::hidden!(Statement);

/// Why words cannot stand beside a record. Never repeats them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum StatementError {
    /// Nothing was written.
    #[error("the statement is empty")]
    Empty,
    /// It is too long.
    #[error("the statement has {count} characters, at most {WORDS} are kept")]
    Long {
        /// How many there are.
        count: usize,
    },
    /// It has signs that are no text.
    #[error("the statement has signs that cannot be shown")]
    Signs,
    /// Whoever sees the record would see a number of somebody.
    #[error("the statement has an identity, card or telephone number")]
    Number,
}

impl Statement {
    /// Reads what was typed; lines stay, blanks around it go.
    ///
    /// # Errors
    /// [`StatementError`].
    ///
    /// # Law
    /// 征信业管理条例 16 — the person's own words stand beside the fact (here by our own rule).
    pub fn parse(text: &str) -> Result<Self, StatementError> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        let count = text.chars().count();
        if text.is_empty() {
            Err(StatementError::Empty)
        } else if count > WORDS {
            Err(StatementError::Long { count })
        } else if text.chars().any(|sign| sign.is_control() && sign != '\n') {
            Err(StatementError::Signs)
        } else if mask::text(text).is_some() {
            Err(StatementError::Number)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_what_the_rulebook_says() {
        let rules = rulebook::Rules::bundled().unwrap();
        assert_eq!(i64::try_from(WORDS), Ok(rules.limit("statement_chars")));
        let papers = crate::objection::PAPERS;
        assert_eq!(i64::try_from(papers), Ok(rules.limit("evidence_files")));
    }

    #[test]
    fn words_stay_as_they_were_typed() {
        let kept = Statement::parse("  已经改正，\r\n罚款也交了。𬴂 ").unwrap();
        assert_eq!(kept.as_str(), "已经改正，\n罚款也交了。𬴂");
        assert!(Statement::parse(&"𬴂".repeat(WORDS)).is_ok());
        for (text, error) in [
            (" \n", StatementError::Empty),
            ("a\u{0}b", StatementError::Signs),
            ("请打13800001111", StatementError::Number),
            ("我的号码999901197001010011", StatementError::Number),
        ] {
            assert_eq!(Statement::parse(text).unwrap_err(), error);
        }
        let long = Statement::parse(&"长".repeat(600)).unwrap_err();
        assert_eq!(long, StatementError::Long { count: 600 });
    }
}
