//! Hashes: leaves and nodes are told apart by their first byte, so neither can stand for the other.

use sha2::{Digest, Sha256};
use sm3::Sm3;

/// Which hash a log uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashKind {
    /// SHA-256.
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

impl HashKind {
    /// Name in heads and proofs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sm3 => "sm3",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Sha256, Self::Sm3].into_iter().find(|kind| kind.name() == name)
    }

    pub(crate) fn digest(self, parts: &[&[u8]]) -> Hash {
        match self {
            Self::Sha256 => {
                let mut hash = Sha256::new();
                parts.iter().for_each(|part| hash.update(part));
                Hash(hash.finalize().into())
            }
            Self::Sm3 => {
                let mut hash = Sm3::new();
                parts.iter().for_each(|part| hash.update(part));
                Hash(hash.finalize().into())
            }
        }
    }
}

/// 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Hash of a leaf.
#[must_use]
pub fn leaf_hash(kind: HashKind, leaf: &[u8]) -> Hash {
    kind.digest(&[&[0], leaf])
}

/// Hash of a node over its two halves.
#[must_use]
pub fn node_hash(kind: HashKind, left: &Hash, right: &Hash) -> Hash {
    kind.digest(&[&[1], &left.0, &right.0])
}

/// Root of a log without leaves.
#[must_use]
pub(crate) fn empty_root(kind: HashKind) -> Hash {
    kind.digest(&[])
}
