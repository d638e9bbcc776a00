//! Honours and volunteering 荣誉和志愿服务: by consent only.

use askama::Template;

use crate::pages::{Fact, Here, Shell, Tag, Tint, t};

/// `/my/honours`
#[derive(Template)]
#[template(path = "my/honours.html")]
pub struct HonoursPage {
    /// The frame.
    pub shell: Shell,
    /// Each kind that exists by consent.
    pub kinds: Vec<HonourKind>,
    /// For how many years a consent holds.
    pub years: String,
}

/// One kind with what is there of it.
pub struct HonourKind {
    /// Its code, for addresses.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// Where the consent stands.
    pub tag: Tag,
    /// What it is, who supplies it, until when it is allowed.
    pub facts: Vec<Fact>,
    /// Whether a consent stands that can be taken back.
    pub can_end: bool,
    /// What the button that gives consent says.
    pub gives: String,
    /// What is there.
    pub records: Vec<HonourRow>,
}

/// One honour or one entry of volunteering.
pub struct HonourRow {
    /// The record, for addresses.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Whether it is shown.
    pub tag: Tag,
    /// What it says.
    pub facts: Vec<Fact>,
}

impl HonoursPage {
    /// One kind allowed, with one honour; the other not.
    #[must_use]
    pub fn sample() -> Self {
        let kind = |code: &str, title: &str| HonourKind {
            code: t(code),
            title: t(title),
            tag: Tag::new("没有同意", Tint::Plain),
            facts: vec![Fact::new("谁报送", "总工会、民政局")],
            can_end: false,
            gives: t("同意"),
            records: Vec::new(),
        };
        Self {
            shell: Shell::sample_person(Here::MyHonours),
            kinds: vec![
                HonourKind {
                    tag: Tag::new("已同意", Tint::Good),
                    can_end: true,
                    gives: t("再同意两年"),
                    records: vec![HonourRow {
                        id: t("01936f2e-7c1a-7000-8000-0000000000c1"),
                        title: t("荣誉：示例市劳动模范"),
                        tag: Tag::new("经您同意展示", Tint::Good),
                        facts: vec![Fact::new("文书", "示工表〔2026〕7号，2026年5月1日作出")],
                    }],
                    ..kind("NP10", "荣誉")
                },
                kind("NP11", "志愿服务和捐赠"),
            ],
            years: t("2"),
        }
    }
}
