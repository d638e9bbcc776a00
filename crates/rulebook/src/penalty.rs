//! Kinds of penalty 处罚种类, procedures and classes, as the law names them.

use serde::{Deserialize, Serialize};

/// How grave a matter is, by its sector's standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// 轻微: in principle not displayed.
    Slight,
    /// 一般
    General,
    /// 严重
    Serious,
}

impl Severity {
    /// All, lightest first.
    pub const ALL: [Self; 3] = [Self::Slight, Self::General, Self::Serious];

    /// Name in the files and the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Slight => "slight",
            Self::General => "general",
            Self::Serious => "serious",
        }
    }

    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Slight => "轻微",
            Self::General => "一般",
            Self::Serious => "严重",
        }
    }

    /// The class of that name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }
}

/// Procedure of a penalty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Procedure {
    /// 简易程序（当场处罚）, 行政处罚法 51
    Simple,
    /// 普通程序
    Ordinary,
}

impl Procedure {
    /// Reads what agencies write.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        match plain.to_lowercase().as_str() {
            "简易程序" | "简易" | "当场处罚" | "当场" | "simple" | "1" => {
                Some(Self::Simple)
            }
            "普通程序" | "一般程序" | "普通" | "一般" | "ordinary" | "2" => {
                Some(Self::Ordinary)
            }
            _ => None,
        }
    }
}

macro_rules! kinds {
    ($($name:ident = $code:literal, $title:literal;)*) => {
        /// A kind of penalty by 行政处罚法 9; the numbers are the exchange's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the titles say it")]
        pub enum PenaltyKind { $($name,)* }

        impl PenaltyKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its number.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self { $(Self::$name => $code,)* }
            }

            /// Its name.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

kinds! {
    Warning = 11, "警告";
    Criticism = 12, "通报批评";
    Fine = 21, "罚款";
    GainsConfiscated = 22, "没收违法所得";
    GoodsConfiscated = 23, "没收非法财物";
    LicenceSuspended = 31, "暂扣许可证件";
    Downgraded = 32, "降低资质等级";
    LicenceRevoked = 33, "吊销许可证件";
    BusinessRestricted = 41, "限制开展生产经营活动";
    BusinessStopped = 42, "责令停产停业";
    BusinessClosed = 43, "责令关闭";
    OccupationRestricted = 44, "限制从业";
    Detention = 51, "行政拘留";
    Other = 99, "法律、行政法规规定的其他行政处罚";
}

/// A word that is no kind of penalty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownKind;

impl PenaltyKind {
    /// Reads one or several kinds, by number or words, as agencies join them.
    ///
    /// # Errors
    /// [`UnknownKind`] if one of them is none, or there is none at all.
    pub fn from_text(text: &str) -> Result<Vec<Self>, UnknownKind> {
        let mut kinds = Vec::new();
        // The one title that holds a separator itself.
        let text = text.replace(Self::Other.title(), "其他");
        for word in text.split([';', '；', '、', ',', '，', '/', '|', '\n']) {
            let word = word.trim().trim_end_matches(['。', '.']);
            if word.is_empty() {
                continue;
            }
            let found = Self::in_words(word);
            if found.is_empty() {
                return Err(UnknownKind);
            }
            kinds.extend(found);
        }
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() { Err(UnknownKind) } else { Ok(kinds) }
    }

    /// Every kind that a word or a short sentence names.
    fn in_words(word: &str) -> Vec<Self> {
        let exact = |kind: &Self| word.parse() == Ok(kind.code()) || kind.title() == word;
        if let Some(kind) = Self::ALL.iter().copied().find(exact) {
            return vec![kind];
        }
        // `暂扣或者吊销许可证件` is the heading of a list, not what somebody decided.
        if word.contains('或') {
            return Vec::new();
        }
        if ["不予", "免予", "免于", "免除"].iter().any(|no| word.contains(no)) {
            return Vec::new();
        }
        let mut rest = word.to_owned();
        let mut found = Vec::new();
        for (part, kind) in WORDS {
            if rest.contains(part) {
                found.push(*kind);
                // What was understood says nothing more: 没收违法所得 is not also 没收.
                rest = rest.replace(part, "");
            }
        }
        if found.is_empty() && rest.contains("其他") {
            found.push(Self::Other);
        }
        found
    }
}

/// Words that agencies use for the kinds, the longer before those that they hold.
const WORDS: &[(&str, PenaltyKind)] = &[
    ("没收违法所得", PenaltyKind::GainsConfiscated),
    ("没收非法财物", PenaltyKind::GoodsConfiscated),
    ("违法所得", PenaltyKind::GainsConfiscated),
    ("非法财物", PenaltyKind::GoodsConfiscated),
    ("没收", PenaltyKind::GoodsConfiscated),
    ("罚款", PenaltyKind::Fine),
    ("暂扣", PenaltyKind::LicenceSuspended),
    ("吊销", PenaltyKind::LicenceRevoked),
    ("降低资质", PenaltyKind::Downgraded),
    ("停产停业", PenaltyKind::BusinessStopped),
    ("关闭", PenaltyKind::BusinessClosed),
    ("限制从业", PenaltyKind::OccupationRestricted),
    ("职业禁入", PenaltyKind::OccupationRestricted),
    ("限制开展生产经营", PenaltyKind::BusinessRestricted),
    ("拘留", PenaltyKind::Detention),
    ("通报批评", PenaltyKind::Criticism),
    ("警告", PenaltyKind::Warning),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_number_and_words() {
        use PenaltyKind::{Fine, GainsConfiscated, Warning};
        assert_eq!(PenaltyKind::from_text("罚款"), Ok(vec![Fine]));
        assert_eq!(PenaltyKind::from_text("21;22"), Ok(vec![Fine, GainsConfiscated]));
        assert_eq!(PenaltyKind::from_text("罚款、没收违法所得"), Ok(vec![Fine, GainsConfiscated]));
        assert_eq!(PenaltyKind::from_text("警告，并处罚款"), Ok(vec![Warning, Fine]));
        assert_eq!(PenaltyKind::from_text("教育"), Err(UnknownKind));
        use PenaltyKind::{BusinessStopped, GoodsConfiscated, LicenceRevoked};
        for (words, kinds) in [
            ("吊销许可证件并处罚款", vec![Fine, LicenceRevoked]),
            ("没收违法所得并处罚款", vec![Fine, GainsConfiscated]),
            ("没收违法所得和非法财物", vec![GainsConfiscated, GoodsConfiscated]),
            ("责令停产停业和罚款", vec![Fine, BusinessStopped]),
            ("警告 罚款", vec![Warning, Fine]),
        ] {
            assert_eq!(PenaltyKind::from_text(words), Ok(kinds), "{words}");
        }
        assert_eq!(PenaltyKind::from_text("免予罚款"), Err(UnknownKind));
        assert_eq!(PenaltyKind::from_text("暂扣或者吊销许可证件"), Err(UnknownKind));
        assert_eq!(PenaltyKind::from_text(" "), Err(UnknownKind));
        for kind in PenaltyKind::ALL {
            assert_eq!(PenaltyKind::from_text(&kind.code().to_string()), Ok(vec![*kind]));
            assert_eq!(PenaltyKind::from_text(kind.title()), Ok(vec![*kind]), "{}", kind.title());
        }
    }
}
