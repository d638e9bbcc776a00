//! Head: what is signed and can be published; whoever keeps one notices every rewriting.

use crate::hash::{Hash, HashKind};

/// The state of a log at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The log's name.
    pub log: String,
    /// Leaves under the root.
    pub size: u64,
    /// Root hash.
    pub root: Hash,
    /// When it was made, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// Which hash the log uses.
    pub kind: HashKind,
}

impl Head {
    /// The bytes to sign: lines that a person can read.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        format!(
            "chengxin log head v1\n{}\n{}\n{}\n{}\n{}\n",
            self.log,
            self.kind.name(),
            self.size,
            hex::encode(self.root.0),
            self.at_ms
        )
        .into_bytes()
    }
}
