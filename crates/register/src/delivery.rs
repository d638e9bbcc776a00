//! Deliveries 投递: what leaves the house, and how far it has come.
//!
//! ```text
//!             ┌──again, later──┐
//!   Waiting ──┴─▶ carried ──▶ Sent          (a letter: ──▶ Served, with the day of service)
//!      └──────── given up ──▶ Failed ──the office tries again──▶ Waiting
//! ```
//!
//! A delivery is written in the transaction that causes it and says only where to look: what is carried is
//! put together when it is carried.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::codes::codes;
use crate::{DeliveryId, PersonId, Uscc};

codes! {
    /// The way by which something leaves the house.
    pub enum Channel {
        /// An e-mail that says that something waits.
        Mail = "mail", "电子邮件";
        /// A short message that says that something waits.
        Sms = "sms", "短信";
        /// The notice itself on paper.
        Letter = "letter", "信函";
        /// A signed message to the system of a body.
        Webhook = "webhook", "接口推送";
        /// A signed file in a folder that another platform fetches.
        Folder = "folder", "文件交换";
    }
}

codes! {
    /// What a delivery is about.
    pub enum Load {
        /// Notices wait for the person.
        Notice = "notice", "告知书";
        /// The person is to prove that an address is his.
        Code = "code", "验证码";
        /// A fact that the receiver holds has changed.
        Correction = "correction", "更正通知";
    }
}

codes! {
    /// Why something could not be carried.
    pub enum Fault {
        /// The other side did not answer.
        Unreachable = "unreachable", "对方没有应答";
        /// The other side is there but cannot take it now.
        Busy = "busy", "对方暂时不能接收";
        /// The other side will never take it: no such address, or not allowed.
        Refused = "refused", "对方拒收，或者地址不存在";
        /// It came back from the post.
        Returned = "returned", "邮件被退回";
        /// What is to be carried, or its address, no longer opens.
        Unreadable = "unreadable", "内容或者地址打不开，请联系运维人员";
        /// This way is not set up here.
        NotSetUp = "not-set-up", "这种方式还没有配置";
    }
}

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// It waits for its turn.
    Waiting,
    /// The other side has taken it; a letter was posted.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// A letter was served.
    Served {
        /// When that was entered.
        at: Timestamp,
        /// The day of service.
        on: Date,
    },
    /// Given up; the office has to see to it.
    Failed {
        /// When.
        at: Timestamp,
    },
}

impl DeliveryState {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent { .. } => "sent",
            Self::Served { .. } => "served",
            Self::Failed { .. } => "failed",
        }
    }
}

/// One thing that leaves the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its identifier.
    pub id: DeliveryId,
    /// Whose matter it is.
    pub person: PersonId,
    /// Names it to the other side, so that it counts once however often it comes.
    pub key: String,
    /// By which way.
    pub channel: Channel,
    /// What it is about.
    pub load: Load,
    /// The notice, the contact or the correction.
    pub about: Uuid,
    /// The body that it goes to, unless it goes to the person.
    pub receiver: Option<Uscc>,
    /// How far it has come.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub run_after: Timestamp,
    /// Counts whoever took it to carry it: only the last of them may say how it ended.
    pub fence: u64,
    /// Why it could not be carried the last time.
    pub fault: Option<Fault>,
    /// When it was written.
    pub created_at: Timestamp,
}

/// Waits between tries, in minutes: soon at first, then for days. A server that is down for a week-end
/// loses nothing.
const WAITS: [i64; 11] = [1, 5, 15, 60, 180, 360, 720, 1_440, 1_440, 1_440, 1_440];

/// When to try again after `attempts` tries that failed; nothing when enough were made. `chance` spreads
/// those that failed together over a quarter of the wait.
#[must_use]
pub fn next_try(attempts: u32, now: Timestamp, chance: u8) -> Option<Timestamp> {
    let at = usize::try_from(attempts.saturating_sub(1)).ok()?;
    let wait = *WAITS.get(at)? * 60;
    let spread = wait * i64::from(chance) / (4 * 256);
    now.checked_add(SignedDuration::from_secs(wait + spread)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_grow_apart_and_end_after_a_week() {
        let begun = Timestamp::UNIX_EPOCH;
        let (mut now, mut attempts) = (begun, 0);
        loop {
            attempts += 1;
            let Some(next) = next_try(attempts, now, 255) else { break };
            assert!(next > now);
            now = next;
        }
        assert_eq!(attempts, 12);
        let took = now.duration_since(begun);
        assert!(took > SignedDuration::from_hours(4 * 24), "{took}");
        assert!(took < SignedDuration::from_hours(8 * 24), "{took}");
    }

    #[test]
    fn chance_spreads_over_a_quarter() {
        let now = Timestamp::UNIX_EPOCH;
        let wait = |chance| next_try(4, now, chance).unwrap().duration_since(now).as_secs();
        assert_eq!(wait(0), 3_600);
        assert!((4_400..4_500).contains(&wait(255)), "{}", wait(255));
    }
}
