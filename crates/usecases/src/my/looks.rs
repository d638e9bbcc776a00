//! 谁看过我: every look at the person, with what went out and a proof that it is in the log.

use jiff::Timestamp;
use ledger::ProofFile;

use super::myself;
use crate::access_log;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::seal;

/// The looks at a person.
#[derive(Clone, Debug, Default)]
pub struct MyLooks {
    /// Looks by others and by himself, newest first.
    pub looks: Vec<MyLook>,
    /// How many looks were tried and refused.
    pub refused: usize,
}

/// One look.
#[derive(Clone, Debug)]
pub struct MyLook {
    /// Position in the log.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Code of the body that looked; `None` for the person himself.
    pub agency: Option<String>,
    /// Purpose, by code.
    pub purpose: Option<String>,
    /// Matter.
    pub matter: String,
    /// Identifiers of the records that went out.
    pub records: Vec<String>,
    /// Whether it was the person himself.
    pub is_own: bool,
}

/// Most looks on one page.
const LIMIT: u32 = 500;

/// Shows the person who looked at him.
///
/// # Errors
/// [`Error::Denied`].
///
/// # Law
/// 个人信息保护法 44, 45, 48 — to know, to see, to have it explained.
pub async fn looks(cx: &Cx, actor: &Actor) -> Result<MyLooks> {
    let person = myself(cx, actor)?;
    let persons = identifiers(cx, person).await?;
    let log = cx.log.name();
    let mut looks = MyLooks::default();
    for entry in store::access_entry::of_person(cx.store.read(), log, &persons, LIMIT).await? {
        if entry.outcome != access_log::Outcome::Answered.code() {
            looks.refused += 1;
            continue;
        }
        let detail = access_log::detail_of(&cx.vault, log, &entry)?;
        looks.looks.push(MyLook {
            seq: entry.seq,
            at: entry.at,
            is_own: entry.door == access_log::Door::OwnFile.code(),
            agency: entry.agency,
            purpose: entry.purpose,
            matter: detail.matter,
            records: detail.records,
        });
    }
    Ok(looks)
}

/// The proof that one look at the person is in the log, to be checked without us.
///
/// # Errors
/// [`Error::NotFound`] if it is not a look at him.
pub async fn proof(cx: &Cx, actor: &Actor, seq: u64) -> Result<ProofFile> {
    let person = myself(cx, actor)?;
    let persons = identifiers(cx, person).await?;
    let entries = store::access_entry::from(cx.store.read(), cx.log.name(), seq, 1).await?;
    let entry = entries
        .into_iter()
        .find(|entry| entry.seq == seq && persons.contains(&entry.person))
        .ok_or(Error::NotFound)?;
    crate::log::proof_of(cx, &entry).await
}

/// The person's identifier, and the one under which he was looked for before he was known.
async fn identifiers(cx: &Cx, person: register::PersonId) -> Result<Vec<register::PersonId>> {
    let found = store::person::sealed(cx.store.read(), person).await?;
    let (kind, sealed) = found.ok_or(Error::NotFound)?;
    let (document, _) = seal::open_identity(&cx.vault, person, &kind, &sealed)?;
    Ok(vec![person, seal::stand_in(&seal::blind(&cx.vault, &document))])
}
