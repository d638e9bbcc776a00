//! Explain: the answer to "what holds for this item", with its sources.

use jiff::civil::Date;
use serde::Serialize;

use crate::basis::Basis;
use crate::model::{Item, Remedy};
use crate::penalty::Severity;
use crate::rules::{ItemRefusal, Rules};

/// What holds for an item and a decision of one day.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The item with its own sources.
    pub item: Item,
    /// The day of the decision.
    pub decided_on: Date,
    /// Periods by class; empty where the item does not speak against the person.
    pub periods: Vec<PeriodAnswer>,
    /// Who may see it, for what.
    pub purposes: Vec<PurposeAnswer>,
    /// Where to turn against it.
    pub remedies: Vec<Remedy>,
}

/// The periods of one class, counted from the decision.
#[derive(Clone, Debug, Serialize)]
pub struct PeriodAnswer {
    /// The class.
    pub class: Severity,
    /// Whether it is displayed at all.
    pub shown: bool,
    /// First day on which repair may be asked for.
    pub repair_from: Date,
    /// First day on which it is no longer displayed.
    pub ends_on: Date,
    /// Why.
    pub basis: Vec<Basis>,
}

/// One purpose that may see an item.
#[derive(Clone, Debug, Serialize)]
pub struct PurposeAnswer {
    /// Its code.
    pub code: String,
    /// On screen.
    pub title: String,
    /// The statute.
    pub basis: Vec<Basis>,
}

impl Rules {
    /// Explains an item for a decision of that day.
    ///
    /// # Errors
    /// [`ItemRefusal::Unknown`]; an item that began after the decision is explained all the same,
    /// because the day of supply counts, not that of the decision.
    pub fn explain(&self, code: &str, decided_on: Date) -> Result<Explanation, ItemRefusal> {
        let item = self.item(code).ok_or(ItemRefusal::Unknown)?.clone();
        let classes = if item.adverse { Severity::ALL.as_slice() } else { &[] };
        let periods = classes
            .iter()
            .map(|class| {
                let display = self.display(*class, decided_on);
                PeriodAnswer {
                    class: *class,
                    shown: display.shown,
                    repair_from: display.repair_from,
                    ends_on: display.ends_on,
                    basis: self.display_basis(*class, decided_on),
                }
            })
            .collect();
        let purposes = self
            .purposes()
            .iter()
            .filter(|purpose| purpose.may_see(code))
            .map(|purpose| PurposeAnswer {
                code: purpose.code.clone(),
                title: purpose.title.clone(),
                basis: purpose.basis.clone(),
            })
            .collect();
        let mut remedies: Vec<Remedy> = Vec::new();
        for agency in self.agencies().iter().filter(|a| item.supplied_by.contains(&a.kind)) {
            if let Some(remedy) = self.remedy(agency)
                && !remedies.iter().any(|known| known.body == remedy.body)
            {
                remedies.push(remedy.clone());
            }
        }
        Ok(Explanation { item, decided_on, periods, purposes, remedies })
    }
}
