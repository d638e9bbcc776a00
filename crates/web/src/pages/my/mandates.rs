//! My mandates 我的授权: who may look, at what, what for, until when, how often.

use askama::Template;

use crate::pages::{Choice, Here, Link, Mistakes, Shell, Tag, Tint, t, ts};

/// `/my/mandates`
#[derive(Template)]
#[template(path = "my/mandates.html")]
pub struct MandatesPage {
    /// The frame.
    pub shell: Shell,
    /// Mandates, newest first.
    pub mandates: Vec<MandateCard>,
}

/// One mandate.
#[derive(Clone, Debug)]
pub struct MandateCard {
    /// Identifier for its addresses.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Who may look.
    pub grantee: String,
    /// What for.
    pub purpose: String,
    /// At what.
    pub items: Vec<String>,
    /// Until when.
    pub until: String,
    /// How often it was used, of how often it can be.
    pub used: String,
    /// Where it stands.
    pub tag: Tag,
    /// Whether it still holds.
    pub holds: bool,
}

/// `/my/mandates/new`
#[derive(Template)]
#[template(path = "my/mandate_new.html")]
pub struct NewMandatePage {
    /// The frame.
    pub shell: Shell,
    /// Bodies that can be chosen.
    pub grantees: Vec<Choice>,
    /// Items that can be chosen.
    pub items: Vec<Choice>,
    /// What for, as typed.
    pub purpose: String,
    /// Until when, as typed.
    pub until: String,
    /// How often, as typed.
    pub uses: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// The code, shown once.
#[derive(Template)]
#[template(path = "my/mandate_code.html")]
pub struct MandateCodePage {
    /// The frame.
    pub shell: Shell,
    /// The mandate.
    pub mandate: MandateCard,
    /// The code, in groups.
    pub code: String,
    /// The same as a picture (SVG) that a phone reads.
    pub qr: String,
}

impl MandateCard {
    fn sample() -> Self {
        Self {
            id: t("01936f2e-7c1a-7000-8000-0000000000d1"),
            number: t("SQ20261124-7F3K2Q"),
            grantee: t("凌源市交通运输局"),
            purpose: t("入职核对"),
            items: ts(&["行政许可", "交通运输领域行政处罚"]),
            until: t("2026年12月24日"),
            used: t("0 次，最多 1 次"),
            tag: Tag::new("有效", Tint::Good),
            holds: true,
        }
    }
}

impl MandatesPage {
    /// One that holds and one that was taken back.
    #[must_use]
    pub fn sample() -> Self {
        let over = MandateCard {
            tag: Tag::new("已撤回", Tint::Over),
            holds: false,
            ..MandateCard::sample()
        };
        Self {
            shell: Shell::sample_person(Here::MyMandates),
            mandates: vec![MandateCard::sample(), over],
        }
    }

    /// None.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { mandates: Vec::new(), ..Self::sample() }
    }
}

impl NewMandatePage {
    /// A form come back with mistakes.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyMandates),
            grantees: vec![Choice::new("1", "凌源市交通运输局")],
            items: vec![
                Choice::new("NP03", "行政许可"),
                Choice::new("NP04-TR", "交通运输领域行政处罚"),
            ],
            purpose: t("入职核对"),
            until: t("2026-12-24"),
            uses: t("1"),
            mistakes: Mistakes::none().and("items", "请至少选一项可以看的内容。"),
        }
    }
}

impl MandateCodePage {
    /// A code just made.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyMandates),
            mandate: MandateCard::sample(),
            code: t("2345-6789-ABCZ-2ZYK"),
            qr: crate::view::mandate::qr("https://example.invalid/desk/mandates"),
        }
    }
}

/// What the page of a body says of a mandate.
#[derive(Template)]
#[template(path = "desk/mandate.html")]
pub struct RedeemPage {
    /// The frame.
    pub shell: Shell,
    /// The code, as typed.
    pub code: String,
    /// The matter, as typed.
    pub matter: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

/// What a body sees by a mandate.
#[derive(Template)]
#[template(path = "desk/mandate_result.html")]
pub struct RedeemedPage {
    /// The frame.
    pub shell: Shell,
    /// Name and masked number.
    pub person: String,
    /// The mandate.
    pub mandate: MandateCard,
    /// The matter.
    pub matter: String,
    /// What it lets the body see.
    pub facts: Vec<crate::pages::RecordCard>,
    /// Where in the log this look stands.
    pub log_seq: String,
    /// Where to go on.
    pub again: Link,
}

impl RedeemPage {
    /// A form come back with a mistake.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::DeskMandates),
            code: t("2345-6789-ABCZ-2ZYK"),
            matter: String::new(),
            mistakes: Mistakes::none().and("matter", "请填写办理事项，本人会看到。"),
        }
    }
}

impl RedeemedPage {
    /// One fact.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_clerk(Here::DeskMandates),
            person: t("柳𬭚，证件号码 **************0011"),
            mandate: MandateCard { used: t("1 次，最多 1 次"), ..MandateCard::sample() },
            matter: t("入职核对 2026-17"),
            facts: vec![crate::pages::RecordCard::sample_licence()],
            log_seq: t("48,213"),
            again: Link::new("/desk/mandates", "再查一份授权"),
        }
    }

    /// Nothing within the mandate.
    #[must_use]
    pub fn sample_nothing() -> Self {
        Self { facts: Vec::new(), ..Self::sample() }
    }
}
