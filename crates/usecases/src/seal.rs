//! Sealing 加封: where the values of the register meet the keys, and nowhere else.

use jiff::civil::Date;
use register::identity::IdError;
use register::record::History;
use register::{Content, EventId, EventKind, IdDocument, IdKind, PersonId, PersonName, Record};
use rulebook::Severity;
use serde::{Deserialize, Serialize};
use store::person::Mark;
use store::record::Stored;
use vault::{Place, Vault};

use crate::cx::Cx;
use crate::error::{Error, Result};

/// The blind index of a document, by the key by which persons are looked up now.
///
/// # Errors
/// [`Error::Vault`] if that key is not here.
pub(crate) fn blind(cx: &Cx, document: &IdDocument) -> Result<[u8; 32]> {
    blind_by(&cx.vault, cx.directory().read, document)
}

/// The same by the key of that number.
///
/// # Errors
/// [`Error::Vault`] if that key is not here.
pub(crate) fn blind_by(vault: &Vault, key: u16, document: &IdDocument) -> Result<[u8; 32]> {
    Ok(vault.blind(key, document.kind().code(), document.number())?.0)
}

/// How somebody is found by document and name, by the key by which persons are looked up now. Both by one and the same
/// key: it may become another between two questions.
///
/// # Errors
/// [`Error::Vault`] if that key is not here.
pub(crate) fn mark(cx: &Cx, document: &IdDocument, name: &PersonName) -> Result<Mark> {
    mark_by(&cx.vault, cx.directory().read, document, name)
}

/// The same by the key of that number.
///
/// # Errors
/// [`Error::Vault`] if that key is not here.
pub(crate) fn mark_by(
    vault: &Vault,
    key: u16,
    document: &IdDocument,
    name: &PersonName,
) -> Result<Mark> {
    let blind = blind_by(vault, key, document)?;
    Ok(Mark { key, blind, name_mark: vault.name_mark(key, name.as_str())? })
}

/// The identifier under which looks at a document are logged that nobody in the register has: made
/// from the blind index, so that the person finds them if he comes one day.
#[must_use]
pub(crate) fn stand_in(blind: &[u8; 32]) -> PersonId {
    let mut bytes = [0; 16];
    for (byte, from) in bytes.iter_mut().zip(blind) {
        *byte = *from;
    }
    PersonId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[derive(Serialize, Deserialize)]
struct Identity {
    number: String,
    name: String,
}

/// Number and name, sealed to the person.
#[must_use]
pub(crate) fn identity(
    vault: &Vault,
    person: PersonId,
    document: &IdDocument,
    name: &PersonName,
    nonce: [u8; 12],
) -> Vec<u8> {
    identity_at(vault, identity_place(&person), (document, name), nonce)
}

/// The same of somebody who is to be found or entered later, sealed to another place.
#[must_use]
pub(crate) fn identity_at(
    vault: &Vault,
    place: Place<'_>,
    (document, name): (&IdDocument, &PersonName),
    nonce: [u8; 12],
) -> Vec<u8> {
    let identity =
        Identity { number: document.number().to_owned(), name: name.as_str().to_owned() };
    let plain = serde_json::to_vec(&identity).unwrap_or_default();
    vault.seal(place, &plain, nonce)
}

/// Number and name of a stored person.
///
/// # Errors
/// [`Error`] if they were touched or cannot be true.
pub(crate) fn open_identity(
    vault: &Vault,
    person: PersonId,
    kind: &str,
    sealed: &[u8],
) -> Result<(IdDocument, PersonName)> {
    open_identity_at(vault, identity_place(&person), kind, sealed)
}

/// The same from another place.
///
/// # Errors
/// [`Error`] if they were touched or cannot be true.
pub(crate) fn open_identity_at(
    vault: &Vault,
    place: Place<'_>,
    kind: &str,
    sealed: &[u8],
) -> Result<(IdDocument, PersonName)> {
    let plain = vault.open(place, sealed)?;
    let identity: Identity =
        serde_json::from_slice(&plain).map_err(|_| Error::Internal("a stored identity"))?;
    let kind = IdKind::parse(kind).map_err(|_: IdError| Error::Internal("a stored kind"))?;
    let name = PersonName::parse(&identity.name).map_err(|_| Error::Internal("a stored name"))?;
    Ok((IdDocument::stored(kind, identity.number), name))
}

fn identity_place(person: &PersonId) -> Place<'_> {
    Place { table: "person", column: "sealed", row: person.0.as_bytes() }
}

/// Where the content of a record is sealed to.
#[must_use]
pub(crate) fn content_place(record: &register::RecordId) -> Place<'_> {
    Place { table: "record", column: "content", row: record.0.as_bytes() }
}

/// Where what belongs to a step is sealed to.
#[must_use]
pub(crate) fn event_place(event: &EventId) -> Place<'_> {
    Place { table: "record_event", column: "content", row: event.0.as_bytes() }
}

/// What a corrected record says: its class, a line feed, its content.
#[must_use]
pub(crate) fn corrected(severity: Option<Severity>, content: &Content) -> Vec<u8> {
    let mut plain = severity.map_or("", Severity::code).as_bytes().to_vec();
    plain.push(b'\n');
    plain.extend_from_slice(&store::convert::content_bytes(content));
    plain
}

fn open_corrected(plain: &[u8]) -> Result<(Option<Severity>, Content)> {
    let bad = Error::Internal("a corrected content");
    let at = plain.iter().position(|byte| *byte == b'\n');
    let Some((class, content)) = at.and_then(|at| plain.split_at_checked(at)) else {
        return Err(bad);
    };
    let severity = match std::str::from_utf8(class) {
        Ok("") => None,
        Ok(code) => Some(Severity::from_code(code).ok_or(bad)?),
        Err(_) => return Err(bad),
    };
    Ok((severity, store::convert::content_from(content)?))
}

fn words(plain: &[u8]) -> Result<String> {
    String::from_utf8(plain.to_vec()).map_err(|_| Error::Internal("the words of a step"))
}

/// A stored record with what it says and what happened to it.
///
/// # Errors
/// [`Error`] if it was touched.
pub(crate) fn open_record(vault: &Vault, stored: Stored) -> Result<(Record, History)> {
    let history = History::of(&stored.events);
    let (mut severity, mut content) = (stored.severity, None);
    let (mut statement, mut noted) = (None, None);
    for event in &stored.events {
        let Some(sealed) = &event.sealed else {
            if event.kind == EventKind::StatementRemoved {
                statement = None;
            }
            continue;
        };
        let plain = vault.open(event_place(&event.id), sealed)?;
        match event.kind {
            EventKind::Corrected => {
                let (class, corrected) = open_corrected(&plain)?;
                (severity, content) = (class, Some(corrected));
            }
            EventKind::Stated => statement = Some(words(&plain)?),
            EventKind::Noted => noted = Some(words(&plain)?),
            EventKind::Entered { .. }
            | EventKind::Told { .. }
            | EventKind::Contested { .. }
            | EventKind::ContestEnded { .. }
            | EventKind::Challenged
            | EventKind::ChallengeEnded
            | EventKind::Annulled { .. }
            | EventKind::Suspended { .. }
            | EventKind::Resumed { .. }
            | EventKind::Withdrawn { .. }
            | EventKind::Deleted { .. }
            | EventKind::Repaired { .. }
            | EventKind::RepairRevoked
            | EventKind::StatementRemoved
            | EventKind::Allowed { .. }
            | EventKind::ConsentEnded { .. }
            | EventKind::Removed { .. }
            | EventKind::OwnerDied { .. }
            | EventKind::OwnerLives => {}
        }
    }
    let content = match content {
        Some(content) => content,
        None => {
            let plain = vault.open(content_place(&stored.id), &stored.content)?;
            store::convert::content_from(&plain)?
        }
    };
    let record = Record {
        id: stored.id,
        person: stored.person,
        item: stored.item,
        source: stored.source,
        batch: stored.batch,
        severity,
        document: stored.document,
        content,
        recorded_at: stored.recorded_at,
        erase_on: stored.erase_on,
        statement,
        noted,
    };
    Ok((record, history))
}

/// The name of a person, and the last four characters of his number.
pub(crate) async fn masked_identity(
    cx: &crate::Cx,
    person: PersonId,
) -> Result<(PersonName, String)> {
    let sealed = store::person::sealed(cx.store.read(), person).await?;
    let (kind, sealed) = sealed.ok_or(Error::NotFound)?;
    let (document, name) = open_identity(&cx.vault, person, &kind, &sealed)?;
    Ok((name, register::mask::number(document.number())))
}

/// Reads what somebody typed about a person; mistakes are named without repeating it.
pub(crate) fn read_person(
    id_kind: &str,
    (id_number, name): (&str, &str),
    today: Date,
    mistakes: &mut Vec<crate::Mistake>,
) -> Option<(IdDocument, PersonName)> {
    let kind = IdKind::parse(if id_kind.trim().is_empty() { "01" } else { id_kind });
    let document = match kind {
        Ok(kind) => match IdDocument::parse(kind, id_number, today) {
            Ok(document) => Some(document),
            Err(error) => {
                mistakes.push(crate::wording::id_mistake(error));
                None
            }
        },
        Err(_) => {
            mistakes.push(crate::wording::id_kind_mistake());
            None
        }
    };
    let name = match PersonName::parse(name) {
        Ok(name) => Some(name),
        Err(error) => {
            mistakes.push(crate::wording::name_mistake(error));
            None
        }
    };
    Some((document?, name?))
}
