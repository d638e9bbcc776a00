//! What can be found, and how grave it is.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// Free space below which nothing can be relied on, in bytes.
const TOO_LITTLE: u64 = 256 << 20;
/// Free space below which somebody should look, in bytes.
const LITTLE: u64 = 2 << 30;
/// Hours after which a backup of every day is missed.
const BACKUP_HOURS: i64 = 26;
/// Days before its end from which on somebody should renew the certificate.
const CERTIFICATE_SOON: i64 = 30;
/// Days before its end from which on that is urgent.
const CERTIFICATE_NOW: i64 = 7;

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// 好: nothing is to be done.
    Good,
    /// 留意: somebody should look.
    Watch,
    /// 要处理: something does not work, or will not soon.
    Act,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The database answers.
    Database {
        /// Which engine.
        engine: &'static str,
        /// Its version.
        version: String,
        /// Whether what is committed survives a power cut.
        is_durable: bool,
    },
    /// The database does not answer.
    Unreachable {
        /// What it says; that may repeat how it is reached.
        says: String,
    },
    /// The schema beside that of this program.
    Schema {
        /// The last change that was applied.
        newest: String,
        /// How many were.
        applied: usize,
        /// Changes that this program brings and the database does not have yet.
        pending: Vec<String>,
    },
    /// The log of looks.
    Log {
        /// Entries under the newest head.
        size: u64,
        /// How long ago it was signed; `None` while the log is empty.
        age: Option<SignedDuration>,
        /// Groups of looks that this process could not write.
        failed: u64,
    },
    /// The clock beside the newest entry of the log.
    Clock {
        /// Today in China.
        today: Date,
        /// Seconds that it is behind; 0 if it is not.
        behind: i64,
    },
    /// The log is silent for the weeks before these days: nobody looked, or the clock leapt ahead.
    Gap,
    /// Batches that are under way for long and whose file is not here: nobody goes on with them.
    Stuck {
        /// How many.
        count: usize,
    },
    /// Free space beside the data.
    Disk {
        /// How much, in bytes.
        free: u64,
        /// Size of the embedded database, which a backup copies first.
        database: u64,
    },
    /// Nobody knows how much space is free.
    NoDisk {
        /// Why.
        says: String,
    },
    /// The last backup.
    Backup {
        /// When it was begun.
        taken_at: Timestamp,
        /// Hours since then; negative if it lies ahead, by another clock.
        hours: i64,
    },
    /// No backup is known.
    NoBackup,
    /// The folder of the backups cannot be read.
    NoBackups {
        /// Which, and why.
        says: String,
    },
    /// Backups that are not finished, or were cut off.
    CutOff {
        /// How many.
        count: usize,
    },
    /// The manifest of the last backup cannot be read, or was changed.
    BadBackup {
        /// Which, and why.
        says: String,
    },
    /// Years whose holidays are known (I16).
    Holidays {
        /// The last of them.
        last: Option<i16>,
        /// Years that deadlines reach into and whose holidays are not loaded.
        missing: Vec<i16>,
    },
    /// What waits to go out. Letters are carried by people and are not in it.
    Outbox {
        /// Due now, and not under way.
        due: u64,
        /// Of these, for so long that nobody seems to carry them.
        late: u64,
        /// Wait to be tried again.
        retried: u64,
        /// Were given up.
        given_up: u64,
    },
    /// A job of this process.
    Job {
        /// Its name in the messages.
        name: &'static str,
        /// When it last did its work without a fault.
        last: Option<Timestamp>,
        /// How often it failed since the process began.
        failures: u64,
        /// Whether it failed when it last ran.
        is_failing: bool,
        /// Whether it has not done its work for several turns.
        is_late: bool,
    },
    /// The certificate that TLS in this process shows.
    Certificate {
        /// Until when it holds; `None` if that cannot be read.
        ends_at: Option<Timestamp>,
        /// Whole days until then; negative once it is over.
        days: i64,
    },
}

impl Finding {
    /// How grave it is.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self::Database { is_durable, .. } => watch_if(!is_durable),
            Self::Unreachable { .. } | Self::NoBackups { .. } | Self::BadBackup { .. } => {
                State::Act
            }
            Self::Schema { pending, .. } => act_if(!pending.is_empty()),
            Self::Log { failed, .. } => act_if(*failed > 0),
            Self::Clock { today, behind } => {
                act_if(*behind > 0 || !(2025..2100).contains(&today.year()))
            }
            Self::Disk { free, .. } if *free < TOO_LITTLE => State::Act,
            Self::Disk { free, .. } => watch_if(*free < LITTLE || self.leaves_no_copy()),
            Self::Gap | Self::Stuck { .. } => State::Watch,
            Self::NoDisk { .. } | Self::NoBackup | Self::CutOff { .. } => State::Watch,
            Self::Backup { hours, .. } if *hours < 0 => State::Act,
            Self::Backup { hours, .. } => watch_if(*hours >= BACKUP_HOURS),
            Self::Holidays { missing, .. } => watch_if(!missing.is_empty()),
            Self::Outbox { late, given_up, .. } => watch_if(*late > 0 || *given_up > 0),
            Self::Job { is_late: true, .. } => State::Act,
            Self::Job { is_failing, .. } => watch_if(*is_failing),
            Self::Certificate { ends_at: None, .. } => State::Watch,
            Self::Certificate { days, .. } if *days < CERTIFICATE_NOW => State::Act,
            Self::Certificate { days, .. } => watch_if(*days < CERTIFICATE_SOON),
        }
    }

    /// Whether the disk has room, but not for the copy of the database that a backup makes first.
    #[must_use]
    pub fn leaves_no_copy(&self) -> bool {
        matches!(self, Self::Disk { free, database }
            if *free >= LITTLE && *free < database.saturating_add(LITTLE))
    }
}

fn watch_if(is_so: bool) -> State {
    if is_so { State::Watch } else { State::Good }
}

fn act_if(is_so: bool) -> State {
    if is_so { State::Act } else { State::Good }
}

/// What the end of the certificate means at `now`.
#[must_use]
pub fn certificate(ends_at: Option<Timestamp>, now: Timestamp) -> Finding {
    let left = ends_at.map_or(0, |end| end.duration_since(now).as_secs());
    Finding::Certificate { ends_at, days: left.div_euclid(24 * 3_600) }
}

/// What the clock means beside the newest entry of the log.
pub(super) fn clock(now: Timestamp, newest: Option<Timestamp>) -> Finding {
    let ahead = newest.filter(|newest| *newest > now);
    let behind = ahead.map_or(0, |newest| newest.duration_since(now).as_secs().max(1));
    Finding::Clock { today: crate::china_date(now), behind }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn little_space_is_said_in_time() {
        let space = |free, database| Finding::Disk { free, database }.state();
        assert_eq!(space(TOO_LITTLE - 1, 0), State::Act);
        assert_eq!(space(TOO_LITTLE, 0), State::Watch);
        assert_eq!(space(LITTLE, 0), State::Good);
        assert_eq!(space(LITTLE, 1), State::Watch, "a backup needs a second copy");
        assert!(
            !Finding::Disk { free: TOO_LITTLE, database: 1 }.leaves_no_copy(),
            "less than that"
        );
    }

    #[test]
    fn a_clock_that_cannot_be_right_is_found() {
        let now = at("2026-11-23T04:00:00Z");
        assert_eq!(clock(now, None).state(), State::Good);
        assert_eq!(clock(now, Some(now)).state(), State::Good);
        let behind = clock(now, Some(at("2026-11-23T04:01:00.5Z")));
        assert_eq!(behind.state(), State::Act);
        assert!(matches!(behind, Finding::Clock { behind: 60, .. }), "{behind:?}");
        assert_eq!(clock(at("1970-01-01T00:00:00Z"), None).state(), State::Act);
    }

    #[test]
    fn a_certificate_is_renewed_in_time() {
        let now = at("2026-11-23T04:00:00Z");
        let ends = |text| certificate(Some(at(text)), now);
        assert_eq!(ends("2026-12-23T04:00:00Z").state(), State::Good);
        assert_eq!(ends("2026-12-23T03:59:59Z").state(), State::Watch);
        assert_eq!(ends("2026-11-30T03:59:59Z").state(), State::Act);
        let over = ends("2026-11-23T03:59:59Z");
        assert!(matches!(over, Finding::Certificate { days: -1, .. }), "{over:?}");
        assert_eq!(over.state(), State::Act);
        assert_eq!(certificate(None, now).state(), State::Watch);
    }

    #[test]
    fn a_backup_of_tomorrow_is_none() {
        let backup = |hours| Finding::Backup { taken_at: Timestamp::UNIX_EPOCH, hours }.state();
        assert_eq!(
            (backup(0), backup(BACKUP_HOURS), backup(-1)),
            (State::Good, State::Watch, State::Act)
        );
    }

    #[test]
    fn a_look_that_could_not_be_logged_is_acted_upon() {
        let log = |failed| Finding::Log { size: 7, age: None, failed }.state();
        assert_eq!((log(0), log(1)), (State::Good, State::Act));
    }

    #[test]
    fn what_nobody_carries_is_said() {
        let outbox =
            |late, given_up| Finding::Outbox { due: 9, late, retried: 3, given_up }.state();
        assert_eq!(outbox(0, 0), State::Good, "what is due goes out in a moment");
        assert_eq!(outbox(1, 0), State::Watch);
        assert_eq!(outbox(0, 1), State::Watch);
    }
}
