//! Supervision of look-ups 查询监督: the office asks a body to show why it looked, and records what it found.
//!
//! ```text
//!   found ──ask──▶ asked (until a day) ──answer──▶ answered ──find──▶ closed
//!     │              └── the day is over ─────────────find──▶ closed
//!     └── in order on its face ───────────────────────find──▶ closed
//! ```
//!
//! A case is found by lot ([`sample`]), by a rule over how looks were made ([`patterns`]), or because a body has
//! told the person itself that it should not have looked. It is about what officers did, never about the people
//! whom they looked at: of those it knows how many there were, and where in the log the looks stand.

pub mod patterns;
pub mod sample;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::codes::codes;
use crate::objection::NotNow;
use crate::{AccountId, SupervisionId, Uscc};

/// Most characters of what is asked, explained and found.
pub const WORDS: usize = 1_000;

/// Most looks that a page of a case lists. The case itself names all of them.
pub const LISTED: u32 = 200;

codes! {
    /// How a case was found.
    pub enum Origin {
        /// Drawn by lot.
        Sample = "sample", "抽查";
        /// A rule over how looks were made.
        Pattern = "pattern", "异常情形";
        /// The body has told the person that it should not have looked.
        Inquiry = "inquiry", "单位承认不应该查询";
    }
}

codes! {
    /// A rule over how looks were made. What people are called or where they live is in none of them.
    pub enum Rule {
        /// Many officers, or many bodies, looked at the same person within some days.
        ManyLookers = "many-lookers", "同一个人被许多人查询";
        /// On a day off, or outside the hours of work.
        OutOfHours = "out-of-hours", "非工作时间查询";
        /// More within some minutes than else on a whole day.
        Burst = "burst", "短时间内大量查询";
        /// Many that were refused, or that found nobody.
        Fruitless = "fruitless", "多次被拒绝或者查不到";
        /// One number of a matter for many people.
        OneMatter = "one-matter", "同一个编号查询许多人";
        /// Many in the last days of an account.
        BeforeLeaving = "before-leaving", "账号停用以前大量查询";
    }
}

codes! {
    /// Where a case stands.
    pub enum State {
        /// Nobody has asked the body yet.
        Found = "found", "等待信用办处理";
        /// The body has to explain.
        Asked = "asked", "等待单位说明";
        /// It has explained; the office has to say what it finds.
        Answered = "answered", "单位已说明，等待认定";
        /// The office has said what it finds.
        Closed = "closed", "已认定";
    }
}

codes! {
    /// What the office found.
    pub enum Finding {
        /// The matter is there, and the look belongs to it.
        InOrder = "in-order", "没有问题";
        /// Nobody could show why.
        NotExplained = "not-explained", "没有说明清楚";
        /// It should not have been; the person is told.
        Wrongful = "wrongful", "不应该查询";
    }
}

codes! {
    /// In which list of the office a case stands, in the order in which they are shown.
    pub enum Pile {
        /// The body has explained, or has admitted it: the office says what it finds.
        Answered = "answered", "单位已说明，等待认定";
        /// Found by a rule; nobody has asked yet.
        Patterns = "patterns", "异常情形，等待信用办处理";
        /// Drawn by lot; nobody has asked yet.
        Samples = "samples", "抽查，等待信用办处理";
        /// The body has to explain.
        Asked = "asked", "等待单位说明";
        /// The office has said what it finds.
        Closed = "closed", "已经认定";
    }
}

codes! {
    /// What became of telling a person that a look at him should not have been.
    pub enum Telling {
        /// A notice of this case names the look.
        Told = "told", "已经告知本人";
        /// The notice of another case names it already, or there is nobody to tell.
        NotNeeded = "not-needed", "不用再告知";
    }
}

/// One case of supervision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supervision {
    /// Its identifier.
    pub id: SupervisionId,
    /// Its number, as everybody quotes it.
    pub number: String,
    /// What found it: the same is found once, however often one looks.
    pub key: String,
    /// How it was found.
    pub origin: Origin,
    /// By which rule, if by one.
    pub rule: Option<Rule>,
    /// The body that looked, and has to explain it; for looks of the office, the office.
    pub agency: Uscc,
    /// The account that looked, if it was one.
    pub account: Option<AccountId>,
    /// When the first of its looks was made.
    pub from: Timestamp,
    /// When the last was.
    pub to: Timestamp,
    /// How many looks it is about.
    pub looks: u64,
    /// At how many people.
    pub persons: u64,
    /// When it was found.
    pub found_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// Who asked the body, and until when it has time.
    pub asked: Option<Asked>,
    /// Who explained.
    pub answered: Option<Done>,
    /// Who recorded what.
    pub closed: Option<(Done, Finding)>,
}

/// Who did something, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

/// The question to the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who asked, and when.
    pub done: Done,
    /// The last day to answer.
    pub due: Date,
}

impl Supervision {
    /// The office asks the body.
    ///
    /// # Errors
    /// [`NotNow::Closed`] if it was asked, or the case is over.
    pub fn ask(self, asked: Asked) -> Result<Self, NotNow> {
        match self.state {
            State::Found => Ok(Self { state: State::Asked, asked: Some(asked), ..self }),
            State::Asked | State::Answered | State::Closed => Err(NotNow::Closed),
        }
    }

    /// The body explains; late is a fact to show, not a ground to refuse.
    ///
    /// # Errors
    /// [`NotNow::Closed`] if nobody asks, or it has explained before.
    pub fn answer(self, done: Done) -> Result<Self, NotNow> {
        match self.state {
            State::Asked => Ok(Self { state: State::Answered, answered: Some(done), ..self }),
            State::Found | State::Answered | State::Closed => Err(NotNow::Closed),
        }
    }

    /// The office says what it found. Against a body only after it was heard, or has let its days pass.
    ///
    /// # Errors
    /// [`NotNow::Closed`] if that was said before, [`NotNow::Early`] while the body still has time, or was not
    /// asked.
    pub fn find(self, finding: Finding, done: Done, today: Date) -> Result<Self, NotNow> {
        let is_heard = match self.state {
            State::Closed => return Err(NotNow::Closed),
            State::Found => finding == Finding::InOrder,
            State::Asked => self.is_overdue(today),
            State::Answered => true,
        };
        if !is_heard {
            return Err(NotNow::Early);
        }
        Ok(Self { state: State::Closed, closed: Some((done, finding)), ..self })
    }

    /// Whether the body keeps silent although its days are over.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.state == State::Asked && self.asked.is_some_and(|asked| today > asked.due)
    }

    /// What can be found now, in the order in which it is offered.
    #[must_use]
    pub fn findings(&self, today: Date) -> Vec<Finding> {
        let done = Done { by: AccountId(uuid::Uuid::nil()), at: self.found_at };
        let may = |finding: &&Finding| self.clone().find(**finding, done, today).is_ok();
        Finding::ALL.iter().filter(may).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;

    fn found() -> Supervision {
        Supervision {
            id: SupervisionId(Uuid::nil()),
            number: String::new(),
            key: String::new(),
            origin: Origin::Sample,
            rule: None,
            agency: Uscc::parse("11999901TEMR000151").unwrap(),
            account: None,
            from: Timestamp::UNIX_EPOCH,
            to: Timestamp::UNIX_EPOCH,
            looks: 1,
            persons: 1,
            found_at: Timestamp::UNIX_EPOCH,
            state: State::Found,
            asked: None,
            answered: None,
            closed: None,
        }
    }

    fn done() -> Done {
        Done { by: AccountId(Uuid::nil()), at: Timestamp::UNIX_EPOCH }
    }

    fn asked() -> Supervision {
        found().ask(Asked { done: done(), due: date(2026, 11, 30) }).unwrap()
    }

    #[rstest]
    #[case(found(), date(2026, 11, 23), &[Finding::InOrder])]
    #[case(asked(), date(2026, 11, 30), &[])]
    #[case(asked(), date(2026, 12, 1), Finding::ALL)]
    #[case(asked().answer(done()).unwrap(), date(2026, 11, 24), Finding::ALL)]
    fn nothing_is_found_against_a_body_before_it_was_heard(
        #[case] case: Supervision,
        #[case] today: Date,
        #[case] may: &[Finding],
    ) {
        assert_eq!(case.findings(today), may);
    }

    #[test]
    fn what_is_done_is_done_once() {
        let answered = asked().answer(done()).unwrap();
        assert_eq!(answered.clone().answer(done()), Err(NotNow::Closed));
        assert_eq!(found().answer(done()), Err(NotNow::Closed), "nobody asked");
        let today = date(2026, 11, 24);
        let closed = answered.find(Finding::Wrongful, done(), today).unwrap();
        assert_eq!(closed.clone().find(Finding::InOrder, done(), today), Err(NotNow::Closed));
        assert!(closed.findings(today).is_empty());
    }
}
