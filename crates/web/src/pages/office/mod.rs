//! Office 信用办: what the credit office watches over.

mod assessment;
mod cases;
mod counter;
mod deliveries;
mod doubts;
mod incident;
mod log;
mod opening;
mod overview;
mod rules;
mod supervision;
mod systems;

pub use assessment::{AssessmentNewPage, AssessmentPage, AssessmentsPage, RulesAssessment};
pub use cases::{CasesPage, OpenCase};
pub use counter::{CounterCase, CounterObjectionPage, CounterPage, CounterRecord, CounterVisitor};
pub use deliveries::{DeliveriesPage, FailedRow, LetterPage, LetterRow};
pub use doubts::{DoubtRow, DoubtsPage};
pub use incident::{
    IncidentMay, IncidentPage, IncidentSearch, IncidentStep, IncidentTask, IncidentsPage, Typed,
};
pub use log::{LogDay, LogPage};
pub use opening::{
    DeathPage, DeathsPage, OpeningNewPage, OpeningPage, OpeningsPage, PairRow, WhoForm,
};
pub use overview::{AgencyRow, Figure, OverviewPage, Task};
pub use rules::{Finding, OfficeRule, OfficeRulesPage, OpenSource, UnconfirmedRule};
pub use supervision::{
    RuleText, SupervisedLook, SupervisionCasePage, SupervisionGroup, SupervisionMonthPage,
    SupervisionPage, SupervisionRow,
};
pub use systems::{SystemRow, SystemsPage};
