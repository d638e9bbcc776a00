//! Context 环境: everything that a use case may touch, handed in from outside.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use access::{Access, Action, What, Who};
use jiff::Timestamp;
use jiff::civil::Date;
use register::china_date;
pub use register::client::Scope;
use register::{AccountId, PersonId, Role, Uscc};
use rulebook::Rules;
use store::Store;
use store::record::Found;
use uuid::Uuid;
use vault::Vault;

use crate::access_log::AccessLog;
use crate::client::{self, Caller, Kind};
use crate::delivery::Channels;
use crate::error::Result;
use crate::figures::JobFigures;
use crate::files::Files;
use crate::gather::Gather;
use crate::impact::{AllAssessed, Assessed};
use crate::keys::{Directory, KeyFile, Rest};
use crate::retention::MonthKeys;

/// Tells the time. The program asks the machine, a test stands on any day of the law.
pub trait Clock: Send + Sync {
    /// This instant.
    fn now(&self) -> Timestamp;
}

/// Gives randomness. The program asks the machine, a test repeats itself.
pub trait Random: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The parts of a context.
pub struct CxParts {
    /// Where everything is kept.
    pub store: Store,
    /// The law in force.
    pub rules: Arc<Rules>,
    /// The keys.
    pub vault: Vault,
    /// The policies.
    pub access: Arc<Access>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// The log of looks.
    pub log: AccessLog,
    /// Files that are on their way.
    pub files: Files,
    /// Where the keys are that are destroyed month by month.
    pub months: MonthKeys,
    /// Where all other keys are.
    pub keys: KeyFile,
    /// The ways out that are set up.
    pub channels: Channels,
}

/// What a use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Cx(Arc<Inner>);

struct Inner {
    parts: CxParts,
    persons: Gather<[u8; 32], Option<Found>>,
    callers: Mutex<Callers>,
    assessed: RwLock<AllAssessed>,
    jobs: JobFigures,
    directory: RwLock<Directory>,
    resealed: Mutex<Option<Rest>>,
}

/// Whose tokens these are, as it was found a moment ago.
#[derive(Default)]
struct Callers {
    known: HashMap<[u8; 32], (Timestamp, Caller)>,
    /// How often all were forgotten: what was looked up before that is not remembered after it.
    forgotten: u64,
}

/// How long it is remembered whom a token belongs to, in milliseconds: a machine that asks a thousand
/// times a second is looked up once. Switching an account off counts at once where it is done, and
/// within this time in every other process.
const CALLER_MILLIS: i64 = 1_000;

/// Most tokens that are remembered.
const CALLERS: usize = 10_000;

impl std::ops::Deref for Cx {
    type Target = CxParts;

    fn deref(&self) -> &CxParts {
        &self.0.parts
    }
}

impl std::fmt::Debug for Cx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cx")
    }
}

/// Who asks for something: a signed-in account, or a command of the operator.
#[derive(Clone, Debug)]
pub struct Actor {
    /// His account.
    pub account: AccountId,
    /// What the log and the pages call him.
    pub login: String,
    /// In which role.
    pub role: Role,
    /// For which body.
    pub agency: Option<Uscc>,
    /// Himself, if he is in the register.
    pub person: Option<PersonId>,
    /// What a machine was let in for; `None`: for all that its body may.
    pub scope: Option<Arc<Scope>>,
}

impl Cx {
    /// Puts a context together.
    #[must_use]
    pub fn new(parts: CxParts) -> Self {
        let directory = RwLock::new(Directory::of_first(parts.vault.first()));
        Self(Arc::new(Inner {
            parts,
            directory,
            resealed: Mutex::default(),
            persons: Gather::default(),
            callers: Mutex::default(),
            assessed: RwLock::default(),
            jobs: JobFigures::default(),
        }))
    }

    /// The person behind a blind index, with all his records.
    pub(crate) async fn person(&self, blind: [u8; 32]) -> Result<Option<Found>> {
        let store = self.store.clone();
        let load = move |blinds: Vec<[u8; 32]>| {
            let store = store.clone();
            async move { Ok(store::record::of_blinds(store.read(), &blinds).await?) }
        };
        self.0.persons.ask(blind, load).await
    }

    /// Which keys lead to persons, as it was read last.
    pub(crate) fn directory(&self) -> Directory {
        self.0.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers which do.
    pub(crate) fn remember_directory(&self, directory: Directory) {
        *self.0.directory.write().unwrap_or_else(PoisonError::into_inner) = directory;
    }

    /// When nothing was found that could be sealed anew.
    pub(crate) fn resealed(&self) -> Option<Rest> {
        *self.0.resealed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers that.
    pub(crate) fn remember_resealed(&self, rest: Option<Rest>) {
        *self.0.resealed.lock().unwrap_or_else(PoisonError::into_inner) = rest;
    }

    /// Whom the bearer token with that hash lets in; he may have come too late, see [`Caller::ends_at`].
    pub(crate) async fn caller(&self, kind: Kind, hash: [u8; 32]) -> Result<Option<Caller>> {
        let now = self.now();
        let (remembered, forgotten) = {
            let callers = self.0.callers.lock().unwrap_or_else(PoisonError::into_inner);
            (callers.known.get(&hash).cloned(), callers.forgotten)
        };
        if let Some((at, caller)) = remembered
            && (0..CALLER_MILLIS).contains(&(now.as_millisecond() - at.as_millisecond()))
        {
            return Ok(Some(caller));
        }
        let found = client::find(self, kind, &hash).await?;
        let mut callers = self.0.callers.lock().unwrap_or_else(PoisonError::into_inner);
        match &found {
            Some(caller) if callers.forgotten == forgotten => {
                if callers.known.len() >= CALLERS {
                    callers.known.clear();
                }
                callers.known.insert(hash, (now, caller.clone()));
            }
            Some(_) | None => {
                callers.known.remove(&hash);
            }
        }
        Ok(found)
    }

    /// Looks every caller up anew: an account was switched off, or a secret ended.
    pub(crate) fn forget_callers(&self) {
        let mut callers = self.0.callers.lock().unwrap_or_else(PoisonError::into_inner);
        callers.known.clear();
        callers.forgotten = callers.forgotten.wrapping_add(1);
    }

    /// The office's own impact assessments of the item or purpose of that code, as they were read last.
    pub(crate) fn assessed(&self, code: &str) -> Vec<Assessed> {
        let known = self.0.assessed.read().unwrap_or_else(PoisonError::into_inner);
        known.get(code).cloned().unwrap_or_default()
    }

    /// Remembers all of them; says of how many items and purposes they are others than before.
    pub(crate) fn remember_assessed(&self, all: AllAssessed) -> u64 {
        let mut known = self.0.assessed.write().unwrap_or_else(PoisonError::into_inner);
        let gone = known.keys().filter(|code| !all.contains_key(*code)).count();
        let new = all.iter().filter(|(code, of)| known.get(*code) != Some(*of)).count();
        *known = all;
        u64::try_from(gone + new).unwrap_or(u64::MAX)
    }

    /// How each job did so far.
    pub(crate) fn job_figures(&self) -> &JobFigures {
        &self.0.jobs
    }

    /// Remembers that a job did its work just now.
    pub fn job_done(&self, job: &'static str) {
        self.0.jobs.done(job, self.now());
    }

    /// Remembers that a job failed just now.
    pub fn job_failed(&self, job: &'static str) {
        self.0.jobs.failed(job, self.now());
    }

    /// This instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Today in China.
    #[must_use]
    pub fn today(&self) -> Date {
        china_date(self.now())
    }

    /// A new identifier: later ones are greater, also within one millisecond of this process, which
    /// keeps tables and events in order.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let bits = |shift: u32, mask: u32| u8::try_from(count >> shift & mask).unwrap_or(0);
        let mut random = [0; 10];
        self.random.fill(&mut random);
        // 24 bits of count, around the places where UUIDs carry version and variant.
        let [a, b, c, d, ..] = &mut random;
        (*a, *b, *c) = (bits(20, 0x0F), bits(12, 0xFF), bits(6, 0x3F));
        *d = bits(0, 0x3F) << 2 | *d & 3;
        let millis = u64::try_from(self.now().as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// Random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes);
        bytes
    }

    /// Lets pass or refuses, by the policies.
    ///
    /// # Errors
    /// [`crate::Error::Denied`].
    pub fn permit(&self, actor: &Actor, action: Action, what: What<'_>) -> Result<()> {
        let agency = actor.agency.and_then(|code| self.rules.agency(code.as_str()));
        let person = actor.person.map(|person| person.to_string());
        let who = Who {
            role: actor.role.code(),
            agency: agency.map(|agency| agency.uscc.as_str()),
            agency_kind: agency.map(|agency| agency.kind.as_str()),
            person: person.as_deref(),
            purposes: actor.scope.as_ref().and_then(|scope| scope.purposes.as_deref()),
            items: actor.scope.as_ref().and_then(|scope| scope.items.as_deref()),
            also: actor.scope.as_ref().and_then(|scope| scope.also.as_deref()),
        };
        Ok(self.access.permit(who, action, what)?)
    }
}
