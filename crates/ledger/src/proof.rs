//! Verification of proofs (RFC 9162, 2.1.3.2 and 2.1.4.2); hostile input is refused, never a panic.

use thiserror::Error;

use crate::hash::{Hash, HashKind, node_hash};

/// A proof that does not prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    /// Position and size cannot belong together.
    #[error("the position is not in a log of that size")]
    Position,
    /// The proof has too many or too few hashes.
    #[error("the proof does not have the length that it must have")]
    Length,
    /// The root does not come out.
    #[error("the proof leads to another root")]
    Root,
}

/// Checks that `leaf` stands at `seq` under the root of `size` leaves.
///
/// # Errors
/// [`ProofError`].
pub fn verify_inclusion(
    kind: HashKind,
    leaf: &Hash,
    seq: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if seq >= size {
        return Err(ProofError::Position);
    }
    let (mut at, mut last) = (seq, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(kind, sibling, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(kind, &hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the log of `old` leaves under `old_root` is the beginning of that of `new` leaves.
///
/// # Errors
/// [`ProofError`].
pub fn verify_consistency(
    kind: HashKind,
    (old, old_root): (u64, &Hash),
    (new, new_root): (u64, &Hash),
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old == 0 || old > new {
        return Err(ProofError::Position);
    }
    if old == new {
        return match (proof.is_empty(), old_root == new_root) {
            (true, true) => Ok(()),
            (true, false) => Err(ProofError::Root),
            (false, _) => Err(ProofError::Length),
        };
    }
    let mut hashes = proof.iter();
    let first =
        if old.is_power_of_two() { *old_root } else { *hashes.next().ok_or(ProofError::Length)? };
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut from_old, mut from_new) = (first, first);
    for hash in hashes {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            from_old = node_hash(kind, hash, &from_old);
            from_new = node_hash(kind, hash, &from_new);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(kind, &from_new, hash);
        }
        at >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if from_old == *old_root && from_new == *new_root { Ok(()) } else { Err(ProofError::Root) }
}
