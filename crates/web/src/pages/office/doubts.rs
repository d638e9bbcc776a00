//! Doubts 实名疑问: what the identity service and the register do not agree on. It names nobody.

use askama::Template;

use crate::pages::{Here, Shell, t};

/// `/office/doubts`
#[derive(Template)]
#[template(path = "office/doubts.html")]
pub struct DoubtsPage {
    /// The frame.
    pub shell: Shell,
    /// Doubts that nobody has settled, the oldest first.
    pub doubts: Vec<DoubtRow>,
    /// Whether the reader may settle them.
    pub may_act: bool,
}

/// One doubt.
pub struct DoubtRow {
    /// Its number, which the person was told.
    pub number: String,
    /// What does not agree.
    pub what: String,
    /// Since when.
    pub at: String,
    /// Where it is settled: field `how`.
    pub settle: String,
    /// Whether the service's user can be released from whom he was bound to.
    pub may_release: bool,
}

impl DoubtsPage {
    /// One of each kind.
    #[must_use]
    pub fn sample() -> Self {
        let row = |number: &str, what: &str, may_release| DoubtRow {
            number: t(number),
            what: t(what),
            at: t("2026年11月23日 09:00"),
            settle: t("/office/doubts/01936f2e-7c1a-7000-8000-0000000000a1"),
            may_release,
        };
        Self {
            shell: Shell::sample_office(Here::Office),
            doubts: vec![
                row("SM20261123-7KQ2MX", "证件号码在登记簿里对应另一个姓名", false),
                row("SM20261123-B4H9TD", "身份服务的这个用户以前对应另一个人", true),
            ],
            may_act: true,
        }
    }

    /// None.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { doubts: Vec::new(), ..Self::sample() }
    }
}
