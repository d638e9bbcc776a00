//! What rights a person has and how to use them 您的权利.

use askama::Template;

use crate::pages::{Here, Shell, t};

/// `/rights`, with the anchors `look looks objection repair remedy window`.
#[derive(Template)]
#[template(path = "portal/rights.html")]
pub struct RightsPage {
    /// The frame.
    pub shell: Shell,
    /// Periods from the rulebook.
    pub terms: Terms,
    /// Where to go in person.
    pub window: Window,
}

/// Periods of the rulebook (`deadlines`), as numbers to be read.
pub struct Terms {
    /// Working days after which a record is marked as contested.
    pub objection_mark_working_days: u32,
    /// Working days for the answer to an objection.
    pub objection_answer_working_days: u32,
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
            terms: Terms {
                objection_mark_working_days: 1,
                objection_answer_working_days: 7,
                repair_accept_working_days: 3,
                repair_result_working_days: 10,
                repair_documents: 2,
                quiet_working_days: 5,
                reconsider_days: 60,
                sue_months: 6,
                reconsider_body: t("凌源市人民政府"),
            },
            window: Window {
                name: t("凌源市政务服务大厅 信用窗口"),
                address: t("演示地址，以大厅公布为准"),
                hours: t("工作日 8:30–11:30，13:30–17:00"),
                phone: t("以大厅公布为准"),
            },
        }
    }
}
