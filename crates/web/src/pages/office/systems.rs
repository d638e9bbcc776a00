//! Systems 业务系统: which machines there are, when they were last used, when their secrets end.

use askama::Template;

use crate::pages::{Here, Shell, Tag, Tint, t};

/// `/office/systems`
#[derive(Template)]
#[template(path = "office/systems.html")]
pub struct SystemsPage {
    /// The frame.
    pub shell: Shell,
    /// How long ahead the office is warned, in days.
    pub ahead_days: i64,
    /// How many must be seen to.
    pub ending: usize,
    /// The machines, those first that somebody must see to.
    pub systems: Vec<SystemRow>,
}

/// One machine. It names no person.
pub struct SystemRow {
    /// What the log calls it.
    pub login: String,
    /// Its body, by name.
    pub agency: String,
    /// What it was let in for, one sentence each.
    pub scope: Vec<String>,
    /// When it was last used, to the hour.
    pub last_used: String,
    /// The last day of its last secret.
    pub ends: String,
    /// Whether two secrets open something now: the old one has not ended yet.
    pub has_two: bool,
    /// How it stands.
    pub tag: Tag,
}

impl SystemsPage {
    /// One of each kind.
    #[must_use]
    pub fn sample() -> Self {
        let row = |login, agency, last, ends, tag| SystemRow {
            login: t(login),
            agency: t(agency),
            scope: vec![t("本单位的全部用途和事项")],
            last_used: t(last),
            ends: t(ends),
            has_two: false,
            tag,
        };
        let narrow = vec![t("查询：行政许可审查"), t("报送：市场监管行政处罚")];
        Self {
            shell: Shell::sample_office(Here::OfficeSystems),
            ahead_days: 30,
            ending: 2,
            systems: vec![
                row(
                    "system-tr",
                    "交通运输局",
                    "还没有用过",
                    "2026年11月20日",
                    Tag::new("已经过期", Tint::Wrong),
                ),
                SystemRow {
                    scope: narrow,
                    ..row(
                        "system-mr",
                        "市场监督管理局",
                        "2026年11月23日 09:05",
                        "2026年12月10日",
                        Tag::new("快要到期", Tint::Open),
                    )
                },
                SystemRow {
                    has_two: true,
                    ..row(
                        "system-hr",
                        "人力资源和社会保障局",
                        "2026年11月23日 10:40",
                        "2027年11月18日",
                        Tag::new("有效", Tint::Good),
                    )
                },
                row(
                    "system-old",
                    "税务局",
                    "2026年3月2日 16:00",
                    "2026年3月3日",
                    Tag::new("已经停用", Tint::Over),
                ),
            ],
        }
    }

    /// None yet.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { ending: 0, systems: Vec::new(), ..Self::sample() }
    }
}
