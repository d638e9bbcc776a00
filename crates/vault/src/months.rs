//! Month keys 按月钥匙: what must be gone by a day is sealed with the key of the month in which it must go.
//!
//! The keys form a chain that runs one way only: from the state of one month those of all later months
//! follow, and none before it.
//!
//! ```text
//!   state 2026-11 ──▶ state 2026-12 ──▶ state 2027-01 ──▶ …
//!        │                 │                 │
//!   key of 2026-11    key of 2026-12    key of 2027-01
//! ```
//!
//! Moving the chain on and forgetting the state before destroys every key before it: what they sealed is
//! nothing any more, also in a copy of the database that nobody can find.

use std::collections::BTreeMap;
use std::sync::Arc;

use zeroize::{Zeroize, Zeroizing};

use crate::cipher::Cipher;
use crate::{Suite, VaultError, key};

/// A month, counted from January of the year 2000.
pub type Month = u16;

/// Months ahead for which there are keys: more than anything of ours is kept.
const AHEAD: u16 = 1_200;

/// A month to which every chain comes: January of the year 2100.
const FAR: Month = 1_200;

/// The bit that tells a value of a month key from one of a standing key.
pub(crate) const BIT: u8 = 0x80;

/// The chain, standing at one month.
pub(crate) struct Chain {
    suite: Suite,
    month: Month,
    state: Zeroizing<[u8; 32]>,
    /// Ciphers worked out so far.
    ciphers: BTreeMap<Month, Arc<Cipher>>,
}

impl Chain {
    pub(crate) fn new(suite: Suite, month: Month, state: [u8; 32]) -> Self {
        Self { suite, month, state: Zeroizing::new(state), ciphers: BTreeMap::new() }
    }

    /// From `suite month state`, as [`Chain::plain`] writes it.
    pub(crate) fn read(plain: &[u8]) -> Result<Self, VaultError> {
        let bad = || VaultError::KeyFile("the month keys cannot be read".to_owned());
        let (head, state) = plain.split_first_chunk::<3>().ok_or_else(bad)?;
        let [suite, high, low] = *head;
        let suite = [Suite::Gm, Suite::Intl].into_iter().find(|known| known.byte() == suite);
        let mut state: [u8; 32] = state.try_into().map_err(|_| bad())?;
        let chain = Self::new(suite.ok_or_else(bad)?, Month::from_be_bytes([high, low]), state);
        state.zeroize();
        Ok(chain)
    }

    pub(crate) fn plain(&self) -> Zeroizing<Vec<u8>> {
        let mut plain = Zeroizing::new(vec![self.suite.byte()]);
        plain.extend_from_slice(&self.month.to_be_bytes());
        plain.extend_from_slice(&*self.state);
        plain
    }

    /// The first month whose key is not destroyed.
    pub(crate) const fn month(&self) -> Month {
        self.month
    }

    pub(crate) const fn suite(&self) -> Suite {
        self.suite
    }

    /// Destroys every key before `month`.
    pub(crate) fn forget_before(&mut self, month: Month) -> Result<(), VaultError> {
        let state = self.state_of(month.max(self.month))?;
        self.month = month.max(self.month);
        self.state = state;
        self.ciphers.retain(|known, _| *known >= month);
        Ok(())
    }

    /// What tells this chain from any other, at whatever month either stands; it leads back to no key.
    pub(crate) fn mark(&self) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        key::derive(self.suite, &*self.state_of(FAR)?, "mark of the chain")
    }

    /// A cipher that is worked out already.
    pub(crate) fn known(&self, month: Month) -> Option<Arc<Cipher>> {
        self.ciphers.get(&month).cloned()
    }

    /// The cipher of a month.
    pub(crate) fn cipher(&mut self, month: Month) -> Result<Arc<Cipher>, VaultError> {
        if let Some(cipher) = self.known(month) {
            return Ok(cipher);
        }
        let state = self.state_of(month)?;
        let cipher = Cipher::new(self.suite, &*key::derive(self.suite, &state, "month")?)?;
        let cipher = Arc::new(cipher);
        self.ciphers.insert(month, cipher.clone());
        Ok(cipher)
    }

    fn state_of(&self, month: Month) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        let Some(steps) = month.checked_sub(self.month) else {
            return Err(VaultError::Destroyed(month));
        };
        if steps > AHEAD {
            return Err(VaultError::Form);
        }
        let mut state = self.state.clone();
        for _ in 0..steps {
            state = key::derive(self.suite, &state, "next month")?;
        }
        Ok(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> Chain {
        Chain::new(Suite::Intl, 322, [7; 32])
    }

    #[test]
    fn what_a_later_state_seals_an_earlier_one_opens_and_not_the_other_way_round() {
        let mut early = chain();
        let sealed = early.cipher(330).unwrap().seal([1; 12], b"here", b"plain");
        let mut late = chain();
        late.forget_before(330).unwrap();
        assert_eq!(late.cipher(330).unwrap().open([1; 12], b"here", &sealed).unwrap(), b"plain");
        late.forget_before(331).unwrap();
        assert_eq!(late.cipher(330).err(), Some(VaultError::Destroyed(330)));
        // Also not after it was written down and read again, nor by going back.
        let mut again = Chain::read(&late.plain()).unwrap();
        again.forget_before(300).unwrap();
        assert_eq!(again.month(), 331);
        assert_eq!(again.cipher(330).err(), Some(VaultError::Destroyed(330)));
    }

    #[test]
    fn a_chain_is_known_by_its_mark_at_every_month() {
        let mark = chain().mark().unwrap();
        let mut late = chain();
        late.forget_before(400).unwrap();
        assert_eq!(*late.mark().unwrap(), *mark);
        assert_ne!(*Chain::new(Suite::Intl, 322, [8; 32]).mark().unwrap(), *mark);
        assert_ne!(*chain().state_of(FAR).unwrap(), *mark);
    }

    #[test]
    fn no_two_months_share_a_key() {
        let mut chain = chain();
        let sealed = chain.cipher(322).unwrap().seal([1; 12], b"", b"plain");
        assert!(chain.cipher(323).unwrap().open([1; 12], b"", &sealed).is_err());
        assert_eq!(chain.cipher(322 + AHEAD + 1).err(), Some(VaultError::Form));
    }
}
