//! Today 今天要办.

use askama::Template;

use crate::pages::{Here, Mistakes, Shell, Tag, Tint, t};

/// `/desk`
#[derive(Template)]
#[template(path = "desk/today.html")]
pub struct TodayPage {
    /// The frame.
    pub shell: Shell,
    /// The agency, by name.
    pub agency: String,
    /// What is due, soonest first.
    pub due: Vec<DueRow>,
    /// The number of a case that is looked for.
    pub number: String,
    /// Why it was not found.
    pub mistakes: Mistakes,
    /// Files sent lately, newest first.
    pub batches: Vec<BatchRow>,
}

/// One thing to be done by a day.
pub struct DueRow {
    /// What.
    pub title: String,
    /// A line below it.
    pub detail: String,
    /// How long it still has, in working days.
    pub due: String,
    /// How far it has come: half over, nearly due, overdue.
    pub stage: Option<Tag>,
    /// Where it is done.
    pub href: String,
}

/// One file that was sent.
pub struct BatchRow {
    /// Identifier for its address.
    pub id: String,
    /// When it was sent, in full.
    pub sent_at: String,
    /// The item, by title.
    pub item: String,
    /// How far it is.
    pub state: Tag,
    /// Rows that became records.
    pub accepted: String,
    /// Rows that were known already.
    pub duplicates: String,
    /// Rows that came back.
    pub rejected: String,
}

impl TodayPage {
    /// Two files, nothing due.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell {
                flash: Some(t("您已登录。")), ..Shell::sample_clerk(Here::DeskToday)
            },
            agency: t("市场监督管理局"),
            due: Vec::new(),
            number: String::new(),
            mistakes: Mistakes::none(),
            batches: vec![
                BatchRow {
                    id: t("b2"),
                    sent_at: t("2026年11月23日 09:12"),
                    item: t("市场监管行政处罚"),
                    state: Tag::new("处理中", Tint::Underway),
                    accepted: t("8,571"),
                    duplicates: t("52"),
                    rejected: t("17"),
                },
                BatchRow {
                    id: t("b1"),
                    sent_at: t("2026年10月30日 16:40"),
                    item: t("市场监管行政处罚"),
                    state: Tag::new("已完成", Tint::Good),
                    accepted: t("214"),
                    duplicates: t("0"),
                    rejected: t("3"),
                },
            ],
        }
    }

    /// With something due.
    #[must_use]
    pub fn sample_due() -> Self {
        let due = |title, detail, due, stage: Option<Tag>| DueRow {
            title: t(title),
            detail: t(detail),
            due: t(due),
            stage,
            href: t("/desk"),
        };
        Self {
            due: vec![
                due(
                    "异议 YY20261118-7F3K2Q",
                    "“不是本人” 凌市监罚字〔2026〕98号",
                    "还剩 1 个工作日",
                    Some(Tag::new("即将到期", Tint::Open)),
                ),
                due("修复 LYXF20261119-011", "已缴清罚款，附缴款凭证", "还剩 6 个工作日", None),
            ],
            batches: Vec::new(),
            ..Self::sample()
        }
    }
}
