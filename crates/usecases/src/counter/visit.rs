//! 窗口受理: a visit that was found and logged, as an address carries it on to the next page.
//!
//! Whose it is and under which number is not asked again while the person is still there; afterwards it opens
//! nothing.

use register::PersonId;
use serde::{Deserialize, Serialize};
use vault::Place;

use super::Visitor;
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

#[derive(Serialize, Deserialize)]
struct Token {
    person: uuid::Uuid,
    matter: String,
    /// When it was found, in milliseconds.
    at: i64,
}

fn place(actor: &Actor) -> Place<'_> {
    Place { table: "counter", column: "visit", row: actor.account.0.as_bytes() }
}

/// A visit for an address: sealed, good for this account only, and for the minutes of the rulebook.
#[must_use]
pub fn token(cx: &Cx, actor: &Actor, visitor: &Visitor) -> String {
    let plain = serde_json::to_vec(&Token {
        person: visitor.person.0,
        matter: visitor.matter.clone(),
        at: cx.now().as_millisecond(),
    });
    hex::encode(cx.vault.seal(place(actor), &plain.unwrap_or_default(), cx.bytes()))
}

/// Who is at the counter, and under which number.
///
/// # Errors
/// [`Error::NotFound`] if it is none of ours for this account, [`Error::Mistakes`] if it is over.
pub(super) fn of_token(cx: &Cx, actor: &Actor, token: &str) -> Result<(PersonId, String)> {
    let sealed = hex::decode(token).map_err(|_| Error::NotFound)?;
    let plain = cx.vault.open(place(actor), &sealed).map_err(|_| Error::NotFound)?;
    let Token { person, matter, at } =
        serde_json::from_slice(&plain).map_err(|_| Error::NotFound)?;
    let minutes = cx.rules.limit("counter_visit_minutes");
    let passed = cx.now().as_millisecond().saturating_sub(at);
    if !(0..minutes.saturating_mul(60_000)).contains(&passed) {
        let says = format!("这次受理已经超过 {minutes} 分钟，请看着证件原件重新登记。");
        return Err(Error::Mistakes(vec![mistake("matter", "visit-over", says)]));
    }
    Ok((PersonId(person), matter))
}
