//! Ledger 存证: the mathematics of an append-only Merkle log (RFC 9162). Knows neither persons nor keys.
//!
//! ```text
//!   entry + salt ──commitment──▶ leaf ──append──▶ Frontier ──root──▶ Head (signed elsewhere)
//!                                   └─ every 256^k leaves a stored node (height 8, 16, 24 …)
//! ```

mod entry;
mod frontier;
mod hash;
mod head;
mod proof;
mod proof_file;
mod tree;

pub use entry::{canonical, commitment};
pub use frontier::{Frontier, FrontierError, Tile};
pub use hash::{Hash, HashKind, leaf_hash, node_hash};
pub use head::Head;
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use proof_file::{ProofFault, ProofFile};
pub use tree::{
    MissingNode, NodeMap, Read, consistency_proof, inclusion_proof, reads_for_consistency,
    reads_for_inclusion, reads_for_root, root_of,
};

/// Height of a stored tile: one node for each 256 below it.
pub const TILE_HEIGHT: u8 = 8;
