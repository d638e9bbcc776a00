//! The two ciphers behind one shape.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit, Nonce, Payload};
use aes_gcm::{Aes256Gcm, AesGcm};
use sm4::Sm4;

use crate::{Suite, VaultError};

type Sm4Gcm = AesGcm<Sm4, U12>;

/// A cipher with its key schedule worked out.
pub(crate) enum Cipher {
    Gm(Box<Sm4Gcm>),
    Intl(Box<Aes256Gcm>),
}

impl Cipher {
    /// From 32 bytes; SM4 takes the first 16.
    pub(crate) fn new(suite: Suite, key: &[u8; 32]) -> Result<Self, VaultError> {
        let bad = |_| VaultError::KeyFile("a key has the wrong length".to_owned());
        let (half, _) = key.split_at(16);
        Ok(match suite {
            Suite::Gm => Self::Gm(Box::new(Sm4Gcm::new_from_slice(half).map_err(bad)?)),
            Suite::Intl => Self::Intl(Box::new(Aes256Gcm::new_from_slice(key).map_err(bad)?)),
        })
    }

    pub(crate) fn seal(&self, nonce: [u8; 12], aad: &[u8], plain: &[u8]) -> Vec<u8> {
        let payload = Payload { msg: plain, aad };
        // Neither cipher can fail on lengths that fit into memory.
        match self {
            Self::Gm(cipher) => cipher.encrypt(&Nonce::<Sm4Gcm>::from(nonce), payload),
            Self::Intl(cipher) => cipher.encrypt(&Nonce::<Aes256Gcm>::from(nonce), payload),
        }
        .unwrap_or_default()
    }

    pub(crate) fn open(
        &self,
        nonce: [u8; 12],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        let payload = Payload { msg: sealed, aad };
        match self {
            Self::Gm(cipher) => cipher.decrypt(&Nonce::<Sm4Gcm>::from(nonce), payload),
            Self::Intl(cipher) => cipher.decrypt(&Nonce::<Aes256Gcm>::from(nonce), payload),
        }
        .map_err(|_| VaultError::Changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        hex::decode(hex).unwrap().try_into().unwrap()
    }

    #[test]
    fn sm4_gcm_as_in_rfc_8998_a_1() {
        let mut key = [0; 32];
        key[..16].copy_from_slice(&bytes::<16>("0123456789abcdeffedcba9876543210"));
        let cipher = Cipher::new(Suite::Gm, &key).unwrap();
        let plain = hex::decode(concat!(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb",
            "ccccccccccccccccdddddddddddddddd",
            "eeeeeeeeeeeeeeeeffffffffffffffff",
            "eeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
        ))
        .unwrap();
        let aad = hex::decode("feedfacedeadbeeffeedfacedeadbeefabaddad2").unwrap();
        let sealed = cipher.seal(bytes("00001234567800000000abcd"), &aad, &plain);
        assert_eq!(
            hex::encode(sealed),
            concat!(
                "17f399f08c67d5ee19d0dc9969c4bb7d",
                "5fd46fd3756489069157b282bb200735",
                "d82710ca5c22f0ccfa7cbf93d496ac15",
                "a56834cbcf98c397b4024a2691233b8d",
                "83de3541e4c2b58177e065a9bf7b62ec"
            )
        );
    }

    #[test]
    fn aes_256_gcm_as_in_nist_case_14() {
        let cipher = Cipher::new(Suite::Intl, &[0; 32]).unwrap();
        let sealed = cipher.seal([0; 12], &[], &[0; 16]);
        assert_eq!(
            hex::encode(sealed),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
        );
    }
}
