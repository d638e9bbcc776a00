//! 取件和回执: what is due is taken, carried by the courier, and settled.
//!
//! What is carried is put together here, at the last moment: an address that was taken back a minute ago
//! is not written to. Messages outside name no fact: they say that something waits, and where.

use jiff::SignedDuration;
use register::contact::Contact;
use register::delivery::{Channel, Delivery, DeliveryState, Fault, Load as About, next_try};
use register::{ContactId, CorrectionId};

use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::{contact, correction, wording};

/// How long whoever took a delivery has to carry it, in seconds: carriers give up well before.
const LEASE: i64 = 120;

/// Something to be carried.
pub struct Parcel {
    /// The delivery behind it.
    delivery: Delivery,
    /// What it is.
    pub load: Load,
}

/// What is carried.
pub enum Load {
    /// An e-mail.
    Mail {
        /// To whom.
        to: String,
        /// What it is about.
        subject: String,
        /// What it says.
        text: String,
    },
    /// A short message.
    Sms {
        /// To which number.
        to: String,
        /// What it says.
        text: String,
    },
    /// A message for the system of a body.
    Push {
        /// The body, by code.
        receiver: String,
        /// JSON.
        body: Vec<u8>,
    },
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The other side has it.
    Sent,
    /// The other side has it, and says that it has acted on it.
    Acknowledged,
    /// Not this time.
    Again(Fault),
    /// Never, as it stands.
    Never(Fault),
}

impl Parcel {
    /// By which way.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.delivery.channel
    }

    /// Names it to the other side: the same however often it is carried.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.delivery.key
    }
}

impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parcel({}, {})", self.channel().code(), self.delivery.id)
    }
}

/// Takes what is due, at most `limit`; nobody else carries it for two minutes. What the database could not
/// give just now is due again after them.
///
/// # Errors
/// [`Error::Store`] if nothing could be taken.
pub async fn take(cx: &Cx, limit: u32) -> Result<Vec<Parcel>> {
    let now = cx.now();
    if !store::delivery::is_due(cx.store.read(), now).await? {
        return Ok(Vec::new());
    }
    let until = now.checked_add(SignedDuration::from_secs(LEASE)).unwrap_or(now);
    let tx = cx.store.begin().await?;
    let taken = store::delivery::take(&tx, now, until, limit).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    let mut parcels = Vec::with_capacity(taken.len());
    for delivery in taken {
        match load(cx, &delivery).await {
            Ok(Some(load)) => parcels.push(Parcel { delivery, load }),
            // Nobody needs it any more.
            Ok(None) => {
                let done = DeliveryState::Sent { at: now };
                put_aside(cx, Delivery { state: done, ..delivery }).await;
            }
            Err(error) if is_passing(&error) => {
                tracing::error!(%error, delivery = %delivery.id, "put together again later");
                give_back(cx, &delivery, until).await;
            }
            // One that cannot be put together, an address that was touched, keeps nobody else waiting.
            Err(error) => {
                tracing::error!(%error, delivery = %delivery.id, "cannot be put together");
                let state = DeliveryState::Failed { at: now };
                let fault = Some(Fault::Unreadable);
                put_aside(cx, Delivery { state, fault, ..delivery }).await;
            }
        }
    }
    Ok(parcels)
}

/// Gives back what was not carried; where not even that succeeds its lease ends by itself.
async fn give_back(cx: &Cx, delivery: &Delivery, from: jiff::Timestamp) {
    let given = async {
        let tx = cx.store.begin().await?;
        store::delivery::give_back(&tx, delivery, from).await?;
        tx.commit().await.map_err(store::StoreError::from)
    };
    if let Err(error) = given.await {
        tracing::error!(%error, delivery = %delivery.id, "not given back");
    }
}

/// Whether it was the database that failed, and not what is kept in it.
fn is_passing(error: &Error) -> bool {
    matches!(error, Error::Store(store::StoreError::Database(_)))
}

/// Settles what is not carried. Where that fails the delivery is taken again, and the others go all the same.
async fn put_aside(cx: &Cx, delivery: Delivery) {
    let id = delivery.id;
    if let Err(error) = store_settled(cx, delivery).await {
        tracing::error!(%error, delivery = %id, "not noted, taken again later");
    }
}

/// What a delivery carries; nothing if the address was taken back, or the receiver knows already.
async fn load(cx: &Cx, delivery: &Delivery) -> Result<Option<Load>> {
    match delivery.load {
        About::Notice => {
            let Some(contact) = contact::of(cx, delivery.person).await? else { return Ok(None) };
            if contact.confirmed_at.is_none() || contact.channel != delivery.channel {
                return Ok(None);
            }
            Ok(message(&contact, wording::notices_wait(&cx.channels.site)))
        }
        About::Code => {
            let Some((contact, code)) = contact::with_code(cx, delivery.person).await? else {
                return Ok(None);
            };
            if contact.id != ContactId(delivery.about) || contact.code_until < cx.now() {
                return Ok(None);
            }
            Ok(message(&contact, wording::contact_code(&code)))
        }
        About::Correction => {
            let Some(receiver) = delivery.receiver else { return Ok(None) };
            let id = CorrectionId(delivery.about);
            let found =
                store::correction::of_receiver_by_id(cx.store.read(), receiver.as_str(), id)
                    .await?;
            let Some(sent) = found.filter(|sent| sent.acknowledged_at.is_none()) else {
                return Ok(None);
            };
            let message = correction::message(cx, sent).await?;
            let body = serde_json::to_vec(&message.said())
                .map_err(|_| Error::Internal("the message of a correction"))?;
            Ok(Some(Load::Push { receiver: receiver.as_str().to_owned(), body }))
        }
    }
}

fn message(contact: &Contact, (subject, text): (String, String)) -> Option<Load> {
    let to = contact.address.reveal().clone();
    match contact.channel {
        Channel::Mail => Some(Load::Mail { to, subject, text }),
        Channel::Sms => Some(Load::Sms { to, text }),
        Channel::Letter | Channel::Webhook | Channel::Folder => None,
    }
}

/// Keeps how a try ended; `false` if the parcel was taken by somebody else since, whose word counts.
///
/// # Errors
/// [`Error::Store`].
pub async fn settle(cx: &Cx, parcel: Parcel, tried: Tried) -> Result<bool> {
    let mut delivery = parcel.delivery;
    let now = cx.now();
    match tried {
        Tried::Sent | Tried::Acknowledged => {
            (delivery.state, delivery.fault) = (DeliveryState::Sent { at: now }, None);
        }
        Tried::Again(fault) => {
            delivery.fault = Some(fault);
            let [chance] = cx.bytes();
            match next_try(delivery.attempts, now, chance) {
                Some(next) => delivery.run_after = next,
                None => delivery.state = DeliveryState::Failed { at: now },
            }
        }
        Tried::Never(fault) => {
            (delivery.state, delivery.fault) = (DeliveryState::Failed { at: now }, Some(fault));
        }
    }
    let acknowledged = (tried == Tried::Acknowledged && delivery.load == About::Correction)
        .then_some((delivery.receiver, CorrectionId(delivery.about)));
    if let Some((Some(receiver), id)) = acknowledged {
        correction::acknowledged_by_system(cx, &receiver, id).await?;
    }
    store_settled(cx, delivery).await
}

async fn store_settled(cx: &Cx, delivery: Delivery) -> Result<bool> {
    let tx = cx.store.begin().await?;
    let is_kept = store::delivery::settle(&tx, &delivery).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(is_kept)
}
