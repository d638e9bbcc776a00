//! 选择联系方式: one way at a time; a new one takes the place of the old, and nothing is sent to it before
//! the person has proved that it is his.

use jiff::SignedDuration;
use register::ContactId;
use register::contact::{BadAddress, Contact, masked, read_address};
use register::delivery::{Channel, Delivery, Load};
use store::Tx;

use super::{codes, place};
use crate::case::mistake;
use crate::cx::{Actor, Cx};
use crate::delivery;
use crate::error::{Error, Result};
use crate::my::myself;

/// Minutes for which a code counts.
pub const MINUTES: i64 = 30;

/// The person's own contact, as he may see it again.
#[derive(Clone)]
pub struct Mine {
    /// By which way.
    pub channel: Channel,
    /// The address, in part.
    pub address: String,
    /// Whether it is proved.
    pub is_confirmed: bool,
    /// What was sent there or is on its way, newest first.
    pub sent: Vec<Delivery>,
}

register::hidden!(Mine);

/// The person's own contact.
///
/// # Errors
/// [`Error::Denied`].
pub async fn mine(cx: &Cx, actor: &Actor) -> Result<Option<Mine>> {
    let person = myself(cx, actor)?;
    let Some(Contact { channel, address, confirmed_at, .. }) = super::of(cx, person).await? else {
        return Ok(None);
    };
    let mut sent = store::delivery::of_person(cx.store.read(), person).await?;
    sent.retain(|sent| sent.receiver.is_none());
    sent.truncate(5);
    let address = masked(channel, address.reveal());
    Ok(Some(Mine { channel, address, is_confirmed: confirmed_at.is_some(), sent }))
}

/// Chooses a contact in place of any before. A code goes to it, except to a postal address, which counts
/// at once: a letter to a wrong house comes back.
///
/// # Law
/// 个人信息保护法 13, 15 — by his own wish, and taken back as easily.
///
/// # Errors
/// [`Error::Denied`], [`Error::Mistakes`], also where too many codes were sent.
pub async fn choose(cx: &Cx, actor: &Actor, channel: &str, address: &str) -> Result<()> {
    let person = myself(cx, actor)?;
    let known = Channel::from_code(channel).filter(|way| cx.channels.of_persons().contains(way));
    let Some(channel) = known else {
        let says = "请选择一种联系方式。";
        return Err(Error::Mistakes(vec![mistake("channel", "channel-missing", says)]));
    };
    let address = read_address(channel, address)
        .map_err(|error| Error::Mistakes(vec![said(channel, error)]))?;
    let id = ContactId(cx.new_id());
    let now = cx.now();
    let is_post = channel == Channel::Letter;
    let tx = cx.store.begin().await?;
    if !is_post {
        codes::count(cx, &tx, person, channel, &address).await?;
    }
    let code = code(cx);
    let stored = store::contact::Stored {
        id,
        person,
        channel,
        address: cx.vault.seal(place("address", &id), address.as_bytes(), cx.bytes()),
        code: cx.vault.seal(place("code", &id), code.as_bytes(), cx.bytes()),
        code_until: now.checked_add(SignedDuration::from_mins(MINUTES)).unwrap_or(now),
        tries: 0,
        confirmed_at: is_post.then_some(now),
    };
    store::contact::set(&tx, &stored).await?;
    store::delivery::drop_waiting(&tx, person).await?;
    if !is_post {
        send_code(cx, &tx, &stored).await?;
    }
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}

/// Lets the code go to the address that it is to prove.
async fn send_code(cx: &Cx, tx: &Tx, stored: &store::contact::Stored) -> Result<()> {
    let about = (Load::Code, stored.id.0);
    let code = delivery::new(cx, stored.person, stored.channel, about, None);
    store::delivery::add(tx, &[code]).await?;
    Ok(())
}

/// Six digits.
fn code(cx: &Cx) -> String {
    format!("{:06}", u32::from_le_bytes(cx.bytes()) % 1_000_000)
}

fn said(channel: Channel, error: BadAddress) -> crate::Mistake {
    let (code, says) = match (error, channel) {
        (BadAddress::Empty, Channel::Letter) => ("address-missing", "请填写收信地址。"),
        (BadAddress::Empty, Channel::Sms) => ("address-missing", "请填写手机号码。"),
        (BadAddress::Empty, _) => ("address-missing", "请填写邮箱地址。"),
        (_, Channel::Sms) => ("address-form", "手机号码应当是1开头的11位数字。"),
        (_, Channel::Letter) => ("address-form", "收信地址要写到门牌号，最多120个字。"),
        (_, _) => ("address-form", "邮箱地址的格式不对，例如 name@example.cn。"),
    };
    mistake("address", code, says)
}

/// Takes the contact back; nothing more is sent there.
///
/// # Errors
/// [`Error::Denied`].
pub async fn remove(cx: &Cx, actor: &Actor) -> Result<()> {
    let person = myself(cx, actor)?;
    let tx = cx.store.begin().await?;
    store::contact::remove(&tx, person).await?;
    store::delivery::drop_waiting(&tx, person).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(())
}
