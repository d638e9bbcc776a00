//! Codes 授权码和核验码: shown once, kept as a mark, read aloud without mistakes.

use vault::Vault;

/// Letters of a code: none that is taken for another, read aloud or written by hand.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A code of sixteen letters (80 bits), in groups of four.
pub(crate) fn code(bytes: [u8; 16]) -> String {
    let mut code = String::with_capacity(19);
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        let letter = LETTERS.get(usize::from(byte & 31)).copied();
        code.push(letter.map_or('2', char::from));
    }
    code
}

/// What the store keeps of a code of that kind, however it was typed.
pub(crate) fn mark(vault: &Vault, kind: &str, code: &str) -> [u8; 32] {
    let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    vault.fingerprint(kind, &[bare.to_ascii_uppercase().as_bytes()])
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_easy_to_read_aloud() {
        let code = super::code([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 31, 32, 255, 254, 17]);
        assert_eq!(code, "2345-6789-ABCZ-2ZYK");
    }
}
