//! 人员索引换钥: persons are found by the old key until every one of them has a place by the new one.
//!
//! ```text
//!   new persons are written by every key that is not over; looked up by one of them
//!   Filling ── everybody has a place by it ──▶ Read ── another is read ──▶ Leaving ── a while ──▶ Former ── places go
//! ```
//!
//! Which key does what stands in the database and changes only between two transactions that enter somebody, so it does
//! not matter when which process hears of it.

use std::collections::HashSet;

use jiff::Timestamp;
use register::{IdDocument, PersonId, PersonName};
use store::Tx;
use store::directory::{DirectoryKey, KeyState};
use store::person::Mark;
use uuid::Uuid;

use super::QUIET;
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::seal;

/// Persons, or places, taken at once.
const PAGE: u32 = 200;

/// How often all persons are gone through in one round: who was held by somebody else is there the next time.
const PASSES: usize = 3;

/// Which keys lead to persons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    /// By which they are looked up.
    pub(crate) read: u16,
    /// By which a new one is written too.
    also: Vec<u16>,
    /// By which somebody may have been noted who was not known yet.
    former: Vec<u16>,
}

impl Directory {
    /// As it is before the first rotation.
    pub(crate) const fn of_first(key: u16) -> Self {
        Self { read: key, also: Vec::new(), former: Vec::new() }
    }

    fn of(cx: &Cx, keys: &[DirectoryKey]) -> Result<Self> {
        let finding = cx.vault.keys().into_iter().filter(|key| key.is_finding);
        let finding: HashSet<u16> = finding.map(|key| key.id).collect();
        let in_state =
            |state: KeyState| keys.iter().filter(move |key| key.state == state).map(|key| key.key);
        let read = in_state(KeyState::Read).next();
        let read = read.ok_or(Error::Internal("no key leads to persons"))?;
        let also = in_state(KeyState::Filling).chain(in_state(KeyState::Leaving)).collect();
        let former = in_state(KeyState::Former).filter(|key| finding.contains(key)).collect();
        let directory = Self { read, also, former };
        let needed = [&[read][..], &directory.also].concat();
        match needed.into_iter().find(|key| !finding.contains(key)) {
            Some(key) => Err(Error::Vault(vault::VaultError::UnknownKey(key))),
            None => Ok(directory),
        }
    }

    /// Every key by which somebody may stand somewhere.
    pub(crate) fn all(&self) -> impl Iterator<Item = u16> {
        [self.read].into_iter().chain(self.also.iter().copied()).chain(self.former.iter().copied())
    }

    /// Whether it has ever moved to another key, so that a new person may have more than one place.
    pub(crate) fn is_moving(&self) -> bool {
        !(self.also.is_empty() && self.former.is_empty())
    }
}

/// Reads anew which keys lead to persons, and says it.
///
/// # Errors
/// [`Error::Store`]; [`Error::Vault`] if one of them is not in the key file.
pub async fn refresh(cx: &Cx) -> Result<()> {
    let keys = store::directory::keys(cx.store.read()).await?;
    cx.remember_directory(known(cx, &keys)?);
    Ok(())
}

/// Which keys lead to persons, until this transaction ends: whoever enters somebody asks here.
///
/// # Errors
/// [`Error::Store`], [`Error::Vault`].
pub(crate) async fn held(cx: &Cx, tx: &Tx) -> Result<Directory> {
    known(cx, &store::directory::held(tx).await?)
}

/// A key that is not known yet was made a moment ago.
fn known(cx: &Cx, keys: &[DirectoryKey]) -> Result<Directory> {
    match Directory::of(cx, keys) {
        Err(Error::Vault(_)) => {
            cx.keys.reload(&cx.vault)?;
            Directory::of(cx, keys)
        }
        other => other,
    }
}

/// The places in the directory of persons who are new: by every key that is not over, and by a former one if a report
/// was issued about him when nobody knew him, which leads to him by that.
///
/// # Errors
/// [`Error::Store`], [`Error::Vault`].
pub(crate) async fn places(
    cx: &Cx,
    tx: &Tx,
    directory: &Directory,
    persons: &[(&IdDocument, &PersonName)],
) -> Result<Vec<Vec<Mark>>> {
    let mut former = Vec::new();
    for (document, name) in persons {
        for key in &directory.former {
            former.push(seal::mark_by(&cx.vault, *key, document, name)?);
        }
    }
    let blinds: Vec<[u8; 32]> = former.iter().map(|mark| mark.blind).collect();
    let asked: HashSet<[u8; 32]> =
        store::report::asked_among(tx, &blinds).await?.into_iter().collect();
    let mut former = former.into_iter();
    let mut places = Vec::with_capacity(persons.len());
    for (document, name) in persons {
        let keys = [directory.read].into_iter().chain(directory.also.iter().copied());
        let marks = keys.map(|key| seal::mark_by(&cx.vault, key, document, name));
        let mut marks = marks.collect::<Result<Vec<_>>>()?;
        let own = former.by_ref().take(directory.former.len());
        marks.extend(own.filter(|mark| asked.contains(&mark.blind)));
        places.push(marks);
    }
    Ok(places)
}

/// Moves the directory on towards the key that seals now, as far as it goes; says how many places were written and
/// removed. Runs twice and beside itself without harm. Places that are over are looked for if a key has just ended, or
/// thoroughly.
///
/// # Errors
/// [`Error::Store`], [`Error::Vault`]; what was done before stays done.
pub(super) async fn advance(cx: &Cx, is_thorough: bool) -> Result<u64> {
    refresh(cx).await?;
    begin(cx).await?;
    let filled = fill(cx).await?;
    let has_ended = leave(cx).await?;
    let removed = if has_ended || is_thorough { remove(cx).await? } else { 0 };
    Ok(filled + removed)
}

/// What every key of the directory does.
pub(super) async fn keys(cx: &Cx) -> Result<Vec<DirectoryKey>> {
    Ok(store::directory::keys(cx.store.read()).await?)
}

/// Lets the key that seals now get places.
async fn begin(cx: &Cx) -> Result<()> {
    let active = cx.vault.active();
    if keys(cx).await?.iter().any(|key| key.key == active) {
        return Ok(());
    }
    let tx = cx.store.begin().await?;
    let keys = store::directory::alone(&tx).await?;
    if !keys.iter().any(|key| key.key == active) {
        let since = Some(cx.now());
        let new = DirectoryKey { key: active, state: KeyState::Filling, since, looks: None };
        store::directory::put(&tx, &new).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    refresh(cx).await
}

/// Gives everybody a place by the key that seals now; once everybody has one, persons are looked up by it.
async fn fill(cx: &Cx) -> Result<u64> {
    let active = cx.vault.active();
    let is_filling = |keys: &[DirectoryKey]| {
        keys.iter().any(|key| key.key == active && key.state == KeyState::Filling)
    };
    if !is_filling(&keys(cx).await?) {
        return Ok(0);
    }
    let (mut filled, mut passes) = (0, 0);
    loop {
        let (done, lacking) = pass(cx, active).await?;
        filled += done;
        passes += 1;
        if lacking == 0 {
            break;
        }
        if passes == PASSES {
            return Ok(filled);
        }
    }
    let tx = cx.store.begin().await?;
    let keys = store::directory::alone(&tx).await?;
    if is_filling(&keys) {
        let since = Some(cx.now());
        for key in keys {
            let state = match key.state {
                KeyState::Filling if key.key == active => KeyState::Read,
                KeyState::Read | KeyState::Filling => KeyState::Leaving,
                KeyState::Leaving | KeyState::Former => continue,
            };
            store::directory::put(&tx, &DirectoryKey { state, since, ..key }).await?;
        }
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    tracing::info!(key = active, filled, "persons are looked up by another key");
    refresh(cx).await?;
    Ok(filled)
}

/// Goes once through all persons; says how many places were written, and how many were lacking.
async fn pass(cx: &Cx, to: u16) -> Result<(u64, u64)> {
    let (mut done, mut lacking) = (0, 0);
    let mut after = PersonId(Uuid::nil());
    loop {
        let db = cx.store.read();
        let page = store::person::page(db, after, PAGE).await?;
        let Some((last, _, _)) = page.last() else { return Ok((done, lacking)) };
        after = *last;
        let from = cx.directory().read;
        let mut marks = Vec::with_capacity(page.len());
        for (person, kind, sealed) in &page {
            // One who cannot be opened keeps the directory where it is: he could not be found any more.
            let opened = seal::open_identity(&cx.vault, *person, kind, sealed);
            let (document, name) = opened.inspect_err(|error| {
                tracing::error!(%error, %person, "no place in the directory can be worked out");
            })?;
            let was = seal::blind_by(&cx.vault, from, &document)?;
            marks.push((was, seal::mark_by(&cx.vault, to, &document, &name)?));
        }
        let blinds: Vec<_> = marks.iter().flat_map(|(was, mark)| [*was, mark.blind]).collect();
        let there = store::person::find(db, &blinds).await?;
        let there: HashSet<[u8; 32]> = there.into_iter().map(|key| key.blind).collect();
        marks.retain(|(was, mark)| there.contains(was) && !there.contains(&mark.blind));
        if marks.is_empty() {
            continue;
        }
        lacking += u64::try_from(marks.len()).unwrap_or(u64::MAX);
        let tx = cx.store.begin().await?;
        for (was, mark) in &marks {
            done += u64::from(store::directory::add_beside(&tx, was, mark).await?);
        }
        tx.commit().await.map_err(store::StoreError::from)?;
    }
}

/// Ends keys by which nobody has looked anybody up for a while; says whether there were some.
async fn leave(cx: &Cx) -> Result<bool> {
    let is_over = |key: &DirectoryKey, now: Timestamp| {
        let since = key.since.unwrap_or(now);
        key.state == KeyState::Leaving && now.duration_since(since) >= QUIET
    };
    let now = cx.now();
    if !keys(cx).await?.iter().any(|key| is_over(key, now)) {
        return Ok(false);
    }
    // Whoever still works with the keys of before may look somebody up by it.
    let behind = cx.keys.behind(cx.vault.generation());
    if behind.map_err(|_| Error::Internal("who holds which keys cannot be read"))? > 0 {
        return Ok(false);
    }
    let size = store::access_entry::head(cx.store.read(), cx.log.name()).await?;
    let looks = Some(size.map_or(0, |head| head.size));
    let tx = cx.store.begin().await?;
    for key in store::directory::alone(&tx).await? {
        if is_over(&key, now) {
            let (state, since) = (KeyState::Former, Some(now));
            store::directory::put(&tx, &DirectoryKey { state, since, looks, ..key }).await?;
        }
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    refresh(cx).await?;
    Ok(true)
}

/// Removes the places by keys that are over.
async fn remove(cx: &Cx) -> Result<u64> {
    let mut removed = 0;
    for key in keys(cx).await?.iter().filter(|key| key.state == KeyState::Former) {
        let mut after = Vec::new();
        loop {
            let db = cx.store.read();
            let rows = store::directory::rows_of(db, key.key, &after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.to_vec();
            let tx = cx.store.begin().await?;
            for blind in &rows {
                removed += u64::from(store::directory::remove(&tx, blind).await?);
            }
            tx.commit().await.map_err(store::StoreError::from)?;
        }
    }
    Ok(removed)
}

/// How many places there are by a key, and whether anything else leads to somebody by it only: a look, or a report, from
/// before he was known.
///
/// # Errors
/// [`Error::Store`].
pub(super) async fn needs(cx: &Cx, id: u16) -> Result<Needed> {
    let db = cx.store.read();
    let places = store::directory::count_of(db, id).await?;
    let Some(key) = keys(cx).await?.into_iter().find(|key| key.key == id) else {
        return Ok(Needed { places, is_in_use: false, is_remembered: false });
    };
    let is_in_use = key.state != KeyState::Former;
    let looks = key.looks.unwrap_or(u64::MAX);
    let first = store::access_entry::from(db, cx.log.name(), 0, 1).await?;
    let has_look = first.first().is_some_and(|entry| entry.seq < looks);
    let has_report = match key.since {
        Some(since) => store::report::is_asked_before(db, since).await?,
        None => true,
    };
    let is_remembered = is_in_use || has_look || has_report || places > 0;
    Ok(Needed { places, is_in_use, is_remembered })
}

/// What still needs a key of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Needed {
    /// Places of persons.
    pub(super) places: u64,
    /// Persons are, or will be, looked up by it.
    pub(super) is_in_use: bool,
    /// Something from before somebody was known leads to him by it alone.
    pub(super) is_remembered: bool,
}
