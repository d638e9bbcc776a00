//! Log 查询存证: its head, its proofs, and the search for anything that was touched.

mod proof;
mod recent;
mod verify;
mod witness;

use jiff::Timestamp;
use ledger::{Hash, HashKind};
use store::access_entry::DayCount;
use vault::{Suite, Vault};

pub(crate) use proof::proof_of;
pub use proof::{ConsistencyProof, SeqProof, consistency, inclusion};
pub use recent::verify_recent;
pub use verify::{Fault, Verified, fault_at, verify};
pub use witness::Witness;

use access::{Action, What};

use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// A signed head of the log.
#[derive(Clone, Debug)]
pub struct SignedHead {
    /// The head.
    pub head: ledger::Head,
    /// Its signature.
    pub signature: Vec<u8>,
    /// The key that checks it, as text.
    pub public_key: String,
}

/// The newest head. It says nothing about anyone and is published: without a head and a key that
/// others have seen, a proof would only show that we agree with ourselves.
///
/// # Errors
/// [`Error::NotFound`] while the log is empty.
pub async fn head(cx: &Cx) -> Result<SignedHead> {
    let head = store::access_entry::head(cx.store.read(), cx.log.name()).await?;
    signed(cx, head.ok_or(Error::NotFound)?)
}

/// Days that [`days`] goes back.
const DAYS: i64 = 14;

/// Looks by day, newest first, of the last two weeks: counts only, nobody is named.
///
/// # Errors
/// [`Error::Denied`].
pub async fn days(cx: &Cx, actor: &Actor) -> Result<Vec<DayCount>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    let now = cx.now();
    let since = now.checked_sub(jiff::SignedDuration::from_hours(24 * DAYS)).unwrap_or(now);
    Ok(store::access_entry::by_day(cx.store.read(), cx.log.name(), since).await?)
}

/// Heads looked at to find one that was signed in time.
const TRIED: u32 = 100;

/// The position before which every look is older than any is kept. It is said by a head that was signed in
/// time, so nobody can make a younger look one of those that may be gone; where no such head carries our
/// signature, nothing is old.
pub(crate) async fn kept_from(cx: &Cx) -> Result<u64> {
    let from = crate::retention::log_kept_from(&cx.rules, cx.now())?;
    let (db, log) = (cx.store.read(), cx.log.name());
    let heads = store::access_entry::heads_before(db, log, from, TRIED).await?;
    let signed = heads.iter().find(|head| is_signed(cx, head));
    if signed.is_none() && !heads.is_empty() {
        tracing::error!("no old head of the log is ours: no look is taken for an old one");
    }
    Ok(signed.map_or(0, |head| head.size))
}

/// Whether a stored head carries our signature over its size, root and time; not of a key that was retired before the log
/// was as large.
fn is_signed(cx: &Cx, head: &store::access_entry::Head) -> bool {
    let signed = head_of(cx.log.name(), hash_kind(&cx.vault), head.size, Hash(head.root), head.at);
    let signer = cx.vault.signer();
    let up_to = signer.signs_up_to(&head.signature);
    up_to.is_ok_and(|up_to| up_to.is_none_or(|up_to| head.size <= up_to))
        && signer.verify(&signed.message(), &head.signature).is_ok()
}

fn signed(cx: &Cx, head: store::access_entry::Head) -> Result<SignedHead> {
    let kind = hash_kind(&cx.vault);
    Ok(SignedHead {
        head: head_of(cx.log.name(), kind, head.size, Hash(head.root), head.at),
        public_key: cx.vault.signer().public_key_of(&head.signature)?.to_string(),
        signature: head.signature,
    })
}

/// The hash of the log; a later key of another suite does not change it.
#[must_use]
pub(crate) fn hash_kind(vault: &Vault) -> HashKind {
    match vault.index_suite() {
        Suite::Gm => HashKind::Sm3,
        Suite::Intl => HashKind::Sha256,
    }
}

/// A head as it is signed.
#[must_use]
pub(crate) fn head_of(
    log: &str,
    kind: HashKind,
    size: u64,
    root: Hash,
    at: Timestamp,
) -> ledger::Head {
    ledger::Head { log: log.to_owned(), size, root, at_ms: at.as_millisecond(), kind }
}
