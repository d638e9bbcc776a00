//! Courier 信使: carries what the outbox holds, and brings receipts back. It knows no fact: parcels come
//! put together, and how each try ended goes back.
//!
//! ```text
//!   usecases::delivery::take ─▶ Courier ─┬─ Mail     (SMTP)
//!                                        ├─ Sms      (HTTP)
//!   usecases::delivery::settle ◀─────────┼─ Webhook  (HTTP, signed)
//!                                        └─ Folder   (file, signed) ◀─ receipts
//! ```
//!
//! A carrier may be asked to carry the same parcel twice (we died before we could note that it went): it
//! passes the parcel's key on, by which the other side knows it again.

mod folder;
mod mail;
mod sms;
mod webhook;

pub use folder::{Folder, FolderSettings};
pub use mail::{Mail, MailSettings, Tls};
pub use sms::{Sms, SmsSettings};
pub use webhook::{Webhook, WebhookSettings, acknowledges};

use std::time::Duration;

use register::delivery::{Channel, Fault};
use thiserror::Error;
use tokio::sync::watch;
use tokio::task::JoinSet;
use usecases::Cx;
use usecases::delivery::{Parcel, Tried, settle, take};

/// How long a carrier may take, in seconds; well under the time for which a parcel is ours.
const PATIENCE: Duration = Duration::from_secs(30);

/// Parcels under way at the same time.
const AT_ONCE: u32 = 16;

/// How long to rest when nothing was due.
const REST: Duration = Duration::from_secs(2);

/// A way out of the house.
#[async_trait::async_trait]
pub trait Carrier: Send + Sync {
    /// Which way it is.
    fn channel(&self) -> Channel;

    /// Carries a parcel; says how it ended.
    async fn carry(&self, cx: &Cx, parcel: &Parcel) -> Tried;

    /// Looks for receipts that came back in the meantime; says how many were new.
    ///
    /// # Errors
    /// The first of several, when all others are read; a receipt that cannot be kept is read again the next
    /// time.
    async fn fetch(&self, _cx: &Cx) -> usecases::Result<u64> {
        Ok(0)
    }
}

/// A carrier that cannot be set up.
#[derive(Debug, Error)]
pub enum BadSettings {
    /// The address of the server or the sender is none.
    #[error("{what}: {why}")]
    Bad {
        /// Which setting.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

pub(crate) fn bad(what: &'static str, why: impl std::fmt::Display) -> BadSettings {
    BadSettings::Bad { what, why: why.to_string() }
}

/// Whoever carries.
pub struct Courier {
    cx: Cx,
    carriers: std::sync::Arc<Vec<Box<dyn Carrier>>>,
}

impl Courier {
    /// A courier with these ways out.
    #[must_use]
    pub fn new(cx: Cx, carriers: Vec<Box<dyn Carrier>>) -> Self {
        Self { cx, carriers: std::sync::Arc::new(carriers) }
    }

    /// Carries what is due now, once; says how many parcels that were.
    ///
    /// # Errors
    /// The first of several, when all else of the round is done: what was not noted is carried again under
    /// the same key, and receipts that could not be read are read again.
    pub async fn round(&self) -> usecases::Result<usize> {
        let parcels = take(&self.cx, AT_ONCE).await?;
        let count = parcels.len();
        let mut under_way = JoinSet::new();
        for parcel in parcels {
            let (cx, carriers) = (self.cx.clone(), self.carriers.clone());
            under_way.spawn(async move {
                let tried = carry(&cx, &carriers, &parcel).await;
                if let Tried::Again(fault) | Tried::Never(fault) = tried {
                    tracing::warn!(?parcel, fault = fault.code(), "could not be carried");
                }
                settle(&cx, parcel, tried).await
            });
        }
        let mut unsettled = None;
        while let Some(settled) = under_way.join_next().await {
            let before_its_time = usecases::Error::Internal("a carrier ended before its time");
            if let Err(error) = settled.unwrap_or(Err(before_its_time)) {
                tracing::error!(%error, "how a delivery ended was not noted");
                unsettled.get_or_insert(error);
            }
        }
        // A folder that stays unreadable does not slow down what is to be carried.
        let unread = self.fetch().await.filter(|_| count == 0);
        unsettled.or(unread).map_or(Ok(count), Err)
    }

    /// Reads receipts, whatever becomes of the other carriers'; the first failure.
    async fn fetch(&self) -> Option<usecases::Error> {
        let mut failed = None;
        for carrier in self.carriers.iter() {
            if let Err(error) = carrier.fetch(&self.cx).await {
                let channel = carrier.channel().code();
                tracing::error!(%error, channel, "receipts are read again later");
                failed.get_or_insert(error);
            }
        }
        failed
    }

    /// Carries until told to stop; what is under way is brought to its end.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let rest = match self.round().await {
                Ok(0) => REST,
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::error!(%error, "deliveries are tried again later");
                    REST * 5
                }
            };
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                // The sender is gone only when the house closes.
                _ = stop.changed() => return,
            }
        }
    }
}

async fn carry(cx: &Cx, carriers: &[Box<dyn Carrier>], parcel: &Parcel) -> Tried {
    let Some(carrier) = carriers.iter().find(|carrier| carrier.channel() == parcel.channel())
    else {
        return Tried::Again(Fault::NotSetUp);
    };
    tokio::time::timeout(PATIENCE, carrier.carry(cx, parcel))
        .await
        .unwrap_or(Tried::Again(Fault::Unreachable))
}

/// What the status of an HTTP answer says about a try.
pub(crate) fn tried(status: reqwest::StatusCode) -> Tried {
    match status.as_u16() {
        200..300 => Tried::Sent,
        408 | 425 | 429 | 500..600 => Tried::Again(Fault::Busy),
        _ => Tried::Never(Fault::Refused),
    }
}

/// A client that follows nobody elsewhere: a message goes where the operator wrote, or nowhere.
pub(crate) fn client() -> Result<reqwest::Client, BadSettings> {
    // Set already: by another carrier.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| bad("http client", error))
}
