//! Vault 保险箱: encrypts fields, blinds indexes, signs, rotates keys. Knows neither persons nor database.
//!
//! | suite | cipher | keyed hash | signature |
//! |---|---|---|---|
//! | `gm` | SM4-GCM (RFC 8998) | HMAC-SM3 | SM2 |
//! | `intl` | AES-256-GCM | HMAC-SHA-256 | Ed25519 |
//!
//! Every ciphertext names its suite and key, so both suites and many keys live side by side and keys
//! rotate without a stop. Randomness is passed in.

mod cipher;
mod key;
mod keyed;
mod months;
mod ring;
mod rotate;
mod sign;
mod stream;

use std::sync::{Arc, PoisonError, RwLock};

use thiserror::Error;
use zeroize::Zeroizing;

pub use key::KeyText;
pub use months::Month;
pub use ring::{KeyInfo, KeyState};
pub use rotate::follows;
pub use sign::{PublicKey, Signer, verify};
pub use stream::{StreamOpener, StreamSealer};

use crate::cipher::Cipher;
use crate::months::Chain;
use crate::ring::Ring;

/// A family of algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    /// China's commercial cryptography.
    Gm,
    /// The international one.
    Intl,
}

impl Suite {
    /// Name in key files and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gm => "gm",
            Self::Intl => "intl",
        }
    }

    /// The suite of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Gm, Self::Intl].into_iter().find(|suite| suite.name() == name)
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Gm => 1,
            Self::Intl => 2,
        }
    }
}

/// What can be wrong with keys or sealed data. Never holds either.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VaultError {
    /// The key file cannot be read.
    #[error("key file: {0}")]
    KeyFile(String),
    /// Sealed with a key that is not here.
    #[error("sealed with key {0}, which is not in the key file")]
    UnknownKey(u16),
    /// Sealed with a key that was retired.
    #[error(
        "sealed with key {0}, which was retired: only a copy of keys.toml of before opens it (operator guide, Keys)"
    )]
    Retired(u16),
    /// Too short, or of no known suite.
    #[error("this is nothing that was sealed here")]
    Form,
    /// Changed, or moved from another place.
    #[error("sealed data was changed or moved")]
    Changed,
    /// The signature does not fit.
    #[error("the signature does not fit")]
    Signature,
    /// The key of that month was destroyed: what it sealed was to be gone.
    #[error("sealed with the key of month {0}, which was destroyed")]
    Destroyed(Month),
    /// This vault was opened without its month keys.
    #[error("the month keys are not there")]
    NoMonths,
}

/// Where a sealed value belongs: it opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Key of the row.
    pub row: &'a [u8],
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes =
            Vec::with_capacity(self.table.len() + self.column.len() + self.row.len() + 2);
        bytes.extend_from_slice(self.table.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(self.column.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(self.row);
        bytes
    }
}

/// Keyed hash of an identity document: finds it again, tells nothing about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blind(pub [u8; 32]);

/// Where the chain of month keys is sealed to.
const MONTHS: Place<'static> = Place { table: "key file", column: "months", row: &[] };

struct Keys {
    /// As the file was last read. Whoever works with a key keeps it until he has done.
    ring: RwLock<Arc<Ring>>,
    months: RwLock<Option<Chain>>,
}

/// The keys, ready for use. Cheap to clone; wiped from memory when the last clone goes.
#[derive(Clone)]
pub struct Vault(Arc<Keys>);

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<u16> = self.ring().info.iter().map(|key| key.id).collect();
        f.debug_struct("Vault").field("keys", &ids).finish_non_exhaustive()
    }
}

impl Vault {
    /// Makes a first key; `random` fills bytes with true randomness. The text is for a file that
    /// nobody else can read.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`] if the random bytes cannot make a key (they are all zero, for example).
    pub fn create(
        suite: Suite,
        created_on: &str,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<(KeyText, Self), VaultError> {
        let text = KeyText::new().with_new_key(suite, created_on, random)?;
        let vault = Self::read(&text.text)?;
        Ok((text, vault))
    }

    /// Reads keys; the last active one seals, all open.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`].
    pub fn read(text: &str) -> Result<Self, VaultError> {
        let ring = RwLock::new(Arc::new(key::read(text)?));
        Ok(Self(Arc::new(Keys { ring, months: RwLock::new(None) })))
    }

    /// Takes the keys as they are written now, for every clone. What is under way ends with the key with which it began.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`] if the text cannot be used, is older than what is in use, or of another register: then
    /// everything stays as it was.
    pub fn reload(&self, text: &str) -> Result<(), VaultError> {
        let ring = key::read(text)?;
        let mut now = self.0.ring.write().unwrap_or_else(PoisonError::into_inner);
        if ring.mark() != now.mark() {
            return Err(VaultError::KeyFile("these are the keys of another register".to_owned()));
        }
        if ring.generation < now.generation {
            return Err(VaultError::KeyFile("they are older than those in use".to_owned()));
        }
        *now = Arc::new(ring);
        Ok(())
    }

    fn ring(&self) -> Arc<Ring> {
        self.0.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often the key file had been changed when it was last read.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.ring().generation
    }

    /// All keys, oldest first, retired ones too.
    #[must_use]
    pub fn keys(&self) -> Vec<KeyInfo> {
        self.ring().info.clone()
    }

    /// Number of the key that seals and signs.
    #[must_use]
    pub fn active(&self) -> u16 {
        self.ring().active().map_or(0, |key| key.id)
    }

    /// What everything begins with that is sealed with that key.
    #[must_use]
    pub fn active_head(&self) -> [u8; 3] {
        self.ring().active().map_or([0; 3], |key| key.head())
    }

    /// Number of the first key, which finds facts again.
    #[must_use]
    pub fn first(&self) -> u16 {
        self.ring().info.first().map_or(0, |info| info.id)
    }

    /// The suite of the first key: it hashes whatever must be computed again after a rotation and cannot be computed
    /// anew (fingerprints, the log).
    #[must_use]
    pub fn index_suite(&self) -> Suite {
        self.ring().base().map_or(Suite::Intl, |first| first.suite)
    }

    /// The standing key that sealed this, if it was one and not a month's.
    #[must_use]
    pub fn key_of(sealed: &[u8]) -> Option<u16> {
        let (suite, key) = key::named(sealed).ok()?;
        (suite & months::BIT == 0).then_some(key)
    }

    /// Seals `plain` to its place; the nonce must be random and never used twice.
    ///
    /// The bytes are: suite, key number (two bytes), nonce (12), text, tag (16).
    #[must_use]
    pub fn seal(&self, place: Place<'_>, plain: &[u8], nonce: [u8; 12]) -> Vec<u8> {
        let ring = self.ring();
        ring.active().map(|key| key.seal(&place.bytes(), plain, nonce)).unwrap_or_default()
    }

    /// Opens what was sealed to that place.
    ///
    /// # Errors
    /// [`VaultError`] if it was changed, moved, or sealed with a key that is not here.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (suite, key) = key::named(sealed)?;
        if suite & months::BIT != 0 {
            return self.open_of_month(place, key, sealed);
        }
        self.ring().by_id(key)?.open(&place.bytes(), sealed)
    }

    /// Begins the chain of month keys; gives the text for a file that nobody else can read and that is
    /// overwritten, never kept in copies.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn begin_months(&self, month: Month, state: [u8; 32]) -> Result<String, VaultError> {
        let chain = Chain::new(self.index_suite(), month, state);
        self.put_months(chain)
    }

    /// What tells the chain of month keys from any other. It is no secret: it leads back to no key.
    ///
    /// # Errors
    /// [`VaultError::NoMonths`].
    pub fn months_mark(&self) -> Result<[u8; 32], VaultError> {
        let months = self.0.months.read().unwrap_or_else(PoisonError::into_inner);
        Ok(*months.as_ref().ok_or(VaultError::NoMonths)?.mark()?)
    }

    /// Takes the chain of month keys that [`Vault::begin_months`] or [`Vault::forget_before`] wrote down.
    ///
    /// # Errors
    /// [`VaultError::KeyFile`] if it is not one of this vault.
    pub fn with_months(&self, text: &str) -> Result<(), VaultError> {
        let bad = |_| VaultError::KeyFile("the month keys cannot be read".to_owned());
        let sealed = hex::decode(text.trim()).map_err(bad)?;
        let chain = Chain::read(&self.open(MONTHS, &sealed)?)?;
        *self.0.months.write().unwrap_or_else(PoisonError::into_inner) = Some(chain);
        Ok(())
    }

    /// The first month whose key is not destroyed.
    ///
    /// # Errors
    /// [`VaultError::NoMonths`].
    pub fn first_month(&self) -> Result<Month, VaultError> {
        let months = self.0.months.read().unwrap_or_else(PoisonError::into_inner);
        months.as_ref().map(Chain::month).ok_or(VaultError::NoMonths)
    }

    /// The chain without any key before `month`, as text for its file. The keys are destroyed by
    /// [`Vault::with_months`] once that text is safely in place of the old one.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn forget_before(&self, month: Month) -> Result<String, VaultError> {
        let mut chain = {
            let months = self.0.months.read().unwrap_or_else(PoisonError::into_inner);
            Chain::read(&months.as_ref().ok_or(VaultError::NoMonths)?.plain())?
        };
        chain.forget_before(month)?;
        self.months_text(&chain)
    }

    /// Seals `plain` to its place with the key of a month: once that key is destroyed it opens no more.
    ///
    /// # Errors
    /// [`VaultError::Destroyed`] if that month is over.
    pub fn seal_until(
        &self,
        month: Month,
        place: Place<'_>,
        plain: &[u8],
        nonce: [u8; 12],
    ) -> Result<Vec<u8>, VaultError> {
        let (suite, cipher) = self.of_month(month)?;
        let text = cipher.seal(nonce, &place.bytes(), plain);
        let mut sealed = vec![suite.byte() | months::BIT];
        sealed.extend_from_slice(&month.to_be_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&text);
        Ok(sealed)
    }

    /// The month whose key sealed this, if it was a month's.
    #[must_use]
    pub fn month_of(sealed: &[u8]) -> Option<Month> {
        let (suite, month) = key::named(sealed).ok()?;
        (suite & months::BIT != 0).then_some(month)
    }

    fn open_of_month(
        &self,
        place: Place<'_>,
        month: Month,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (_, rest) = sealed.split_first_chunk::<3>().ok_or(VaultError::Form)?;
        let (nonce, text) = rest.split_first_chunk::<12>().ok_or(VaultError::Form)?;
        let (_, cipher) = self.of_month(month)?;
        Ok(Zeroizing::new(cipher.open(*nonce, &place.bytes(), text)?))
    }

    fn of_month(&self, month: Month) -> Result<(Suite, Arc<Cipher>), VaultError> {
        let known = {
            let months = self.0.months.read().unwrap_or_else(PoisonError::into_inner);
            let chain = months.as_ref().ok_or(VaultError::NoMonths)?;
            chain.known(month).map(|cipher| (chain.suite(), cipher))
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let mut months = self.0.months.write().unwrap_or_else(PoisonError::into_inner);
        let chain = months.as_mut().ok_or(VaultError::NoMonths)?;
        let cipher = chain.cipher(month)?;
        Ok((chain.suite(), cipher))
    }

    /// The chain as it stands, sealed with the key that seals now, as text for its file.
    ///
    /// # Errors
    /// [`VaultError::NoMonths`].
    pub fn months_anew(&self) -> Result<String, VaultError> {
        let months = self.0.months.read().unwrap_or_else(PoisonError::into_inner);
        self.months_text(months.as_ref().ok_or(VaultError::NoMonths)?)
    }

    fn put_months(&self, chain: Chain) -> Result<String, VaultError> {
        let text = self.months_text(&chain)?;
        *self.0.months.write().unwrap_or_else(PoisonError::into_inner) = Some(chain);
        Ok(text)
    }

    fn months_text(&self, chain: &Chain) -> Result<String, VaultError> {
        let plain = chain.plain();
        // Follows from what is sealed, so that no two states ever share one.
        let mut nonce = [0; 12];
        for (to, from) in nonce.iter_mut().zip(self.fingerprint("month keys", &[&plain])) {
            *to = from;
        }
        let ring = self.ring();
        let key = ring.active().ok_or(VaultError::NoMonths)?;
        Ok(hex::encode(key.seal(&MONTHS.bytes(), &plain, nonce)))
    }

    /// The blind index of a document by the key of that number: `kind` by its code, the number normalised.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`], [`VaultError::Retired`].
    pub fn blind(&self, key: u16, kind: &str, number: &str) -> Result<Blind, VaultError> {
        let ring = self.ring();
        let (blind, _) = ring.finding(key)?;
        let parts: [&[u8]; 2] = [kind.as_bytes(), number.as_bytes()];
        Ok(Blind(blind.hash(&parts)))
    }

    /// A keyed hash for seeing whether a name is the same, by the key of that number.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`], [`VaultError::Retired`].
    pub fn name_mark(&self, key: u16, name: &str) -> Result<[u8; 32], VaultError> {
        let ring = self.ring();
        let (_, fingerprint) = ring.finding(key)?;
        Ok(fingerprint.hash(&[b"name", name.as_bytes()]))
    }

    /// A keyed hash for finding equals in one domain, by the first key.
    #[must_use]
    pub fn fingerprint(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut all: Vec<&[u8]> = vec![domain.as_bytes()];
        all.extend_from_slice(parts);
        let ring = self.ring();
        let first = ring.base().and_then(|first| first.fingerprint.as_ref());
        first.map(|key| key.hash(&all)).unwrap_or_default()
    }

    /// The keyed hash that pins a log entry to its place.
    #[must_use]
    pub fn entry_mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let ring = self.ring();
        let first = ring.base().and_then(|first| first.entry.as_ref());
        first.map(|key| key.hash(parts)).unwrap_or_default()
    }

    /// What signs with the active key.
    #[must_use]
    pub fn signer(&self) -> Signer<'_> {
        Signer::new(self)
    }

    /// Encrypts a file while it is written; `prefix` must be random.
    ///
    /// # Errors
    /// If the writer refuses.
    pub fn stream_seal<W: std::io::Write>(
        &self,
        to: W,
        prefix: [u8; 7],
    ) -> std::io::Result<StreamSealer<W>> {
        StreamSealer::new(&self.ring(), to, prefix)
    }

    /// Decrypts a file while it is read; what was cut off, changed or reordered is an error.
    ///
    /// # Errors
    /// If it was not sealed here.
    pub fn stream_open<R: std::io::Read>(&self, from: R) -> std::io::Result<StreamOpener<R>> {
        StreamOpener::new(&self.ring(), from)
    }
}
