//! 近期核验: the newest part of the log alone, quick enough for every day. The whole of it is `verify`'s.

use std::collections::BTreeMap;

use access::{Action, What};
use ledger::Frontier;
use store::access_entry::{Entry, Head};

use super::proof::root_over;
use super::verify::leaf_fault;
use super::{Fault, Verified, Witness, hash_kind, is_signed, kept_from};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Checks the newest signed head, that the stored nodes lead to its root, that the log still holds what `witness`
/// remembers, and the last `number` entries.
///
/// The witness is read before this is called, so that a server at work is never ahead of it.
///
/// # Errors
/// Failures of the store; what is wrong with the log is an answer, not an error.
pub async fn verify_recent(
    cx: &Cx,
    actor: &Actor,
    number: u32,
    witness: Option<Witness>,
) -> Result<Verified> {
    cx.permit(actor, Action::SeeLog, What::default())?;
    let log = cx.log.name();
    let empty = hex::encode(Frontier::new(hash_kind(&cx.vault)).root().0);
    let mut found = Verified { log: log.to_owned(), size: 0, root: empty, entries: 0, fault: None };
    let Some(head) = store::access_entry::head(cx.store.read(), log).await? else {
        let is_cut = witness.is_some_and(|seen| seen.size > 0);
        found.fault = is_cut.then_some(CUT_OFF);
        return Ok(found);
    };
    (found.size, found.root) = (head.size, hex::encode(head.root));
    found.fault = of_head(cx, &head, witness).await?;
    if found.fault.is_none() {
        let first = head.size.saturating_sub(u64::from(number));
        found.fault = of_entries(cx, first..head.size, number).await?;
        found.entries = head.size - first;
    }
    Ok(found)
}

const CUT_OFF: Fault = Fault { seq: 0, what: "log was cut off: more was remembered outside" };

async fn of_head(cx: &Cx, head: &Head, witness: Option<Witness>) -> Result<Option<Fault>> {
    let (kind, log) = (hash_kind(&cx.vault), cx.log.name());
    let last = head.size.saturating_sub(1);
    if !is_signed(cx, head) {
        return Ok(Some(Fault { seq: last, what: "signed head does not fit" }));
    }
    match root_over(&cx.store, kind, log, head.size).await {
        Ok(root) if root.0 == head.root => {}
        Ok(_) | Err(Error::NotFound) => {
            return Ok(Some(Fault { seq: last, what: "stored node does not fit" }));
        }
        Err(error) => return Err(error),
    }
    let Some(seen) = witness else { return Ok(None) };
    match seen.compare(&cx.store, kind, log, head.size).await {
        Ok(()) => Ok(None),
        Err(Error::LogCut { stands, .. }) => Ok(Some(Fault { seq: stands, ..CUT_OFF })),
        Err(Error::LogChanged { remembered }) => Ok(Some(Fault {
            seq: remembered.saturating_sub(1),
            what: "not the log that was remembered outside",
        })),
        Err(error) => Err(error),
    }
}

async fn of_entries(
    cx: &Cx,
    positions: std::ops::Range<u64>,
    number: u32,
) -> Result<Option<Fault>> {
    let (db, log) = (cx.store.read(), cx.log.name());
    let kept_from = kept_from(cx).await?;
    let mut leaves =
        store::access_entry::leaves(db, log, positions.start, number).await?.into_iter().peekable();
    let mut entries: BTreeMap<u64, Vec<Entry>> = BTreeMap::new();
    for entry in store::access_entry::from(db, log, positions.start, number).await? {
        entries.entry(entry.seq).or_default().push(entry);
    }
    for seq in positions {
        let what = match leaves.next_if(|leaf| leaf.seq == seq) {
            Some(leaf) => {
                let at = entries.remove(&seq).unwrap_or_default();
                leaf_fault(cx, log, &leaf, at, (true, seq < kept_from))
            }
            None => Some("leaf is missing"),
        };
        if let Some(what) = what {
            return Ok(Some(Fault { seq, what }));
        }
    }
    Ok(None)
}
