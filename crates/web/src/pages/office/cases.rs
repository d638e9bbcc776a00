//! Cases and deadlines 办件和期限: what is open anywhere, and who keeps silent. Nobody is named.

use askama::Template;

use crate::pages::{Here, Shell, t};

/// `/office/cases`
#[derive(Template)]
#[template(path = "office/cases.html")]
pub struct CasesPage {
    /// The frame.
    pub shell: Shell,
    /// Objections that are open, soonest due first.
    pub objections: Vec<OpenCase>,
    /// Corrections that nobody has acknowledged in time.
    pub corrections: Vec<OpenCase>,
}

/// One case that somebody must act on.
#[derive(Clone, Debug)]
pub struct OpenCase {
    /// Its number, or the position in the log that it is about.
    pub number: String,
    /// Who must act.
    pub agency: String,
    /// What about.
    pub about: String,
    /// By when.
    pub due: String,
    /// Whether that is today, or over.
    pub is_soon: bool,
}

impl CasesPage {
    /// One of each.
    #[must_use]
    pub fn sample() -> Self {
        let case = |number, about, due, is_soon| OpenCase {
            number: t(number),
            agency: t("凌源市市场监督管理局"),
            about: t(about),
            due: t(due),
            is_soon,
        };
        Self {
            shell: Shell::sample_office(Here::OfficeCases),
            objections: vec![case(
                "YY20261118-7F3K2Q",
                "内容有错，希望更正",
                "还剩 2 个工作日，2026年11月25日到期",
                false,
            )],
            corrections: vec![case("存证 48,190", "已更正", "2026年11月20日到期，已逾期", true)],
        }
    }

    /// Nothing is open.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { objections: Vec::new(), corrections: Vec::new(), ..Self::sample() }
    }
}
