//! Counter 窗口: for a person who is there with his document and signs.

use askama::Template;

use crate::pages::form::KeptPaper;
use crate::pages::{Choice, Fact, Here, Mistakes, Shell, Tag, Tint, t};

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
    /// Who was found.
    pub found: Option<CounterVisitor>,
    /// The objection that was just taken: its number.
    pub taken: String,
    /// The person's words that were written in a visit that is over, a paragraph a line.
    pub unsent: Vec<String>,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// Who is at the counter.
pub struct CounterVisitor {
    /// His name, and his number masked.
    pub person: String,
    /// His records.
    pub records: Vec<CounterRecord>,
    /// The page of a letter on its way that tells him of a record; empty if there is none.
    pub letter: String,
    /// His cases, those that are open first.
    pub cases: Vec<CounterCase>,
}

/// One case of the person at the counter.
pub struct CounterCase {
    /// Its number.
    pub number: String,
    /// What it is.
    pub title: String,
    /// Where it stands.
    pub tag: Tag,
    /// How it ended, where that does not say it; may be empty.
    pub outcome: String,
    /// By when, or when it ended.
    pub due: String,
}

/// One record of the person at the counter.
pub struct CounterRecord {
    /// Where an objection to it is taken; empty if none can be.
    pub href: String,
    /// Why none can be, or what stands beside it; may be empty.
    pub says: String,
    /// What it is called; of what is archived only the kind of its document.
    pub title: String,
    /// Its document.
    pub document: String,
}

/// `/office/counter/objection`
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
            unsent: Vec::new(),
            mistakes: Mistakes::none(),
        }
    }

    /// Somebody with records of every kind, a letter on its way, and two cases.
    #[must_use]
    pub fn sample_found() -> Self {
        let record = |href: &str, says: &str, title: &str| CounterRecord {
            href: t(href),
            says: t(says),
            title: t(title),
            document: t("示市监罚字〔2026〕103号，2026年7月3日作出"),
        };
        let place = "/office/counter/objection?visit=v&record=r";
        let records = vec![
            record(place, "", "行政处罚：无照经营"),
            record(place, "信用办正在核查这条信息", "行政处罚：掺杂掺假"),
            record("", "正在异议中", "行政处罚：短斤缺两"),
            CounterRecord {
                document: t("示市监罚字〔2025〕7号"),
                ..record("", "已封存，两个人同意才能启封", "行政处罚决定书")
            },
        ];
        let cases = vec![
            CounterCase {
                number: t("YY20261118-7F3K2Q"),
                title: t("异议：内容有错"),
                tag: Tag::new("核查中", Tint::Open),
                outcome: String::new(),
                due: t("最迟 2026年11月30日 办结"),
            },
            CounterCase {
                number: t("FS20260901-2B4C6D"),
                title: t("复议、诉讼登记：行政复议"),
                tag: Tag::new("已办结", Tint::Over),
                outcome: t("维持原决定，或者驳回请求"),
                due: t("2026年10月9日 办结"),
            },
        ];
        let person = t("柳𬭚，证件号码 **************0011");
        Self {
            found: Some(CounterVisitor { person, records, letter: t("/office/letters/p"), cases }),
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
            place: t("/office/counter/objection?visit=v&record=r"),
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
