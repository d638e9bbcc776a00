//! Portal 门户: what this is, the rules, the rights, and what is said when a page cannot be shown.

mod error;
mod home;
mod incident;
mod rights;
mod rules;
mod verify;

pub use error::{ErrorPage, Unsent};
pub use home::HomePage;
pub use incident::{IncidentReportPage, IncidentTasksPage, TechnicalTask};
pub use rights::{LogHead, RightsPage, Terms, Window};
pub use rules::{AssessmentRow, PeriodRow, PurposeRow, RuleGroup, RuleItem, RulesPage, Source};
pub use verify::{Verified, VerifyPage};
