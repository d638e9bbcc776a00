//! Incidents 信息安全事件 in the office: from the report to the closing, nobody affected is named.

use askama::Template;

use crate::pages::{Choice, Fact, Here, Mistakes, Shell, Tag, Tint, t};

use super::PairRow;

/// `/office/incidents`
#[derive(Template)]
#[template(path = "office/incidents.html")]
pub struct IncidentsPage {
    /// The frame.
    pub shell: Shell,
    /// Incidents, those that are open first.
    pub rows: Vec<PairRow>,
    /// How many are shown where there may be more; empty if all are.
    pub more: String,
    /// Within how many hours authority and people are told.
    pub hours: String,
}

/// `/office/incidents/{id}`
#[derive(Template)]
#[template(path = "office/incident.html")]
pub struct IncidentPage {
    /// The frame.
    pub shell: Shell,
    /// Its own address.
    pub place: String,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub tag: Tag,
    /// Whether it is a drill.
    pub is_drill: bool,
    /// What was said, and what the register adds.
    pub facts: Vec<Fact>,
    /// What happened.
    pub what: String,
    /// What was done, oldest first.
    pub steps: Vec<IncidentStep>,
    /// What was searched for, and how many each search found.
    pub searches: Vec<IncidentSearch>,
    /// How many are affected.
    pub affected: String,
    /// What authority and people are told, as it is kept.
    pub announced: Vec<Fact>,
    /// What is to be done.
    pub tasks: Vec<IncidentTask>,
    /// What this actor can do now.
    pub may: IncidentMay,
    /// Yes or no, to whether it is one.
    pub findings: Vec<Choice>,
    /// Bodies for which somebody may have looked.
    pub agencies: Vec<Choice>,
    /// Purposes for which somebody may have looked.
    pub purposes: Vec<Choice>,
    /// Items whose records it may be about.
    pub items: Vec<Choice>,
    /// By what those affected are found.
    pub searched_by: Vec<Choice>,
    /// Whether people count who looked at their own file, as typed.
    pub with_own: bool,
    /// What happened, as it was found out.
    pub kinds: Vec<Choice>,
    /// Whether the new task is technical, as typed.
    pub is_technical: bool,
    /// What was typed into a form that came back, or what stands there already.
    pub typed: Typed,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// What the actor can do with an incident now.
#[derive(Clone, Copy, Debug, Default)]
pub struct IncidentMay {
    /// Judge it.
    pub triage: bool,
    /// Say that it was none after all.
    pub withdraw: bool,
    /// Write what is told.
    pub announce: bool,
    /// Judges nothing, because he is in it himself.
    pub is_involved: bool,
    /// Say that it goes no further.
    pub contain: bool,
    /// Search, tell the authority.
    pub work: bool,
    /// Have the people told.
    pub tell: bool,
    /// Decide that they need not be.
    pub waive: bool,
    /// Keep when the authority was told.
    pub authority: bool,
    /// Say that all are told.
    pub notify: bool,
    /// Close it as the second person.
    pub close: bool,
    /// Why nobody closes it here, where it waits for another.
    pub waits: bool,
    /// Set tasks and finish them.
    pub tasks: bool,
}

/// Fields of a form, as typed.
#[derive(Clone, Debug, Default)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// What was typed into this field; empty if nothing.
    #[must_use]
    pub fn of(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text.as_str())
    }
}

/// One step.
pub struct IncidentStep {
    /// What was done.
    pub title: String,
    /// When, and by whom.
    pub at: String,
    /// What was said; empty if nothing.
    pub words: String,
}

/// One search for those affected.
pub struct IncidentSearch {
    /// When, and by whom.
    pub at: String,
    /// Which looks were meant.
    pub criteria: String,
    /// How many it found.
    pub affected: String,
}

/// One task.
pub struct IncidentTask {
    /// Its identifier; empty if it is done, or not for this actor to finish.
    pub id: String,
    /// What.
    pub what: String,
    /// Who has to, by which day, and who did.
    pub about: String,
    /// Where it stands.
    pub tag: Tag,
}

impl IncidentsPage {
    /// One waits, one is a drill.
    #[must_use]
    pub fn sample() -> Self {
        let row = |number: &str, what: &str, tag| PairRow {
            href: t("/office/incidents/i"),
            number: t(number),
            what: t(what),
            since: t("2026年11月24日 09:12"),
            tag,
        };
        Self {
            shell: Shell::sample_office(Here::OfficeIncidents),
            rows: vec![
                row("SJ20261124-7F3K2Q", "信息泄露", Tag::new("等待研判", Tint::Open)),
                row("YL20261120-8G4M3R", "演练：信息丢失", Tag::new("已办结", Tint::Good)),
            ],
            more: String::new(),
            hours: t("24"),
        }
    }

    /// Nothing has happened.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { rows: Vec::new(), ..Self::sample() }
    }
}

impl IncidentPage {
    /// It was just reported.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeIncidents),
            place: t("/office/incidents/i"),
            number: t("SJ20261124-7F3K2Q"),
            tag: Tag::new("等待研判", Tint::Open),
            is_drill: false,
            facts: vec![
                Fact::new("发生了什么", "信息泄露"),
                Fact::new("报告于", "2026年11月24日 09:12，没有登录的人"),
                Fact::new("报告和告知的期限", "2026年11月25日 09:12"),
            ],
            what: t("打印室的桌上有一叠查询结果，没有人看管。"),
            steps: vec![IncidentStep {
                title: t("报告"),
                at: t("2026年11月24日 09:12，没有登录的人"),
                words: String::new(),
            }],
            searches: Vec::new(),
            affected: t("0"),
            announced: Vec::new(),
            tasks: Vec::new(),
            may: IncidentMay { triage: true, tasks: true, ..IncidentMay::default() },
            findings: vec![Choice::new("yes", "是信息安全事件"), Choice::new("no", "不是")],
            agencies: Vec::new(),
            purposes: Vec::new(),
            items: Vec::new(),
            searched_by: Vec::new(),
            with_own: false,
            kinds: Vec::new(),
            is_technical: false,
            typed: Typed::default(),
            mistakes: Mistakes::none(),
        }
    }

    /// A drill in the middle of the work, with everything open.
    #[must_use]
    pub fn sample_work() -> Self {
        let announced = ["信息的种类", "原因", "可能的危害", "已采取的措施", "个人可以做什么"];
        Self {
            number: t("YL20261124-7F3K2Q"),
            tag: Tag::new("已确认，正在处置", Tint::Open),
            is_drill: true,
            searches: vec![IncidentSearch {
                at: t("2026年11月24日 10:02，office-clerk"),
                criteria: t("账号 mr-clerk，从 2026-11-20"),
                affected: t("3"),
            }],
            affected: t("3"),
            announced: announced.iter().map(|label| Fact::new(label, "写好的内容。")).collect(),
            tasks: vec![
                IncidentTask {
                    id: t("t"),
                    what: t("【演练】停用账号"),
                    about: t("office-lead，最迟 2026年11月24日"),
                    tag: Tag::new("正在办", Tint::Underway),
                },
                IncidentTask {
                    id: String::new(),
                    what: t("【演练】更换密码"),
                    about: t("operator 办完"),
                    tag: Tag::new("已办完", Tint::Good),
                },
            ],
            may: IncidentMay {
                contain: true,
                withdraw: true,
                announce: true,
                work: true,
                tell: true,
                waive: true,
                authority: true,
                tasks: true,
                ..IncidentMay::default()
            },
            agencies: vec![Choice::new("11999901TEMR000151", "市场监督管理局")],
            purposes: vec![Choice::new("licence-review", "行政许可审查")],
            items: vec![Choice::new("NP04-MR", "市场监管领域行政处罚")],
            searched_by: vec![
                Choice::new("looks", "谁的信息在查询里给了出去（从查询存证里找）").chosen(),
                Choice::new("records", "谁的信息被改动、丢失（按事项、批次、入库的日期找）"),
                Choice::new("everybody", "所有在册的人（整个数据库，或者备份连同密钥被拿走）"),
            ],
            kinds: vec![
                Choice::new("leak", "信息泄露").chosen(),
                Choice::new("unlawful-look", "不应当的查看"),
            ],
            mistakes: Mistakes::none().and("login", "请至少填写一项。"),
            ..Self::sample()
        }
    }

    /// It waits for the second person, who is here.
    #[must_use]
    pub fn sample_closing() -> Self {
        Self {
            tag: Tag::new("已报告和告知", Tint::Underway),
            may: IncidentMay { close: true, tasks: true, ..IncidentMay::default() },
            ..Self::sample()
        }
    }
}
