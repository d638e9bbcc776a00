//! Ask why somebody looked 查询疑问.

use askama::Template;

use crate::pages::{Here, Mistakes, Shell, t};

/// `/my/looks/{seq}/inquiry`
#[derive(Template)]
#[template(path = "my/inquiry_new.html")]
pub struct NewInquiryPage {
    /// The frame.
    pub shell: Shell,
    /// Position in the log, for addresses.
    pub seq: u64,
    /// Position in the log, for reading.
    pub seq_text: String,
    /// Who looked, when, why.
    pub says: String,
    /// By when it must be explained.
    pub due: String,
    /// What was typed.
    pub words: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl NewInquiryPage {
    /// A form come back with a mistake.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyLooks),
            seq: 48_190,
            seq_text: t("48,190"),
            says: t("凌源市交通运输局，2026年11月18日 10:02，道路运输从业资格审查"),
            due: t("2026年12月1日"),
            words: String::new(),
            mistakes: Mistakes::none().and("words", "请写明情况和理由。"),
        }
    }
}
