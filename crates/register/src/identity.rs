//! Identity documents 证件: kind and number, the only key by which a person is found.

use jiff::civil::Date;
use thiserror::Error;

use crate::Redacted;

/// The kinds of identity document that the register takes, by their exchange code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdKind {
    /// 01 居民身份证
    Citizen,
    /// 02 护照
    Passport,
    /// 03 港澳居民来往内地通行证
    HongKongMacauPermit,
    /// 04 台湾居民来往大陆通行证
    TaiwanPermit,
    /// 05 外国人永久居留身份证
    ForeignResident,
    /// 06 港澳居民居住证
    HongKongMacauResidence,
    /// 07 台湾居民居住证
    TaiwanResidence,
}

/// Why a kind and number cannot stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdError {
    #[error("this kind of document is not known")]
    UnknownKind,
    #[error("the number is empty")]
    Empty,
    #[error("a 15-digit number of the first generation is no longer valid")]
    FifteenDigits,
    #[error("the number does not have the form of this document")]
    Form,
    #[error("the region part of the number is not possible")]
    Region,
    #[error("the date of birth in the number does not exist")]
    BirthDate,
    #[error("the date of birth in the number lies in the future")]
    BornInFuture,
    #[error("the check digit of the number does not fit")]
    CheckDigit,
}

impl IdKind {
    /// All kinds, in the order of their codes.
    pub const ALL: [Self; 7] = [
        Self::Citizen,
        Self::Passport,
        Self::HongKongMacauPermit,
        Self::TaiwanPermit,
        Self::ForeignResident,
        Self::HongKongMacauResidence,
        Self::TaiwanResidence,
    ];

    /// The two-digit exchange code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Citizen => "01",
            Self::Passport => "02",
            Self::HongKongMacauPermit => "03",
            Self::TaiwanPermit => "04",
            Self::ForeignResident => "05",
            Self::HongKongMacauResidence => "06",
            Self::TaiwanResidence => "07",
        }
    }

    /// The name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Citizen => "居民身份证",
            Self::Passport => "护照",
            Self::HongKongMacauPermit => "港澳居民来往内地通行证",
            Self::TaiwanPermit => "台湾居民来往大陆通行证",
            Self::ForeignResident => "外国人永久居留身份证",
            Self::HongKongMacauResidence => "港澳居民居住证",
            Self::TaiwanResidence => "台湾居民居住证",
        }
    }

    /// Reads a code (`01`, `1`) or one of the names that agencies write.
    ///
    /// # Errors
    /// [`IdError::UnknownKind`].
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let plain = plain_upper(text);
        let plain = plain.strip_prefix("中华人民共和国").unwrap_or(&plain);
        let plain = ["号码", "号"].iter().find_map(|end| plain.strip_suffix(end)).unwrap_or(plain);
        if let Some(kind) = Self::ALL.into_iter().find(|kind| {
            kind.code() == plain
                || kind.code().trim_start_matches('0') == plain
                || kind.title() == plain
        }) {
            return Ok(kind);
        }
        match plain {
            "身份证" | "公民身份" | "二代身份证" | "第二代居民身份证" => {
                Ok(Self::Citizen)
            }
            "普通护照" | "外国护照" | "中国护照" => Ok(Self::Passport),
            "港澳通行证" | "回乡证" | "港澳居民往来内地通行证" => {
                Ok(Self::HongKongMacauPermit)
            }
            "台胞证" | "台湾居民往来大陆通行证" => Ok(Self::TaiwanPermit),
            "外国人永久居留证" | "永久居留身份证" => Ok(Self::ForeignResident),
            _ => Err(IdError::UnknownKind),
        }
    }
}

impl IdKind {
    /// Reads a kind as [`Self::parse`] does; where the words leave open which of two permits it is, the
    /// region in the number says so (81 and 82 Hong Kong and Macau, 83 Taiwan).
    ///
    /// # Errors
    /// [`IdError::UnknownKind`].
    pub fn parse_beside(text: &str, number: &str) -> Result<Self, IdError> {
        if plain_upper(text) != "港澳台居民居住证" {
            return Self::parse(text);
        }
        let is_taiwan = plain_upper(number).starts_with("83");
        Ok(if is_taiwan { Self::TaiwanResidence } else { Self::HongKongMacauResidence })
    }
}

/// A kind with a number that has the right form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdDocument {
    kind: IdKind,
    number: Redacted<String>,
}

impl IdDocument {
    /// Reads and normalises a number of `kind`; dates of birth after `today` are impossible.
    ///
    /// # Errors
    /// [`IdError`], which never repeats the number.
    ///
    /// # Law
    /// GB 11643-1999 公民身份号码; 出入境证件 by their printed form.
    pub fn parse(kind: IdKind, text: &str, today: Date) -> Result<Self, IdError> {
        let number = plain_upper(text);
        if number.is_empty() {
            return Err(IdError::Empty);
        }
        match kind {
            IdKind::Citizen => citizen(&number, today)?,
            IdKind::HongKongMacauResidence | IdKind::TaiwanResidence => {
                let region = number.get(..2).unwrap_or_default();
                let wanted: &[&str] =
                    if kind == IdKind::TaiwanResidence { &["83"] } else { &["81", "82"] };
                citizen(&number, today)?;
                if !wanted.contains(&region) && !number.starts_with("9999") {
                    return Err(IdError::Region);
                }
            }
            IdKind::Passport => form(&number, |n| {
                (5..=17).contains(&n.len()) && n.bytes().any(|b| b.is_ascii_digit())
            })?,
            IdKind::HongKongMacauPermit => form(&number, |n| {
                n.starts_with(['H', 'M']) && [9, 11].contains(&n.len()) && digits(n.get(1..))
            })?,
            IdKind::TaiwanPermit => form(&number, |n| {
                (n.len() == 8 && digits(Some(n))) || (n.len() == 10 && digits(n.get(..8)))
            })?,
            IdKind::ForeignResident => {
                if number.len() == 18 {
                    // The card of 2023 has 18 digits that begin with 9 and carry a check digit.
                    form(&number, |n| n.starts_with('9'))?;
                    birth_date(&number, today)?;
                    check_digit(&number)?;
                } else {
                    form(&number, |n| {
                        n.len() == 15
                            && n.get(..3).is_some_and(|c| c.bytes().all(|b| b.is_ascii_uppercase()))
                            && digits(n.get(3..))
                    })?;
                }
            }
        }
        Ok(Self { kind, number: number.into() })
    }

    /// Takes back a number that was parsed before it was stored.
    #[must_use]
    pub fn stored(kind: IdKind, number: String) -> Self {
        Self { kind, number: number.into() }
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> IdKind {
        self.kind
    }

    /// The normalised number, upper case. Personal: never log it.
    #[must_use]
    pub fn number(&self) -> &str {
        self.number.reveal()
    }

    /// The date of birth that the number itself carries, if its kind does.
    #[must_use]
    pub fn birth_date(&self) -> Option<Date> {
        match self.kind {
            IdKind::Citizen | IdKind::HongKongMacauResidence | IdKind::TaiwanResidence => {
                date_at(self.number())
            }
            IdKind::ForeignResident if self.number().len() == 18 => date_at(self.number()),
            IdKind::ForeignResident
            | IdKind::Passport
            | IdKind::HongKongMacauPermit
            | IdKind::TaiwanPermit => None,
        }
    }
}

/// The check digit that belongs to the first 17 digits of a citizen number.
#[must_use]
pub fn citizen_check_digit(first_17: &str) -> Option<char> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let mut sum = 0;
    let mut seen = 0;
    for (c, weight) in first_17.chars().zip(WEIGHTS) {
        sum += c.to_digit(10)? * weight;
        seen += 1;
    }
    if seen != 17 {
        return None;
    }
    "10X98765432".chars().nth(usize::try_from(sum % 11).ok()?)
}

/// The date of birth that the digits of a number show, whatever its kind and whether or not the rest
/// of it is sound: the 7th to the 14th character of something as long as a citizen's number.
pub(crate) fn birth_date_shown(number: &str) -> Option<Date> {
    let number = plain_upper(number);
    let is_long_enough = (16..=19).contains(&number.len());
    (is_long_enough && digits(number.get(..14))).then(|| date_at(&number)).flatten()
}

/// Trimmed, full-width folded to plain, upper case, without inner spaces and dashes.
pub(crate) fn plain_upper(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '-' | '－' | '\u{2010}'..='\u{2015}' => None,
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0),
            c if c.is_whitespace() || c.is_control() => None,
            '\u{200B}'..='\u{200F}' | '\u{FEFF}' => None,
            c => Some(c),
        })
        .flat_map(char::to_uppercase)
        .collect()
}

fn citizen(number: &str, today: Date) -> Result<(), IdError> {
    if number.len() == 15 && digits(Some(number)) {
        return Err(IdError::FifteenDigits);
    }
    form(number, |n| {
        n.len() == 18
            && digits(n.get(..17))
            && n.ends_with(|c: char| c.is_ascii_digit() || c == 'X')
    })?;
    // GB/T 2260: the first digit names a part of the country (1-8; 9 abroad and for tests).
    if number.starts_with('0') || number.get(2..4) == Some("00") {
        return Err(IdError::Region);
    }
    birth_date(number, today)?;
    check_digit(number)
}

fn birth_date(number: &str, today: Date) -> Result<(), IdError> {
    let born = date_at(number).ok_or(IdError::BirthDate)?;
    if born > today {
        return Err(IdError::BornInFuture);
    }
    if born.year() < 1880 {
        return Err(IdError::BirthDate);
    }
    Ok(())
}

fn check_digit(number: &str) -> Result<(), IdError> {
    let (first, last) = number.split_at_checked(17).ok_or(IdError::Form)?;
    let wanted = citizen_check_digit(first).ok_or(IdError::Form)?;
    if last.starts_with(wanted) { Ok(()) } else { Err(IdError::CheckDigit) }
}

fn date_at(number: &str) -> Option<Date> {
    let part = |from: usize, to: usize| number.get(from..to);
    Date::new(part(6, 10)?.parse().ok()?, part(10, 12)?.parse().ok()?, part(12, 14)?.parse().ok()?)
        .ok()
}

fn digits(text: Option<&str>) -> bool {
    text.is_some_and(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit()))
}

fn form(number: &str, fits: impl Fn(&str) -> bool) -> Result<(), IdError> {
    if number.bytes().all(|b| b.is_ascii_alphanumeric()) && fits(number) {
        Ok(())
    } else {
        Err(IdError::Form)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    fn citizen_of(text: &str) -> Result<IdDocument, IdError> {
        IdDocument::parse(IdKind::Citizen, text, date(2026, 11, 23))
    }

    #[rstest]
    #[case("999901197001010011")]
    #[case("999901198512310029")]
    #[case("999901200802290038")]
    #[case("999901201206010049")]
    #[case("999901-19700101-0011")]
    #[case("999901 19700101 0011")]
    #[case(" ９９９９０１１９７００１０１００１１ ")]
    fn sound_numbers_are_taken(#[case] number: &str) {
        assert!(citizen_of(number).is_ok());
    }

    #[rstest]
    #[case("999901197001010012", IdError::CheckDigit)]
    #[case("999901700101001", IdError::FifteenDigits)]
    #[case("999901197002300011", IdError::BirthDate)]
    #[case("999901203001010011", IdError::BornInFuture)]
    #[case("099901197001010011", IdError::Region)]
    #[case("99990119700101001", IdError::Form)]
    #[case("99990119700101A011", IdError::Form)]
    #[case("", IdError::Empty)]
    fn each_mistake_has_its_name(#[case] number: &str, #[case] error: IdError) {
        assert_eq!(citizen_of(number), Err(error));
    }

    #[rstest]
    #[case("999901201206010049", true)]
    #[case("999901201206010040", true)]
    #[case("9999012012060100", true)]
    #[case("999901-20120601-004x", true)]
    #[case("999901201213010049", false)]
    #[case("999901700101001", false)]
    #[case("E12345678", false)]
    fn a_date_of_birth_shows_through_slips(#[case] number: &str, #[case] shows: bool) {
        assert_eq!(birth_date_shown(number).is_some(), shows);
    }

    #[test]
    fn lower_case_x_is_upper_case() {
        let first = (0..200)
            .map(|n| format!("99990119800101{n:03}"))
            .find(|f| citizen_check_digit(f) == Some('X'));
        let number = format!("{}x", first.unwrap());
        assert!(citizen_of(&number).unwrap().number().ends_with('X'));
    }

    #[rstest]
    #[case(IdKind::Passport, "E12345678", true)]
    #[case(IdKind::Passport, "E1-2", false)]
    #[case(IdKind::HongKongMacauPermit, "H12345678", true)]
    #[case(IdKind::HongKongMacauPermit, "A12345678", false)]
    #[case(IdKind::TaiwanPermit, "12345678", true)]
    #[case(IdKind::TaiwanPermit, "1234567", false)]
    #[case(IdKind::ForeignResident, "USA110012345678", true)]
    #[case(IdKind::ForeignResident, "USA11001234567", false)]
    #[case(IdKind::HongKongMacauResidence, "999901197001010011", true)]
    #[case(IdKind::TaiwanResidence, "830000197001010012", false)]
    fn the_other_kinds_have_their_own_form(
        #[case] kind: IdKind,
        #[case] number: &str,
        #[case] sound: bool,
    ) {
        assert_eq!(IdDocument::parse(kind, number, date(2026, 1, 1)).is_ok(), sound);
    }

    #[test]
    fn kinds_by_code_and_name() {
        for kind in IdKind::ALL {
            assert_eq!(IdKind::parse(kind.code()), Ok(kind));
            assert_eq!(IdKind::parse(kind.title()), Ok(kind));
        }
        assert_eq!(IdKind::parse("1"), Ok(IdKind::Citizen));
        assert_eq!(IdKind::parse("身份证"), Ok(IdKind::Citizen));
        for text in ["居民身份证号", "身份证号码", "公民身份号码", "中华人民共和国居民身份证"]
        {
            assert_eq!(IdKind::parse(text), Ok(IdKind::Citizen), "{text}");
        }
        assert_eq!(IdKind::parse("护照号"), Ok(IdKind::Passport));
        assert_eq!(IdKind::parse("驾驶证"), Err(IdError::UnknownKind));
        for (number, kind) in [
            ("830000199001010017", IdKind::TaiwanResidence),
            ("810000199001010017", IdKind::HongKongMacauResidence),
        ] {
            assert_eq!(IdKind::parse_beside("港澳台居民居住证", number), Ok(kind));
        }
        assert_eq!(IdKind::parse_beside("护照", "E12345678"), Ok(IdKind::Passport));
    }

    #[test]
    fn debug_never_shows_the_number() {
        let shown = format!("{:?}", citizen_of("999901197001010011").unwrap());
        assert!(!shown.contains("1970"), "{shown}");
    }
}
