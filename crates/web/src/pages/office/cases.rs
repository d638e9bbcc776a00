//! Cases and deadlines 办件和期限: what is open anywhere, and who keeps silent. Nobody is named.

use askama::Template;

use crate::pages::{Here, Shell, Tag, Tint, t};

/// `/office/cases`
#[derive(Template)]
#[template(path = "office/cases.html")]
pub struct CasesPage {
    /// The frame.
    pub shell: Shell,
    /// Cases that are open, soonest due first.
    pub open: Vec<OpenCase>,
    /// Looks that the office itself has to explain.
    pub own: Vec<OpenCase>,
    /// Looks that a body says it should not have made.
    pub mistaken: Vec<OpenCase>,
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
    /// How far it has come: half over, nearly due, overdue.
    pub stage: Option<Tag>,
    /// Where the office itself acts on it; empty where it does not.
    pub href: String,
}

impl CasesPage {
    /// One of each.
    #[must_use]
    pub fn sample() -> Self {
        let case = |number, about, due, stage: Option<(&str, Tint)>| OpenCase {
            number: t(number),
            agency: t("凌源市市场监督管理局"),
            about: t(about),
            due: t(due),
            stage: stage.map(|(text, tint)| Tag::new(text, tint)),
            href: String::new(),
        };
        Self {
            shell: Shell::sample_office(Here::OfficeCases),
            open: vec![case(
                "YY20261118-7F3K2Q",
                "异议：内容有错，希望更正",
                "还剩 2 个工作日，2026年11月25日到期",
                None,
            )],
            own: vec![OpenCase {
                href: t("/office/inquiries/1"),
                ..case(
                    "WX20261118-7F3K2Q",
                    "存证 48,190 的查询",
                    "今天到期",
                    Some(("即将到期", Tint::Open)),
                )
            }],
            mistaken: vec![case(
                "WX20261118-9F3K2Q",
                "存证 48,191 的查询",
                "2026年11月20日 09:00",
                None,
            )],
            corrections: vec![case(
                "存证 48,190",
                "已更正",
                "2026年11月20日到期，已逾期",
                Some(("已逾期", Tint::Wrong)),
            )],
        }
    }

    /// Nothing is open.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self {
            open: Vec::new(),
            own: Vec::new(),
            mistaken: Vec::new(),
            corrections: Vec::new(),
            ..Self::sample()
        }
    }
}
