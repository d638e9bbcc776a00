//! Tree: which stored nodes a proof needs, and the proof from them.
//!
//! Leaves and every eighth level are stored. A caller that reads asynchronously asks first what it
//! needs ([`reads_for_inclusion`] …), fills a [`NodeMap`], and has the proof made from it.

use std::collections::HashMap;

use thiserror::Error;

use crate::TILE_HEIGHT;
use crate::hash::{Hash, HashKind, empty_root, node_hash};

/// A run of stored nodes of one height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// Height: 0 for leaves, else a multiple of 8.
    pub level: u8,
    /// First position at that height.
    pub from: u64,
    /// How many.
    pub count: u64,
}

/// A stored node that should be there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("node {index} of height {level} is missing from the stored log")]
pub struct MissingNode {
    /// Height.
    pub level: u8,
    /// Position.
    pub index: u64,
}

/// Stored nodes that have been read.
#[derive(Clone, Debug)]
pub struct NodeMap {
    kind: HashKind,
    nodes: HashMap<(u8, u64), Hash>,
}

impl NodeMap {
    /// Without nodes yet.
    #[must_use]
    pub fn new(kind: HashKind) -> Self {
        Self { kind, nodes: HashMap::new() }
    }

    /// Puts a stored node in.
    pub fn insert(&mut self, level: u8, index: u64, hash: Hash) {
        self.nodes.insert((level, index), hash);
    }

    fn get(&self, level: u8, index: u64) -> Result<Hash, MissingNode> {
        self.nodes.get(&(level, index)).copied().ok_or(MissingNode { level, index })
    }

    /// Root of the full subtree of `level` at `index`, from stored nodes at or below it.
    fn full(&self, level: u8, index: u64) -> Result<Hash, MissingNode> {
        if level.is_multiple_of(TILE_HEIGHT) {
            return self.get(level, index);
        }
        let left = self.full(level - 1, index * 2)?;
        let right = self.full(level - 1, index * 2 + 1)?;
        Ok(node_hash(self.kind, &left, &right))
    }

    /// Root over the leaves `from..to`, where `from` begins a subtree that is large enough.
    fn span(&self, from: u64, to: u64) -> Result<Hash, MissingNode> {
        let mut root = None;
        for (level, index) in full_subtrees(from, to).into_iter().rev() {
            let left = self.full(level, index)?;
            root = Some(match root {
                None => left,
                Some(right) => node_hash(self.kind, &left, &right),
            });
        }
        Ok(root.unwrap_or_else(|| empty_root(self.kind)))
    }
}

/// The full subtrees that make up `from..to`, left to right: (height, position).
fn full_subtrees(from: u64, to: u64) -> Vec<(u8, u64)> {
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        let room = to - at;
        let by_room = 63 - room.leading_zeros();
        let level = if at == 0 { by_room } else { by_room.min(at.trailing_zeros()) };
        let level = u8::try_from(level).unwrap_or(63);
        found.push((level, at >> level));
        at += 1 << level;
    }
    found
}

fn reads_of(spans: &[(u64, u64)]) -> Vec<Read> {
    let mut reads: Vec<Read> = Vec::new();
    for (from, to) in spans {
        for (level, index) in full_subtrees(*from, *to) {
            let stored = level - level % TILE_HEIGHT;
            let under = u32::from(level - stored);
            reads.push(Read { level: stored, from: index << under, count: 1 << under });
        }
    }
    reads
}

/// Largest power of two below `size` (which is at least 2).
fn split(size: u64) -> u64 {
    1 << (63 - (size - 1).leading_zeros())
}

/// Sibling spans on the way from leaf `seq` up to the root of `size` leaves, lowest first.
fn inclusion_spans(seq: u64, size: u64) -> Vec<(u64, u64)> {
    let (mut from, mut to) = (0, size);
    let mut spans = Vec::new();
    while to - from > 1 {
        let middle = from + split(to - from);
        if seq < middle {
            spans.push((middle, to));
            to = middle;
        } else {
            spans.push((from, middle));
            from = middle;
        }
    }
    spans.reverse();
    spans
}

/// Spans whose roots prove that `old` leaves are the beginning of `new` leaves (RFC 9162, 2.1.4).
fn consistency_spans(old: u64, new: u64) -> Vec<(u64, u64)> {
    let (mut from, mut to, mut size) = (0, new, old);
    let mut is_complete = true;
    let mut spans = Vec::new();
    while size < to - from {
        let half = split(to - from);
        let middle = from + half;
        if size <= half {
            spans.push((middle, to));
            to = middle;
        } else {
            spans.push((from, middle));
            from = middle;
            size -= half;
            is_complete = false;
        }
    }
    if !is_complete {
        spans.push((from, to));
    }
    spans.reverse();
    spans
}

/// What must be read to prove leaf `seq` under `size` leaves.
#[must_use]
pub fn reads_for_inclusion(seq: u64, size: u64) -> Vec<Read> {
    if seq >= size { Vec::new() } else { reads_of(&inclusion_spans(seq, size)) }
}

/// What must be read to prove that `from` leaves are the beginning of `to`.
#[must_use]
pub fn reads_for_consistency(from: u64, to: u64) -> Vec<Read> {
    if from == 0 || from >= to { Vec::new() } else { reads_of(&consistency_spans(from, to)) }
}

/// What must be read for the root of `size` leaves.
#[must_use]
pub fn reads_for_root(size: u64) -> Vec<Read> {
    reads_of(&[(0, size)])
}

/// Root over the first `size` leaves.
///
/// # Errors
/// [`MissingNode`].
pub fn root_of(size: u64, nodes: &NodeMap) -> Result<Hash, MissingNode> {
    nodes.span(0, size)
}

/// Sibling hashes from leaf `seq` up to the root of `size` leaves.
///
/// # Errors
/// [`MissingNode`], also for a leaf that is not under `size`.
pub fn inclusion_proof(seq: u64, size: u64, nodes: &NodeMap) -> Result<Vec<Hash>, MissingNode> {
    if seq >= size {
        return Err(MissingNode { level: 0, index: seq });
    }
    inclusion_spans(seq, size).into_iter().map(|(from, to)| nodes.span(from, to)).collect()
}

/// Hashes that prove that the first `old` leaves are the beginning of the first `new`.
///
/// # Errors
/// [`MissingNode`].
pub fn consistency_proof(old: u64, new: u64, nodes: &NodeMap) -> Result<Vec<Hash>, MissingNode> {
    if old == 0 || old >= new {
        return Ok(Vec::new());
    }
    consistency_spans(old, new).into_iter().map(|(from, to)| nodes.span(from, to)).collect()
}
