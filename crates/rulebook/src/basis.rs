//! Basis 依据: which article a rule rests on, and how sure we are of it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a rule is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The article itself was read.
    Read,
    /// A second source states it; the article is to be confirmed.
    Secondary,
    /// Another province's law, taken as a default until ours is known.
    Comparator,
    /// From memory; to be confirmed.
    Recalled,
    /// Our own rule, stricter than the law or where it is silent.
    Own,
}

impl Status {
    /// All, surest first.
    pub const ALL: [Self; 5] =
        [Self::Read, Self::Secondary, Self::Comparator, Self::Recalled, Self::Own];

    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Read => "已核对原文",
            Self::Secondary => "据二手材料，待核对原文",
            Self::Comparator => "参照外省市规定，待确认本省规定",
            Self::Recalled => "凭记忆，待核对原文",
            Self::Own => "本平台自定（不低于法律要求）",
        }
    }

    /// Name in the files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Secondary => "secondary",
            Self::Comparator => "comparator",
            Self::Recalled => "recalled",
            Self::Own => "own",
        }
    }

    /// Whether somebody still has to confirm the rule.
    #[must_use]
    pub const fn is_unconfirmed(self) -> bool {
        match self {
            Self::Read => false,
            Self::Secondary | Self::Comparator | Self::Recalled | Self::Own => true,
        }
    }
}

/// One citation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The act by its short title.
    pub act: String,
    /// Article or item.
    pub article: String,
    /// How it is known.
    pub status: Status,
    /// What to know about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.article.starts_with(|c: char| c.is_ascii_digit()) {
            write!(f, "{}第{}条", self.act, self.article)
        } else {
            write!(f, "{} {}", self.act, self.article)
        }
    }
}
