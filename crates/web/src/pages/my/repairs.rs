//! Ask for a repair 申请修复.

use askama::Template;

use crate::pages::form::KeptPaper;
use crate::pages::{Fact, Here, Mistakes, Shell, t};

/// `/my/repairs/new`
#[derive(Template)]
#[template(path = "my/repair_new.html")]
pub struct NewRepairPage {
    /// The frame.
    pub shell: Shell,
    /// Identifier of the record.
    pub record: String,
    /// What the record is called.
    pub title: String,
    /// What it says, and from when it can be repaired.
    pub facts: Vec<Fact>,
    /// What is signed.
    pub pledge: String,
    /// What was typed.
    pub words: String,
    /// Whether the person said that all is performed.
    pub is_performed: bool,
    /// Whether he signed.
    pub has_pledged: bool,
    /// Papers that were received already.
    pub kept: Vec<KeptPaper>,
    /// Who will decide, by when.
    pub promise: String,
    /// Working days in which the court must.
    pub court_days: u32,
    /// Whether only the court takes it off its list.
    pub is_of_the_court: bool,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl NewRepairPage {
    /// A form come back with mistakes.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyCases),
            record: t("01936f2e-7c1a-7000-8000-0000000000a1"),
            title: t("行政处罚：无照经营"),
            facts: vec![Fact::new("可以申请修复", "2026年10月3日起")],
            pledge: register::repair::PLEDGE.to_owned(),
            words: t("罚款已交清。"),
            is_performed: true,
            has_pledged: false,
            kept: vec![KeptPaper { token: t("00"), name: t("收据.pdf") }],
            promise: t(
                "凌源市市场监督管理局最迟 2026年11月26日决定是否受理，最迟 2026年12月7日告知结果",
            ),
            court_days: 3,
            is_of_the_court: false,
            mistakes: Mistakes::none().and("pledge", "请阅读并签署信用承诺。"),
        }
    }

    /// A record that only the court takes off its list.
    #[must_use]
    pub fn sample_court() -> Self {
        Self {
            is_of_the_court: true,
            promise: t("凌源市人民法院最迟 2026年11月26日核对"),
            mistakes: Mistakes::none(),
            ..Self::sample()
        }
    }
}
