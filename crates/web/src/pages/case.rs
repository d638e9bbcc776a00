//! A case 办件: where it stands, what was done, which papers lie with it. The same for both sides.

use super::{Fact, Tag, Tint, t};

/// One case, for its own page.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// Identifier for its addresses.
    pub id: String,
    /// Its number.
    pub number: String,
    /// What the record is called.
    pub title: String,
    /// Where it stands.
    pub tag: Tag,
    /// What was asked, by when it must be answered.
    pub facts: Vec<Fact>,
    /// What was done, oldest first.
    pub steps: Vec<CaseStep>,
    /// Papers of both sides.
    pub papers: Vec<CasePaper>,
    /// Who was told of the change, and who has acknowledged it.
    pub told: Vec<Fact>,
    /// Whether it still needs an answer.
    pub is_open: bool,
}

/// One thing that was done.
#[derive(Clone)]
pub struct CaseStep {
    /// Who did what.
    pub title: String,
    /// When, in full.
    pub at: String,
    /// What was said with it, a paragraph a line.
    pub words: Vec<String>,
}

register::hidden!(CaseStep);

/// One paper.
#[derive(Clone, Debug)]
pub struct CasePaper {
    /// Where it is read.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What it is and how large, and who handed it in.
    pub about: String,
    /// SHA-256 of its bytes, in groups.
    pub digest: String,
}

/// One case in a list.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// Where it is.
    pub href: String,
    /// Its number.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// Where it stands.
    pub tag: Tag,
    /// By when, or when it ended.
    pub due: String,
}

impl CaseView {
    pub(crate) fn sample() -> Self {
        Self {
            id: t("01936f2e-7c1a-7000-8000-0000000000c1"),
            number: t("YY20261118-7F3K2Q"),
            title: t("行政处罚：无照经营"),
            tag: Tag::new("报送单位核查中", Tint::Open),
            facts: vec![
                Fact::new("为什么", "内容有错"),
                Fact::new("希望怎样", "更正"),
                Fact::new("由谁答复", "凌源市市场监督管理局"),
                Fact::new("单位答复", "最迟 2026年11月24日"),
                Fact::new("办结", "最迟 2026年11月30日"),
            ],
            steps: vec![CaseStep {
                title: t("您提出异议，信息已标注“有异议”，同时转交报送单位"),
                at: t("2026年11月18日 20:31"),
                words: vec![t("罚款是 150 元，不是 1500 元。"), t("收据在附件里。")],
            }],
            papers: vec![CasePaper {
                href: t("#"),
                name: t("收据.pdf"),
                about: t("PDF，182 KB，您提交"),
                digest: t("9f86d081 884c7d65 9a2feaa0 c55ad015"),
            }],
            told: vec![Fact::new("凌源市交通运输局", "11月26日发出，还没有确认")],
            is_open: true,
        }
    }
}

impl CaseRow {
    pub(crate) fn sample() -> Self {
        let case = CaseView::sample();
        Self {
            href: t("/my/objections/1"),
            number: case.number,
            title: case.title,
            tag: case.tag,
            due: t("最迟 2026年11月30日办结"),
        }
    }
}
