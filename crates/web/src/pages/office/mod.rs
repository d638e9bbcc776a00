//! Office 信用办: what the credit office watches over.

mod cases;
mod counter;
mod deliveries;
mod log;
mod opening;
mod overview;
mod rules;

pub use cases::{CasesPage, OpenCase};
pub use counter::{CounterCase, CounterObjectionPage, CounterPage, CounterRecord, CounterVisitor};
pub use deliveries::{DeliveriesPage, FailedRow, LetterPage, LetterRow};
pub use log::{LogDay, LogPage};
pub use opening::{
    DeathPage, DeathsPage, OpeningNewPage, OpeningPage, OpeningsPage, PairRow, WhoForm,
};
pub use overview::{AgencyRow, Figure, OverviewPage, Task};
pub use rules::{Finding, OfficeRule, OfficeRulesPage, OpenSource, UnconfirmedRule};
