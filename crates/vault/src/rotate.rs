//! Rotation of keys, as changes of the text of their file. Who writes it, and when, is not known here.

use crate::key::{KeyText, Row, derive, parse};
use crate::ring::KeyState;
use crate::sign::{PublicKey, verify};
use crate::{Suite, VaultError};

/// What is signed by a key about the one that comes after it.
fn handover(before: &PublicKey, after: &PublicKey) -> Vec<u8> {
    format!("chengxin key v1\n{after}\nfollows\n{before}\n").into_bytes()
}

/// Checks that whoever had the key `before` named `after` as the next one.
///
/// # Errors
/// [`VaultError::Form`], [`VaultError::Signature`].
pub fn follows(before: &PublicKey, after: &PublicKey, signature: &[u8]) -> Result<(), VaultError> {
    verify(before, &handover(before, after), signature)
}

fn no_key(id: u16) -> VaultError {
    VaultError::KeyFile(format!("there is no key {id}"))
}

impl KeyText {
    /// How often the file has been changed.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`].
    pub fn generation(&self) -> Result<u64, VaultError> {
        Ok(parse(&self.text)?.generation)
    }

    /// Adds a key that will seal next and opens already. The one that seals now signs that it follows.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`] if the text cannot be used, a key waits already, or the bytes make no key.
    pub fn with_next_key(
        &self,
        suite: Suite,
        created_on: &str,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, VaultError> {
        let mut file = parse(&self.text)?;
        if file.key.iter().any(|row| row.is(KeyState::Next)) {
            return Err(VaultError::KeyFile("a next key is there already".to_owned()));
        }
        let active = file.key.iter().rev().find(|row| row.is(KeyState::Active));
        let active = active.map(Row::key).transpose()?.flatten();
        let active = active.ok_or_else(|| VaultError::KeyFile("no key is active".to_owned()))?;
        file.add(suite, KeyState::Next, created_on, random)?;
        if let Some(row) = file.key.last_mut()
            && let Some(next) = row.key()?
        {
            let message = handover(&active.signing.public(), &next.signing.public());
            row.follows = Some(hex::encode(active.signed(&message)));
        }
        file.written()
    }

    /// Lets the next key seal from now on; the one before opens what it sealed.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`] if the text cannot be used, or no key waits.
    pub fn with_next_active(&self, replaced_at: i64) -> Result<Self, VaultError> {
        let mut file = parse(&self.text)?;
        if !file.key.iter().any(|row| row.is(KeyState::Next)) {
            return Err(VaultError::KeyFile("no next key is there".to_owned()));
        }
        for row in &mut file.key {
            if row.is(KeyState::Active) {
                row.put(KeyState::Old);
                row.replaced_at = Some(replaced_at);
            } else if row.is(KeyState::Next) {
                row.put(KeyState::Active);
            }
        }
        file.written()
    }

    /// Takes the material of a key away: nothing it sealed opens any more. Its name and what checks its signatures stay;
    /// so does what finds facts again, of the first key always, of another if `is_finding`. Heads of the log that are
    /// larger than `signs_up_to` it cannot have signed.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`] if the text cannot be used, there is no such key, or it seals.
    pub fn with_retired(
        &self,
        id: u16,
        is_finding: bool,
        signs_up_to: u64,
    ) -> Result<Self, VaultError> {
        let mut file = parse(&self.text)?;
        let is_first = file.key.first().is_some_and(|row| row.id == id);
        let row = file.key.iter_mut().find(|row| row.id == id).ok_or_else(|| no_key(id))?;
        if row.is(KeyState::Active) {
            return Err(row.bad("it seals: rotate first"));
        }
        if let (Some(master), Some(key)) = (row.master()?, row.key()?) {
            let sub = |label| derive(key.suite, &master, label).map(|sub| hex::encode(*sub));
            row.blind = Some(sub("blind")?);
            row.fingerprint = Some(sub("fingerprint")?);
            row.entry = is_first.then(|| sub("entry")).transpose()?;
            row.public_key = Some(key.signing.public().to_string());
            row.signs_up_to = row.signs_up_to.or(Some(signs_up_to));
            row.put(KeyState::Retired);
        }
        row.material = None;
        if !is_finding {
            row.blind = None;
            row.fingerprint = row.fingerprint.take().filter(|_| is_first);
        }
        file.written()
    }

    /// Brings back the material of retired keys that an older copy of the file still has, so that a backup of before
    /// opens; says which.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`] if either text cannot be used.
    pub fn with_recalled(&self, older: &Self) -> Result<(Self, Vec<u16>), VaultError> {
        let (mut file, mut older) = (parse(&self.text)?, parse(&older.text)?);
        let mut recalled = Vec::new();
        for row in file.key.iter_mut().filter(|row| row.is(KeyState::Retired)) {
            let Some(was) = older.key.iter_mut().find(|was| was.id == row.id) else { continue };
            let Some(key) = was.key()? else { continue };
            // The same number in the keys of another register is another key.
            if row.public_key.as_ref() != Some(&key.signing.public().to_string()) {
                continue;
            }
            row.material = was.material.take();
            row.put(KeyState::Old);
            recalled.push(row.id);
        }
        if recalled.is_empty() {
            return Ok((self.clone(), recalled));
        }
        Ok((file.written()?, recalled))
    }
}

impl Row {
    fn is(&self, state: KeyState) -> bool {
        self.state == state.name()
    }

    fn put(&mut self, state: KeyState) {
        state.name().clone_into(&mut self.state);
    }
}
