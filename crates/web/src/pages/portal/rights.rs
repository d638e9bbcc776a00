//! What rights a person has and how to use them 您的权利.

use askama::Template;

use crate::pages::{Here, Shell, t};

/// `/rights`, with the anchors `look looks objection repair remedy window`.
#[derive(Template)]
#[template(path = "portal/rights.html")]
pub struct RightsPage {
    /// The frame.
    pub shell: Shell,
    /// The newest signed head of the log; `None` while nobody has looked at anybody.
    pub head: Option<LogHead>,
    /// Periods from the rulebook.
    pub terms: Terms,
    /// Where the office is reached by post and telephone.
    pub office: String,
    /// Where to go in person.
    pub window: Window,
}

/// A signed head of the log of looks.
pub struct LogHead {
    /// Looks in it, for reading.
    pub size: String,
    /// Root, in groups.
    pub root: String,
    /// When it was signed, in full.
    pub signed_at: String,
    /// The key that checks proofs, letter for letter as a proof file has it.
    pub public_key: String,
    /// Signature and hash, by name.
    pub suite: String,
}

/// Periods of the rulebook (`deadlines`), as numbers to be read.
pub struct Terms {
    /// Working days after which a record is marked as contested.
    pub objection_mark_working_days: u32,
    /// Working days for the answer to an objection.
    pub objection_answer_working_days: u32,
    /// Working days after which a record is deleted whose body keeps silent.
    pub silent_delete_working_days: u32,
    /// Working days until a repair application is accepted or not.
    pub repair_accept_working_days: u32,
    /// Working days until its result.
    pub repair_result_working_days: u32,
    /// Most documents that may be asked for.
    pub repair_documents: u32,
    /// Working days of the quiet period after the person was told.
    pub quiet_working_days: u32,
    /// Calendar days to apply for reconsideration.
    pub reconsider_days: u32,
    /// Months to sue.
    pub sue_months: u32,
    /// Who reconsiders acts of the city's departments.
    pub reconsider_body: String,
}

/// A counter where everything can be done without a telephone or a computer.
pub struct Window {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// When it is open.
    pub hours: String,
    /// Its telephone.
    pub phone: String,
}

impl RightsPage {
    /// With the periods in force.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Here::Rights),
            head: Some(LogHead {
                size: t("48,231"),
                root: t("1b7ee0a4 96cd2f58 0a43c7d1 e85f6b92 37d4a10c f96b85e2 5c08d71f a2b364e0"),
                signed_at: t("2026年11月23日 10:05"),
                public_key: t(
                    "intl:9f2c41d703ab58e677c01f2a5be9d034c1a86f7e20d94b538e6a17fc4d05b2e9",
                ),
                suite: t("Ed25519 签名，SHA-256 摘要"),
            }),
            terms: Terms {
                objection_mark_working_days: 1,
                objection_answer_working_days: 7,
                silent_delete_working_days: 5,
                repair_accept_working_days: 3,
                repair_result_working_days: 10,
                repair_documents: 2,
                quiet_working_days: 5,
                reconsider_days: 60,
                sue_months: 6,
                reconsider_body: t("凌源市人民政府"),
            },
            office: t("示例市信用办，示例市东城区某某路1号，电话 0000-12345"),
            window: Window {
                name: t("凌源市政务服务大厅 信用窗口"),
                address: t("演示地址，以大厅公布为准"),
                hours: t("工作日 8:30–11:30，13:30–17:00"),
                phone: t("以大厅公布为准"),
            },
        }
    }
}
