//! Mandates, for reading; and their codes as pictures.

use jiff::civil::Date;
use register::mandate::{Ended, Mandate};
use rulebook::Rules;

use super::{agency, item};
use crate::pages::format::zh_date;
use crate::pages::my::MandateCard;
use crate::pages::{Tag, Tint};

/// A mandate as both sides read it.
pub(crate) fn card(mandate: &Mandate, rules: &Rules, today: Date) -> MandateCard {
    let holds = mandate.holds(today);
    MandateCard {
        id: mandate.id.to_string(),
        number: mandate.number.clone(),
        grantee: agency(rules, mandate.grantee.as_str()),
        purpose: mandate.purpose.clone(),
        items: mandate.items.iter().map(|code| item(rules, code)).collect(),
        until: zh_date(mandate.until),
        used: format!("{} 次，最多 {} 次", mandate.used, mandate.uses),
        tag: match holds {
            Ok(()) => Tag::new("有效", Tint::Good),
            Err(Ended::Revoked { .. }) => Tag::new("已撤回", Tint::Over),
            Err(Ended::Expired { .. }) => Tag::new("已过期", Tint::Over),
            Err(Ended::UsedUp { .. }) => Tag::new("已用完", Tint::Over),
        },
        holds: holds.is_ok(),
    }
}

/// A picture that a phone reads; empty if the text is too long for one.
pub(crate) fn qr(text: &str) -> String {
    report::qr(text).unwrap_or_default()
}
