//! Who looked 谁看过我, and the proof that the log has it.

use askama::Template;

use crate::pages::{Here, Link, Shell, t, ts};

/// `/my/looks`
#[derive(Template)]
#[template(path = "my/looks.html")]
pub struct LooksPage {
    /// The frame.
    pub shell: Shell,
    /// Looks, newest first.
    pub looks: Vec<LookRow>,
    /// Attempts that were refused; nothing was shown to anyone.
    pub refused: u64,
    /// Address of the page with older looks; empty if there are none.
    pub older: String,
    /// Address of the page with the newest looks; empty if this is it.
    pub newest: String,
}

/// One look.
pub struct LookRow {
    /// Position in the log, as a number for addresses.
    pub seq: u64,
    /// Position in the log, for reading.
    pub seq_text: String,
    /// When, in full.
    pub at: String,
    /// The unit that looked, by name; `本人` for the person himself.
    pub agency: String,
    /// Whether it was the person himself.
    pub is_self: bool,
    /// Why, by title.
    pub purpose: String,
    /// The statute of the purpose; empty for the person himself.
    pub statute: String,
    /// In which matter; empty for the person himself.
    pub matter: String,
    /// What was shown, one line a record; empty if there was nothing to show.
    pub facts: Vec<String>,
    /// Whether its sealed part still opens; if not, matter and facts are empty and not to be believed.
    pub is_whole: bool,
    /// That the office found that it should not have been, and what the person can do; empty if it did not.
    pub wrongful: String,
}

/// `/my/looks/{seq}`
#[derive(Template)]
#[template(path = "my/look.html")]
pub struct LookPage {
    /// The frame.
    pub shell: Shell,
    /// The look.
    pub look: LookRow,
    /// The proof; `None` if none can be made any more.
    pub proof: Option<LookProof>,
    /// Where the person asks why, or reads what he asked; `None` for his own looks.
    pub inquiry: Option<Link>,
    /// Whether this server has just computed that entry, leaf, path and signed head fit.
    pub holds: bool,
}

/// A proof that a look is in the log.
pub struct LookProof {
    /// Hash of its leaf, in groups.
    pub leaf: String,
    /// Size of the tree that the proof is for.
    pub tree_size: String,
    /// Root of that tree, in groups.
    pub root: String,
    /// When that root was signed, in full.
    pub signed_at: String,
    /// The signature suite and key, for example `Ed25519 · log-2026`.
    pub signed_by: String,
    /// The way from the leaf to the root.
    pub path: Vec<ProofStep>,
}

/// One neighbour on the way to the root.
pub struct ProofStep {
    /// Its hash, in groups.
    pub hash: String,
}

impl LookRow {
    fn sample() -> Self {
        Self {
            seq: 48_190,
            seq_text: t("48,190"),
            at: t("2026年11月18日 10:42"),
            agency: t("交通运输局"),
            is_self: false,
            purpose: t("行政许可审查"),
            statute: t("行政许可法 第三十四条"),
            matter: t("道路运输从业资格 LYJT-2026-1187"),
            facts: ts(&["行政处罚：无照经营（凌市监罚字〔2026〕103号）"]),
            is_whole: true,
            wrongful: String::new(),
        }
    }
}

impl LooksPage {
    /// Three looks and a refused attempt.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyLooks),
            looks: vec![
                LookRow {
                    seq: 48_213,
                    seq_text: t("48,213"),
                    at: t("2026年11月20日 08:15"),
                    agency: t("本人"),
                    is_self: true,
                    purpose: t("查看自己的档案"),
                    statute: String::new(),
                    matter: String::new(),
                    facts: ts(&["全部 5 条"]),
                    is_whole: true,
                    wrongful: String::new(),
                },
                LookRow::sample(),
                LookRow {
                    seq: 40_021,
                    seq_text: t("40,021"),
                    at: t("2026年8月3日 15:07"),
                    agency: t("人力资源和社会保障局"),
                    purpose: t("财政资金项目审查"),
                    statute: t("财政资金项目管理规定 第九条"),
                    matter: t("创业补贴 LYRS-2026-0330"),
                    facts: Vec::new(),
                    ..LookRow::sample()
                },
            ],
            refused: 1,
            older: t("/my/looks?before=40021"),
            newest: String::new(),
        }
    }

    /// Nobody looked.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { looks: Vec::new(), refused: 0, older: String::new(), ..Self::sample() }
    }

    /// Nobody looked before an old link's position.
    #[must_use]
    pub fn sample_no_older() -> Self {
        Self { newest: t("/my/looks"), ..Self::sample_empty() }
    }
}

impl LookPage {
    /// A look that is in the log.
    #[must_use]
    pub fn sample() -> Self {
        let hash = "9f2c41d7 03ab58e6 77c01f2a 5be9d034 c1a86f7e 20d94b53 8e6a17fc 4d05b2e9";
        Self {
            shell: Shell::sample_person(Here::MyLooks),
            look: LookRow::sample(),
            proof: Some(LookProof {
                leaf: t(hash),
                tree_size: t("48,213"),
                root: t("1b7ee0a4 96cd2f58 0a43c7d1 e85f6b92 37d4a10c f96b85e2 5c08d71f a2b364e0"),
                signed_at: t("2026年11月20日 08:15"),
                signed_by: t("Ed25519 · log-2026"),
                path: (0..4).map(|_| ProofStep { hash: t(hash) }).collect(),
            }),
            inquiry: Some(Link::new("/my/looks/48190/inquiry", "我不明白这次查询")),
            holds: true,
        }
    }

    /// A look that should not have been.
    #[must_use]
    pub fn sample_wrongful() -> Self {
        let wrongful = t(
            "信用办认定这次查询不应该发生（JD20261201-7F3K2Q，2026年12月10日）。您可以要求查询的单位说明和赔偿，\
             也可以投诉、起诉。",
        );
        Self { look: LookRow { wrongful, ..LookRow::sample() }, ..Self::sample() }
    }

    /// A look whose sealed part was changed.
    #[must_use]
    pub fn sample_touched() -> Self {
        let row = LookRow {
            matter: String::new(),
            facts: Vec::new(),
            is_whole: false,
            ..LookRow::sample()
        };
        Self { look: row, proof: None, holds: false, ..Self::sample() }
    }
}
