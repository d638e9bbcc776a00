//! 谁收到过: which bodies received which records of a person, as the log of looks has it.

use std::collections::BTreeMap;

use register::PersonId;

use crate::access_log::{self, Door, Outcome};
use crate::cx::Cx;
use crate::error::Result;

/// Looks read at once.
const LOOKS: u32 = 5_000;

/// For each record, the bodies that received it, each with the position of its last look.
pub(crate) type Receivers = BTreeMap<String, BTreeMap<String, u64>>;

/// Who received which record of a person. The body that supplied a record is not among them for its
/// own files, only where it looked.
pub(crate) async fn receivers(cx: &Cx, person: PersonId) -> Result<Receivers> {
    let (db, log) = (cx.store.read(), cx.log.name());
    let mut receivers = Receivers::new();
    let mut before = u64::MAX;
    loop {
        let answered = Outcome::Answered.code();
        let looks =
            store::access_entry::of_person(db, log, &[person], answered, before, LOOKS).await?;
        let Some(oldest) = looks.last() else { return Ok(receivers) };
        before = oldest.seq;
        for entry in looks.iter().filter(|entry| entry.door == Door::Check.code()) {
            let Some(agency) = &entry.agency else { continue };
            for record in access_log::detail_of(&cx.vault, log, entry)?.records {
                // Newest first: the first that is met is the last look.
                let of = receivers.entry(record).or_default();
                of.entry(agency.clone()).or_insert(entry.seq);
            }
        }
    }
}
