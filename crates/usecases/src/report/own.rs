//! 本人报告: what only the person's own report holds: who looked, his own words in one place, what he has pledged.

use jiff::Timestamp;
use jiff::civil::Date;
use register::disclosure::Fact;
use register::{EventKind, PersonId, RecordId, RepairId, Uscc, china_date};

use crate::cx::Cx;
use crate::error::Result;
use crate::my::{self, LooksByOthers};

/// Looks that a report lists, the latest first.
const LOOKS: u32 = 30;

/// What only the person's own report holds.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Who looked.
    pub looks: LooksByOthers,
    /// His words beside what is shown.
    pub statements: Vec<Stated>,
    /// What he has pledged.
    pub pledges: Vec<Pledge>,
}

/// A statement beside a record that is shown.
#[derive(Clone)]
pub struct Stated {
    /// The record.
    pub record: RecordId,
    /// On which day.
    pub on: Date,
    /// His words.
    pub words: String,
}

register::hidden!(Stated);

/// A pledge (信用承诺) that the person signed when he asked for a repair.
#[derive(Clone, Debug)]
pub struct Pledge {
    /// The repair.
    pub repair: RepairId,
    /// The record that it is about.
    pub record: RecordId,
    /// The body that has to decide.
    pub agency: Uscc,
    /// On which day he signed it.
    pub on: Date,
    /// At which moment: reports that were issued before know nothing of it.
    pub at: Timestamp,
}

/// Gathers it beside the facts that the report shows.
pub(super) async fn gather(cx: &Cx, person: PersonId, facts: &[Fact]) -> Result<Own> {
    Ok(Own {
        looks: my::by_others(cx, person, LOOKS).await?,
        statements: statements(cx, person, facts).await?,
        pledges: pledges(cx, person, facts).await?,
    })
}

async fn statements(cx: &Cx, person: PersonId, facts: &[Fact]) -> Result<Vec<Stated>> {
    let stored = store::record::of_person(cx.store.read(), person).await?;
    let stated = |fact: &Fact| {
        let words = fact.record.statement.clone()?;
        let stored = stored.iter().find(|stored| stored.id == fact.record.id)?;
        let event = stored.events.iter().rev().find(|event| event.kind == EventKind::Stated)?;
        Some(Stated { record: fact.record.id, on: china_date(event.at), words })
    };
    Ok(facts.iter().filter_map(stated).collect())
}

/// The pledges that a report may show: those signed with a request that is not decided yet, for a record that it shows.
///
/// A pledge names its record. Granted, the record is shown nowhere any more, and its pledge would bring it back. Refused,
/// withdrawn or revoked, the pledge has ended with its request, and that it ended so is no fact that the catalogue lets
/// us put on paper.
///
/// # Law
/// 信用修复管理办法 (2026) 2, 3 — what is repaired is no longer shown; 个人信息保护法 6 — no more than needed.
pub(super) async fn pledges(cx: &Cx, person: PersonId, facts: &[Fact]) -> Result<Vec<Pledge>> {
    let db = cx.store.read();
    let mut pledges = Vec::new();
    for repair in store::repair::of_person(db, person).await? {
        let is_shown = facts.iter().any(|fact| fact.record.id == repair.record);
        if !is_shown || !repair.is_open() {
            continue;
        }
        let steps = store::case::steps(db, person, repair.id.0).await?;
        if let Some(step) = steps.iter().find(|step| step.kind == "pledged") {
            pledges.push(Pledge {
                repair: repair.id,
                record: repair.record,
                agency: repair.agency,
                on: china_date(step.at),
                at: step.at,
            });
        }
    }
    Ok(pledges)
}
