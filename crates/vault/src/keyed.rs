//! Keyed hashes: HMAC with SM3 or SHA-256, every part with its length before it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sm3::Sm3;

use crate::{Suite, VaultError};

/// A keyed hash with its key already taken in.
pub(crate) enum Keyed {
    Gm(Box<Hmac<Sm3>>),
    Intl(Box<Hmac<Sha256>>),
}

impl Keyed {
    pub(crate) fn new(suite: Suite, key: &[u8; 32]) -> Result<Self, VaultError> {
        let bad = |_| VaultError::KeyFile("a key has the wrong length".to_owned());
        Ok(match suite {
            Suite::Gm => Self::Gm(Box::new(Hmac::new_from_slice(key).map_err(bad)?)),
            Suite::Intl => Self::Intl(Box::new(Hmac::new_from_slice(key).map_err(bad)?)),
        })
    }

    pub(crate) fn hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        match self {
            Self::Gm(mac) => run(mac.as_ref().clone(), parts),
            Self::Intl(mac) => run(mac.as_ref().clone(), parts),
        }
    }
}

fn run<M: Mac>(mut mac: M, parts: &[&[u8]]) -> [u8; 32] {
    for part in parts {
        mac.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        mac.update(part);
    }
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(mac.finalize().into_bytes()) {
        *to = from;
    }
    hash
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;
    use sm3::{Digest, Sm3};

    #[test]
    fn sm3_as_in_gb_t_32905() {
        assert_eq!(
            hex::encode(Sm3::digest(b"abc")),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        );
    }

    #[test]
    fn hmac_sha_256_as_in_rfc_4231_case_2() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        assert_eq!(
            hex::encode(mac.finalize().into_bytes()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
