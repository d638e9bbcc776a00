//! Remedies against a decision 复议和诉讼: where to turn, by when, and what became of it.

use askama::Template;

use crate::pages::case::CaseView;
use crate::pages::form::KeptPaper;
use crate::pages::{Choice, Fact, Here, Mistakes, Shell, t};

/// `/my/records/{id}/remedies`
#[derive(Template)]
#[template(path = "my/remedies.html")]
pub struct RemediesPage {
    /// The frame.
    pub shell: Shell,
    /// Identifier of the record.
    pub record: String,
    /// What it is called.
    pub title: String,
    /// The document, who decided, when it was served.
    pub facts: Vec<Fact>,
    /// Before whom, and by when.
    pub ways: Vec<Way>,
    /// What else matters for this record.
    pub notes: Vec<String>,
    /// Whether a challenge is entered already.
    pub is_challenged: bool,
}

/// One way to challenge a decision.
#[derive(Clone, Debug)]
pub struct Way {
    /// What it is called.
    pub title: String,
    /// Before whom.
    pub body: String,
    /// By when, and from which day that is counted.
    pub until: String,
    /// Whether that day is over.
    pub is_over: bool,
    /// How it is done.
    pub how: String,
}

/// `/my/challenges/new`
#[derive(Template)]
#[template(path = "my/challenge_new.html")]
pub struct NewChallengePage {
    /// The frame.
    pub shell: Shell,
    /// Identifier of the record.
    pub record: String,
    /// What it is called.
    pub title: String,
    /// The form.
    pub form: ChallengeForm,
}

/// A choice, words and papers.
#[derive(Clone, Default)]
pub struct ChallengeForm {
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// What was typed.
    pub words: String,
    /// Papers that were received already.
    pub kept: Vec<KeptPaper>,
    /// What is wrong.
    pub mistakes: Mistakes,
}

register::hidden!(ChallengeForm);

/// `/my/challenges/{id}`
#[derive(Template)]
#[template(path = "my/challenge.html")]
pub struct ChallengePage {
    /// The frame.
    pub shell: Shell,
    /// The case.
    pub case: CaseView,
    /// Where the person tells how it ended; `None` once he has.
    pub form: Option<ChallengeForm>,
    /// Working days in which the body must act on the result.
    pub days: u32,
}

impl RemediesPage {
    /// A penalty that can still be challenged.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyFile),
            record: t("01936f2e-7c1a-7000-8000-0000000000a1"),
            title: t("行政处罚：无照经营"),
            facts: vec![Fact::new("文书", "凌市监罚字〔2026〕103号，2026年11月3日作出")],
            ways: vec![
                Way {
                    title: t("行政复议"),
                    body: t("凌源市人民政府"),
                    until: t("2027年1月5日以前（知道之日2026年11月6日起 60 日）"),
                    is_over: false,
                    how: t("书面或者口头申请，不收费。"),
                },
                Way {
                    title: t("行政诉讼"),
                    body: t("凌源市人民法院"),
                    until: t("2027年5月6日以前（知道之日2026年11月6日起 6 个月）"),
                    is_over: true,
                    how: t("递交起诉状。"),
                },
            ],
            notes: vec![t("复议、诉讼期间，决定一般不停止执行。")],
            is_challenged: false,
        }
    }
}

impl NewChallengePage {
    /// A form come back with mistakes.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyCases),
            record: t("01936f2e-7c1a-7000-8000-0000000000a1"),
            title: t("行政处罚：无照经营"),
            form: ChallengeForm {
                choices: vec![
                    Choice::new("reconsideration", "行政复议"),
                    Choice::new("lawsuit", "行政诉讼"),
                ],
                words: String::new(),
                kept: Vec::new(),
                mistakes: Mistakes::none().and("papers", "请交受理通知书或者立案通知书。"),
            },
        }
    }
}

impl ChallengePage {
    /// One that is going on.
    #[must_use]
    pub fn sample() -> Self {
        let form = ChallengeForm {
            choices: vec![
                Choice::new("revoked", "撤销原决定"),
                Choice::new("upheld", "维持原决定，或者驳回请求"),
            ],
            ..ChallengeForm::default()
        };
        Self {
            shell: Shell::sample_person(Here::MyCases),
            case: CaseView { told: Vec::new(), ..CaseView::sample() },
            form: Some(form),
            days: 3,
        }
    }
}
