//! Explain a look 说明查询: on the desk of the body that looked, or in the office.

use askama::Template;

use crate::pages::case::CaseView;
use crate::pages::{Choice, Fact, Here, Link, Mistakes, Shell, Tag, Tint, t};

/// `/desk/inquiries/{id}` and `/office/inquiries/{id}`
#[derive(Template)]
#[template(path = "desk/inquiry.html")]
pub struct InquiryPage {
    /// The frame.
    pub shell: Shell,
    /// Where it leads back to.
    pub back: Link,
    /// Its own address.
    pub place: String,
    /// The case.
    pub case: CaseView,
    /// The account that looked.
    pub login: String,
    /// Was it right to look.
    pub states: Vec<Choice>,
    /// What was typed.
    pub words: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl InquiryPage {
    /// One to be explained.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::DeskToday),
            back: Link::new("/desk", "今天要办"),
            place: t("/desk/inquiries/1"),
            case: CaseView {
                number: t("WX20261118-7F3K2Q"),
                title: t("存证 48,190 的查询"),
                tag: Tag::new("等待单位说明", Tint::Underway),
                facts: vec![Fact::new("办理事项", "道路运输受理〔2026〕第0102号")],
                papers: Vec::new(),
                told: Vec::new(),
                ..CaseView::sample()
            },
            login: t("tr-clerk"),
            states: vec![
                Choice::new("explained", "应该查询，下面说明理由"),
                Choice::new("mistaken", "不应该查询，报信用办"),
            ],
            words: String::new(),
            mistakes: Mistakes::none(),
        }
    }
}
