//! Supervision of look-ups 查询监督: cases, one case, one month. Nobody who was looked at is named.

use askama::Template;

use crate::pages::case::{CasePaper, CaseStep};
use crate::pages::form::KeptPaper;
use crate::pages::{Choice, Fact, Here, Link, Mistakes, Shell, Tag, Tint, t, ts};

/// `/office/supervision`
#[derive(Template)]
#[template(path = "office/supervision.html")]
pub struct SupervisionPage {
    /// The frame.
    pub shell: Shell,
    /// The lists in which there is something.
    pub groups: Vec<SupervisionGroup>,
    /// Whether nothing is open.
    pub is_quiet: bool,
    /// Samples about which nobody has asked yet, if this actor may ask.
    pub to_ask: u64,
    /// What the rules look for.
    pub rules: Vec<RuleText>,
}

/// A page of one list.
pub struct SupervisionGroup {
    /// What is in it.
    pub title: String,
    /// How many there are in all.
    pub in_all: String,
    /// The cases of this page.
    pub rows: Vec<SupervisionRow>,
    /// Which of them these are; empty if all are here.
    pub about: String,
    /// Where those before stand; empty if there are none.
    pub before: String,
    /// Where those after stand; empty if there are none.
    pub after: String,
}

/// One case in a list.
pub struct SupervisionRow {
    /// Where it is.
    pub href: String,
    /// Its number.
    pub number: String,
    /// The body that looked.
    pub agency: String,
    /// What it is about.
    pub about: String,
    /// How many looks.
    pub looks: String,
    /// The day of the last of them.
    pub at: String,
    /// How long the body still has; empty if it need not act.
    pub due: String,
    /// Where it stands.
    pub tag: Tag,
}

/// What a rule looks for.
pub struct RuleText {
    /// Its name.
    pub title: String,
    /// In words.
    pub says: String,
}

/// `/office/supervision/{id}` and `/desk/supervision/{id}`
#[derive(Template)]
#[template(path = "office/supervision_case.html")]
pub struct SupervisionCasePage {
    /// The frame.
    pub shell: Shell,
    /// Where it leads back to.
    pub back: Link,
    /// Its own address.
    pub place: String,
    /// Its number.
    pub number: String,
    /// What it is about.
    pub about: String,
    /// Whether the looks are the office's own.
    pub is_of_office: bool,
    /// Whether this reading was logged at whoever was looked at.
    pub is_logged: bool,
    /// Other cases about some of the same looks.
    pub beside: Vec<SupervisionRow>,
    /// Where it stands.
    pub tag: Tag,
    /// What is known.
    pub facts: Vec<Fact>,
    /// Its looks.
    pub looks: Vec<SupervisedLook>,
    /// How many there are beyond those that are named; empty if all are.
    pub more: String,
    /// What was said.
    pub steps: Vec<CaseStep>,
    /// Papers of the body.
    pub papers: Vec<CasePaper>,
    /// By when the body must explain if it is asked now; empty if this actor may not ask.
    pub ask_until: String,
    /// What is asked, as typed.
    pub ask: String,
    /// Whether this actor may explain.
    pub may_answer: bool,
    /// The explanation, as typed.
    pub words: String,
    /// Papers that were received already.
    pub kept: Vec<KeptPaper>,
    /// What this actor may find; empty if nothing.
    pub findings: Vec<Choice>,
    /// Which looks should not have been.
    pub to_tick: Vec<Choice>,
    /// That none of them should have been, also those that are not listed; empty where there is one.
    pub all_looks: String,
    /// Whether that is ticked.
    pub is_all: bool,
    /// The reasons, as typed.
    pub reasons: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl SupervisionCasePage {
    fn ask_hint(&self) -> String {
        let who = if self.is_of_office { "信用办" } else { "单位" };
        format!(
            "{who}最迟 {} 说明。最多 {} 个字，不要写姓名和号码。",
            self.ask_until,
            register::supervision::WORDS
        )
    }

    fn answer_hint(&self) -> String {
        let who =
            if self.is_of_office { "审计单位、没有参与的负责人" } else { "信用办" };
        format!(
            "写给{who}看。最多 {} 个字，写受理编号，不要写姓名和号码。",
            register::supervision::WORDS
        )
    }
}

/// One look of a case.
pub struct SupervisedLook {
    /// Its position in the log.
    pub seq: String,
    /// When.
    pub at: String,
    /// Which account.
    pub login: String,
    /// For what.
    pub what: String,
    /// In which matter.
    pub matter: String,
    /// What came of it.
    pub result: String,
    /// Whether it was found that it should not have been.
    pub is_wrongful: bool,
}

/// `/office/supervision/month`
#[derive(Template)]
#[template(path = "office/supervision_month.html")]
pub struct SupervisionMonthPage {
    /// The frame.
    pub shell: Shell,
    /// The month, as it is called.
    pub title: String,
    /// The month, as it is asked for.
    pub month: String,
    /// What the numbers are.
    pub about: Vec<String>,
    /// The tables.
    pub tables: Vec<report::FigureTable>,
    /// What is wrong with the month that was asked for.
    pub mistakes: Mistakes,
}

impl SupervisionPage {
    /// One of each kind.
    #[must_use]
    pub fn sample() -> Self {
        let row = |about, looks, due, tag| SupervisionRow {
            href: t("/office/supervision/1"),
            number: t("JD20261201-7F3K2Q"),
            agency: t("交通运输局"),
            about: t(about),
            looks: t(looks),
            at: t("2026年11月30日"),
            due: t(due),
            tag,
        };
        let group = |title, rows| SupervisionGroup {
            title: t(title),
            in_all: t("2"),
            rows,
            about: String::new(),
            before: String::new(),
            after: String::new(),
        };
        let drawn = row("抽查", "1 次", "", Tag::new("等待信用办处理", Tint::Open));
        let asked = vec![
            row(
                "短时间内大量查询",
                "16 次",
                "还剩 3 个工作日，2026年12月7日到期",
                Tag::new("等待单位说明", Tint::Underway),
            ),
            row(
                "非工作时间查询",
                "4 次",
                "2026年11月20日到期",
                Tag::new("逾期没有说明", Tint::Wrong),
            ),
        ];
        let closed = row("单位承认不应该查询", "1 次", "", Tag::new("不应该查询", Tint::Wrong));
        Self {
            shell: Shell::sample_office(Here::OfficeSupervision),
            groups: vec![
                SupervisionGroup {
                    in_all: t("120"),
                    about: t("这里是第 51 到 51 件。"),
                    before: t("/office/supervision?list=samples&page=1"),
                    after: t("/office/supervision?list=samples&page=3"),
                    ..group("抽查，等待信用办处理", vec![drawn])
                },
                group("等待单位说明", asked),
                group("已经认定", vec![closed]),
            ],
            is_quiet: false,
            to_ask: 1,
            rules: vec![RuleText {
                title: t("短时间内大量查询"),
                says: t("一个账号 10 分钟里查询 15 次以上，并且超过它平时一整天的次数。"),
            }],
        }
    }

    /// Nothing was found.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { groups: Vec::new(), is_quiet: true, to_ask: 0, ..Self::sample() }
    }
}

impl SupervisionCasePage {
    /// Found, nobody has asked yet.
    #[must_use]
    pub fn sample() -> Self {
        let look = |seq, at| SupervisedLook {
            seq: t(seq),
            at: t(at),
            login: t("tr-clerk"),
            what: t("道路运输从业资格审查"),
            matter: t("从业资格受理〔2026〕第0102号"),
            result: t("2 条信息"),
            is_wrongful: false,
        };
        Self {
            shell: Shell::sample_office(Here::OfficeSupervision),
            back: Link::new("/office/supervision", "查询监督"),
            place: t("/office/supervision/1"),
            number: t("JD20261201-7F3K2Q"),
            is_of_office: false,
            is_logged: false,
            beside: Vec::new(),
            all_looks: String::new(),
            is_all: false,
            about: t("短时间内大量查询"),
            tag: Tag::new("等待信用办处理", Tint::Open),
            facts: vec![
                Fact::new("怎样发现", "异常情形"),
                Fact::new("查询的单位", "交通运输局"),
                Fact::new("账号", "tr-clerk"),
                Fact::new("查询", "16 次，14 人"),
            ],
            looks: vec![
                look("48,190", "2026年11月30日 02:01"),
                look("48,191", "2026年11月30日 02:02"),
            ],
            more: t("另有 14 次没有列出。"),
            steps: Vec::new(),
            papers: Vec::new(),
            ask_until: t("2026年12月10日"),
            ask: String::new(),
            may_answer: false,
            words: String::new(),
            kept: Vec::new(),
            findings: vec![Choice::new("in-order", "没有问题")],
            to_tick: Vec::new(),
            reasons: String::new(),
            mistakes: Mistakes::none(),
        }
    }

    /// On the desk of the body, with a mistake.
    #[must_use]
    pub fn sample_desk() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::DeskToday),
            back: Link::new("/desk", "今天要办"),
            place: t("/desk/supervision/1"),
            tag: Tag::new("等待单位说明", Tint::Underway),
            steps: vec![CaseStep {
                title: t("信用办请交通运输局说明"),
                at: t("2026年12月1日 09:12"),
                words: vec![t("请说明为哪些事查询。")],
            }],
            ask_until: String::new(),
            may_answer: true,
            findings: Vec::new(),
            mistakes: Mistakes::none().and("words", "请写明情况和理由。"),
            ..Self::sample()
        }
    }

    /// Explained: the lead says what is found.
    #[must_use]
    pub fn sample_answered() -> Self {
        Self {
            tag: Tag::new("单位已说明，等待认定", Tint::Open),
            papers: vec![CasePaper {
                href: t("#"),
                name: t("受理单.pdf"),
                about: t("PDF，182 KB"),
                digest: t("9f86d081 884c7d65 9a2feaa0 c55ad015"),
            }],
            ask_until: String::new(),
            findings: vec![
                Choice::new("in-order", "没有问题"),
                Choice::new("not-explained", "没有说明清楚"),
                Choice::new("wrongful", "不应该查询").chosen(),
            ],
            to_tick: vec![
                Choice::new("48190", "存证 48,190，2026年11月30日 02:01").chosen(),
                Choice::new("48191", "存证 48,191，2026年11月30日 02:02"),
            ],
            all_looks: t("这件事里的全部 16 次查询都不应该"),
            is_logged: true,
            beside: SupervisionPage::sample().groups.pop().map(|one| one.rows).unwrap_or_default(),
            ..Self::sample_desk()
        }
        .in_office()
    }

    fn in_office(self) -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeSupervision),
            back: Link::new("/office/supervision", "查询监督"),
            place: t("/office/supervision/1"),
            may_answer: false,
            mistakes: Mistakes::none(),
            ..self
        }
    }
}

impl SupervisionMonthPage {
    /// A month with one table.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeSupervision),
            title: t("2026年11月"),
            month: t("2026-11"),
            about: ts(&["只统计次数和人数，没有任何人的姓名。"]),
            tables: vec![
                report::FigureTable {
                    title: t("各单位的查询"),
                    head: ts(&["单位", "查询次数", "被查询人数"]),
                    rows: vec![
                        ts(&["市场监督管理局", "1,204", "987"]),
                        ts(&["税务局", "略", "略"]),
                    ],
                    none: String::new(),
                },
                report::FigureTable {
                    title: t("抽查"),
                    head: ts(&["单位", "抽到", "已说明", "还没认定"]),
                    rows: Vec::new(),
                    none: t("没有抽到查询。"),
                },
            ],
            mistakes: Mistakes::none(),
        }
    }
}
