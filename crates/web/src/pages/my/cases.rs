//! My cases 我的办件: what I asked for, and how far it has come.

use askama::Template;

use crate::pages::case::{CaseRow, CaseView};
use crate::pages::{Here, Mistakes, Shell, t};

/// `/my/cases`
#[derive(Template)]
#[template(path = "my/cases.html")]
pub struct CasesPage {
    /// The frame.
    pub shell: Shell,
    /// Objections, newest first.
    pub objections: Vec<CaseRow>,
    /// Repairs, newest first.
    pub repairs: Vec<CaseRow>,
    /// Challenges of decisions, newest first.
    pub challenges: Vec<CaseRow>,
    /// Questions about looks, newest first.
    pub inquiries: Vec<CaseRow>,
}

/// `/my/objections/{id}`, `/my/repairs/{id}` and `/my/inquiries/{id}`
#[derive(Template)]
#[template(path = "my/case.html")]
pub struct CasePage {
    /// The frame.
    pub shell: Shell,
    /// What kind of case it is.
    pub kind: String,
    /// Its own address.
    pub place: String,
    /// The case.
    pub case: CaseView,
    /// Whether the person can take it back.
    pub can_withdraw: bool,
    /// Where the person says what he thinks of the proposal to revoke his repair.
    pub hearing: Option<Hearing>,
    /// What the person can do against the result; empty while it is open.
    pub remedy: String,
}

/// What the person says before a decision against him.
#[derive(Clone, Default)]
pub struct Hearing {
    /// By when.
    pub until: String,
    /// What was typed.
    pub words: String,
    /// What is wrong.
    pub mistakes: Mistakes,
    /// Whether nothing can be said any more: what was typed is given back.
    pub is_over: bool,
}

register::hidden!(Hearing);

impl CasesPage {
    /// One objection.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyCases),
            objections: vec![CaseRow::sample()],
            repairs: Vec::new(),
            challenges: Vec::new(),
            inquiries: Vec::new(),
        }
    }

    /// None.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { objections: Vec::new(), ..Self::sample() }
    }
}

impl CasePage {
    /// An open objection.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyCases),
            kind: t("异议"),
            place: t("/my/objections/1"),
            case: CaseView::sample(),
            can_withdraw: true,
            hearing: None,
            remedy: String::new(),
        }
    }

    /// One that has ended.
    #[must_use]
    pub fn sample_closed() -> Self {
        let case = CaseView { is_open: false, ..CaseView::sample() };
        let remedy = t("不服这个结果的，可以申请行政复议。");
        Self { case, can_withdraw: false, remedy, ..Self::sample() }
    }

    /// A repair that its body proposes to revoke.
    #[must_use]
    pub fn sample_hearing() -> Self {
        let hearing = Hearing { until: t("2026年12月1日"), ..Hearing::default() };
        Self {
            kind: t("修复"),
            place: t("/my/repairs/1"),
            can_withdraw: false,
            hearing: Some(hearing),
            ..Self::sample()
        }
    }
}
