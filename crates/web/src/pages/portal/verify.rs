//! Verify a report 核验报告: is it ours, and does it still hold. Names nobody.

use askama::Template;

use crate::pages::{Here, Mistakes, Shell, Tag, Tint, t};

/// `/verify`
#[derive(Template)]
#[template(path = "portal/verify.html")]
pub struct VerifyPage {
    /// The frame.
    pub shell: Shell,
    /// The code, as typed or scanned.
    pub code: String,
    /// The answer.
    pub answer: Option<Verified>,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// What is said of a report.
#[derive(Clone, Debug)]
pub struct Verified {
    /// In a word.
    pub tag: Tag,
    /// In a sentence.
    pub says: String,
    /// Its number; empty if there is none.
    pub number: String,
    /// When it was issued.
    pub issued_at: String,
}

impl VerifyPage {
    /// Nothing asked yet.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Here::Elsewhere),
            code: String::new(),
            answer: None,
            mistakes: Mistakes::none(),
        }
    }

    /// A report whose facts have changed.
    #[must_use]
    pub fn sample_superseded() -> Self {
        Self {
            code: t("2345-6789-ABCD-EFGH"),
            answer: Some(Verified {
                tag: Tag::new("内容有变化", Tint::Open),
                says: t(
                    "这个核验码的报告是本平台出具的，但是出具以后登记的内容有变化，请向本人要一份新的。",
                ),
                number: t("BG20261124-7F3K2Q"),
                issued_at: t("2026年11月24日 10:05"),
            }),
            ..Self::sample()
        }
    }
}
