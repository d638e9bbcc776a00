//! 核验存证: walks through the whole log and names the first position that was touched (I7).

use std::collections::BTreeMap;

use access::{Action, What};
use ledger::{Frontier, Hash};
use serde::Serialize;
use store::access_entry::{Entry, Leaf};
use vault::VaultError;

use super::{Witness, hash_kind, is_signed, kept_from};
use crate::access_log;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Entries read at once.
const PAGE: u32 = 5_000;

/// What a walk through the log found.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// The log.
    pub log: String,
    /// Leaves in it.
    pub size: u64,
    /// The root over them, in hexadecimal.
    pub root: String,
    /// Entries that were compared with their leaf.
    pub entries: u64,
    /// The first thing that is wrong, if anything is.
    pub fault: Option<Fault>,
}

/// Something that was touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The first bad position.
    pub seq: u64,
    /// What is wrong there.
    pub what: &'static str,
}

/// Checks every leaf, every entry from `since` on, every stored node and every signed head.
///
/// # Errors
/// Failures of the store; what is wrong with the log is an answer, not an error.
pub async fn verify(
    cx: &Cx,
    actor: &Actor,
    since: u64,
    witness: Option<Witness>,
    mut progress: impl FnMut(u64, u64),
) -> Result<Verified> {
    cx.permit(actor, Action::SeeLog, What::default())?;
    let db = cx.store.read();
    let log = cx.log.name();
    let kind = hash_kind(&cx.vault);
    let expected = store::access_entry::head(db, log).await?.map_or(0, |head| head.size);
    let mut frontier = Frontier::new(kind);
    let mut found = Verified {
        log: log.to_owned(),
        size: 0,
        root: hex::encode(frontier.root().0),
        entries: 0,
        fault: None,
    };
    let mut heads = Vec::new().into_iter().peekable();
    let (mut at, mut signed) = (0, 0);
    // Looks before this are older than any is kept: of those the leaf is enough.
    let kept_from = kept_from(cx).await?;
    'walk: loop {
        let leaves = store::access_entry::leaves(db, log, at, PAGE).await?;
        let mut entries: BTreeMap<u64, Vec<Entry>> = BTreeMap::new();
        for entry in store::access_entry::from(db, log, at, PAGE).await? {
            entries.entry(entry.seq).or_default().push(entry);
        }
        if leaves.is_empty() {
            let Some(seq) = entries.keys().next() else { break };
            if !store::access_entry::leaves(db, log, at, 1).await?.is_empty() {
                // Written between the two questions, by a server at work: it is looked at too.
                continue;
            }
            found.fault = Some(Fault { seq: *seq, what: "entry without a leaf" });
            break;
        }
        if heads.peek().is_none() {
            // After the leaves, so that the head over each of them is there.
            let more = store::access_entry::heads(db, log, signed, PAGE).await?;
            heads = more.into_iter().peekable();
        }
        for leaf in leaves {
            let what = if leaf.seq == at {
                leaf_fault(
                    cx,
                    log,
                    &leaf,
                    entries.remove(&at).unwrap_or_default(),
                    (at >= since, at < kept_from),
                )
            } else {
                Some("leaf is missing")
            };
            if let Some(what) = what {
                found.fault = Some(Fault { seq: at, what });
                break 'walk;
            }
            for tile in frontier.append(Hash(leaf.hash)) {
                let stored = store::access_entry::nodes(db, log, tile.level, tile.index, 1).await?;
                if stored != [(tile.index, tile.hash.0)] {
                    found.fault = Some(Fault { seq: at, what: "stored node does not fit" });
                    break 'walk;
                }
            }
            at += 1;
            found.entries += u64::from(at > since);
            let seen = witness.as_ref().filter(|seen| seen.size == at);
            if seen.is_some_and(|seen| seen.root != hex::encode(frontier.root().0)) {
                found.fault =
                    Some(Fault { seq: at - 1, what: "not the log that was remembered outside" });
                break 'walk;
            }
            while heads.peek().is_some_and(|head| head.size == at) {
                let Some(head) = heads.next() else { break };
                let fits = head.root == frontier.root().0 && is_signed(cx, &head);
                signed = at;
                if !fits {
                    found.fault = Some(Fault { seq: at - 1, what: "signed head does not fit" });
                    break 'walk;
                }
                if heads.peek().is_none() {
                    let more = store::access_entry::heads(db, log, at, PAGE).await?;
                    heads = more.into_iter().peekable();
                }
            }
        }
        progress(at, expected);
    }
    found.size = at;
    found.root = hex::encode(frontier.root().0);
    if found.fault.is_none() && heads.peek().is_some() {
        found.fault = Some(Fault { seq: at, what: "log was cut off: a signed head covers more" });
    }
    if found.fault.is_none() && signed < at {
        found.fault = Some(Fault { seq: signed, what: "the signed head over it is missing" });
    }
    if found.fault.is_none() && witness.is_some_and(|seen| seen.size > at) {
        found.fault = Some(Fault { seq: at, what: "log was cut off: more was remembered outside" });
    }
    Ok(found)
}

/// Checks one position of the log: that it has a leaf, and that the entry there, whoever it is about,
/// is the one that the leaf stands for. `None` also for a position that the log has not reached.
///
/// # Errors
/// Failures of the store; what is wrong is an answer, not an error.
pub async fn fault_at(cx: &Cx, actor: &Actor, seq: u64) -> Result<Option<Fault>> {
    cx.permit(actor, Action::SeeLog, What::default())?;
    let (db, log) = (cx.store.read(), cx.log.name());
    // The head first: all that it covers was written before.
    let size = store::access_entry::head(db, log).await?.map_or(0, |head| head.size);
    if seq >= size {
        return Ok(None);
    }
    let leaves = store::access_entry::leaves(db, log, seq, 1).await?;
    let mut entries = store::access_entry::from(db, log, seq, 2).await?;
    entries.retain(|entry| entry.seq == seq);
    let what = match leaves.first().filter(|leaf| leaf.seq == seq) {
        Some(leaf) => leaf_fault(cx, log, leaf, entries, (true, seq < kept_from(cx).await?)),
        None => Some("leaf is missing"),
    };
    Ok(what.map(|what| Fault { seq, what }))
}

pub(super) fn leaf_fault(
    cx: &Cx,
    log: &str,
    leaf: &Leaf,
    entries: Vec<Entry>,
    (compare, may_be_gone): (bool, bool),
) -> Option<&'static str> {
    let hash = Hash(leaf.hash);
    if access_log::leaf_seal(&cx.vault, log, leaf.seq, &hash) != leaf.seal {
        return Some("leaf was changed");
    }
    if entries.is_empty() && may_be_gone {
        return None;
    }
    let [entry] = entries.as_slice() else {
        return Some(if entries.is_empty() { "entry is missing" } else { "entry stands twice" });
    };
    if !compare {
        return None;
    }
    let detail = match access_log::detail_of(&cx.vault, log, entry) {
        Ok(detail) => detail,
        // Put back from a backup after the key of its month was destroyed: older than any look is kept.
        Err(Error::Vault(VaultError::Destroyed(_))) if may_be_gone => return None,
        Err(_) => return Some("entry was changed"),
    };
    let kind = hash_kind(&cx.vault);
    (access_log::leaf_hash(kind, log, entry, &detail) != hash).then_some("entry was changed")
}
