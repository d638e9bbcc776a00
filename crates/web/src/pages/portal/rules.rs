//! The rulebook in plain words 规则与目录.

use askama::Template;

use crate::pages::{Here, Shell, t, ts};

/// `/rules`
#[derive(Template)]
#[template(path = "portal/rules.html")]
pub struct RulesPage {
    /// The frame.
    pub shell: Shell,
    /// The day on which the rulebook was answered, in full.
    pub as_of: String,
    /// Items, by kind.
    pub groups: Vec<RuleGroup>,
    /// How long which class is displayed.
    pub periods: Vec<PeriodRow>,
    /// Who may look, for what.
    pub purposes: Vec<PurposeRow>,
    /// Why each of it may be, as it was assessed.
    pub assessments: Vec<AssessmentRow>,
    /// Kinds of data that are never taken.
    pub never: Vec<String>,
}

/// Items of one kind.
pub struct RuleGroup {
    /// Anchor.
    pub id: String,
    /// For example `行政处罚`.
    pub title: String,
    /// Its items.
    pub items: Vec<RuleItem>,
}

/// What may be recorded, by whom, how long, for whose eyes.
pub struct RuleItem {
    /// Catalogue code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What it is, as a sentence.
    pub what: String,
    /// What is recorded.
    pub fields: Vec<String>,
    /// Units that may supply it, by name.
    pub supplied_by: Vec<String>,
    /// How long it is displayed, as a sentence.
    pub how_long: String,
    /// Purposes that may see it, by title.
    pub purposes: Vec<String>,
    /// Where the law says so.
    pub sources: Vec<Source>,
}

/// A place in the law.
pub struct Source {
    /// The act.
    pub act: String,
    /// The article, for example `第四十八条`.
    pub article: String,
    /// Whether the text was read; otherwise `待确认` is shown.
    pub is_confirmed: bool,
}

/// How long a class is displayed.
pub struct PeriodRow {
    /// The class.
    pub class: String,
    /// From when repair can be asked.
    pub repair_from: String,
    /// When display ends by itself.
    pub ends: String,
}

/// An impact assessment, as everybody sees it.
pub struct AssessmentRow {
    /// Its title.
    pub title: String,
    /// Items and purposes that rest on it.
    pub about: String,
    /// What follows from it.
    pub conclusion: String,
    /// When it was approved, in full.
    pub approved_on: String,
    /// When it must be done again, in full.
    pub review_by: String,
}

/// A purpose of looking.
pub struct PurposeRow {
    /// Its title.
    pub title: String,
    /// The statute.
    pub statute: String,
    /// The items that it may see.
    pub sees: Vec<String>,
}

impl Source {
    /// A source whose text was read.
    #[must_use]
    pub fn read(act: &str, article: &str) -> Self {
        Self { act: t(act), article: t(article), is_confirmed: true }
    }
}

impl RulesPage {
    /// With a few items.
    #[must_use]
    pub fn sample() -> Self {
        let fields = ts(&[
            "文书号",
            "违法行为类型",
            "处罚依据",
            "处罚类别",
            "处罚内容",
            "金额",
            "决定日期",
            "送达日期",
        ]);
        let penalty = |code, title, by| RuleItem {
            what: t("某一领域作出的行政处罚决定。"),
            code: t(code),
            title: t(title),
            fields: fields.clone(),
            supplied_by: vec![t(by)],
            how_long: t("按轻微、一般、严重分类，最长 3 个月、1 年、3 年"),
            purposes: ts(&["行政许可审查", "财政资金项目审查"]),
            sources: vec![
                Source::read("行政处罚法", "第四十八条"),
                Source {
                    is_confirmed: false,
                    ..Source::read("信用修复管理办法（2026）", "第四条")
                },
            ],
        };
        Self {
            shell: Shell::sample(Here::Rules),
            as_of: t("2026年11月23日"),
            groups: vec![
                RuleGroup {
                    id: t("penalty"),
                    title: t("行政处罚"),
                    items: vec![
                        penalty("NP04-MR", "市场监管行政处罚", "市场监督管理局"),
                        penalty("NP04-TR", "交通运输行政处罚", "交通运输局"),
                    ],
                },
                RuleGroup {
                    id: t("licence"),
                    title: t("行政许可"),
                    items: vec![RuleItem {
                        code: t("NP03"),
                        title: t("给自然人的行政许可"),
                        what: t("自然人取得的行政许可。"),
                        fields: ts(&["许可编号", "许可内容", "有效期自", "有效期至", "当前状态"]),
                        supplied_by: ts(&["市场监督管理局", "卫生健康局"]),
                        how_long: t("许可有效期内"),
                        purposes: ts(&["行政许可审查"]),
                        sources: vec![Source::read("行政许可法", "第四十条")],
                    }],
                },
            ],
            periods: vec![
                PeriodRow {
                    class: t("轻微"),
                    repair_from: t("改正后随时"),
                    ends: t("原则上不展示；需要展示的，最长 3 个月"),
                },
                PeriodRow {
                    class: t("一般"), repair_from: t("满 3 个月"), ends: t("最长 1 年")
                },
                PeriodRow {
                    class: t("严重"), repair_from: t("满 1 年"), ends: t("最长 3 年")
                },
            ],
            purposes: vec![PurposeRow {
                title: t("行政许可审查"),
                statute: t("行政许可法 第三十四条"),
                sees: ts(&["市场监管行政处罚", "给自然人的行政许可"]),
            }],
            assessments: vec![AssessmentRow {
                title: t("归集行政处罚信息的影响评估"),
                about: t("市场监管行政处罚、交通运输行政处罚"),
                conclusion: t("可以归集。"),
                approved_on: t("2026年11月20日"),
                review_by: t("2027年11月30日"),
            }],
            never: ts(&[
                "宗教信仰、基因、指纹、血型、疾病和病史",
                "收入、存款、有价证券、商业保险、不动产、纳税数额",
                "民族、婚姻、家庭成员、行踪、通讯录、社交和购物",
                "信访、欠缴物业费水电费、献血、健康码、学习成绩",
                "治安管理违法记录、未成年人的任何记录",
            ]),
        }
    }
}
