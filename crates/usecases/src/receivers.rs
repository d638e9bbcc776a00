//! 谁收到过: which bodies received which records of a person, as the log of looks has it.

use std::collections::{BTreeMap, BTreeSet};

use register::{Event, PersonId};
use store::Db;

use crate::access_log::{self, Detail, Door, Outcome};
use crate::cx::Cx;
use crate::error::Result;

/// Looks read at once.
const LOOKS: u32 = 5_000;

/// A look that handed facts to a body which goes on using them.
pub(crate) struct Given {
    /// Position in the log.
    seq: u64,
    /// The body.
    agency: String,
    /// What went out; `None` if the entry was touched and no longer opens: then it may be anything.
    detail: Option<Detail>,
}

impl Given {
    fn gave(&self, record: &str) -> bool {
        self.detail.as_ref().is_none_or(|detail| detail.records.iter().any(|one| one == record))
    }

    /// Whether what went out was already as that step left it. Only a correction leaves a record that is
    /// still shown; of one record the later correction has the greater identifier.
    fn knows(&self, step: &Event, later: &BTreeSet<String>) -> bool {
        let known = self.detail.iter().flat_map(|detail| &detail.corrections);
        let step = step.id.to_string();
        known.into_iter().any(|one| *one == step || later.contains(one))
    }
}

/// Looks that handed out facts about a person, newest first. The body that supplied a record is not among
/// them for its own files, only where it looked.
pub(crate) async fn given_out(cx: &Cx, db: &impl Db, person: PersonId) -> Result<Vec<Given>> {
    let log = cx.log.name();
    let mut given = Vec::new();
    let mut before = u64::MAX;
    loop {
        let answered = Outcome::Answered.code();
        let looks =
            store::access_entry::of_person(db, log, &[person], answered, before, LOOKS).await?;
        let Some(oldest) = looks.last() else { return Ok(given) };
        before = oldest.seq;
        for entry in looks.iter().filter(|entry| gives_out(&entry.door)) {
            let Some(agency) = &entry.agency else { continue };
            let detail = access_log::detail_of(&cx.vault, log, entry);
            if let Err(error) = &detail {
                // One entry that was touched must not keep a correction from everybody else.
                tracing::error!(%error, seq = entry.seq, "a look no longer opens: run log verify");
            }
            given.push(Given { seq: entry.seq, agency: agency.clone(), detail: detail.ok() });
        }
    }
}

/// For each record, the bodies that received it, as far as the log still says.
pub(crate) fn by_record(given: &[Given]) -> BTreeMap<String, BTreeSet<String>> {
    let mut bodies: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for look in given {
        for record in look.detail.iter().flat_map(|detail| &detail.records) {
            bodies.entry(record.clone()).or_default().insert(look.agency.clone());
        }
    }
    bodies
}

/// The bodies that received the record of a step as it was before, each with the position of the last such
/// look. `events` are those of the record, oldest first.
pub(crate) fn to_be_told(given: &[Given], step: &Event, events: &[Event]) -> BTreeMap<String, u64> {
    let record = step.record.to_string();
    let after = events.iter().skip_while(|event| event.id != step.id).skip(1);
    let later: BTreeSet<String> = after.map(|event| event.id.to_string()).collect();
    let mut told = BTreeMap::new();
    for look in given.iter().filter(|look| look.gave(&record) && !look.knows(step, &later)) {
        // Newest first: the first that is met is the last look.
        told.entry(look.agency.clone()).or_insert(look.seq);
    }
    told
}

/// Whether a look through that door hands a fact to somebody who goes on using it. The body that
/// supplied a record is not told of it when it answers a case.
fn gives_out(door: &str) -> bool {
    [Door::Check, Door::Mandate].iter().any(|gives| gives.code() == door)
}
