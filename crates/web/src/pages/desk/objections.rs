//! Objections to answer 答复异议, corrections to acknowledge 更正通知.

use askama::Template;

use crate::pages::case::CaseView;
use crate::pages::form::KeptPaper;
use crate::pages::{Choice, Here, Mistakes, RecordCard, Shell, t};

/// `/desk/objections/{id}`
#[derive(Template)]
#[template(path = "desk/objection.html")]
pub struct DeskObjectionPage {
    /// The frame.
    pub shell: Shell,
    /// The case.
    pub case: CaseView,
    /// Who objects: name and masked number.
    pub person: String,
    /// The record as it stands.
    pub card: RecordCard,
    /// Whether it may still be extended.
    pub can_extend: bool,
    /// Working days after which a record is deleted whose body keeps silent.
    pub silence_days: u32,
    /// By how long it would be extended, in a sentence.
    pub extend_hint: String,
    /// Why it needs longer, as it was typed.
    pub why: String,
    /// How it can end.
    pub outcomes: Vec<Choice>,
    /// What can be set right, with what it says now.
    pub fields: Vec<FieldInput>,
    /// What was typed.
    pub reasons: String,
    /// Papers that were received already.
    pub kept: Vec<KeptPaper>,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// `/desk/repairs/{id}`
#[derive(Template)]
#[template(path = "desk/repair.html")]
pub struct DeskRepairPage {
    /// The frame.
    pub shell: Shell,
    /// The case.
    pub case: CaseView,
    /// Who asks: name and masked number.
    pub person: String,
    /// The record as it stands.
    pub card: RecordCard,
    /// What can be done now.
    pub decisions: Vec<Choice>,
    /// What was typed.
    pub reasons: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// One field that can be set right.
#[derive(Clone, Debug)]
pub struct FieldInput {
    /// Its name in the form.
    pub name: String,
    /// Its title.
    pub title: String,
    /// How it is written.
    pub hint: String,
    /// What it says.
    pub value: String,
    /// Whether it is long.
    pub is_long: bool,
}

/// `/desk/corrections`
#[derive(Template)]
#[template(path = "desk/corrections.html")]
pub struct CorrectionsPage {
    /// The frame.
    pub shell: Shell,
    /// What is to be acknowledged, soonest due first.
    pub corrections: Vec<CorrectionRow>,
}

/// One correction.
#[derive(Clone, Debug)]
pub struct CorrectionRow {
    /// Identifier for its address.
    pub id: String,
    /// What became of the fact.
    pub change: String,
    /// What is to be done now.
    pub next: String,
    /// The body's own matter.
    pub matter: String,
    /// When it looked, in full.
    pub looked_at: String,
    /// Position of that look in the log.
    pub seq: String,
    /// By when.
    pub due: String,
    /// Whether that day is over.
    pub is_late: bool,
}

impl DeskObjectionPage {
    /// An objection to be answered.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::DeskToday),
            case: CaseView::sample(),
            person: t("柳𬭚，居民身份证 **************0011"),
            card: RecordCard::sample_contested(),
            can_extend: true,
            silence_days: 5,
            extend_hint: t("写给本人看。延长 3 个工作日，只有一次。"),
            why: String::new(),
            outcomes: vec![
                Choice::new("corrected", "已更正"),
                Choice::new("deleted", "已删除"),
                Choice::new("confirmed", "核实无误"),
            ],
            fields: vec![
                FieldInput {
                    name: t("field-fine_fen"),
                    title: t("罚款金额"),
                    hint: t("以元为单位"),
                    value: t("1500"),
                    is_long: false,
                },
                FieldInput {
                    name: t("field-facts"),
                    title: t("违法事实"),
                    hint: String::new(),
                    value: t("经查属实。"),
                    is_long: true,
                },
            ],
            reasons: String::new(),
            kept: Vec::new(),
            mistakes: Mistakes::none(),
        }
    }
}

impl DeskRepairPage {
    /// A repair to be decided.
    #[must_use]
    pub fn sample() -> Self {
        let objection = DeskObjectionPage::sample();
        Self {
            shell: objection.shell,
            case: objection.case,
            person: objection.person,
            card: RecordCard::sample_shown(),
            decisions: vec![
                Choice::new("accepted", "受理"),
                Choice::new("granted", "准予修复"),
                Choice::new("refused", "不予修复"),
            ],
            reasons: String::new(),
            mistakes: Mistakes::none(),
        }
    }
}

impl CorrectionsPage {
    /// One correction.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::DeskCorrections),
            corrections: vec![CorrectionRow {
                id: t("01936f2e-7c1a-7000-8000-0000000000d1"),
                change: t("已更正"),
                next: t("请重新核查这件事项，改用更正以后的内容。"),
                matter: t("受理〔2026〕第118号"),
                looked_at: t("2026年11月18日 10:42"),
                seq: t("48,190"),
                due: t("2026年11月26日"),
                is_late: true,
            }],
        }
    }

    /// Nothing to acknowledge.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { corrections: Vec::new(), ..Self::sample() }
    }
}
