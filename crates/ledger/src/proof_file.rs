//! Proof file: everything a person needs to check, without us, that a look at him is in the log.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::hash::{Hash, HashKind, leaf_hash};
use crate::proof::verify_inclusion;
use crate::{Head, canonical, commitment};

/// One entry with its proof, as the person downloads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofFile {
    /// Always `chengxin-proof-v1`.
    pub format: String,
    /// The log's name.
    pub log: String,
    /// `sha-256` or `sm3`.
    pub hash: String,
    /// Position of the entry.
    pub seq: u64,
    /// The entry, field by field.
    pub entry: Vec<(String, String)>,
    /// Its salt, in hexadecimal.
    pub salt: String,
    /// Sibling hashes from the leaf up, in hexadecimal.
    pub proof: Vec<String>,
    /// Leaves under the head.
    pub size: u64,
    /// Root under the head, in hexadecimal.
    pub root: String,
    /// When the head was made, in milliseconds since 1970 (UTC).
    pub at_ms: i64,
    /// Signature over the head, in hexadecimal.
    pub signature: String,
    /// The key that checks the signature, as text.
    pub public_key: String,
}

/// What is wrong with a proof file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofFault {
    /// It is no proof file of ours, or of a later kind.
    #[error("this is no proof file of this kind")]
    Format,
    /// The entry says another position or log than the proof.
    #[error("the entry does not belong to this proof")]
    Entry,
    /// The entry is not in the log under this head.
    #[error("the entry is not in the log under this head")]
    NotIncluded,
    /// The head was not signed with this key.
    #[error("the head was not signed with this key")]
    Signature,
}

const FORMAT: &str = "chengxin-proof-v1";

impl ProofFile {
    /// Puts a proof file together.
    #[must_use]
    pub fn new(
        seq: u64,
        entry: Vec<(String, String)>,
        salt: [u8; 16],
        proof: Vec<Hash>,
        head: Head,
        signature: Vec<u8>,
        public_key: String,
    ) -> Self {
        Self {
            format: FORMAT.to_owned(),
            log: head.log,
            hash: head.kind.name().to_owned(),
            seq,
            entry,
            salt: hex::encode(salt),
            proof: proof.iter().map(|hash| hex::encode(hash.0)).collect(),
            size: head.size,
            root: hex::encode(head.root.0),
            at_ms: head.at_ms,
            signature: hex::encode(signature),
            public_key,
        }
    }

    /// Checks the whole file; `signed(public key, message, signature)` checks the signature.
    ///
    /// # Errors
    /// [`ProofFault`].
    pub fn check(&self, signed: impl Fn(&str, &[u8], &[u8]) -> bool) -> Result<(), ProofFault> {
        let kind = HashKind::from_name(&self.hash).filter(|_| self.format == FORMAT);
        let kind = kind.ok_or(ProofFault::Format)?;
        let bytes = |text: &str| hex::decode(text).map_err(|_| ProofFault::Format);
        let hash = |text: &str| -> Result<Hash, ProofFault> {
            Ok(Hash(bytes(text)?.try_into().map_err(|_| ProofFault::Format)?))
        };
        let field = |name: &str| {
            self.entry.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
        };
        if field("log") != Some(&self.log) || field("seq") != Some(&self.seq.to_string()) {
            return Err(ProofFault::Entry);
        }
        let salt: [u8; 16] = bytes(&self.salt)?.try_into().map_err(|_| ProofFault::Format)?;
        let fields: Vec<(&str, &str)> =
            self.entry.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let leaf = leaf_hash(kind, &commitment(kind, &salt, &canonical(&fields)));
        let proof = self.proof.iter().map(|text| hash(text)).collect::<Result<Vec<_>, _>>()?;
        let root = hash(&self.root)?;
        verify_inclusion(kind, &leaf, self.seq, self.size, &proof, &root)
            .map_err(|_| ProofFault::NotIncluded)?;
        let head = Head { log: self.log.clone(), size: self.size, root, at_ms: self.at_ms, kind };
        if signed(&self.public_key, &head.message(), &bytes(&self.signature)?) {
            Ok(())
        } else {
            Err(ProofFault::Signature)
        }
    }
}
