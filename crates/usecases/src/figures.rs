//! Figures 运行数字: how the register is doing, for the instruments of whoever keeps it running. Counts and times;
//! nothing here knows a person.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::cx::Cx;
use crate::error::Result;
use crate::jobs::JOBS;

/// Classes of times in microseconds, from a quarter of a millisecond to ten seconds.
pub const TIMES_US: &[u64] = &[
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    2_500_000, 10_000_000,
];

/// Classes of how many looks were written at once.
const SIZES: &[u64] = &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000];

/// How many values fell into which class.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    /// One more than there are bounds: the last class has no end.
    counts: Vec<AtomicU64>,
    sum: AtomicU64,
}

/// A histogram as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    /// Each bound with how many values were not above it.
    pub at_most: Vec<(u64, u64)>,
    /// How many values there were.
    pub count: u64,
    /// Their sum.
    pub sum: u64,
}

impl Histogram {
    /// An empty one with these classes, the smallest first.
    #[must_use]
    pub fn new(bounds: &'static [u64]) -> Self {
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, counts, sum: AtomicU64::new(0) }
    }

    /// Counts a value.
    pub fn observe(&self, value: u64) {
        let class = self.bounds.partition_point(|bound| *bound < value);
        if let Some(count) = self.counts.get(class) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// As it stands.
    #[must_use]
    pub fn read(&self) -> Classes {
        let mut count = 0;
        let mut at_most = Vec::with_capacity(self.bounds.len());
        let mut counts = self.counts.iter().map(|count| count.load(Ordering::Relaxed));
        for bound in self.bounds {
            count += counts.next().unwrap_or(0);
            at_most.push((*bound, count));
        }
        count += counts.next().unwrap_or(0);
        Classes { at_most, count, sum: self.sum.load(Ordering::Relaxed) }
    }
}

/// What this process has counted of the log of looks.
#[derive(Debug)]
pub(crate) struct LogFigures {
    commit_us: Histogram,
    looks: Histogram,
    failed: AtomicU64,
}

impl Default for LogFigures {
    fn default() -> Self {
        Self {
            commit_us: Histogram::new(TIMES_US),
            looks: Histogram::new(SIZES),
            failed: AtomicU64::new(0),
        }
    }
}

impl LogFigures {
    /// So many looks were made durable, or could not be, in that time.
    pub(crate) fn committed(&self, looks: usize, took: std::time::Duration, is_done: bool) {
        if is_done {
            self.commit_us.observe(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
            self.looks.observe(u64::try_from(looks).unwrap_or(u64::MAX));
        } else {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Groups of looks that could not be made durable.
    pub(crate) fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }
}

/// How a job of this process did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ran {
    /// When it last did its work.
    pub(crate) last: Option<Timestamp>,
    /// When it last failed.
    pub(crate) failed: Option<Timestamp>,
    /// How often it failed.
    pub(crate) failures: u64,
}

/// How each job of this process did so far.
#[derive(Debug, Default)]
pub(crate) struct JobFigures(Mutex<BTreeMap<&'static str, Ran>>);

impl JobFigures {
    pub(crate) fn done(&self, job: &'static str, at: Timestamp) {
        self.change(job, |ran| ran.last = Some(at));
    }

    pub(crate) fn failed(&self, job: &'static str, at: Timestamp) {
        self.change(job, |ran| {
            ran.failed = Some(at);
            ran.failures = ran.failures.saturating_add(1);
        });
    }

    fn change(&self, job: &'static str, change: impl FnOnce(&mut Ran)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(all.entry(job).or_default());
    }

    pub(crate) fn of(&self, job: &str) -> Ran {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(job).copied().unwrap_or_default()
    }
}

/// How the register is doing.
#[derive(Clone, Debug)]
pub struct Figures {
    /// How long it took to make a group of looks durable, in microseconds.
    pub commit_us: Classes,
    /// How many looks were in a group.
    pub commit_looks: Classes,
    /// Groups that could not be written: nothing was answered.
    pub commits_failed: u64,
    /// Deliveries that wait, and that were given up, by way and state.
    pub outbox: Vec<(String, String, u64)>,
    /// Each job with when this process last did it without a fault.
    pub jobs: Vec<(&'static str, Option<Timestamp>)>,
    /// Connections to the database: open, and of these not in use; readers, then writers.
    pub pools: Vec<(&'static str, u64, u64)>,
}

/// The figures of this moment. It is no look at anybody, so nobody is asked whether he may; the door shows them to
/// whoever watches the machine.
///
/// # Errors
/// [`crate::Error::Store`].
pub async fn now(cx: &Cx) -> Result<Figures> {
    let log = cx.log.figures();
    Ok(Figures {
        commit_us: log.commit_us.read(),
        commit_looks: log.looks.read(),
        commits_failed: log.failed(),
        outbox: store::delivery::open_counts(cx.store.read()).await?,
        jobs: JOBS.iter().map(|job| (job.name, cx.job_figures().of(job.name).last)).collect(),
        pools: cx.store.pools(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_known_by_its_last_good_turn_and_by_its_failures() {
        let (early, late) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        let jobs = JobFigures::default();
        assert_eq!(jobs.of("erase"), Ran::default());
        jobs.failed("erase", early);
        jobs.failed("erase", late);
        jobs.done("erase", early);
        let known = Ran { last: Some(early), failed: Some(late), failures: 2 };
        assert_eq!((jobs.of("erase"), jobs.of("remind")), (known, Ran::default()));
    }

    #[test]
    fn values_fall_into_their_classes() {
        let histogram = Histogram::new(&[1, 10]);
        for value in [0, 1, 2, 10, 11, 500] {
            histogram.observe(value);
        }
        let read = histogram.read();
        assert_eq!(read.at_most, [(1, 2), (10, 4)]);
        assert_eq!((read.count, read.sum), (6, 524));
    }
}
