//! Context 环境: everything that a use case may touch, handed in from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use access::{Access, Action, What, Who};
use jiff::civil::Date;
use jiff::{Timestamp, tz};
use register::{AccountId, PersonId, Role, Uscc};
use rulebook::Rules;
use store::Store;
use uuid::Uuid;
use vault::Vault;

use crate::access_log::AccessLog;
use crate::error::Result;
use crate::files::Files;

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
}

/// What a use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Cx(Arc<CxParts>);

impl std::ops::Deref for Cx {
    type Target = CxParts;

    fn deref(&self) -> &CxParts {
        &self.0
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
}

impl Cx {
    /// Puts a context together.
    #[must_use]
    pub fn new(parts: CxParts) -> Self {
        Self(Arc::new(parts))
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
        };
        Ok(self.access.permit(who, action, what)?)
    }
}

/// The day that it is in China at that instant: one time zone, no summer time.
#[must_use]
pub fn china_date(at: Timestamp) -> Date {
    at.to_zoned(tz::TimeZone::fixed(tz::offset(8))).date()
}
