//! What every handler shares.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use register::BatchId;
use tokio::sync::{Semaphore, watch};
use usecases::Cx;
use usecases::health::Place;

use crate::door::Door;
use crate::metrics::Metrics;
use crate::pace::Pace;
use crate::server::Certificates;

/// Password checks at the same time; each takes 19 MiB.
const PASSWORD_CHECKS: usize = 4;

/// One account of a demonstration, printed on the sign-in page.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// Account name.
    pub login: String,
    /// Its password.
    pub password: String,
    /// Who it is, in Chinese.
    pub who: String,
    /// The secret of its second factor, if it has one: the demonstration says its codes.
    pub second_factor: Option<[u8; 20]>,
}

/// The parts of [`WebState`].
pub struct Parts {
    /// What the use cases work with.
    pub(crate) cx: Cx,
    /// Accounts to print on the sign-in page; `None` outside demonstrations.
    pub(crate) demo: Option<Vec<DemoAccount>>,
    /// Whether browsers reach us by HTTPS, so that cookies may insist on it.
    pub(crate) secure_cookies: bool,
    /// The service by which persons sign in, if there is one.
    pub(crate) identity: Option<identity::Provider>,
    /// Where everything lies on this machine.
    pub(crate) place: Place,
    /// What TLS in this process shows, if it speaks TLS.
    pub(crate) certificates: Option<Certificates>,
    /// When this process began, which is when the rulebook was loaded.
    pub(crate) started: Timestamp,
    pub(crate) metrics: Metrics,
    /// What the door bears.
    pub(crate) door: Door,
    pub(crate) pace: Pace,
    pub(crate) password_checks: Semaphore,
    progress: Mutex<HashMap<BatchId, (u64, u64)>>,
    stop: watch::Sender<bool>,
}

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct WebState(Arc<Parts>);

impl Deref for WebState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl WebState {
    /// The state of a door that begins now; `secure_cookies` unless it is reached by plain HTTP.
    #[must_use]
    pub fn new(cx: Cx, demo: Option<Vec<DemoAccount>>, secure_cookies: bool) -> Self {
        let door = Door::default();
        Self(Arc::new(Parts {
            started: cx.now(),
            cx,
            demo,
            secure_cookies,
            identity: None,
            place: Place::default(),
            certificates: None,
            metrics: Metrics::default(),
            pace: Pace::new(door.rates),
            door,
            password_checks: Semaphore::new(PASSWORD_CHECKS),
            progress: Mutex::default(),
            stop: watch::Sender::new(false),
        }))
    }

    /// The same with another door; before anything is served.
    #[must_use]
    pub fn with_door(mut self, door: Door) -> Self {
        if let Some(parts) = Arc::get_mut(&mut self.0) {
            parts.pace = Pace::new(door.rates);
            parts.door = door;
        }
        self
    }

    /// The same on a machine of which the operator sees how it is; before anything is served.
    #[must_use]
    pub fn with_machine(mut self, place: Place, certificates: Option<Certificates>) -> Self {
        if let Some(parts) = Arc::get_mut(&mut self.0) {
            (parts.place, parts.certificates) = (place, certificates);
        }
        self
    }

    /// The same with a service by which persons sign in; before anything is served.
    #[must_use]
    pub fn with_identity(mut self, identity: Option<identity::Provider>) -> Self {
        if let Some(parts) = Arc::get_mut(&mut self.0) {
            parts.identity = identity;
        }
        self
    }

    /// Remembers how many bytes `of` all a batch has read.
    pub(crate) fn note_progress(&self, batch: BatchId, bytes: u64, of: u64) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.insert(batch, (bytes, of));
    }

    /// Forgets a batch that has ended.
    pub(crate) fn forget_progress(&self, batch: BatchId) {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).remove(&batch);
    }

    /// Whether this process is reading the batch now.
    pub(crate) fn is_reading(&self, batch: BatchId) -> bool {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&batch)
    }

    /// How much of a batch has been read, in hundredths, if this process is reading it.
    pub(crate) fn percent(&self, batch: BatchId) -> Option<u8> {
        let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let (bytes, of) = progress.get(&batch).copied()?;
        let percent = bytes.saturating_mul(100).checked_div(of)?;
        // All bytes may be read before all rows are entered.
        u8::try_from(percent.min(99)).ok()
    }

    /// Asks background work to end at its next transaction.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until background work is asked to end.
    pub(crate) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // The sender lives as long as the state itself.
        let _ = stop.wait_for(|stop| *stop).await;
    }
}
