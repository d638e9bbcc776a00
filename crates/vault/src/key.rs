//! Keys: one master each, from which every other is derived by purpose (HKDF).

use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sm3::Sm3;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::cipher::Cipher;
use crate::keyed::Keyed;
use crate::sign::SigningKey;
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
struct File {
    key: Vec<Row>,
}

#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Row {
    id: u16,
    suite: String,
    state: String,
    created_on: String,
    material: String,
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
        let mut file =
            if self.text.is_empty() { File { key: Vec::new() } } else { parse(&self.text)? };
        for row in &mut file.key {
            row.state = "old".to_owned();
        }
        let mut material = Zeroizing::new([0; 32]);
        random(material.as_mut());
        let id = file.key.iter().map(|row| row.id).max().unwrap_or(0).checked_add(1);
        file.key.push(Row {
            id: id.ok_or_else(|| VaultError::KeyFile("too many keys".to_owned()))?,
            suite: suite.name().to_owned(),
            state: "active".to_owned(),
            created_on: created_on.to_owned(),
            material: hex::encode(material.as_ref()),
        });
        let text =
            toml::to_string(&file).map_err(|error| VaultError::KeyFile(error.to_string()))?;
        let text = Self { text };
        read(&text.text)?;
        Ok(text)
    }
}

impl Default for KeyText {
    fn default() -> Self {
        Self::new()
    }
}

fn parse(text: &str) -> Result<File, VaultError> {
    // The error of the parser would show the line, and the line is secret.
    toml::from_str(text).map_err(|_| VaultError::KeyFile("it is no list of keys".to_owned()))
}

/// One key, ready for use.
pub(crate) struct Key {
    pub(crate) id: u16,
    pub(crate) suite: Suite,
    pub(crate) is_active: bool,
    cipher: Cipher,
    pub(crate) blind: Keyed,
    pub(crate) fingerprint: Keyed,
    pub(crate) entry: Keyed,
    pub(crate) signing: SigningKey,
}

pub(crate) fn read(text: &str) -> Result<Vec<Key>, VaultError> {
    let file = parse(text)?;
    let mut keys: Vec<Key> = Vec::with_capacity(file.key.len());
    for row in &file.key {
        let bad = |what: &str| VaultError::KeyFile(format!("key {}: {what}", row.id));
        let suite = Suite::from_name(&row.suite).ok_or_else(|| bad("no such suite"))?;
        let bytes = Zeroizing::new(hex::decode(&row.material).map_err(|_| bad("no hexadecimal"))?);
        let master: [u8; 32] =
            bytes.as_slice().try_into().map_err(|_| bad("the material must have 32 bytes"))?;
        let master = Zeroizing::new(master);
        if master.iter().all(|byte| *byte == 0) {
            return Err(bad("the material is empty"));
        }
        if keys.iter().any(|key| key.id == row.id) {
            return Err(bad("the number is given twice"));
        }
        let derive = |label: &str| derive(suite, &master, label);
        keys.push(Key {
            id: row.id,
            suite,
            is_active: row.state == "active",
            cipher: Cipher::new(suite, &*derive("field")?)?,
            blind: Keyed::new(suite, &*derive("blind")?)?,
            fingerprint: Keyed::new(suite, &*derive("fingerprint")?)?,
            entry: Keyed::new(suite, &*derive("entry")?)?,
            signing: SigningKey::new(suite, &*derive("signature")?)?,
        });
    }
    Ok(keys)
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
