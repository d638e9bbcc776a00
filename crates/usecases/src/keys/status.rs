//! 密钥状况: which keys there are, what each is for, and what still needs an old one.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use vault::{KeyInfo, KeyState};

use super::error::Result;
use super::reseal::key_of;
use super::{Use, directory, permit};
use crate::cx::{Actor, Cx};
use crate::error::Error;

/// How the keys are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// How often the key file was changed.
    pub generation: u64,
    /// Earlier states of the key file that some process still works with.
    pub behind: usize,
    /// Every key, oldest first.
    pub keys: Vec<KeyStatus>,
}

/// How one key is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyStatus {
    /// Its number.
    pub id: u16,
    /// Its algorithms.
    pub suite: &'static str,
    /// What it still does.
    pub state: &'static str,
    /// The day on which it was made.
    pub created_on: String,
    /// How many days ago that is.
    pub age_days: Option<i32>,
    /// When another began to seal in its place, in seconds since 1970.
    pub replaced_at: Option<i64>,
    /// What it is for, in words.
    pub protects: String,
    /// What it does in the directory by which persons are found.
    pub directory: Option<&'static str>,
    /// What checks its signatures.
    pub public_key: String,
    /// What the key before it signed of its public key, in hexadecimal.
    pub follows: Option<String>,
    /// The largest head of the log that it can have signed, once it is retired.
    pub signs_up_to: Option<u64>,
    /// What needs an old one; `None` if that was not counted.
    pub uses: Option<Vec<Use>>,
}

/// Says how the keys are; counts what needs old ones if `is_counting`, which reads everything once.
///
/// # Errors
/// [`Error::Denied`], [`Error::Store`].
pub async fn status(cx: &Cx, actor: &Actor, is_counting: bool) -> Result<Status> {
    permit(cx, actor)?;
    cx.keys.reload(&cx.vault)?;
    let (today, first) = (cx.today(), cx.vault.first());
    let in_directory = directory::keys(cx).await?;
    let mut keys = Vec::new();
    for key in cx.vault.keys() {
        let is_counted = is_counting && key.state == KeyState::Old;
        let uses = if is_counted { Some(uses(cx, key.id).await?) } else { None };
        let place = in_directory.iter().find(|place| place.key == key.id);
        let created = key.created_on.parse::<Date>().ok();
        keys.push(KeyStatus {
            id: key.id,
            suite: key.suite.name(),
            state: key.state.name(),
            age_days: created.and_then(|day| day.until(today).ok()).map(|age| age.get_days()),
            replaced_at: key.replaced_at,
            protects: protects(&key, first),
            directory: place.map(|place| place.state.code()),
            public_key: key.public_key.to_string(),
            follows: key.follows,
            signs_up_to: key.signs_up_to,
            created_on: key.created_on,
            uses,
        });
    }
    let generation = cx.vault.generation();
    Ok(Status { generation, behind: cx.keys.behind(generation)?, keys })
}

fn protects(key: &KeyInfo, first: u16) -> String {
    let mut said = match key.state {
        KeyState::Next => "opens already; seals nothing before the rotation has ended",
        KeyState::Active => {
            "seals fields, files, month keys and backups; signs heads, reports, manifests, messages"
        }
        KeyState::Old => "opens what it sealed and is not sealed anew yet, and backups of its time",
        KeyState::Retired => "checks what it signed",
    }
    .to_owned();
    if key.id == first {
        said.push_str("; finds facts, codes and leaves again");
    }
    if key.is_finding && key.state == KeyState::Retired {
        said.push_str("; leads to looks and reports from before somebody was known");
    }
    said
}

/// What still needs a key: values, files, the month keys, the directory.
pub(super) async fn uses(cx: &Cx, id: u16) -> Result<Vec<Use>, Error> {
    let keys = cx.vault.keys();
    let head = keys.iter().find(|key| key.id == id).ok_or(Error::NotFound)?.head();
    let mut uses = Vec::new();
    for (table, column, count) in store::sealed::uses(cx.store.read(), head).await? {
        uses.push(Use { what: format!("values in {table}.{column}"), count });
    }
    uses.extend(files(cx, id)?);
    if cx.months.sealed_by()? == Some(id) {
        uses.push(Use { what: "file of month keys".to_owned(), count: 1 });
    }
    let needed = directory::needs(cx, id).await?;
    if needed.is_in_use {
        let what = "places in the directory by which persons are found".to_owned();
        uses.push(Use { what, count: needed.places });
    }
    Ok(uses)
}

/// Files that a key sealed, by kind. Of one that has just begun to be written it is not known yet.
fn files(cx: &Cx, id: u16) -> Result<Vec<Use>, Error> {
    let mut found: BTreeMap<&'static str, u64> = BTreeMap::new();
    for (path, _) in cx.files.all()? {
        let what = match path.extension().and_then(|extension| extension.to_str()) {
            Some("paper") => "papers",
            Some("returned") => "files of rows that go back",
            Some("upload") => "uploads that are being read",
            Some("part") => {
                "files that are being written, or were left by a crash and go after a day"
            }
            Some(_) | None => "other files",
        };
        let is_begun = || path.extension().is_some_and(|kind| kind == "part") && path.exists();
        let is_its = match key_of(&path)? {
            Some(key) => key == id,
            None => is_begun(),
        };
        if is_its {
            *found.entry(what).or_default() += 1;
        }
    }
    Ok(found.into_iter().map(|(what, count)| Use { what: what.to_owned(), count }).collect())
}
