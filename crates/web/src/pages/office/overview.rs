//! Overview 总览.

use askama::Template;

use crate::pages::{Here, Shell, t};

/// `/office`
#[derive(Template)]
#[template(path = "office/overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub shell: Shell,
    /// Counts: batches, waiting notices, unconfirmed rules.
    pub figures: Vec<Figure>,
    /// How long ahead the office is warned, in days.
    pub ahead_days: i64,
    /// What must be seen to soon, one sentence each, in plain words.
    pub upkeep: Vec<Task>,
    /// Batches of this month by agency. Never counts of persons.
    pub agencies: Vec<AgencyRow>,
    /// Entries in the log, for reading.
    pub log_size: String,
    /// Root of the log, in groups.
    pub log_root: String,
    /// When the head was signed, in full.
    pub log_signed_at: String,
}

/// Something that the office must see to.
pub struct Task {
    /// What, and what happens otherwise.
    pub says: String,
    /// What to do.
    pub next: String,
}

/// A count.
pub struct Figure {
    /// The count, for reading.
    pub value: String,
    /// What is counted.
    pub label: String,
    /// Where to see more; empty if nowhere.
    pub href: String,
}

/// What came from one agency this month.
pub struct AgencyRow {
    /// The agency, by name.
    pub agency: String,
    /// Files.
    pub batches: String,
    /// Share of rows that came back.
    pub rejected: String,
    /// When the last file came, in full.
    pub last_at: String,
}

impl OverviewPage {
    /// An ordinary day.
    #[must_use]
    pub fn sample() -> Self {
        let figure =
            |value, label, href| Figure { value: t(value), label: t(label), href: t(href) };
        let row = |agency, batches, rejected, last| AgencyRow {
            agency: t(agency),
            batches: t(batches),
            rejected: t(rejected),
            last_at: t(last),
        };
        Self {
            shell: Shell::sample_office(Here::Office),
            figures: vec![
                figure("14", "本月报送批次", ""),
                figure("1", "正在处理", ""),
                figure("0", "没有读完的文件", ""),
                figure("36", "等待送达的告知书", ""),
                figure("9", "待确认的规则", "/office/rules#unconfirmed"),
            ],
            ahead_days: 60,
            upkeep: vec![Task {
                says: t("2027 年的放假安排还没有载入，落在 2027 年的期限都是暂定的。"),
                next: t("国务院办公厅公布以后，请载入规则库，期限会自动重新计算。"),
            }],
            agencies: vec![
                row("市场监督管理局", "9", "0.14%", "2026年11月23日 09:12"),
                row("交通运输局", "5", "2.30%", "2026年11月20日 16:02"),
            ],
            log_size: t("48,231"),
            log_root: t("1b7ee0a4 96cd2f58 0a43c7d1 e85f6b92 37d4a10c f96b85e2 5c08d71f a2b364e0"),
            log_signed_at: t("2026年11月23日 10:05"),
        }
    }
}
