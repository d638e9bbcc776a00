//! Counter 窗口: for a person who is there with his document and signs.

use askama::Template;

use crate::pages::form::KeptPaper;
use crate::pages::{Choice, Fact, Here, Mistakes, Shell, t};

/// `/office/counter`
#[derive(Template)]
#[template(path = "office/counter.html")]
pub struct CounterPage {
    /// The frame.
    pub shell: Shell,
    /// Kinds of identity document.
    pub kinds: Vec<Choice>,
    /// The number, as typed.
    pub id_number: String,
    /// The name, as typed.
    pub typed_name: String,
    /// Number of the visit, as typed.
    pub matter: String,
    /// Who was found, and his records.
    pub found: Option<(String, Vec<CounterRecord>)>,
    /// The objection that was just taken: its number.
    pub taken: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// One record of the person at the counter.
pub struct CounterRecord {
    /// Where an objection to it is taken; empty if one is open.
    pub href: String,
    /// What it is called.
    pub title: String,
    /// Its document.
    pub document: String,
}

/// `/office/counter/{person}/objection`
#[derive(Template)]
#[template(path = "office/counter_objection.html")]
pub struct CounterObjectionPage {
    /// The frame.
    pub shell: Shell,
    /// Its own address.
    pub place: String,
    /// Whose record it is.
    pub person: String,
    /// Number of the visit.
    pub matter: String,
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
    /// The day, for the sheet.
    pub today: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl CounterPage {
    /// Nobody there yet.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeCounter),
            kinds: vec![Choice::new("01", "居民身份证")],
            id_number: String::new(),
            typed_name: String::new(),
            matter: String::new(),
            found: None,
            taken: String::new(),
            mistakes: Mistakes::none(),
        }
    }

    /// Somebody with two records.
    #[must_use]
    pub fn sample_found() -> Self {
        let record = |href: &str, title: &str| CounterRecord {
            href: t(href),
            title: t(title),
            document: t("示市监罚字〔2026〕103号，2026年7月3日作出"),
        };
        let records = vec![
            record("/office/counter/p/objection?record=r&matter=m", "行政处罚：无照经营"),
            record("", "行政处罚：短斤缺两"),
        ];
        Self {
            found: Some((t("柳𬭚，证件号码 **************0011"), records)),
            matter: t("窗口〔2026〕17号"),
            ..Self::sample()
        }
    }
}

impl CounterObjectionPage {
    /// A form, still empty.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeCounter),
            place: t("/office/counter/p/objection?record=r&matter=m"),
            person: t("柳𬭚，证件号码 **************0011"),
            matter: t("窗口〔2026〕17号"),
            title: t("行政处罚：无照经营"),
            facts: vec![Fact::new("文书", "示市监罚字〔2026〕103号，2026年7月3日作出")],
            grounds: vec![Choice::new("not-mine", "不是我")],
            requests: vec![Choice::new("delete", "删除")],
            words: String::new(),
            kept: Vec::new(),
            promise: t("市场监督管理局最迟2026年12月1日答复"),
            today: t("2026年11月24日"),
            mistakes: Mistakes::none(),
        }
    }
}
