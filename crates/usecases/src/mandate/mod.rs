//! 授权查询: the person lets a named body look; the code alone opens nothing.

mod give;
mod redeem;
mod see;

pub use give::{NewMandate, give, new_code, revoke};
pub use redeem::{Redeemed, redeem};
pub use see::mine;

use register::MandateId;
use register::mandate::Mandate;
use store::mandate::Stored;
use vault::{Place, Vault};

use crate::error::{Error, Result};

/// Letters of a code: none that is taken for another, read aloud or written by hand.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A code of sixteen letters (80 bits), in groups of four.
fn code(bytes: [u8; 16]) -> String {
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

/// What the store keeps of a code, however it was typed.
fn mark(vault: &Vault, code: &str) -> [u8; 32] {
    let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    vault.fingerprint("mandate-code", &[bare.to_ascii_uppercase().as_bytes()])
}

fn purpose_place(id: &MandateId) -> Place<'_> {
    Place { table: "mandate", column: "purpose", row: id.0.as_bytes() }
}

fn opened(vault: &Vault, stored: Stored) -> Result<Mandate> {
    let plain = vault.open(purpose_place(&stored.mandate.id), &stored.purpose)?;
    let purpose = String::from_utf8(plain.to_vec())
        .map_err(|_| Error::Internal("the purpose of a mandate"))?;
    Ok(Mandate { purpose, ..stored.mandate })
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_easy_to_read_aloud() {
        let code = super::code([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 31, 32, 255, 254, 17]);
        assert_eq!(code, "2345-6789-ABCZ-2ZYK");
    }
}
