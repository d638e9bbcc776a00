//! Act on the result of a challenge 按复议、诉讼结果办理.

use askama::Template;

use crate::pages::case::CaseView;
use crate::pages::form::KeptPaper;
use crate::pages::{Choice, Here, Mistakes, RecordCard, Shell, t};

/// `/desk/challenges/{id}`
#[derive(Template)]
#[template(path = "desk/challenge.html")]
pub struct DeskChallengePage {
    /// The frame.
    pub shell: Shell,
    /// The case.
    pub case: CaseView,
    /// Who challenges: name and masked number.
    pub person: String,
    /// The record as it stands.
    pub card: RecordCard,
    /// How it may have ended.
    pub endings: Vec<Choice>,
    /// Working days in which the body must act.
    pub days: u32,
    /// What was typed.
    pub words: String,
    /// What was typed about papers that are handed in.
    pub about: String,
    /// Papers that lie on the disk already.
    pub kept: Vec<KeptPaper>,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl DeskChallengePage {
    /// One to be settled.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::DeskToday),
            case: CaseView { told: Vec::new(), ..CaseView::sample() },
            person: t("柳𬭚，证件号码 **************0011"),
            card: RecordCard::sample_shown(),
            endings: vec![Choice::new("revoked", "撤销原决定")],
            days: 3,
            words: String::new(),
            about: String::new(),
            kept: Vec::new(),
            mistakes: Mistakes::none(),
        }
    }
}
