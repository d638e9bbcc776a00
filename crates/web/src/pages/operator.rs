//! Operator 运维: how the system does, for whoever keeps it running. Counts, times and versions; no person, no case.

use askama::Template;

use crate::pages::{Fact, Here, Shell, Tag, Tint, t};

/// `/operator`
#[derive(Template)]
#[template(path = "operator/health.html")]
pub struct HealthPage {
    /// The frame.
    pub shell: Shell,
    /// When it was looked at, in full.
    pub looked_at: String,
    /// Whether nothing is to be done.
    pub is_well: bool,
    /// How many things do not work, or will not soon.
    pub act: usize,
    /// How many somebody should look at.
    pub watch: usize,
    /// What was found, the gravest first.
    pub rows: Vec<HealthRow>,
    /// The jobs of this process, the gravest first.
    pub jobs: Vec<JobRow>,
    /// Versions, and since when the process runs.
    pub facts: Vec<Fact>,
}

/// One thing that was looked at.
pub struct HealthRow {
    /// What.
    pub what: String,
    /// How it is, in a word.
    pub tag: Tag,
    /// What was found.
    pub says: String,
    /// What to do; empty if nothing is to be done.
    pub next: String,
}

/// One job.
pub struct JobRow {
    /// Its name, as in the messages.
    pub name: String,
    /// How it is, in a word.
    pub tag: Tag,
    /// When it last did its work.
    pub last: String,
    /// How often it failed since the process began.
    pub failures: String,
    /// What to do; empty if nothing is to be done.
    pub next: String,
}

impl HealthPage {
    /// One of each state.
    #[must_use]
    pub fn sample() -> Self {
        let row =
            |what, tag, says, next| HealthRow { what: t(what), tag, says: t(says), next: t(next) };
        let good = || Tag::new("好", Tint::Good);
        let job = |name, tag, last, failures, next| JobRow {
            name: t(name),
            tag,
            last: t(last),
            failures: t(failures),
            next: t(next),
        };
        Self {
            shell: Shell::sample_operator(Here::Operator),
            looked_at: t("2026年11月23日 10:05"),
            is_well: false,
            act: 1,
            watch: 2,
            rows: vec![
                row(
                    "表结构",
                    Tag::new("要处理", Tint::Wrong),
                    "有 1 次变更还没有执行：m0038_health。",
                    "请先备份，再运行 chengxin migrate。",
                ),
                row(
                    "备份",
                    Tag::new("留意", Tint::Open),
                    "最近一次备份在 2026年11月21日 02:00，已经过去 56 小时。",
                    "请运行 chengxin backup，并检查每天备份的定时任务。",
                ),
                row("数据库", good(), "PostgreSQL 17.2，可以访问。", ""),
                row("磁盘", good(), "数据所在的磁盘还剩 182.4 GiB。", ""),
            ],
            jobs: vec![
                job(
                    "erase",
                    Tag::new("留意", Tint::Open),
                    "2026年11月23日 09:00",
                    "1",
                    "上一次没有成功，会自动再试；原因在运行日志里，按任务名查找。",
                ),
                job("remind", good(), "2026年11月23日 10:00", "0", ""),
            ],
            facts: vec![
                Fact::new("程序版本", "0.1.0"),
                Fact::new("启动时间", "2026年11月20日 08:00"),
            ],
        }
    }

    /// All is well.
    #[must_use]
    pub fn sample_well() -> Self {
        let mut page = Self::sample();
        page.rows.retain(|row| row.next.is_empty());
        page.jobs.retain(|job| job.next.is_empty());
        Self { is_well: true, act: 0, watch: 0, ..page }
    }
}
