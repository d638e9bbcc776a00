//! 投递: what leaves the house. It is written in the transaction that causes it, and carried later, as
//! often as it takes, under one key.

mod carry;
mod office;

pub use carry::{Load, Parcel, Tried, settle, take};
pub use office::{Deliveries, again, deliveries};

use std::collections::HashMap;

use register::delivery::{Channel, Delivery, DeliveryState, Load as About};
use register::notice::{Notice, NoticeState};
use register::{DeliveryId, PersonId, Uscc};
use store::Tx;
use uuid::Uuid;

use crate::cx::Cx;
use crate::error::Result;

/// The ways out that are set up here.
#[derive(Clone, Debug, Default)]
pub struct Channels {
    /// Where people find this register, for messages that say that something waits.
    pub site: String,
    /// The office's address, for letters that come back.
    pub office_address: String,
    /// Its telephone.
    pub office_phone: String,
    /// Whether e-mail can be sent.
    pub mail: bool,
    /// Whether short messages can be sent.
    pub sms: bool,
    /// Systems of bodies that are told of corrections, by the body's code.
    pub receivers: HashMap<String, Channel>,
}

impl Channels {
    /// The ways by which a person can choose to be told; a letter can always be posted.
    #[must_use]
    pub fn of_persons(&self) -> Vec<Channel> {
        let ways = [(Channel::Mail, self.mail), (Channel::Sms, self.sms), (Channel::Letter, true)];
        ways.into_iter().filter(|(_, is_set_up)| *is_set_up).map(|(channel, _)| channel).collect()
    }

    fn receiver(&self, body: &Uscc) -> Option<Channel> {
        self.receivers.get(body.as_str()).copied()
    }
}

/// A delivery that waits for its turn.
pub(crate) fn new(
    cx: &Cx,
    person: PersonId,
    channel: Channel,
    (load, about): (About, Uuid),
    receiver: Option<Uscc>,
) -> Delivery {
    Delivery {
        id: DeliveryId(cx.new_id()),
        person,
        key: format!("{}-{about}", load.code()),
        channel,
        load,
        about,
        receiver,
        state: DeliveryState::Waiting,
        attempts: 0,
        run_after: cx.now(),
        fence: 0,
        fault: None,
        created_at: cx.now(),
    }
}

/// Lets those whose inbox these notices have reached know by the way that each chose: one message a
/// person, however many notices. The notices are kept by the caller.
pub(crate) async fn announce(cx: &Cx, tx: &Tx, notices: &mut [Notice]) -> Result<()> {
    let reached = |notice: &Notice| {
        matches!(notice.state, NoticeState::Delivered { .. }) && notice.delivery.is_none()
    };
    let mut persons: Vec<PersonId> =
        notices.iter().filter(|notice| reached(notice)).map(|notice| notice.person).collect();
    persons.dedup();
    if persons.is_empty() {
        return Ok(());
    }
    let ways: HashMap<PersonId, Channel> = store::contact::confirmed_of(tx, &persons)
        .await?
        .into_iter()
        .map(|(person, _, channel)| (person, channel))
        .collect();
    let mut going: HashMap<PersonId, Delivery> = HashMap::new();
    for notice in notices.iter_mut().filter(|notice| reached(notice)) {
        let Some(channel) = ways.get(&notice.person) else { continue };
        let delivery = going.entry(notice.person).or_insert_with(|| {
            new(cx, notice.person, *channel, (About::Notice, notice.id.0), None)
        });
        notice.delivery = Some(delivery.id);
    }
    let going: Vec<Delivery> = going.into_values().collect();
    store::delivery::add(tx, &going).await?;
    Ok(())
}

/// Whether a correction goes to a system for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Push {
    /// It does.
    First,
    /// Its days to acknowledge are over.
    Reminder,
}

/// Sends corrections to the systems of those receivers that have one; what was sent already stays.
pub(crate) async fn push(
    cx: &Cx,
    tx: &Tx,
    push: Push,
    corrections: &[register::correction::Correction],
) -> Result<u64> {
    let going: Vec<Delivery> = corrections
        .iter()
        .filter_map(|sent| {
            let channel = cx.channels.receiver(&sent.receiver)?;
            let about = (About::Correction, sent.id.0);
            let mut going = new(cx, sent.person, channel, about, Some(sent.receiver));
            if push == Push::Reminder {
                going.key.push_str("-reminder");
            }
            Some(going)
        })
        .collect();
    Ok(store::delivery::add(tx, &going).await?)
}

/// Signs what leaves for a system, as the heads of the log are signed; the signature and the public key
/// that checks it.
#[must_use]
pub fn sign(cx: &Cx, message: &[u8]) -> Option<(Vec<u8>, String)> {
    let signer = cx.vault.signer();
    let signature = signer.sign(message);
    let public = signer.public_key_of(&signature).ok()?.to_string();
    Some((signature, public))
}
