//! Signatures: SM2 (with SM3 and the usual identifier) or Ed25519.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek as ed25519;
use sm2::dsa as sm2dsa;
use sm2::dsa::signature::{Signer as _, Verifier as _};

use crate::{Suite, Vault, VaultError};

/// The identifier of the signer that GB/T 35276 sets where there is no other.
const SM2_ID: &str = "1234567812345678";

pub(crate) enum SigningKey {
    Gm(Box<sm2dsa::SigningKey>),
    Intl(Box<ed25519::SigningKey>),
}

impl SigningKey {
    pub(crate) fn new(suite: Suite, secret: &[u8; 32]) -> Result<Self, VaultError> {
        Ok(match suite {
            Suite::Gm => Self::Gm(Box::new(
                sm2dsa::SigningKey::from_slice(SM2_ID, secret)
                    .map_err(|_| VaultError::KeyFile("it makes no signing key".to_owned()))?,
            )),
            Suite::Intl => Self::Intl(Box::new(ed25519::SigningKey::from_bytes(secret))),
        })
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Gm(key) => key.sign(message).to_bytes().to_vec(),
            Self::Intl(key) => key.sign(message).to_bytes().to_vec(),
        }
    }

    pub(crate) fn public(&self) -> PublicKey {
        match self {
            Self::Gm(key) => {
                PublicKey { suite: Suite::Gm, bytes: key.verifying_key().to_sec1_bytes().to_vec() }
            }
            Self::Intl(key) => {
                PublicKey { suite: Suite::Intl, bytes: key.verifying_key().to_bytes().to_vec() }
            }
        }
    }
}

/// A public key as text: suite, colon, bytes in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    suite: Suite,
    bytes: Vec<u8>,
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.suite.name(), hex::encode(&self.bytes))
    }
}

impl FromStr for PublicKey {
    type Err = VaultError;

    fn from_str(text: &str) -> Result<Self, VaultError> {
        let (suite, bytes) = text.split_once(':').ok_or(VaultError::Form)?;
        let suite = Suite::from_name(suite).ok_or(VaultError::Form)?;
        Ok(Self { suite, bytes: hex::decode(bytes).map_err(|_| VaultError::Form)? })
    }
}

/// Signs with the active key and checks with all.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a>(&'a Vault);

impl<'a> Signer<'a> {
    pub(crate) fn new(vault: &'a Vault) -> Self {
        Self(vault)
    }

    /// Signs; the bytes are suite, key number (two bytes), signature.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.ring().active().map(|key| key.signed(message)).unwrap_or_default()
    }

    /// The public key that checks this signature, an older key's after a rotation.
    ///
    /// # Errors
    /// [`VaultError`] if none of our keys made it.
    pub fn public_key_of(&self, signature: &[u8]) -> Result<PublicKey, VaultError> {
        let (_, key) = crate::key::named(signature)?;
        Ok(self.0.ring().info_of(key)?.public_key.clone())
    }

    /// The largest head of the log that the key of this signature can have signed; `None` if it is not retired.
    ///
    /// # Errors
    /// [`VaultError`] if none of our keys made it.
    pub fn signs_up_to(&self, signature: &[u8]) -> Result<Option<u64>, VaultError> {
        let (_, key) = crate::key::named(signature)?;
        Ok(self.0.ring().info_of(key)?.signs_up_to)
    }

    /// Checks a signature by any of our keys.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), VaultError> {
        verify(&self.public_key_of(signature)?, message, signature)
    }
}

/// Checks a signature by a public key alone.
///
/// # Errors
/// [`VaultError::Form`], [`VaultError::Signature`].
pub fn verify(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), VaultError> {
    let (head, signature) = signature.split_first_chunk::<3>().ok_or(VaultError::Form)?;
    if head.first() != Some(&key.suite.byte()) {
        return Err(VaultError::Form);
    }
    let fits = match key.suite {
        Suite::Gm => {
            let key = sm2dsa::VerifyingKey::from_sec1_bytes(SM2_ID, &key.bytes)
                .map_err(|_| VaultError::Form)?;
            let signature =
                sm2dsa::Signature::from_slice(signature).map_err(|_| VaultError::Form)?;
            key.verify(message, &signature).is_ok()
        }
        Suite::Intl => {
            let bytes = key.bytes.as_slice().try_into().map_err(|_| VaultError::Form)?;
            let key = ed25519::VerifyingKey::from_bytes(bytes).map_err(|_| VaultError::Form)?;
            let signature =
                ed25519::Signature::from_slice(signature).map_err(|_| VaultError::Form)?;
            key.verify_strict(message, &signature).is_ok()
        }
    };
    if fits { Ok(()) } else { Err(VaultError::Signature) }
}
