//! Report an incident 报告信息安全事件: anybody may, and nothing personal is asked.

use askama::Template;

use crate::pages::{Choice, Here, Mistakes, Shell, t};

/// `/incident`
#[derive(Template)]
#[template(path = "portal/incident.html")]
pub struct IncidentReportPage {
    /// The frame.
    pub shell: Shell,
    /// What can have happened.
    pub kinds: Vec<Choice>,
    /// What happened, as typed.
    pub what: String,
    /// Since which day.
    pub since: String,
    /// Until which day.
    pub until: String,
    /// In which systems or places.
    pub systems: String,
    /// What has been done.
    pub measures: String,
    /// Whom to ask; only of somebody at work.
    pub contact: String,
    /// Whether somebody at work is signed in: he may be asked back.
    pub is_staff: bool,
    /// Whether a person is signed in as himself.
    pub is_citizen: bool,
    /// Whether technical tasks are for this actor.
    pub has_tasks: bool,
    /// Whether this actor may begin a drill.
    pub may_drill: bool,
    /// Whether it is one, as typed.
    pub is_drill: bool,
    /// Number of the report that was just entered; empty before.
    pub number: String,
    /// Where the office works on it; empty for all others.
    pub case: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// `/incident/tasks`
#[derive(Template)]
#[template(path = "portal/incident_tasks.html")]
pub struct IncidentTasksPage {
    /// The frame.
    pub shell: Shell,
    /// What is still to be done, soonest due first.
    pub tasks: Vec<TechnicalTask>,
}

/// One technical task.
pub struct TechnicalTask {
    /// Where it is said to be done; empty if it is for another to do.
    pub action: String,
    /// What.
    pub what: String,
    /// Who has to.
    pub owner: String,
    /// By which day, in full.
    pub due: String,
    /// Whether that day is over.
    pub is_late: bool,
}

impl IncidentReportPage {
    /// Nothing typed, nobody signed in.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Here::Elsewhere),
            kinds: vec![
                Choice::new("leak", "信息泄露"),
                Choice::new("change", "信息被改动"),
                Choice::new("loss", "信息丢失"),
                Choice::new("unlawful-look", "不应当的查看"),
            ],
            what: String::new(),
            since: String::new(),
            until: String::new(),
            systems: String::new(),
            measures: String::new(),
            contact: String::new(),
            is_staff: false,
            is_citizen: false,
            has_tasks: false,
            may_drill: false,
            is_drill: false,
            number: String::new(),
            case: String::new(),
            mistakes: Mistakes::none(),
        }
    }

    /// The office, with mistakes.
    #[must_use]
    pub fn sample_office() -> Self {
        Self {
            shell: Shell::sample_office(Here::Elsewhere),
            is_staff: true,
            may_drill: true,
            is_drill: true,
            mistakes: Mistakes::none()
                .and("kind", "请选择发生了什么。")
                .and("what", "请不要写证件号码或者手机号码。要找到是谁，信用办会查询存证。"),
            ..Self::sample()
        }
    }

    /// It has been entered.
    #[must_use]
    pub fn sample_done() -> Self {
        Self { number: t("SJ20261124-7F3K2Q"), ..Self::sample() }
    }
}

impl IncidentTasksPage {
    /// Two tasks, one late.
    #[must_use]
    pub fn sample() -> Self {
        let task = |action: &str, what: &str, due: &str, is_late| TechnicalTask {
            action: t(action),
            what: t(what),
            owner: t("operator"),
            due: t(due),
            is_late,
        };
        Self {
            shell: Shell::sample_office(Here::Elsewhere),
            tasks: vec![
                task("/incident/tasks/i/t", "更换数据库密码", "2026年11月23日", true),
                task("", "【演练】核对备份", "2026年11月30日", false),
            ],
        }
    }
}
