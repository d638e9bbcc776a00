//! Openings 启封 and deaths 去世登记: what two people do together.

use askama::Template;

use crate::pages::case::CasePaper;
use crate::pages::form::{KeptPaper, id_kinds};
use crate::pages::{Choice, Fact, Here, Mistakes, RecordCard, Shell, Tag, Tint, t};

/// One request or note in a list.
pub struct PairRow {
    /// Where it is; empty for those who only audit.
    pub href: String,
    /// Its number.
    pub number: String,
    /// What it is about, without naming anybody.
    pub what: String,
    /// Since when.
    pub since: String,
    /// Where it stands.
    pub tag: Tag,
}

/// Who it is about, as typed into a form.
pub struct WhoForm {
    /// Kinds of identity document.
    pub kinds: Vec<Choice>,
    /// The number.
    pub id_number: String,
    /// The name.
    pub typed_name: String,
    /// Number of the visit or matter.
    pub matter: String,
}

impl WhoForm {
    /// Nothing typed yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            kinds: id_kinds("01"),
            id_number: String::new(),
            typed_name: String::new(),
            matter: String::new(),
        }
    }
}

/// `/office/openings`
#[derive(Template)]
#[template(path = "office/openings.html")]
pub struct OpeningsPage {
    /// The frame.
    pub shell: Shell,
    /// Requests, what waits first.
    pub rows: Vec<PairRow>,
    /// How many are shown where there may be more; empty if all are.
    pub more: String,
    /// For how many hours it is open.
    pub hours: String,
    /// Whether this actor may ask.
    pub may_act: bool,
}

/// `/office/openings/new` and `/office/openings/relative`
#[derive(Template)]
#[template(path = "office/opening_new.html")]
pub struct OpeningNewPage {
    /// The frame.
    pub shell: Shell,
    /// Its own address.
    pub place: String,
    /// Whether a relative of somebody who has died asks.
    pub is_relative: bool,
    /// Whose file it is about.
    pub who: WhoForm,
    /// Why.
    pub grounds: Vec<Choice>,
    /// What for.
    pub wishes: Vec<Choice>,
    /// Number of the decision.
    pub document_no: String,
    /// The relative's name.
    pub relative_name: String,
    /// Number of his document.
    pub relative_number: String,
    /// What he is to the person.
    pub relations: Vec<Choice>,
    /// The reasons.
    pub words: String,
    /// Papers that were received already.
    pub kept: Vec<KeptPaper>,
    /// The day, for the sheet that the relative signs.
    pub today: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// `/office/openings/{person}/{id}`
#[derive(Template)]
#[template(path = "office/opening.html")]
pub struct OpeningPage {
    /// The frame.
    pub shell: Shell,
    /// Its own address.
    pub place: String,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub tag: Tag,
    /// Whose it is.
    pub person: String,
    /// Where his whole number is shown once; empty where it is not.
    pub whole_number: String,
    /// Who asks, why, when.
    pub facts: Vec<Fact>,
    /// The reasons for it.
    pub words: String,
    /// The reasons of the second person; empty until he decides.
    pub reasons: String,
    /// Papers that came with it.
    pub papers: Vec<CasePaper>,
    /// Whether this actor can decide.
    pub may_decide: bool,
    /// Why nobody decides here; empty if this actor can or it is decided.
    pub waits: String,
    /// Whether granting erases.
    pub erases: bool,
    /// The choices of the second person.
    pub decisions: Vec<Choice>,
    /// The reasons that were typed.
    pub typed: String,
    /// Until when it is open, and what is in it; nothing if it is not.
    pub open: Option<(String, Vec<RecordCard>)>,
    /// What happened to records that were to be erased; empty if none were.
    pub held: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// `/office/deaths`
#[derive(Template)]
#[template(path = "office/deaths.html")]
pub struct DeathsPage {
    /// The frame.
    pub shell: Shell,
    /// Who has died, as typed.
    pub who: WhoForm,
    /// When, as typed.
    pub died_on: String,
    /// Name and number of the document, as typed.
    pub document: String,
    /// Papers that were received already.
    pub kept: Vec<KeptPaper>,
    /// Notes, what waits first.
    pub rows: Vec<PairRow>,
    /// How many are shown where there may be more; empty if all are.
    pub more: String,
    /// Whether this actor may note one.
    pub may_act: bool,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// `/office/deaths/{person}/{id}`
#[derive(Template)]
#[template(path = "office/death.html")]
pub struct DeathPage {
    /// The frame.
    pub shell: Shell,
    /// Its own address.
    pub place: String,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub tag: Tag,
    /// Who has died.
    pub person: String,
    /// Where his whole number is shown once; empty where it is not.
    pub whole_number: String,
    /// What was noted.
    pub facts: Vec<Fact>,
    /// The document.
    pub papers: Vec<CasePaper>,
    /// Whether this actor can confirm it.
    pub may_confirm: bool,
    /// Whether this actor can end it.
    pub may_end: bool,
}

fn row(number: &str, what: &str, tag: Tag) -> PairRow {
    PairRow {
        href: t("/office/openings/p/o"),
        number: t(number),
        what: t(what),
        since: t("2026年11月24日 09:12"),
        tag,
    }
}

fn paper() -> CasePaper {
    CasePaper {
        href: t("/office/openings/p/o/papers/x"),
        name: t("调阅函.pdf"),
        about: t("PDF，120 KB"),
        digest: t("9f86 d081 884c 7d65"),
    }
}

impl OpeningsPage {
    /// One waits, one is open.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeOpenings),
            rows: vec![
                row(
                    "QF20261124-7F3K2Q",
                    "内部审计：查阅、复制",
                    Tag::new("等待第二个人", Tint::Open),
                ),
                row("QF20261123-8G4M3R", "近亲属申请：删除", Tag::new("已同意", Tint::Good)),
            ],
            more: String::new(),
            hours: t("24"),
            may_act: true,
        }
    }
}

impl OpeningNewPage {
    /// An empty form for the office's own reasons.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeOpenings),
            place: t("/office/openings/new"),
            is_relative: false,
            who: WhoForm::empty(),
            grounds: vec![Choice::new("audit", "内部审计")],
            wishes: Vec::new(),
            document_no: String::new(),
            relative_name: String::new(),
            relative_number: String::new(),
            relations: Vec::new(),
            words: String::new(),
            kept: Vec::new(),
            today: t("2026年11月24日"),
            mistakes: Mistakes::none(),
        }
    }

    /// The same for a relative, with a mistake.
    #[must_use]
    pub fn sample_relative() -> Self {
        Self {
            place: t("/office/openings/relative"),
            is_relative: true,
            wishes: vec![Choice::new("see", "查阅、复制").chosen(), Choice::new("erase", "删除")],
            relations: vec![Choice::new("child", "子女"), Choice::new("spouse", "配偶")],
            mistakes: Mistakes::none().and("relation", "请选择申请人和本人的关系。"),
            ..Self::sample()
        }
    }
}

impl OpeningPage {
    /// It waits for the second person, who is here.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeOpenings),
            place: t("/office/openings/p/o"),
            number: t("QF20261124-7F3K2Q"),
            tag: Tag::new("等待第二个人", Tint::Open),
            person: t("柳𬭚，证件号码 **************0011"),
            whole_number: t("/office/number/opening/p/o"),
            facts: vec![Fact::new("理由", "内部审计"), Fact::new("申请办什么", "查阅、复制")],
            words: t("核对这条信息的入库依据。"),
            reasons: String::new(),
            papers: vec![paper()],
            may_decide: true,
            waits: String::new(),
            erases: false,
            decisions: vec![Choice::new("grant", "同意"), Choice::new("refuse", "不同意")],
            typed: String::new(),
            open: None,
            held: String::new(),
            mistakes: Mistakes::none(),
        }
    }

    /// It is open.
    #[must_use]
    pub fn sample_open() -> Self {
        Self {
            tag: Tag::new("已启封", Tint::Shown),
            reasons: t("审计需要。"),
            may_decide: false,
            open: Some((t("2026年11月25日 09:20"), vec![RecordCard::sample_ended()])),
            ..Self::sample()
        }
    }
}

impl DeathsPage {
    /// One waits for the second person.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeOpenings),
            who: WhoForm::empty(),
            died_on: String::new(),
            document: String::new(),
            kept: Vec::new(),
            rows: vec![row(
                "SW20261124-7F3K2Q",
                "2026年11月20日",
                Tag::new("等待核对", Tint::Open),
            )],
            more: String::new(),
            may_act: true,
            mistakes: Mistakes::none(),
        }
    }
}

impl DeathPage {
    /// It waits for the second person, who is here.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_office(Here::OfficeOpenings),
            place: t("/office/deaths/p/d"),
            number: t("SW20261124-7F3K2Q"),
            tag: Tag::new("等待核对", Tint::Open),
            person: t("柳𬭚，证件号码 **************0011"),
            whole_number: t("/office/number/death/p/d"),
            facts: vec![Fact::new("去世日期", "2026年11月20日")],
            papers: vec![paper()],
            may_confirm: true,
            may_end: true,
        }
    }
}
