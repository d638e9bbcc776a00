//! Access log 查询存证: log before answer (I6).
//!
//! A use case that has facts in hand gives them to [`before`] together with the look; it gets them
//! back as [`Disclosed`] once the look is durable. One committer takes what has gathered and writes it
//! in one transaction, so durability costs one sync a group, not one a look.
//!
//! ```text
//!   use case ──look──▶ AccessLog ─┐            ┌──▶ entries, leaves, nodes, signed head
//!   use case ──look──▶ AccessLog ─┴─▶ Committer ┴──▶ commit ──▶ Disclosed to each
//! ```

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use ledger::{Frontier, Hash};
use register::disclosure::Fact;
use register::{AccountId, EventId, PersonId, RecordId};
use serde::{Deserialize, Serialize};
use store::Store;
use store::access_entry::{Entry, Group, Head, Leaf, Node};
use tokio::sync::{mpsc, oneshot};
use tracing::Instrument as _;
use vault::{Place, Vault};

use crate::cx::{Actor, Clock, Cx, Random};
use crate::error::{Error, Result};
use crate::figures::LogFigures;
use crate::log::Witness;

/// Most looks in one transaction.
const GROUP: usize = 2_000;

/// How often a group is written anew because another process took its positions.
const TRIES: usize = 10;

/// A look that is about to be answered or refused.
#[derive(Clone, Debug)]
pub struct Look {
    /// Whom it is about.
    pub person: PersonId,
    /// Through which door.
    pub door: Door,
    /// What became of it.
    pub outcome: Outcome,
    /// Who looks.
    pub account: AccountId,
    /// For which body.
    pub agency: Option<String>,
    /// For which purpose.
    pub purpose: Option<String>,
    /// In which matter.
    pub matter: String,
    /// Which records go out.
    pub records: Vec<RecordId>,
    /// Corrections that are in them: of each record that has one, the last.
    pub corrections: Vec<EventId>,
    /// Why it was refused, by code.
    pub reason: Option<String>,
}

/// The doors through which facts leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// A check for a matter.
    Check,
    /// The person's own file.
    OwnFile,
    /// Rows given back to the agency that sent them.
    Returned,
    /// The body that supplied a record, answering an objection to it.
    Objection,
    /// The body that determined a fact, deciding on its repair.
    Repair,
    /// The body that supplied a record, whose decision is challenged.
    Challenge,
    /// The body that looked, explaining it to the person.
    Inquiry,
    /// A body that the person named in his mandate.
    Mandate,
    /// A report on paper for the person, or for a purpose.
    Report,
    /// The office, bringing notices to the post.
    Letter,
    /// The counter, where something is noted about a record.
    Counter,
    /// What was sealed, opened by two people for a while.
    Opening,
    /// The office, finding who is affected by an incident, and telling him.
    Incident,
    /// Nobody looked: its time was over, or two people decided so, and it is erased.
    Erasure,
    /// The office, or the body that looked, reading papers or words that explain a look.
    Supervision,
    /// Whoever handles a case, seeing the person's whole identity number once.
    WholeNumber,
    /// A sealed copy of everything was taken: it is about nobody in particular.
    Backup,
    /// Everything was put back from such a copy.
    Restore,
    /// Another key seals from now on, or an old one was retired.
    Keys,
}

impl Door {
    /// Name in the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::OwnFile => "own-file",
            Self::Returned => "returned",
            Self::Objection => "objection",
            Self::Repair => "repair",
            Self::Challenge => "challenge",
            Self::Inquiry => "inquiry",
            Self::Mandate => "mandate",
            Self::Report => "report",
            Self::Letter => "letter",
            Self::Counter => "counter",
            Self::Opening => "opening",
            Self::Incident => "incident",
            Self::Erasure => "erasure",
            Self::Supervision => "supervision",
            Self::WholeNumber => "whole-number",
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::Keys => "keys",
        }
    }
}

/// What became of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The purpose's facts went out (there may be none).
    Answered,
    /// Nothing went out.
    Refused,
}

impl Outcome {
    /// Name in the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Refused => "refused",
        }
    }
}

/// Where a look stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// The log.
    pub log: String,
    /// The position, from 0.
    pub seq: u64,
}

/// Facts whose look is durable. Nothing else can make one.
#[derive(Clone, Debug)]
pub struct Disclosed<T> {
    facts: T,
    position: Position,
}

impl<T> Disclosed<T> {
    /// The facts.
    pub fn facts(&self) -> &T {
        &self.facts
    }

    /// Where their look stands in the log.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// Puts the facts together into something else of which the same look speaks.
    pub(crate) fn try_map<U>(self, put: impl FnOnce(T) -> Result<U>) -> Result<Disclosed<U>> {
        Ok(Disclosed { facts: put(self.facts)?, position: self.position })
    }

    /// The facts and the position.
    pub fn into_parts(self) -> (T, Position) {
        (self.facts, self.position)
    }
}

/// What of a look only the person and the office may read; sealed in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The matter.
    pub matter: String,
    /// Records that went out.
    pub records: Vec<String>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Corrections that were in what went out: of each record that had one, the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<String>,
}

impl Look {
    /// A look by `actor`, answered, with no records yet.
    #[must_use]
    pub fn by(actor: &Actor, door: Door, person: PersonId) -> Self {
        Self {
            person,
            door,
            outcome: Outcome::Answered,
            account: actor.account,
            agency: actor.agency.map(|agency| agency.as_str().to_owned()),
            purpose: None,
            matter: String::new(),
            records: Vec::new(),
            corrections: Vec::new(),
            reason: None,
        }
    }

    /// The same giving out these facts.
    pub(crate) fn giving(&mut self, facts: &[Fact]) {
        self.records = facts.iter().map(|fact| fact.record.id).collect();
        self.corrections = facts.iter().filter_map(|fact| fact.corrected_by).collect();
    }
}

/// Waits until `look` is durable, then lets `facts` go.
///
/// # Errors
/// [`Error::Log`]: then nothing may be answered.
pub async fn before<T>(cx: &Cx, look: Look, facts: T) -> Result<Disclosed<T>> {
    let mut positions = cx.log.append(vec![look]).await?;
    let position = positions.pop().ok_or(Error::Log)?;
    Ok(Disclosed { facts, position })
}

/// The same for many looks at once, one entry each, one wait.
///
/// # Errors
/// [`Error::Log`].
pub async fn before_many<T>(cx: &Cx, looks: Vec<(Look, T)>) -> Result<Vec<Disclosed<T>>> {
    let (looks, facts): (Vec<_>, Vec<_>) = looks.into_iter().unzip();
    let positions = cx.log.append(looks).await?;
    Ok(facts
        .into_iter()
        .zip(positions)
        .map(|(facts, position)| Disclosed { facts, position })
        .collect())
}

struct Pending {
    looks: Vec<Look>,
    reply: oneshot::Sender<Option<u64>>,
}

/// Where looks are handed in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AccessLog {
    name: Arc<str>,
    sender: mpsc::Sender<Pending>,
    figures: Arc<LogFigures>,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pending({})", self.looks.len())
    }
}

/// What the committer needs.
pub struct CommitterParts {
    /// Where it writes.
    pub store: Store,
    /// What it seals and signs with.
    pub vault: Vault,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for salts.
    pub random: Arc<dyn Random>,
    /// A file outside the database that remembers the last head, so that a log cut off at its end is
    /// found out.
    pub witness: Option<PathBuf>,
    /// How long what it seals is kept, in months.
    pub kept_months: u16,
}

/// Writes what has gathered. The door that starts the program runs it.
pub struct Committer {
    parts: CommitterParts,
    name: Arc<str>,
    receiver: mpsc::Receiver<Pending>,
    figures: Arc<LogFigures>,
    witnessed_at: Option<Timestamp>,
    /// Where the log stands after what this committer wrote last: size and frontier.
    at: Option<(u64, Vec<u8>)>,
}

impl AccessLog {
    /// A log of that name and the committer that must run for it.
    #[must_use]
    pub fn new(name: &str, parts: CommitterParts) -> (Self, Committer) {
        let (sender, receiver) = mpsc::channel(4_096);
        let name: Arc<str> = Arc::from(name);
        let figures = Arc::new(LogFigures::default());
        let committer = Committer {
            parts,
            name: name.clone(),
            receiver,
            figures: figures.clone(),
            witnessed_at: None,
            at: None,
        };
        (Self { name, sender, figures }, committer)
    }

    /// The log's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What was counted while it was written.
    pub(crate) fn figures(&self) -> &LogFigures {
        &self.figures
    }

    async fn append(&self, looks: Vec<Look>) -> Result<Vec<Position>> {
        let count = looks.len();
        if count == 0 {
            return Ok(Vec::new());
        }
        let (reply, answer) = oneshot::channel();
        self.sender.send(Pending { looks, reply }).await.map_err(|_| Error::Log)?;
        let first = answer.await.map_err(|_| Error::Log)?.ok_or(Error::Log)?;
        Ok((first..).take(count).map(|seq| Position { log: self.name.to_string(), seq }).collect())
    }
}

impl Committer {
    /// Writes group after group until nobody can hand in looks any more.
    pub async fn run(mut self) {
        if let Err(error) = self.load().await {
            tracing::error!(%error, "the access log cannot be written");
        }
        let mut last = None;
        while let Some(first) = self.receiver.recv().await {
            let mut group = vec![first];
            let mut size = group.iter().map(|pending| pending.looks.len()).sum::<usize>();
            while size < GROUP {
                let Ok(next) = self.receiver.try_recv() else { break };
                size += next.looks.len();
                group.push(next);
            }
            let begun = Instant::now();
            let span = tracing::debug_span!(target: "traced", "log commit", looks = size);
            let written = self.commit(&group).instrument(span).await;
            self.figures.committed(size, begun.elapsed(), written.is_ok());
            match written {
                Ok((first, head)) => {
                    let mut seq = first;
                    for pending in group {
                        let count = u64::try_from(pending.looks.len()).unwrap_or(0);
                        // Whoever stopped waiting has nothing to answer any more.
                        let _ = pending.reply.send(Some(seq));
                        seq += count;
                    }
                    self.witness(&head, false);
                    last = Some(head);
                }
                Err(error) => {
                    tracing::error!(%error, looks = size, "the access log could not be written");
                    for pending in group {
                        let _ = pending.reply.send(None);
                    }
                }
            }
        }
        if let Some(head) = last {
            self.witness(&head, true);
        }
    }

    /// Writes a group after the position that this committer knows; if another process has written
    /// there meanwhile, after the one that the store knows.
    async fn commit(&mut self, group: &[Pending]) -> Result<(u64, Head)> {
        let mut tries = 0;
        loop {
            let at = match self.at.take() {
                Some(at) => at,
                None => self.load().await?,
            };
            match self.write(group, at).await {
                // Only where it is certain that nothing was written: a look stands in the log once.
                Err(Error::Store(error)) if error.is_taken() && tries < TRIES => tries += 1,
                written => return written,
            }
        }
    }

    /// Where the log stands in the store, which must not be less than was remembered outside.
    async fn load(&self) -> Result<(u64, Vec<u8>)> {
        let CommitterParts { store, vault, witness, .. } = &self.parts;
        // Read first: what another process commits meanwhile only makes the log longer.
        let seen = witness.as_deref().map(Witness::read).transpose()?.flatten();
        let kind = crate::log::hash_kind(vault);
        let empty = Frontier::new(kind).to_bytes();
        let (size, frontier) = store::access_entry::state(store, &self.name, &empty).await?;
        if let Some(seen) = seen {
            seen.compare(store, kind, &self.name, size).await?;
        }
        Ok((size, frontier))
    }

    async fn write(
        &mut self,
        group: &[Pending],
        (first, frontier): (u64, Vec<u8>),
    ) -> Result<(u64, Head)> {
        let CommitterParts { store, vault, clock, random, .. } = &self.parts;
        let kind = crate::log::hash_kind(vault);
        let mut frontier = Frontier::from_bytes(kind, &frontier).map_err(|_| Error::Log)?;
        let now = clock.now();
        // One month more than it is kept, because looks are erased a group at a time.
        let until =
            register::retention::month(register::china_date(now)) + self.parts.kept_months + 1;
        let signer = vault.signer();
        let (mut entries, mut leaves, mut nodes) = (Vec::new(), Vec::new(), Vec::new());
        let mut seq = first;
        for look in group.iter().flat_map(|pending| &pending.looks) {
            let mut salt = [0; 16];
            random.fill(&mut salt);
            let mut nonce = [0; 12];
            random.fill(&mut nonce);
            let (entry, detail) = entry(vault, &self.name, seq, (now, until), look, salt, nonce)?;
            let hash = leaf_hash(kind, &self.name, &entry, &detail);
            for tile in frontier.append(hash) {
                nodes.push(Node { level: tile.level, index: tile.index, hash: tile.hash.0 });
            }
            leaves.push(Leaf { seq, hash: hash.0, seal: leaf_seal(vault, &self.name, seq, &hash) });
            entries.push(entry);
            seq += 1;
        }
        let root = frontier.root();
        let at = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
        let message = crate::log::head_of(&self.name, kind, seq, root, at).message();
        let signature = signer.sign(&message);
        let head = Head { size: seq, root: root.0, at, signature };
        let group = Group {
            log: &self.name,
            entries: &entries,
            leaves: &leaves,
            nodes: &nodes,
            head: &head,
            frontier: frontier.to_bytes(),
        };
        store::access_entry::append(store, &group).await?;
        self.at = Some((seq, group.frontier));
        Ok((first, head))
    }

    /// Remembers the head outside the database, at most once a second.
    fn witness(&mut self, head: &Head, at_the_end: bool) {
        let Some(path) = &self.parts.witness else { return };
        let now = self.parts.clock.now();
        let is_due =
            self.witnessed_at.is_none_or(|at| now.as_millisecond() - at.as_millisecond() >= 1_000);
        if !(is_due || at_the_end) {
            return;
        }
        self.witnessed_at = Some(now);
        let remembered = Witness::remember(path, &self.name, head.size, Hash(head.root));
        if let Err(error) = remembered {
            tracing::warn!(%error, "the head of the log could not be remembered outside the database");
        }
    }
}

fn entry(
    vault: &Vault,
    log: &str,
    seq: u64,
    (now, until): (Timestamp, vault::Month),
    look: &Look,
    salt: [u8; 16],
    nonce: [u8; 12],
) -> Result<(Entry, Detail)> {
    let detail = Detail {
        matter: look.matter.clone(),
        records: look.records.iter().map(ToString::to_string).collect(),
        reason: look.reason.clone(),
        corrections: look.corrections.iter().map(ToString::to_string).collect(),
    };
    let plain = serde_json::to_vec(&detail).unwrap_or_default();
    let sealed = vault.seal_until(until, detail_place(log, seq).as_place(), &plain, nonce)?;
    let entry = Entry {
        seq,
        person: look.person,
        at: Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now),
        door: look.door.code().to_owned(),
        outcome: look.outcome.code().to_owned(),
        account: look.account,
        agency: look.agency.clone(),
        purpose: look.purpose.clone(),
        detail: sealed,
        salt,
    };
    Ok((entry, detail))
}

/// Where the detail of an entry is sealed to.
pub(crate) struct DetailPlace(Vec<u8>);

impl DetailPlace {
    pub(crate) fn as_place(&self) -> Place<'_> {
        Place { table: "access_entry", column: "detail", row: &self.0 }
    }
}

pub(crate) fn detail_place(log: &str, seq: u64) -> DetailPlace {
    let mut row = log.as_bytes().to_vec();
    row.extend_from_slice(&seq.to_be_bytes());
    DetailPlace(row)
}

/// The detail of a stored entry.
///
/// # Errors
/// [`Error::Vault`] if it was touched.
pub(crate) fn detail_of(vault: &Vault, log: &str, entry: &Entry) -> Result<Detail> {
    let plain = vault.open(detail_place(log, entry.seq).as_place(), &entry.detail)?;
    serde_json::from_slice(&plain).map_err(|_| Error::Internal("detail of an access entry"))
}

/// The fields of an entry as the leaf commits to them and as the person can check them.
#[must_use]
pub(crate) fn fields(log: &str, entry: &Entry, detail: &Detail) -> Vec<(String, String)> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut fields = vec![
        ("log", log.to_owned()),
        ("seq", entry.seq.to_string()),
        ("at", entry.at.to_string()),
        ("person", entry.person.to_string()),
        ("door", entry.door.clone()),
        ("outcome", entry.outcome.clone()),
        ("account", entry.account.to_string()),
        ("agency", text(&entry.agency)),
        ("purpose", text(&entry.purpose)),
        ("matter", detail.matter.clone()),
        ("records", detail.records.join(",")),
        ("reason", text(&detail.reason)),
    ];
    // Entries without one are as they were before there was such a field.
    if !detail.corrections.is_empty() {
        fields.push(("corrections", detail.corrections.join(",")));
    }
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The hash of the leaf that stands for an entry.
#[must_use]
pub(crate) fn leaf_hash(kind: ledger::HashKind, log: &str, entry: &Entry, detail: &Detail) -> Hash {
    let fields = fields(log, entry, detail);
    let pairs: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let leaf = ledger::commitment(kind, &entry.salt, &ledger::canonical(&pairs));
    ledger::leaf_hash(kind, leaf.as_ref())
}

/// The keyed hash that pins a leaf to its place.
#[must_use]
pub(crate) fn leaf_seal(vault: &Vault, log: &str, seq: u64, hash: &Hash) -> [u8; 32] {
    vault.entry_mac(&[log.as_bytes(), &seq.to_be_bytes(), &hash.0])
}

impl<T> Disclosed<Result<T>> {
    /// A refusal that was logged stays a refusal.
    ///
    /// # Errors
    /// The refusal.
    pub(crate) fn transpose(self) -> Result<Disclosed<T>> {
        let Self { facts, position } = self;
        facts.map(|facts| Disclosed { facts, position })
    }
}
