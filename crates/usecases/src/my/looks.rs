//! 谁看过我: every look at the person, with what went out and a proof that it is in the log.

use jiff::Timestamp;
use ledger::ProofFile;
use register::PersonId;
use store::access_entry::Entry;
use store::supervision::Wrongful;
use vault::VaultError;

use super::myself;
use crate::access_log::{self, Door, Outcome};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::{seal, supervision};

/// A page of the looks at a person.
#[derive(Clone, Debug, Default)]
pub struct MyLooks {
    /// Looks by others and by himself, newest first.
    pub looks: Vec<MyLook>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// How many looks were ever tried and refused.
    pub refused: u64,
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
    /// Through which door, by code.
    pub door: String,
    /// Purpose, by code.
    pub purpose: Option<String>,
    /// Matter.
    pub matter: String,
    /// Identifiers of the records that went out.
    pub records: Vec<String>,
    /// Whether it was the person himself.
    pub is_own: bool,
    /// Whether its sealed part still opens. If not it was touched, and matter and records are empty:
    /// the person is told so, not turned away.
    pub is_whole: bool,
    /// What the office found, if it found that this look should not have been.
    pub wrongful: Option<Wrongful>,
}

/// Shows the person who looked at him before a position of the log (`u64::MAX`: until now), at most
/// `limit` looks.
///
/// # Errors
/// [`Error::Denied`].
///
/// # Law
/// 个人信息保护法 44, 45, 48 — to know, to see, to have it explained.
pub async fn looks(cx: &Cx, actor: &Actor, before: u64, limit: u32) -> Result<MyLooks> {
    let person = myself(cx, actor)?;
    let persons = identifiers(cx, person).await?;
    let (db, log) = (cx.store.read(), cx.log.name());
    let answered = Outcome::Answered.code();
    let mut entries = store::access_entry::of_person(
        db,
        log,
        &persons,
        answered,
        before,
        limit.saturating_add(1),
    )
    .await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_older = entries.len() > shown;
    entries.truncate(shown);
    let looks = with_findings(cx, entries).await?;
    let refused = Outcome::Refused.code();
    let refused = store::access_entry::count_of_person(db, log, &persons, refused).await?;
    Ok(MyLooks { looks, has_older, refused })
}

/// Looks at a person by others.
#[derive(Clone, Debug, Default)]
pub struct LooksByOthers {
    /// The latest of them, newest first.
    pub looks: Vec<MyLook>,
    /// How many there are in all.
    pub in_all: u64,
}

/// Doors through which nobody else looks: the person's own, and the one through which what is over goes.
const OF_NO_OTHERS: [Door; 3] = [Door::OwnFile, Door::Report, Door::Erasure];

/// The latest looks at a person by others, at most `limit`: however often he looks himself, his own looks displace none.
pub(crate) async fn by_others(cx: &Cx, person: PersonId, limit: u32) -> Result<LooksByOthers> {
    let persons = identifiers(cx, person).await?;
    let (db, log) = (cx.store.read(), cx.log.name());
    let answered = Outcome::Answered.code();
    let doors = OF_NO_OTHERS.map(Door::code);
    let (entries, in_all) =
        store::access_entry::through_others(db, log, &persons, answered, &doors, limit).await?;
    let looks = entries.into_iter().map(|entry| my_look(cx, entry)).collect();
    Ok(LooksByOthers { looks, in_all })
}

/// Shows the person one look at him.
///
/// # Errors
/// [`Error::NotFound`] if there is no answered look at him in this place.
pub async fn look(cx: &Cx, actor: &Actor, seq: u64) -> Result<MyLook> {
    let entry = entry_of_mine(cx, actor, seq).await?;
    if entry.outcome != Outcome::Answered.code() {
        return Err(Error::NotFound);
    }
    let mut looks = with_findings(cx, vec![entry]).await?;
    looks.pop().ok_or(Error::NotFound)
}

/// These looks, with what the office found about them.
pub(crate) async fn with_findings(cx: &Cx, entries: Vec<Entry>) -> Result<Vec<MyLook>> {
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
    let found = supervision::wrongful_of(cx, &seqs).await?;
    let look = |entry: Entry| {
        let wrongful = found.iter().find(|one| one.seq == entry.seq).cloned();
        MyLook { wrongful, ..my_look(cx, entry) }
    };
    Ok(entries.into_iter().map(look).collect())
}

pub(crate) fn my_look(cx: &Cx, entry: Entry) -> MyLook {
    let detail = access_log::detail_of(&cx.vault, cx.log.name(), &entry).ok();
    let is_whole = detail.is_some();
    let detail = detail.unwrap_or_default();
    MyLook {
        seq: entry.seq,
        at: entry.at,
        // A report through this door is the person's own; one for a purpose is a check.
        is_own: [Door::OwnFile, Door::Report].iter().any(|door| door.code() == entry.door),
        agency: entry.agency,
        door: entry.door,
        purpose: entry.purpose,
        matter: detail.matter,
        records: detail.records,
        is_whole,
        wrongful: None,
    }
}

/// The proof that one look at the person is in the log, to be checked without us.
///
/// # Errors
/// [`Error::NotFound`] if it is not a look at him.
pub async fn proof(cx: &Cx, actor: &Actor, seq: u64) -> Result<ProofFile> {
    let entry = entry_of_mine(cx, actor, seq).await?;
    crate::log::proof_of(cx, &entry).await
}

async fn entry_of_mine(cx: &Cx, actor: &Actor, seq: u64) -> Result<Entry> {
    let person = myself(cx, actor)?;
    let persons = identifiers(cx, person).await?;
    let entries = store::access_entry::from(cx.store.read(), cx.log.name(), seq, 1).await?;
    let mine = |entry: &Entry| entry.seq == seq && persons.contains(&entry.person);
    entries.into_iter().find(mine).ok_or(Error::NotFound)
}

/// The person's identifier, and those under which he was looked for before he was known: one by each key that led or
/// leads to persons.
async fn identifiers(cx: &Cx, person: PersonId) -> Result<Vec<PersonId>> {
    let found = store::person::sealed(cx.store.read(), person).await?;
    let (kind, sealed) = found.ok_or(Error::NotFound)?;
    let (document, _) = seal::open_identity(&cx.vault, person, &kind, &sealed)?;
    let mut identifiers = vec![person];
    for key in cx.directory().all() {
        match seal::blind_by(&cx.vault, key, &document) {
            Ok(blind) => identifiers.push(seal::stand_in(&blind)),
            // Retired a moment ago: no look is left that was made under it.
            Err(Error::Vault(VaultError::Retired(_))) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(identifiers)
}
