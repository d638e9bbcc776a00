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

/// What the store keeps of a code.
fn mark(vault: &Vault, code: &str) -> [u8; 32] {
    crate::secret_code::mark(vault, "mandate-code", code)
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
