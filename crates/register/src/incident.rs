//! Incidents 信息安全事件: something leaked, was changed, is lost, or was looked at without right.
//!
//! ```text
//!   Reported ──it is one──▶ Confirmed ──▶ Contained ──▶ Notified ──another person──▶ Closed
//!       └─────it is none──▶ Dismissed ◀──it was none──┘ ───────────another person──────▲
//! ```
//!
//! What was confirmed to be safe may turn out to be none, as long as nobody was told.
//!
//! Every move has somebody who made it, a moment and reasons. A drill goes the same way, reaches nobody outside and
//! is counted nowhere.

use jiff::{SignedDuration, Timestamp, tz};
use rulebook::{Rules, Unit};

use crate::codes::codes;
use crate::{AccountId, IncidentId, china_date};

/// Most characters of what happened, of reasons, and of each part of what people are told.
pub const WORDS: usize = 2_000;
/// Most characters of a short field, and of a task.
pub const SHORT: usize = 300;

codes! {
    /// What happened.
    pub enum Kind {
        /// Somebody got it who should not have.
        Leak = "leak", "信息泄露";
        /// Somebody changed it who should not have.
        Change = "change", "信息被改动";
        /// It is gone, or cannot be opened any more.
        Loss = "loss", "信息丢失";
        /// Somebody looked without a matter or a right.
        UnlawfulLook = "unlawful-look", "不应当的查看";
    }
}

codes! {
    /// Where an incident stands.
    pub enum State {
        /// Somebody said so; nobody has judged it yet.
        Reported = "reported", "等待研判";
        /// It is one.
        Confirmed = "confirmed", "已确认，正在处置";
        /// It is none.
        Dismissed = "dismissed", "研判为不是事件";
        /// It goes no further.
        Contained = "contained", "已控制";
        /// Authority and people have been told, or need not be.
        Notified = "notified", "已报告和告知";
        /// A second person has closed it.
        Closed = "closed", "已办结";
    }
}

codes! {
    /// What was decided about telling the people.
    pub enum People {
        /// Nothing yet.
        Open = "open", "还没有决定";
        /// They are told.
        Told = "told", "告知本人";
        /// They need not be: the measures keep harm away (个人信息保护法 57 (2)).
        Waived = "waived", "不告知本人";
    }
}

/// One incident. Nobody is named in it; who is affected is sealed in its searches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its identifier.
    pub id: IncidentId,
    /// Its number, as everybody quotes it.
    pub number: String,
    /// What happened.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Whether it is a drill.
    pub is_drill: bool,
    /// When it was reported, which is when it was found.
    pub reported_at: Timestamp,
    /// By which account; `None` if nobody was signed in.
    pub reported_by: Option<AccountId>,
    /// By when authority and people are to be told.
    pub notice_due: Timestamp,
    /// What was decided about telling the people.
    pub people: People,
    /// Who decided that, and when.
    pub people_by: Option<(AccountId, Timestamp)>,
    /// When the authority was told.
    pub authority_at: Option<Timestamp>,
    /// Who made the last move: another person has to close it (I12).
    pub moved_by: Option<AccountId>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// A move that is not possible from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misplaced;

/// What is still missing before authority and people count as told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nobody has searched the log for those affected.
    Search,
    /// The authority has not been told.
    Authority,
    /// Nobody has decided whether the people are told.
    People,
}

impl Incident {
    /// Judges it: is it one?
    ///
    /// # Errors
    /// [`Misplaced`] if that was judged before.
    pub fn triage(self, is_one: bool, by: AccountId) -> Result<Self, Misplaced> {
        let to = if is_one { State::Confirmed } else { State::Dismissed };
        self.go(State::Reported, to, by)
    }

    /// It turns out to be none after it was taken for one.
    ///
    /// # Errors
    /// [`Misplaced`] once authority or people were told, or if it is not worked on.
    pub fn withdraw(self, by: AccountId) -> Result<Self, Misplaced> {
        if self.may_withdraw() {
            Ok(Self { state: State::Dismissed, moved_by: Some(by), ..self })
        } else {
            Err(Misplaced)
        }
    }

    /// Whether it may still turn out to be none: nobody was told.
    #[must_use]
    pub fn may_withdraw(&self) -> bool {
        self.is_worked_on() && self.authority_at.is_none() && self.people != People::Told
    }

    /// Whether what authority and people are told may still be written: once either was told, it stands.
    #[must_use]
    pub fn may_announce(&self) -> bool {
        self.may_withdraw()
    }

    /// It goes no further.
    ///
    /// # Errors
    /// [`Misplaced`].
    pub fn contain(self, by: AccountId) -> Result<Self, Misplaced> {
        self.go(State::Confirmed, State::Contained, by)
    }

    /// Authority and people have been told, or need not be; see [`Self::missing`].
    ///
    /// # Errors
    /// [`Misplaced`].
    pub fn notify(self, by: AccountId) -> Result<Self, Misplaced> {
        self.go(State::Contained, State::Notified, by)
    }

    /// Closes it; that another person does is checked where the two meet.
    ///
    /// # Errors
    /// [`Misplaced`].
    pub fn close(self, by: AccountId, at: Timestamp) -> Result<Self, Misplaced> {
        match self.state {
            State::Notified | State::Dismissed => {
                Ok(Self { state: State::Closed, moved_by: Some(by), closed_at: Some(at), ..self })
            }
            State::Reported | State::Confirmed | State::Contained | State::Closed => Err(Misplaced),
        }
    }

    /// Whether there is work in it: those affected are searched, texts written, people told.
    #[must_use]
    pub const fn is_worked_on(&self) -> bool {
        matches!(self.state, State::Confirmed | State::Contained)
    }

    /// Decides that the people are told, or that they need not be. Once they are told that stands.
    ///
    /// # Errors
    /// [`Misplaced`].
    pub fn decide_people(
        self,
        people: People,
        by: AccountId,
        at: Timestamp,
    ) -> Result<Self, Misplaced> {
        let may = match (self.people, people) {
            (People::Open, People::Told | People::Waived) | (People::Waived, People::Told) => true,
            (People::Open | People::Waived | People::Told, _) => false,
        };
        if may && self.is_worked_on() {
            Ok(Self { people, people_by: Some((by, at)), ..self })
        } else {
            Err(Misplaced)
        }
    }

    /// What is missing before it counts as told.
    #[must_use]
    pub fn missing(&self, searches: usize) -> Vec<Missing> {
        let mut missing = Vec::new();
        if searches == 0 {
            missing.push(Missing::Search);
        }
        if self.authority_at.is_none() {
            missing.push(Missing::Authority);
        }
        if self.people == People::Open {
            missing.push(Missing::People);
        }
        missing
    }

    /// Whether the time for telling is over and it has not been done.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        let waits = matches!(self.state, State::Reported | State::Confirmed | State::Contained);
        waits && now > self.notice_due
    }

    fn go(self, from: State, to: State, by: AccountId) -> Result<Self, Misplaced> {
        if self.state != from {
            return Err(Misplaced);
        }
        Ok(Self { state: to, moved_by: Some(by), ..self })
    }
}

/// By when authority and people are to be told of what was found at `found_at`: hours, not working days, where the
/// rulebook counts plain days.
///
/// # Law
/// 个人信息保护法 57 — at once; how long that is at most is our own rule (rulebook `incident_notice`).
#[must_use]
pub fn notice_due(rules: &Rules, found_at: Timestamp) -> Option<Timestamp> {
    let deadline = rules.deadline("incident_notice")?;
    match deadline.unit {
        Unit::PlainDays => {
            let hours = SignedDuration::from_hours(24 * i64::from(deadline.n));
            found_at.checked_add(hours).ok()
        }
        Unit::WorkingDays | Unit::CalendarDays | Unit::Months => {
            let on = rules.due("incident_notice", china_date(found_at))?.on;
            let over = on.tomorrow().ok()?.at(0, 0, 0, 0);
            let over = over.to_zoned(tz::TimeZone::fixed(tz::offset(8))).ok()?;
            Some(over.timestamp())
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const CLERK: AccountId = AccountId(Uuid::from_u128(1));

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn reported() -> Incident {
        Incident {
            id: IncidentId(Uuid::from_u128(9)),
            number: "SJ20261124-7F3K2Q".to_owned(),
            kind: Kind::Leak,
            state: State::Reported,
            is_drill: false,
            reported_at: at(0),
            reported_by: None,
            notice_due: at(86_400),
            people: People::Open,
            people_by: None,
            authority_at: None,
            moved_by: None,
            closed_at: None,
        }
    }

    #[test]
    fn it_goes_one_way_and_skips_nothing() {
        assert_eq!(reported().contain(CLERK), Err(Misplaced));
        assert_eq!(reported().notify(CLERK), Err(Misplaced));
        assert_eq!(reported().close(CLERK, at(1)), Err(Misplaced));
        let confirmed = reported().triage(true, CLERK).unwrap();
        assert_eq!(confirmed.clone().triage(false, CLERK), Err(Misplaced));
        assert_eq!(confirmed.clone().close(CLERK, at(1)), Err(Misplaced));
        let notified = confirmed.contain(CLERK).unwrap().notify(CLERK).unwrap();
        let closed = notified.close(CLERK, at(5)).unwrap();
        assert_eq!((closed.state, closed.closed_at), (State::Closed, Some(at(5))));
        assert_eq!(closed.close(CLERK, at(6)), Err(Misplaced));
        let dismissed = reported().triage(false, CLERK).unwrap();
        assert_eq!(dismissed.clone().contain(CLERK), Err(Misplaced));
        assert_eq!(dismissed.close(CLERK, at(5)).unwrap().state, State::Closed);
    }

    #[test]
    fn what_was_confirmed_may_turn_out_to_be_none_until_somebody_is_told() {
        assert_eq!(reported().withdraw(CLERK), Err(Misplaced), "nobody has judged it yet");
        let confirmed = reported().triage(true, CLERK).unwrap();
        let contained = confirmed.clone().contain(CLERK).unwrap();
        for one in [confirmed, contained] {
            let none = one.clone().withdraw(CLERK).unwrap();
            assert_eq!((none.state, none.moved_by), (State::Dismissed, Some(CLERK)));
            assert!(!none.is_late(at(100_000)));
            let sent = Incident { authority_at: Some(at(2)), ..one.clone() };
            assert_eq!(sent.withdraw(CLERK), Err(Misplaced), "the authority knows of it");
            let told = one.decide_people(People::Told, CLERK, at(1)).unwrap();
            assert!(!told.may_announce());
            assert_eq!(told.withdraw(CLERK), Err(Misplaced), "the people know of it");
        }
    }

    #[test]
    fn people_who_are_told_stay_told_and_who_need_not_be_may_be_told_after_all() {
        assert_eq!(reported().decide_people(People::Told, CLERK, at(1)), Err(Misplaced));
        let confirmed = reported().triage(true, CLERK).unwrap();
        let waived = confirmed.decide_people(People::Waived, CLERK, at(1)).unwrap();
        let told = waived.decide_people(People::Told, CLERK, at(2)).unwrap();
        assert_eq!(told.people_by, Some((CLERK, at(2))));
        assert_eq!(told.clone().decide_people(People::Waived, CLERK, at(3)), Err(Misplaced));
        assert_eq!(told.decide_people(People::Told, CLERK, at(3)), Err(Misplaced));
    }

    #[test]
    fn nothing_counts_as_told_before_it_was_searched_said_and_decided() {
        let confirmed = reported().triage(true, CLERK).unwrap();
        let all = [Missing::Search, Missing::Authority, Missing::People];
        assert_eq!(confirmed.missing(0), all);
        let told = confirmed.decide_people(People::Told, CLERK, at(1)).unwrap();
        let told = Incident { authority_at: Some(at(2)), ..told };
        assert_eq!(told.missing(1), []);
    }

    #[test]
    fn it_is_hours_and_not_working_days() {
        let rules = Rules::bundled().unwrap();
        // A Friday evening: the office does not wait for Monday.
        let found: Timestamp = "2026-11-27T10:00:00Z".parse().unwrap();
        let due = notice_due(&rules, found).unwrap();
        assert_eq!(due.to_string(), "2026-11-28T10:00:00Z");
        let one = Incident { notice_due: due, ..reported() };
        assert!(!one.is_late(due) && one.is_late(due + SignedDuration::from_secs(1)));
        let done = Incident { state: State::Notified, ..one };
        assert!(!done.is_late(due + SignedDuration::from_secs(1)));
    }
}
