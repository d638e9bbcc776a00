//! 查看我的档案: every record, whatever its standing, with who received it.

use std::collections::BTreeSet;

use register::record::History;
use register::{IdDocument, PersonId, PersonName, Record, Standing};

use super::myself;
use crate::access_log::{self, Disclosed, Door, Look};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::receivers::{by_record, given_out};
use crate::seal;

/// A person's own file.
#[derive(Clone, Debug)]
pub struct MyFile {
    /// His document.
    pub document: IdDocument,
    /// His name.
    pub name: PersonName,
    /// His records, newest first.
    pub records: Vec<MyRecord>,
}

/// One record as the person sees it.
#[derive(Clone, Debug)]
pub struct MyRecord {
    /// The record.
    pub record: Record,
    /// What happened to it.
    pub history: History,
    /// Where it stands today.
    pub standing: Standing,
    /// Codes of the bodies that received it.
    pub receivers: BTreeSet<String>,
}

/// Shows the person his own file. His look is logged like any other.
///
/// # Errors
/// [`Error::Denied`], [`Error::Log`].
pub async fn file(cx: &Cx, actor: &Actor) -> Result<Disclosed<MyFile>> {
    let person = myself(cx, actor)?;
    let file = gather(cx, person).await?;
    let mut look = Look::by(actor, Door::OwnFile, person);
    look.records = file.records.iter().map(|mine| mine.record.id).collect();
    access_log::before(cx, look, file).await
}

/// The file, before the look at it is logged.
pub(crate) async fn gather(cx: &Cx, person: PersonId) -> Result<MyFile> {
    let today = cx.today();
    let db = cx.store.read();
    let (kind, sealed) = store::person::sealed(db, person).await?.ok_or(Error::NotFound)?;
    let (document, name) = seal::open_identity(&cx.vault, person, &kind, &sealed)?;

    let mut receivers = by_record(&given_out(cx, db, person).await?);
    let mut records = Vec::new();
    for stored in store::record::of_person(db, person).await? {
        let (record, history) = seal::open_record(&cx.vault, stored)?;
        let standing = record.standing(&history, &cx.rules, today);
        let receivers = receivers.remove(&record.id.to_string()).unwrap_or_default();
        records.push(MyRecord { record, history, standing, receivers });
    }
    records.reverse();
    Ok(MyFile { document, name, records })
}
