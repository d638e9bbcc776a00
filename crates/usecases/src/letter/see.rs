//! 打印信函: who is to be written to, and the letter itself.

use std::collections::{BTreeMap, BTreeSet};

use access::{Action, What};
use jiff::Timestamp;
use register::contact::{BadAddress, read_address};
use register::delivery::{Channel, Delivery, DeliveryState, Load};
use register::notice::Notice;
use register::{NoticeId, PersonId, PersonName, RecordId, china_date};

use super::said::{self, Said};
use crate::access_log::{self, Disclosed, Door, Look};
use crate::case::{mistake, number};
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};
use crate::my::{Opened, subject};
use crate::{contact, delivery, seal};

/// Persons shown at once.
const SHOWN: u32 = 50;

/// Texts that nothing waits for: the body served its own, or nobody but the person sees the record. They
/// wait in the register until the person opens an inbox.
const NOT_BY_POST: &[&str] =
    &["record-entered-told", "record-entered-slight", "licence-entered", "honour-entered"];

/// Somebody who has no inbox yet, without a name.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Whom to write to.
    pub person: PersonId,
    /// Notices that wait for him.
    pub notices: u64,
    /// Since when the oldest waits.
    pub since: Timestamp,
}

/// A letter with what stands in it.
#[derive(Clone)]
pub struct Letter {
    /// Whom it is for.
    pub person: PersonId,
    /// His name.
    pub name: PersonName,
    /// The last four characters of his number, the rest masked.
    pub number: String,
    /// The address that he chose; empty if it must be asked of the body that served its decision on him.
    pub address: String,
    /// What it tells him, oldest first.
    pub notices: Vec<Opened>,
    /// What was decided and said where a notice is about a case: the letter holds it, for it may be all that
    /// reaches him.
    pub said: BTreeMap<NoticeId, Said>,
    /// The letter on its way, if it was printed before.
    pub delivery: Option<Delivery>,
}

register::hidden!(Letter);

impl Letter {
    /// The records that it tells of, each once however many notices are about it.
    fn records(&self) -> Vec<RecordId> {
        let records = self.notices.iter().filter_map(|opened| opened.subject.record());
        let records: BTreeSet<RecordId> = records.map(|record| record.id).collect();
        records.into_iter().collect()
    }
}

/// Who is to be written to, the longest waiting first. It names nobody.
///
/// # Errors
/// [`Error::Denied`].
pub async fn waiting(cx: &Cx, actor: &Actor) -> Result<Vec<Waiting>> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    let found = store::notice::unreached(cx.store.read(), NOT_BY_POST, SHOWN).await?;
    Ok(found
        .into_iter()
        .map(|(person, notices, since)| Waiting { person, notices, since })
        .collect())
}

fn may_tend(cx: &Cx, actor: &Actor, person: PersonId) -> Result<()> {
    let id = person.to_string();
    cx.permit(actor, Action::TendDeliveries, What { person: Some(&id), ..What::default() })
}

/// A letter that is to be printed or is on its way. The look is logged, and the person sees it.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if nothing is to be written to this person.
pub async fn open(cx: &Cx, actor: &Actor, person: PersonId) -> Result<Disclosed<Letter>> {
    may_tend(cx, actor, person)?;
    let letter = gather(cx, person).await?;
    let mut look = Look::by(actor, Door::Letter, person);
    look.records = letter.records();
    access_log::before(cx, look, letter).await
}

/// Whose letter that is of which this is the first notice, and a number for it, while it is to be written or on its way.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub(crate) async fn to_write(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    first: NoticeId,
) -> Result<(PersonId, String)> {
    may_tend(cx, actor, person)?;
    let letter = gather(cx, person).await?;
    let notice = letter.notices.first().map(|opened| &opened.notice);
    let notice = notice.filter(|notice| notice.id == first).ok_or(Error::NotFound)?;
    let number = number("GZ", china_date(notice.created_at), first.0);
    Ok((person, format!("告知书 {number}")))
}

/// Prints a letter to that address: from now on it is on its way. Printed again, it is the same letter.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`], [`Error::Mistakes`].
pub async fn print(
    cx: &Cx,
    actor: &Actor,
    person: PersonId,
    address: &str,
) -> Result<Disclosed<Letter>> {
    may_tend(cx, actor, person)?;
    let address = read_address(Channel::Letter, address).map_err(|error| {
        let says = match error {
            BadAddress::Empty => "请填写收信地址。",
            BadAddress::Form | BadAddress::Channel => "收信地址要写到门牌号，最多120个字。",
        };
        Error::Mistakes(vec![mistake("address", "address-form", says)])
    })?;
    let mut letter = gather(cx, person).await?;
    if letter.delivery.is_none() {
        letter.delivery = Some(begin(cx, &letter).await?);
    }
    letter.address = address;
    let mut look = Look::by(actor, Door::Letter, person);
    look.records = letter.records();
    access_log::before(cx, look, letter).await
}

/// Puts a letter on its way. Of two who print at once, both print the same.
async fn begin(cx: &Cx, letter: &Letter) -> Result<Delivery> {
    let first = letter.notices.first().ok_or(Error::NotFound)?;
    let tx = cx.store.begin().await?;
    let before = store::delivery::of_person(&tx, letter.person).await?;
    let came_back = |old: &&Delivery| {
        old.about == first.notice.id.0 && matches!(old.state, DeliveryState::Failed { .. })
    };
    let returned = before.iter().filter(came_back).count();
    let about = (Load::Notice, first.notice.id.0);
    let mut new = delivery::new(cx, letter.person, Channel::Letter, about, None);
    new.key = format!("letter-{}-{returned}", first.notice.id);
    if store::delivery::add(&tx, &[new.clone()]).await? == 0 {
        let mut there = store::delivery::of_person(&tx, letter.person).await?;
        there.retain(|other| other.key == new.key);
        new = there.pop().ok_or(Error::NotFound)?;
    }
    // As they stand now: an inbox may have been opened since they were read.
    for notice in store::notice::of_person(&tx, letter.person).await? {
        if letter.notices.iter().any(|opened| opened.notice.id == notice.id) {
            let notice = Notice { delivery: Some(new.id), ..notice };
            store::notice::save_state(&tx, &notice).await?;
        }
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(new)
}

/// What a letter to this person holds: of a letter on its way what is in it, otherwise what waits.
async fn gather(cx: &Cx, person: PersonId) -> Result<Letter> {
    let db = cx.store.read();
    // The notices first: a letter that somebody begins meanwhile is met again when ours begins.
    let mut notices = store::notice::of_person(db, person).await?;
    let mut under_way = store::delivery::of_person(db, person).await?;
    under_way.retain(|one| {
        one.channel == Channel::Letter
            && matches!(one.state, DeliveryState::Waiting | DeliveryState::Sent { .. })
            && notices.iter().any(|notice| notice.delivery == Some(one.id))
    });
    // One after the other: the oldest first.
    let delivery = under_way.pop();
    notices.reverse();
    notices.retain(|notice| match &delivery {
        Some(delivery) => notice.delivery == Some(delivery.id),
        None => {
            notice.delivery.is_none()
                && notice.state.delivered_at().is_none()
                && !NOT_BY_POST.contains(&notice.text.as_str())
        }
    });
    if notices.is_empty() {
        return Err(Error::NotFound);
    }
    let said = said::of(cx, person, &notices).await?;
    let (kind, sealed) = store::person::sealed(db, person).await?.ok_or(Error::NotFound)?;
    let (document, name) = seal::open_identity(&cx.vault, person, &kind, &sealed)?;
    let stored = store::record::of_person(db, person).await?;
    let mut opened = Vec::with_capacity(notices.len());
    for notice in notices {
        let subject = subject(cx, &notice, &stored).await?;
        let subject = subject.ok_or(Error::Internal("what a notice is about"))?;
        opened.push(Opened { notice, name: name.clone(), subject });
    }
    let chosen = contact::of(cx, person).await?;
    let chosen = chosen.filter(|contact| contact.channel == Channel::Letter);
    Ok(Letter {
        person,
        name,
        number: register::mask::number(document.number()),
        address: chosen.map(|contact| contact.address.reveal().clone()).unwrap_or_default(),
        notices: opened,
        said,
        delivery,
    })
}
