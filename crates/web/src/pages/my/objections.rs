//! My objections 我的异议, and my own words beside a record 本人声明.

use askama::Template;

use crate::pages::case::{CaseRow, CaseView};
use crate::pages::form::KeptPaper;
use crate::pages::{Choice, Fact, Here, Mistakes, Shell, t};

/// `/my/objections`
#[derive(Template)]
#[template(path = "my/objections.html")]
pub struct ObjectionsPage {
    /// The frame.
    pub shell: Shell,
    /// Objections, newest first.
    pub cases: Vec<CaseRow>,
}

/// `/my/objections/new`
#[derive(Template)]
#[template(path = "my/objection_new.html")]
pub struct NewObjectionPage {
    /// The frame.
    pub shell: Shell,
    /// Identifier of the record.
    pub record: String,
    /// What the record is called.
    pub title: String,
    /// What it says.
    pub facts: Vec<Fact>,
    /// Why.
    pub grounds: Vec<Choice>,
    /// What is asked for.
    pub requests: Vec<Choice>,
    /// What was typed.
    pub words: String,
    /// Papers that were received already.
    pub kept: Vec<KeptPaper>,
    /// Who will answer, by when.
    pub promise: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// `/my/objections/{id}`
#[derive(Template)]
#[template(path = "my/objection.html")]
pub struct ObjectionPage {
    /// The frame.
    pub shell: Shell,
    /// The case.
    pub case: CaseView,
    /// What the person can do against the result; empty while it is open.
    pub remedy: String,
}

/// `/my/records/{id}/statement`
#[derive(Template)]
#[template(path = "my/statement.html")]
pub struct StatementPage {
    /// The frame.
    pub shell: Shell,
    /// Identifier of the record.
    pub record: String,
    /// What the record is called.
    pub title: String,
    /// What is or was typed.
    pub words: String,
    /// Whether there is a statement already.
    pub is_there: bool,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl ObjectionsPage {
    /// One objection.
    #[must_use]
    pub fn sample() -> Self {
        Self { shell: Shell::sample_person(Here::MyObjections), cases: vec![CaseRow::sample()] }
    }

    /// None.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { cases: Vec::new(), ..Self::sample() }
    }
}

impl NewObjectionPage {
    /// A form, still empty.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyObjections),
            record: t("01936f2e-7c1a-7000-8000-0000000000a1"),
            title: t("行政处罚：无照经营"),
            facts: vec![Fact::new("文书", "凌市监罚字〔2026〕103号，2026年7月3日作出")],
            grounds: vec![
                Choice::new("not-me", "不是我，是同名或者号码弄错"),
                Choice::new("wrong-fact", "内容有错"),
            ],
            requests: vec![Choice::new("correct", "更正"), Choice::new("delete", "删除")],
            words: String::new(),
            kept: Vec::new(),
            promise: t("凌源市市场监督管理局最迟 2026年11月26日答复"),
            mistakes: Mistakes::none(),
        }
    }

    /// The form come back with mistakes and a paper that was kept.
    #[must_use]
    pub fn sample_mistakes() -> Self {
        Self {
            words: t("罚款是 150 元。"),
            kept: vec![KeptPaper { token: t("00"), name: t("收据.pdf") }],
            mistakes: Mistakes::none()
                .and("ground", "请选择为什么提出异议。")
                .and("papers", "“照片.zip”不是 PDF、JPEG、PNG 或者 OFD 文件，没有收下。"),
            ..Self::sample()
        }
    }
}

impl ObjectionPage {
    /// An open objection.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyObjections),
            case: CaseView::sample(),
            remedy: String::new(),
        }
    }

    /// One that has ended.
    #[must_use]
    pub fn sample_closed() -> Self {
        let case = CaseView { is_open: false, ..CaseView::sample() };
        Self {
            case, remedy: t("不服这个结果的，可以申请行政复议。"), ..Self::sample()
        }
    }
}

impl StatementPage {
    /// A statement to be written.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyFile),
            record: t("01936f2e-7c1a-7000-8000-0000000000a1"),
            title: t("行政处罚：无照经营"),
            words: t("执照已于 2026 年 8 月补办，罚款已交清。"),
            is_there: true,
            mistakes: Mistakes::none(),
        }
    }
}
