//! Check a person for a matter 核查: the question and the answer.

use askama::Template;

use crate::pages::form::id_kinds;
use crate::pages::{Choice, Here, Mistakes, RecordCard, Shell, t, ts};

/// `/desk/check`: fields `csrf`, `id_kind`, `id_number`, `name`, `purpose`, `matter`.
#[derive(Template)]
#[template(path = "desk/check.html")]
pub struct CheckPage {
    /// The frame.
    pub shell: Shell,
    /// What was typed.
    pub form: CheckForm,
    /// What is wrong.
    pub mistakes: Mistakes,
    /// Each purpose with its statute and what it may see.
    pub hints: Vec<PurposeHint>,
}

/// What was typed.
pub struct CheckForm {
    /// Kinds of document ([`id_kinds`]).
    pub id_kinds: Vec<Choice>,
    /// Number as typed.
    pub id_number: String,
    /// Name as typed.
    pub name: String,
    /// Purposes that this agency may use, the statute as hint.
    pub purposes: Vec<Choice>,
    /// The matter's file number as typed.
    pub matter: String,
}

/// What a purpose rests on and sees.
pub struct PurposeHint {
    /// Its title.
    pub title: String,
    /// The statute.
    pub statute: String,
    /// The items, by title.
    pub sees: Vec<String>,
}

/// The answer to a check.
#[derive(Template)]
#[template(path = "desk/check_result.html")]
pub struct CheckResultPage {
    /// The frame.
    pub shell: Shell,
    /// The question, masked.
    pub asked: Asked,
    /// What this purpose may see; empty says nothing about why.
    pub facts: Vec<CheckFact>,
    /// Position in the log, as a number for addresses.
    pub log_seq: u64,
    /// Position in the log, for reading.
    pub log_seq_text: String,
    /// Hash of the leaf, in groups.
    pub log_leaf: String,
}

/// The question, masked.
pub struct Asked {
    /// Masked name.
    pub name: String,
    /// Document kind and masked number.
    pub document: String,
    /// Purpose, by title.
    pub purpose: String,
    /// Its statute.
    pub statute: String,
    /// The matter.
    pub matter: String,
    /// When, in full.
    pub at: String,
    /// By which unit and account.
    pub by: String,
}

/// One fact that this purpose may see.
pub struct CheckFact {
    /// The card; life and acts stay empty.
    pub card: RecordCard,
    /// The person's own words beside it; empty if none.
    pub statement: String,
}

impl CheckPage {
    /// Before anything was typed.
    #[must_use]
    pub fn sample() -> Self {
        let hint = |title, statute, sees: &[&str]| PurposeHint {
            title: t(title),
            statute: t(statute),
            sees: ts(sees),
        };
        Self {
            shell: Shell::sample_clerk(Here::DeskCheck),
            form: CheckForm {
                id_kinds: id_kinds("01"),
                id_number: String::new(),
                name: String::new(),
                purposes: vec![
                    Choice::new("licence-review", "行政许可审查").hint("行政许可法 第三十四条"),
                    Choice::new("fund-review", "财政资金项目审查").hint("项目主管单位的办法"),
                ],
                matter: String::new(),
            },
            mistakes: Mistakes::none(),
            hints: vec![
                hint(
                    "行政许可审查",
                    "行政许可法 第三十四条",
                    &["市场监管行政处罚", "给自然人的行政许可"],
                ),
                hint("财政资金项目审查", "项目主管单位的办法", &["严重失信主体名单信息"]),
            ],
        }
    }

    /// With everything that can be wrong.
    #[must_use]
    pub fn sample_mistakes() -> Self {
        let page = Self::sample();
        Self {
            form: CheckForm { id_number: t("99990119700101001"), ..page.form },
            mistakes: Mistakes::none()
                .and("id_number", "居民身份证号应为 18 位，请核对。")
                .and("name", "请填写姓名。")
                .and("purpose", "请选择查询用途。")
                .and("matter", "请填写正在办理的事项编号。"),
            ..page
        }
    }
}

impl CheckResultPage {
    /// One plain and one contested fact.
    #[must_use]
    pub fn sample() -> Self {
        let plain = |card: RecordCard| RecordCard {
            says: None,
            life: Vec::new(),
            acts: Vec::new(),
            facts: card.facts.into_iter().filter(|fact| fact.link.is_none()).collect(),
            ..card
        };
        Self {
            shell: Shell::sample_clerk(Here::DeskCheck),
            asked: Asked {
                name: t("柳*"),
                document: t("居民身份证 **************0011"),
                purpose: t("行政许可审查"),
                statute: t("行政许可法 第三十四条"),
                matter: t("食品经营许可 LYSJ-2026-2231"),
                at: t("2026年11月23日 10:05"),
                by: t("市场监督管理局 mr-clerk"),
            },
            facts: vec![
                CheckFact { card: plain(RecordCard::sample_shown()), statement: String::new() },
                CheckFact {
                    card: plain(RecordCard::sample_contested()),
                    statement: t("车辆当日已借给亲属，我不在现场，已提交证明。"),
                },
            ],
            log_seq: 48_231,
            log_seq_text: t("48,231"),
            log_leaf: t("9f2c41d7 03ab58e6 77c01f2a 5be9d034 c1a86f7e 20d94b53 8e6a17fc 4d05b2e9"),
        }
    }

    /// Nothing to show: the same words whether the person is unknown, has nothing, or nothing that
    /// this purpose may see.
    #[must_use]
    pub fn sample_nothing() -> Self {
        Self { facts: Vec::new(), ..Self::sample() }
    }

    /// Whether any fact is contested.
    #[must_use]
    pub fn any_contested(&self) -> bool {
        self.facts.iter().any(|fact| fact.card.is_contested)
    }
}
