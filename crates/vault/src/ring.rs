//! The keys of a file, ready for use: one seals, several open, the first finds facts again.

use std::sync::Arc;

use crate::key::Key;
use crate::keyed::Keyed;
use crate::sign::PublicKey;
use crate::{Suite, VaultError};

/// What a key still does.
///
/// ```text
///   Next ──▶ Active ──▶ Old ──▶ Retired
///    opens    seals      opens   a name, and what finds facts again
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Opens already, so that whoever seals with it first finds everybody ready.
    Next,
    /// Seals and signs; of several the last.
    Active,
    /// Opens what it sealed.
    Old,
    /// Its material is gone.
    Retired,
}

impl KeyState {
    /// Name in key files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Old => "old",
            Self::Retired => "retired",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Next, Self::Active, Self::Old, Self::Retired];
        all.into_iter().find(|state| state.name() == name)
    }
}

/// What may be known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its number; it is never given twice.
    pub id: u16,
    /// Its algorithms.
    pub suite: Suite,
    /// What it still does.
    pub state: KeyState,
    /// The day on which it was made.
    pub created_on: String,
    /// When another began to seal in its place, in seconds since 1970.
    pub replaced_at: Option<i64>,
    /// What checks its signatures, also when it is retired.
    pub public_key: PublicKey,
    /// The largest head of the log that it can have signed, once it is retired.
    pub signs_up_to: Option<u64>,
    /// Signature of the key before it over its public key, in hexadecimal; see [`crate::follows`].
    pub follows: Option<String>,
    /// Whether it still leads from a document to a person.
    pub is_finding: bool,
}

impl KeyInfo {
    /// What everything begins with that it sealed or signed.
    #[must_use]
    pub const fn head(&self) -> [u8; 3] {
        let [high, low] = self.id.to_be_bytes();
        [self.suite.byte(), high, low]
    }
}

/// The derived keys by which equals are found: all that may be left of a retired key.
pub(crate) struct Index {
    pub(crate) suite: Suite,
    pub(crate) blind: Option<Keyed>,
    pub(crate) fingerprint: Option<Keyed>,
    pub(crate) entry: Option<Keyed>,
}

/// The keys of a file, oldest first.
///
/// The first also keys whatever cannot be computed anew, because what was hashed is here no more: fingerprints of facts
/// and of what was erased, marks of codes that were shown once, the seals of leaves. It gives the log its hash.
pub(crate) struct Ring {
    pub(crate) generation: u64,
    pub(crate) info: Vec<KeyInfo>,
    index: Vec<Index>,
    keys: Vec<Arc<Key>>,
    active: Option<Arc<Key>>,
}

impl Ring {
    pub(crate) const fn new(generation: u64) -> Self {
        Self { generation, info: Vec::new(), index: Vec::new(), keys: Vec::new(), active: None }
    }

    pub(crate) fn add(&mut self, info: KeyInfo, index: Index, key: Option<Key>) {
        let is_active = info.state == KeyState::Active;
        self.info.push(info);
        self.index.push(index);
        let Some(key) = key.map(Arc::new) else { return };
        if is_active {
            self.active = Some(key.clone());
        }
        self.keys.push(key);
    }

    /// The ring, if it can do what every ring must.
    pub(crate) fn whole(self) -> Result<Self, VaultError> {
        if self.active.is_none() {
            return Err(VaultError::KeyFile("no key is active".to_owned()));
        }
        let first = self.index.first();
        if first.is_none_or(|first| first.fingerprint.is_none() || first.entry.is_none()) {
            let says = "the first key has lost what finds facts again";
            return Err(VaultError::KeyFile(says.to_owned()));
        }
        Ok(self)
    }

    pub(crate) fn active(&self) -> Option<&Arc<Key>> {
        self.active.as_ref()
    }

    pub(crate) fn by_id(&self, id: u16) -> Result<&Arc<Key>, VaultError> {
        let found = self.keys.iter().find(|key| key.id == id);
        found.ok_or_else(|| match self.info.iter().find(|info| info.id == id) {
            Some(_) => VaultError::Retired(id),
            None => VaultError::UnknownKey(id),
        })
    }

    pub(crate) fn info_of(&self, id: u16) -> Result<&KeyInfo, VaultError> {
        self.info.iter().find(|info| info.id == id).ok_or(VaultError::UnknownKey(id))
    }

    /// The first key as far as it finds facts again.
    pub(crate) fn base(&self) -> Option<&Index> {
        self.index.first()
    }

    /// What leads from a document to a person by the key of that number.
    pub(crate) fn finding(&self, id: u16) -> Result<(&Keyed, &Keyed), VaultError> {
        let at = self.info.iter().position(|info| info.id == id);
        let index = at.and_then(|at| self.index.get(at)).ok_or(VaultError::UnknownKey(id))?;
        match (&index.blind, &index.fingerprint) {
            (Some(blind), Some(fingerprint)) => Ok((blind, fingerprint)),
            (_, None) | (None, Some(_)) => Err(VaultError::Retired(id)),
        }
    }

    /// What tells the keys of one register from those of another; it leads back to no key.
    pub(crate) fn mark(&self) -> Option<[u8; 32]> {
        let first = self.base()?.fingerprint.as_ref()?;
        Some(first.hash(&[b"keys of a register"]))
    }
}
