//! Frontier: the few hashes that a growing log needs, one for each set bit of its size.

use thiserror::Error;

use crate::TILE_HEIGHT;
use crate::hash::{Hash, HashKind, empty_root, node_hash};

/// The right edge of the tree: roots of the full subtrees, highest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frontier {
    kind: HashKind,
    size: u64,
    peaks: Vec<Hash>,
}

/// A node that became full and is to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Height above the leaves: 8, 16, 24 …
    pub level: u8,
    /// Position among the nodes of that height.
    pub index: u64,
    /// Its hash.
    pub hash: Hash,
}

/// Stored bytes that are no frontier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("these bytes are no frontier of a log")]
pub struct FrontierError;

impl Frontier {
    /// Of a log without leaves.
    #[must_use]
    pub fn new(kind: HashKind) -> Self {
        Self { kind, size: 0, peaks: Vec::with_capacity(64) }
    }

    /// Leaves so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf; gives the nodes that became full, lowest first (mostly none).
    pub fn append(&mut self, leaf: Hash) -> Vec<Tile> {
        let mut tiles = Vec::new();
        let mut hash = leaf;
        let mut level = 0_u8;
        // A carry for each low set bit, as in binary counting.
        while self.size >> level & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(self.kind, &left, &hash);
            level += 1;
            if level.is_multiple_of(TILE_HEIGHT) {
                tiles.push(Tile { level, index: self.size >> level, hash });
            }
        }
        self.peaks.push(hash);
        self.size += 1;
        tiles
    }

    /// Root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return empty_root(self.kind) };
        peaks.fold(*last, |right, left| node_hash(self.kind, left, &right))
    }

    /// As bytes: size, then the hashes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for peak in &self.peaks {
            bytes.extend_from_slice(&peak.0);
        }
        bytes
    }

    /// Back from bytes.
    ///
    /// # Errors
    /// [`FrontierError`] if size and number of hashes do not belong together.
    pub fn from_bytes(kind: HashKind, bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(FrontierError)?;
        let size = u64::from_be_bytes(*size);
        let (hashes, rest) = rest.as_chunks::<32>();
        let count = usize::try_from(size.count_ones()).map_err(|_| FrontierError)?;
        if !rest.is_empty() || hashes.len() != count {
            return Err(FrontierError);
        }
        Ok(Self { kind, size, peaks: hashes.iter().map(|hash| Hash(*hash)).collect() })
    }
}
