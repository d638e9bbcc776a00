//! 联系方式: where the person chose to be told that something waits for him.

mod choose;
mod codes;
mod confirm;

pub use choose::{MINUTES, Mine, choose, mine, remove};
pub use confirm::confirm;

use register::PersonId;
use register::contact::Contact;
use vault::Place;

use crate::cx::Cx;
use crate::error::{Error, Result};

/// Where an address or its code is sealed to.
fn place<'a>(column: &'static str, contact: &'a register::ContactId) -> Place<'a> {
    Place { table: "contact", column, row: contact.0.as_bytes() }
}

fn open(cx: &Cx, column: &'static str, stored: &store::contact::Stored) -> Result<String> {
    let sealed = if column == "code" { &stored.code } else { &stored.address };
    let plain = cx.vault.open(place(column, &stored.id), sealed)?;
    String::from_utf8(plain.to_vec()).map_err(|_| Error::Internal("a stored contact"))
}

fn contact(cx: &Cx, stored: &store::contact::Stored) -> Result<Contact> {
    Ok(Contact {
        id: stored.id,
        person: stored.person,
        channel: stored.channel,
        address: open(cx, "address", stored)?.into(),
        confirmed_at: stored.confirmed_at,
        code_until: stored.code_until,
        tries: stored.tries,
    })
}

/// A person's contact.
pub(crate) async fn of(cx: &Cx, person: PersonId) -> Result<Option<Contact>> {
    let stored = store::contact::of_person(cx.store.read(), person).await?;
    stored.as_ref().map(|stored| contact(cx, stored)).transpose()
}

/// A contact that is still to be proved, with the code that proves it.
pub(crate) async fn with_code(cx: &Cx, person: PersonId) -> Result<Option<(Contact, String)>> {
    let stored = store::contact::of_person(cx.store.read(), person).await?;
    let open_one = stored.filter(|stored| stored.confirmed_at.is_none());
    open_one.map(|stored| Ok((contact(cx, &stored)?, open(cx, "code", &stored)?))).transpose()
}
