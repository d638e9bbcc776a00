//! 存证证明: that an entry is in the log, and that the log only grew (RFC 9162).

use access::{Action, What};
use ledger::{Hash, HashKind, NodeMap, ProofFile, Read};
use serde::Serialize;
use store::access_entry::Entry;
use store::{Db, Store};

use super::{SignedHead, hash_kind, signed};
use crate::access_log;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Proof that a leaf is under a head; says nothing about what the leaf stands for.
#[derive(Clone, Debug, Serialize)]
pub struct SeqProof {
    /// Position.
    pub seq: u64,
    /// Leaves under the head.
    pub size: u64,
    /// Hash of the leaf.
    pub leaf: String,
    /// Sibling hashes, from the leaf up.
    pub proof: Vec<String>,
    /// Root under the head.
    pub root: String,
}

/// Proof that the first head's log is the beginning of the second's.
#[derive(Clone, Debug, Serialize)]
pub struct ConsistencyProof {
    /// Size of the older log.
    pub from: u64,
    /// Size of the newer log.
    pub to: u64,
    /// Root of the older log.
    pub from_root: String,
    /// Root of the newer log.
    pub to_root: String,
    /// The proof.
    pub proof: Vec<String>,
}

/// Proves that position `seq` is in the log as it stands.
///
/// # Errors
/// [`Error::NotFound`] if there is no such position.
pub async fn inclusion(cx: &Cx, actor: &Actor, seq: u64) -> Result<SeqProof> {
    cx.permit(actor, Action::SeeLog, What::default())?;
    let head = newest(cx).await?;
    let (leaf, proof) = prove(cx, seq, head.head.size).await?;
    Ok(SeqProof {
        seq,
        size: head.head.size,
        leaf: hex::encode(leaf.0),
        proof: texts(&proof),
        root: hex::encode(head.head.root.0),
    })
}

/// Proves that the log of size `from` is the beginning of the log of size `to`.
///
/// # Errors
/// [`Error::NotFound`] if these sizes do not lie in order within the log as it stands.
pub async fn consistency(cx: &Cx, actor: &Actor, from: u64, to: u64) -> Result<ConsistencyProof> {
    cx.permit(actor, Action::SeeLog, What::default())?;
    if from == 0 || from > to || to > newest(cx).await?.head.size {
        return Err(Error::NotFound);
    }
    let reads = [
        ledger::reads_for_consistency(from, to),
        ledger::reads_for_root(from),
        ledger::reads_for_root(to),
    ];
    let nodes = fetch(cx, reads.concat()).await?;
    let proof = ledger::consistency_proof(from, to, &nodes).map_err(|_| Error::NotFound)?;
    let root = |size, nodes: &NodeMap| ledger::root_of(size, nodes).map_err(|_| Error::NotFound);
    Ok(ConsistencyProof {
        from,
        to,
        from_root: hex::encode(root(from, &nodes)?.0),
        to_root: hex::encode(root(to, &nodes)?.0),
        proof: texts(&proof),
    })
}

/// The proof file for one entry, for the person it is about.
pub(crate) async fn proof_of(cx: &Cx, entry: &Entry) -> Result<ProofFile> {
    let head = newest(cx).await?;
    let (_, proof) = prove(cx, entry.seq, head.head.size).await?;
    let detail = access_log::detail_of(&cx.vault, cx.log.name(), entry)?;
    Ok(ProofFile::new(
        entry.seq,
        access_log::fields(cx.log.name(), entry, &detail),
        entry.salt,
        proof,
        head.head,
        head.signature,
        head.public_key,
    ))
}

async fn newest(cx: &Cx) -> Result<SignedHead> {
    let head = store::access_entry::head(cx.store.read(), cx.log.name()).await?;
    signed(cx, head.ok_or(Error::NotFound)?)
}

async fn prove(cx: &Cx, seq: u64, size: u64) -> Result<(Hash, Vec<Hash>)> {
    if seq >= size {
        return Err(Error::NotFound);
    }
    let nodes = fetch(cx, ledger::reads_for_inclusion(seq, size)).await?;
    let proof = ledger::inclusion_proof(seq, size, &nodes).map_err(|_| Error::NotFound)?;
    let leaf = store::access_entry::leaves(cx.store.read(), cx.log.name(), seq, 1).await?;
    let leaf = leaf.first().filter(|leaf| leaf.seq == seq).ok_or(Error::NotFound)?;
    Ok((Hash(leaf.hash), proof))
}

/// The root over the first `size` leaves, from the stored nodes.
pub(super) async fn root_over(store: &Store, kind: HashKind, log: &str, size: u64) -> Result<Hash> {
    let mut nodes = NodeMap::new(kind);
    fetch_into(store.read(), log, &mut nodes, ledger::reads_for_root(size)).await?;
    ledger::root_of(size, &nodes).map_err(|_| Error::NotFound)
}

async fn fetch(cx: &Cx, reads: Vec<Read>) -> Result<NodeMap> {
    let mut nodes = NodeMap::new(hash_kind(&cx.vault));
    fetch_into(cx.store.read(), cx.log.name(), &mut nodes, reads).await?;
    Ok(nodes)
}

async fn fetch_into(db: &impl Db, log: &str, nodes: &mut NodeMap, reads: Vec<Read>) -> Result<()> {
    for read in reads {
        for (index, hash) in
            store::access_entry::nodes(db, log, read.level, read.from, read.count).await?
        {
            nodes.insert(read.level, index, Hash(hash));
        }
    }
    Ok(())
}

fn texts(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| hex::encode(hash.0)).collect()
}
