//! Keys: one master each, from which every other is derived by purpose (HKDF).

use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sm3::Sm3;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::cipher::Cipher;
use crate::keyed::Keyed;
use crate::ring::{Index, KeyInfo, KeyState, Ring};
use crate::sign::{PublicKey, SigningKey};
use crate::{Suite, VaultError};

/// The text of a key file. It is secret: keep it in a file of mode 0600.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct KeyText {
    /// The text.
    pub text: String,
}

impl std::fmt::Debug for KeyText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyText(…)")
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct File {
    /// Counts the changes of the file.
    #[serde(default)]
    pub(crate) generation: u64,
    pub(crate) key: Vec<Row>,
}

/// A key as it is written down. Of a retired one the material is gone, and what finds facts again may stay.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Row {
    pub(crate) id: u16,
    pub(crate) suite: String,
    pub(crate) state: String,
    pub(crate) created_on: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) replaced_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signs_up_to: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) follows: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) public_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) material: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) blind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fingerprint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) entry: Option<String>,
}

impl KeyText {
    /// Without a key yet.
    #[must_use]
    pub fn new() -> Self {
        Self { text: String::new() }
    }

    /// Adds a key that seals from now on; the others only open what they sealed.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`] if the text that is there cannot be read, or the bytes make no key.
    pub fn with_new_key(
        &self,
        suite: Suite,
        created_on: &str,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, VaultError> {
        let mut file = if self.text.is_empty() {
            File { generation: 0, key: Vec::new() }
        } else {
            parse(&self.text)?
        };
        for row in &mut file.key {
            if row.state == KeyState::Active.name() {
                row.state = KeyState::Old.name().to_owned();
            }
        }
        file.add(suite, KeyState::Active, created_on, random)?;
        file.written()
    }
}

impl Default for KeyText {
    fn default() -> Self {
        Self::new()
    }
}

impl File {
    /// Adds a key with new material.
    pub(crate) fn add(
        &mut self,
        suite: Suite,
        state: KeyState,
        created_on: &str,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<u16, VaultError> {
        let mut material = Zeroizing::new([0; 32]);
        random(material.as_mut());
        let id = self.key.iter().map(|row| row.id).max().unwrap_or(0).checked_add(1);
        let id = id.ok_or_else(|| VaultError::KeyFile("too many keys".to_owned()))?;
        self.key.push(Row {
            id,
            suite: suite.name().to_owned(),
            state: state.name().to_owned(),
            created_on: created_on.to_owned(),
            replaced_at: None,
            signs_up_to: None,
            follows: None,
            public_key: None,
            material: Some(hex::encode(material.as_ref())),
            blind: None,
            fingerprint: None,
            entry: None,
        });
        Ok(id)
    }

    /// The next text of the file, if it can be used.
    pub(crate) fn written(mut self) -> Result<KeyText, VaultError> {
        self.generation = self.generation.saturating_add(1);
        let text =
            toml::to_string(&self).map_err(|error| VaultError::KeyFile(error.to_string()))?;
        let text = KeyText { text };
        read(&text.text)?;
        Ok(text)
    }
}

pub(crate) fn parse(text: &str) -> Result<File, VaultError> {
    // The error of the parser would show the line, and the line is secret.
    toml::from_str(text).map_err(|_| VaultError::KeyFile("it is no list of keys".to_owned()))
}

/// One key with its material, ready for use.
pub(crate) struct Key {
    pub(crate) id: u16,
    pub(crate) suite: Suite,
    cipher: Cipher,
    pub(crate) signing: SigningKey,
}

pub(crate) fn read(text: &str) -> Result<Ring, VaultError> {
    let file = parse(text)?;
    let mut ring = Ring::new(file.generation);
    for row in &file.key {
        let (info, index, key) = row.opened()?;
        if ring.info.iter().any(|known| known.id == row.id) {
            return Err(row.bad("the number is given twice"));
        }
        ring.add(info, index, key);
    }
    ring.whole()
}

impl Row {
    pub(crate) fn bad(&self, what: &str) -> VaultError {
        VaultError::KeyFile(format!("key {}: {what}", self.id))
    }

    pub(crate) fn suite(&self) -> Result<Suite, VaultError> {
        Suite::from_name(&self.suite).ok_or_else(|| self.bad("no such suite"))
    }

    /// The material, unless the key was retired.
    pub(crate) fn master(&self) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
        let Some(material) = &self.material else { return Ok(None) };
        let bytes = Zeroizing::new(hex::decode(material).map_err(|_| self.bad("no hexadecimal"))?);
        let master: [u8; 32] =
            bytes.as_slice().try_into().map_err(|_| self.bad("the material must have 32 bytes"))?;
        if master.iter().all(|byte| *byte == 0) {
            return Err(self.bad("the material is empty"));
        }
        Ok(Some(Zeroizing::new(master)))
    }

    /// The key itself, if its material is here.
    pub(crate) fn key(&self) -> Result<Option<Key>, VaultError> {
        let suite = self.suite()?;
        let Some(master) = self.master()? else { return Ok(None) };
        Ok(Some(Key {
            id: self.id,
            suite,
            cipher: Cipher::new(suite, &*derive(suite, &master, "field")?)?,
            signing: SigningKey::new(suite, &*derive(suite, &master, "signature")?)?,
        }))
    }

    fn opened(&self) -> Result<(KeyInfo, Index, Option<Key>), VaultError> {
        let suite = self.suite()?;
        let state = KeyState::from_name(&self.state).ok_or_else(|| self.bad("no such state"))?;
        let (master, key) = (self.master()?, self.key()?);
        if key.is_none() != (state == KeyState::Retired) {
            return Err(self.bad("its state and its material do not fit"));
        }
        let public = match (&key, &self.public_key) {
            (Some(key), _) => key.signing.public(),
            (None, Some(public)) => {
                public.parse::<PublicKey>().map_err(|_| self.bad("its public key is none"))?
            }
            (None, None) => return Err(self.bad("a retired key keeps its public key")),
        };
        let sub = |label: &str, kept: &Option<String>| -> Result<Option<Keyed>, VaultError> {
            let bytes = match (&master, kept) {
                (Some(master), _) => derive(suite, master, label)?,
                (None, None) => return Ok(None),
                (None, Some(kept)) => {
                    let bytes = hex::decode(kept).map_err(|_| self.bad("no hexadecimal"))?;
                    let bytes = Zeroizing::new(bytes);
                    let bytes: [u8; 32] = bytes
                        .as_slice()
                        .try_into()
                        .map_err(|_| self.bad("what it keeps must have 32 bytes"))?;
                    Zeroizing::new(bytes)
                }
            };
            Ok(Some(Keyed::new(suite, &bytes)?))
        };
        let index = Index {
            suite,
            blind: sub("blind", &self.blind)?,
            fingerprint: sub("fingerprint", &self.fingerprint)?,
            entry: sub("entry", &self.entry)?,
        };
        let info = KeyInfo {
            id: self.id,
            suite,
            state,
            created_on: self.created_on.clone(),
            replaced_at: self.replaced_at,
            public_key: public,
            signs_up_to: self.signs_up_to,
            follows: self.follows.clone(),
            is_finding: index.blind.is_some(),
        };
        Ok((info, index, key))
    }
}

pub(crate) fn derive(
    suite: Suite,
    master: &[u8; 32],
    label: &str,
) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let mut key = Zeroizing::new([0; 32]);
    let info = format!("chengxin {label} v1");
    match suite {
        Suite::Gm => Hkdf::<Sm3>::new(None, master).expand(info.as_bytes(), key.as_mut()),
        Suite::Intl => Hkdf::<Sha256>::new(None, master).expand(info.as_bytes(), key.as_mut()),
    }
    .map_err(|_| VaultError::KeyFile("a key could not be derived".to_owned()))?;
    Ok(key)
}

/// Bytes before the text: suite, key number, nonce.
const HEAD: usize = 1 + 2 + 12;

/// Which suite and key a sealed value names.
pub(crate) fn named(sealed: &[u8]) -> Result<(u8, u16), VaultError> {
    match sealed {
        [suite, high, low, ..] => Ok((*suite, u16::from_be_bytes([*high, *low]))),
        _ => Err(VaultError::Form),
    }
}

impl Key {
    pub(crate) fn head(&self) -> [u8; 3] {
        let [high, low] = self.id.to_be_bytes();
        [self.suite.byte(), high, low]
    }

    pub(crate) fn seal(&self, place: &[u8], plain: &[u8], nonce: [u8; 12]) -> Vec<u8> {
        let text = self.cipher.seal(nonce, place, plain);
        let mut sealed = Vec::with_capacity(HEAD + text.len());
        sealed.extend_from_slice(&self.head());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&text);
        sealed
    }

    pub(crate) fn open(
        &self,
        place: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (head, rest) = sealed.split_first_chunk::<3>().ok_or(VaultError::Form)?;
        let (nonce, text) = rest.split_first_chunk::<12>().ok_or(VaultError::Form)?;
        if *head != self.head() {
            return Err(VaultError::Form);
        }
        Ok(Zeroizing::new(self.cipher.open(*nonce, place, text)?))
    }
}

impl Key {
    /// A signature with its head: suite, key number, and the signature itself.
    pub(crate) fn signed(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = self.head().to_vec();
        signature.extend_from_slice(&self.signing.sign(message));
        signature
    }

    /// One piece of a file: text and tag only, because the file's head names the key.
    pub(crate) fn seal_piece(&self, place: &[u8], plain: &[u8], nonce: [u8; 12]) -> Vec<u8> {
        self.cipher.seal(nonce, place, plain)
    }

    pub(crate) fn open_piece(
        &self,
        place: &[u8],
        sealed: &[u8],
        nonce: [u8; 12],
    ) -> Result<Vec<u8>, VaultError> {
        self.cipher.open(nonce, place, sealed)
    }
}
