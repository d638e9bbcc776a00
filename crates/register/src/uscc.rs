//! Unified social credit code 统一社会信用代码 of an organisation (GB 32100-2015).

use std::fmt;

use thiserror::Error;

/// A code that has the right form and both check digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uscc([u8; 18]);

/// Why a text is no such code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UsccError {
    #[error("a unified social credit code has 18 characters, this has {0}")]
    Length(usize),
    #[error("character {0} does not occur in a unified social credit code")]
    Character(usize),
    #[error("the check digit of the organisation code (position 17) does not fit")]
    OrganisationCheck,
    #[error("the last check digit does not fit")]
    Check,
}

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

impl Uscc {
    /// Reads a code; lower case and full-width characters are accepted.
    ///
    /// # Errors
    /// [`UsccError`] says what does not fit.
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        let plain = crate::identity::plain_upper(text);
        let code: [u8; 18] =
            plain.as_bytes().try_into().map_err(|_| UsccError::Length(plain.chars().count()))?;
        let mut sum = 0;
        let mut weight = 1;
        for (at, byte) in code.iter().take(17).enumerate() {
            let value = value(*byte).ok_or(UsccError::Character(at + 1))?;
            sum += value * weight;
            weight = weight * 3 % 31;
        }
        let (_, rest) = code.split_at(8);
        let mut organisation = 0;
        for (byte, weight) in rest.iter().zip(ORGANISATION_WEIGHTS) {
            // GB 11714 counts letters from A = 10 without gaps.
            organisation += char::from(*byte).to_digit(36).unwrap_or(0) * weight;
        }
        let wanted = match (11 - organisation % 11) % 11 {
            10 => b'X',
            digit => b'0' + u8::try_from(digit).unwrap_or(0),
        };
        if rest.get(8) != Some(&wanted) {
            return Err(UsccError::OrganisationCheck);
        }
        let wanted = ALPHABET.get(usize::try_from((31 - sum % 31) % 31).unwrap_or(0)).copied();
        if code.last().copied() != wanted {
            return Err(UsccError::Check);
        }
        Ok(Self(code))
    }

    /// The 18 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn value(byte: u8) -> Option<u32> {
    ALPHABET.iter().position(|a| *a == byte).and_then(|at| u32::try_from(at).ok())
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uscc({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_city_has_sound_codes() {
        for code in [
            "11999901TEMR000151",
            "11999901TETR000189",
            "11999901TEHC00012D",
            "11999901TEC000012F",
            "11999901TETT0001XW",
            "11999901TELB000193",
        ] {
            assert_eq!(Uscc::parse(code).unwrap().as_str(), code);
        }
        assert_eq!(Uscc::parse(" 11999901temr000151 ").unwrap().as_str(), "11999901TEMR000151");
    }

    #[test]
    fn each_mistake_has_its_name() {
        assert_eq!(Uscc::parse("11999901TEMR00015"), Err(UsccError::Length(17)));
        assert_eq!(Uscc::parse("11999901TEMR0O0151"), Err(UsccError::Character(14)));
        assert_eq!(Uscc::parse("11999901TEMR000161"), Err(UsccError::OrganisationCheck));
        assert_eq!(Uscc::parse("11999901TEMR000152"), Err(UsccError::Check));
    }
}
