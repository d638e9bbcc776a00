//! The rulebook as loaded 规则库: what is to be confirmed, what the lint found, every rule.

use askama::Template;

use crate::pages::portal::Source;
use crate::pages::{Choice, Here, Shell, t};

/// `/office/rules`: the filter is a GET form with `topic`, `status`, `q`.
#[derive(Template)]
#[template(path = "office/rules.html")]
pub struct OfficeRulesPage {
    /// The frame.
    pub shell: Shell,
    /// When it was loaded, in full.
    pub loaded_at: String,
    /// Main rules in all, for reading.
    pub total: String,
    /// What the lint found; empty is good.
    pub findings: Vec<Finding>,
    /// Rules whose source has not been read yet, soonest review first, those without a day before.
    pub unconfirmed: Vec<UnconfirmedRule>,
    /// Topics to filter by, the first being all.
    pub topics: Vec<Choice>,
    /// Statuses to filter by, the first being all.
    pub statuses: Vec<Choice>,
    /// What was typed to search.
    pub q: String,
    /// Rules that pass the filter.
    pub rules: Vec<OfficeRule>,
}

/// What the lint found.
pub struct Finding {
    /// The file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// What is wrong.
    pub says: String,
}

/// A rule that somebody must confirm.
pub struct UnconfirmedRule {
    /// Its key.
    pub key: String,
    /// What it says.
    pub title: String,
    /// Its sources that nobody has read yet.
    pub sources: Vec<OpenSource>,
    /// By when it must be looked at again, in full.
    pub review_by: String,
    /// Whether that day is near or past.
    pub is_soon: bool,
}

/// A source that nobody has read in the original yet.
pub struct OpenSource {
    /// Act and article.
    pub source: String,
    /// How it is known, for example `二手来源`.
    pub status: String,
}

/// A rule.
pub struct OfficeRule {
    /// Its key.
    pub key: String,
    /// What it says.
    pub title: String,
    /// Since when, in full.
    pub from: String,
    /// Until when; empty if open.
    pub to: String,
    /// Its sources.
    pub sources: Vec<Source>,
}

impl OfficeRulesPage {
    /// A rulebook without findings.
    #[must_use]
    pub fn sample() -> Self {
        let open = |key, title, source, status, by, is_soon| UnconfirmedRule {
            key: t(key),
            title: t(title),
            sources: vec![OpenSource { source: t(source), status: t(status) }],
            review_by: t(by),
            is_soon,
        };
        let rule = |key, title, is_confirmed| OfficeRule {
            key: t(key),
            title: t(title),
            from: t("2026年4月1日"),
            to: String::new(),
            sources: vec![Source {
                is_confirmed, ..Source::read("行政处罚法", "第四十八条")
            }],
        };
        Self {
            shell: Shell::sample_office(Here::OfficeRules),
            loaded_at: t("2026年11月23日 08:00"),
            total: t("143"),
            findings: Vec::new(),
            unconfirmed: vec![
                open(
                    "objection-answer",
                    "异议答复：7 个工作日",
                    "外省条例，辽宁条文未见",
                    "参照",
                    "2026年12月1日",
                    true,
                ),
                open(
                    "repair-accept",
                    "修复受理：3 个工作日",
                    "国办发〔2025〕22号",
                    "二手来源",
                    "2027年3月31日",
                    false,
                ),
            ],
            topics: vec![
                Choice::new("", "全部").chosen(),
                Choice::new("items", "目录事项"),
                Choice::new("deadlines", "期限"),
            ],
            statuses: vec![Choice::new("", "全部").chosen(), Choice::new("open", "待确认")],
            q: String::new(),
            rules: vec![
                rule("NP04-MR", "市场监管行政处罚", true),
                rule("objection-answer", "异议答复：7 个工作日", false),
            ],
        }
    }

    /// With findings, and a filter that nothing passes.
    #[must_use]
    pub fn sample_findings() -> Self {
        Self {
            findings: vec![Finding {
                file: t("rulebook/items/penalties.toml"),
                line: 41,
                says: t("公示期限超过“一般”类的上限 12 个月。"),
            }],
            unconfirmed: Vec::new(),
            q: t("没有这条"),
            rules: Vec::new(),
            ..Self::sample()
        }
    }
}
