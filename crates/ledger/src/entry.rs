//! What a leaf commits to: an entry's fields with a salt that lives elsewhere and can be erased.

use crate::hash::HashKind;

/// Fields as bytes, each name and value with its length before it: two lists of fields never give the
/// same bytes.
#[must_use]
pub fn canonical(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend_from_slice(&length(fields.len()));
    for (name, value) in fields {
        for text in [name, value] {
            bytes.extend_from_slice(&length(text.len()));
            bytes.extend_from_slice(text.as_bytes());
        }
    }
    bytes
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

/// The bytes of a leaf: without the salt nobody can find out what they stand for.
#[must_use]
pub fn commitment(kind: HashKind, salt: &[u8; 16], canonical: &[u8]) -> [u8; 32] {
    kind.digest(&[b"chengxin entry v1\0", salt, canonical]).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_cannot_flow_into_each_other() {
        assert_ne!(canonical(&[("a", "bc")]), canonical(&[("ab", "c")]));
        assert_ne!(canonical(&[("a", "b"), ("c", "d")]), canonical(&[("a", "bcd")]));
    }

    #[test]
    fn the_salt_hides_the_entry() {
        let fields = canonical(&[("matter", "1")]);
        let one = commitment(HashKind::Sha256, &[1; 16], &fields);
        assert_ne!(one, commitment(HashKind::Sha256, &[2; 16], &fields));
        assert_ne!(one, commitment(HashKind::Sm3, &[1; 16], &fields));
    }
}
