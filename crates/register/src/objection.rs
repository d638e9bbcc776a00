//! Objections 异议: the person says that a record is wrong, and the body that supplied it must answer.
//!
//! ```text
//!            ┌──extend (once)──┐
//!            ▼                 │
//!   opened ─────▶ open ────────┴──answer──▶ closed: corrected, completed, deleted,
//!   (marked at     │   ▲                            confirmed, cannot be confirmed
//!    once)         │   │ answer, while it is suspended
//!                  │silence at the body's last day
//!                  ▼   │
//!               suspended ──silence, five working days more──▶ closed: deleted
//! ```
//!
//! Nothing waits for an officer to begin: the record is marked and the words are with the body in the
//! transaction that opens the objection.

use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::{Due, Rules};

use crate::codes::codes;
use crate::{ObjectionId, PersonId, RecordId, Uscc};

codes! {
    /// Why the person objects.
    pub enum Ground {
        /// The document is about somebody else.
        NotMe = "not-me", "不是我，是同名或者号码弄错";
        /// Something in it is wrong.
        WrongFact = "wrong-fact", "内容有错";
        /// Something that belongs to it is left out.
        Missing = "missing", "内容不全";
        /// It should have ended.
        Expired = "expired", "已经到期还在展示";
        /// No document or no rule allows it.
        NoBasis = "no-basis", "没有文书或者没有依据";
        /// The document or the notice was never served.
        NotServed = "not-served", "文书或者告知书没有送达";
        /// The document was revoked or changed.
        Revoked = "revoked", "文书已经撤销或者变更";
        /// A measure goes further than it may.
        ExcessMeasure = "excess-measure", "措施超出规定";
        /// About the result of a repair.
        RepairResult = "repair-result", "不服修复的结果";
        /// It was given to somebody who should not have it.
        Disclosure = "disclosure", "不该提供给那个单位";
    }
}

codes! {
    /// What the person asks for.
    pub enum Request {
        /// To set it right.
        Correct = "correct", "更正";
        /// To add what is left out.
        Complete = "complete", "补充完整";
        /// To delete it.
        Delete = "delete", "删除";
        /// To stop showing it.
        StopDisplay = "stop-display", "停止展示";
        /// To leave it marked.
        Mark = "mark", "保留异议标注";
        /// To take it off a list.
        RemoveFromList = "remove-from-list", "移出名单";
    }
}

codes! {
    /// How the body that supplied the record answers.
    pub enum Outcome {
        /// It was wrong and is set right.
        Corrected = "corrected", "已更正";
        /// It was incomplete and is completed.
        Completed = "completed", "已补充完整";
        /// It should not be there and is deleted.
        Deleted = "deleted", "已删除";
        /// It is right; the document is at hand.
        Confirmed = "confirmed", "核实无误";
        /// It can neither be shown nor refuted: the person's words stay beside it.
        Unconfirmable = "unconfirmable", "无法核实，本人的话附在信息旁边";
    }
}

codes! {
    /// Where an objection stands.
    pub enum State {
        /// With the body that supplied the record.
        Open = "open", "报送单位核查中";
        /// The body was silent: nobody sees the record until it answers.
        Suspended = "suspended", "单位逾期未答复，信息已暂停使用";
        /// Answered, or decided by silence.
        Closed = "closed", "已办结";
        /// Taken back by the person.
        Withdrawn = "withdrawn", "已撤回";
    }
}

/// Most characters of the person's own words.
pub const WORDS: usize = 2_000;
/// Most papers with one objection.
pub const PAPERS: usize = 10;
/// Most characters of an answer's reasons.
pub const REASONS: usize = 2_000;

/// One objection to one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Its identifier.
    pub id: ObjectionId,
    /// Its number, as the person and the body quote it.
    pub number: String,
    /// Who objects.
    pub person: PersonId,
    /// To what.
    pub record: RecordId,
    /// The body that supplied the record and answers.
    pub agency: Uscc,
    /// Why.
    pub ground: Ground,
    /// What is asked for.
    pub request: Request,
    /// Where it stands.
    pub state: State,
    /// When it came.
    pub received_at: Timestamp,
    /// The last day for the body to answer.
    pub answer_due: Date,
    /// The last day for the person to have the answer.
    pub due: Date,
    /// Whether it was extended; once is all.
    pub is_extended: bool,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
}

/// The days that an objection received on one day must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// For the body that supplied the record.
    pub answer: Due,
    /// For the whole.
    pub whole: Due,
}

/// Why a step cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// It has ended.
    #[error("the objection has ended")]
    Closed,
    /// It was extended before.
    #[error("the objection was extended once already")]
    ExtendedBefore,
    /// Its day to answer is over.
    #[error("the day to answer is over")]
    Late,
    /// Its day has not come.
    #[error("the day has not come")]
    Early,
    /// The rulebook lacks the deadline.
    #[error("the rulebook has no such deadline")]
    NoRule,
}

/// The days that an objection received and forwarded on `day` must keep.
///
/// # Law
/// 个人信息保护法 46 — checked and corrected in time; the numbers of days stand in the rulebook.
#[must_use]
pub fn deadlines(rules: &Rules, day: Date) -> Option<Deadlines> {
    Some(Deadlines {
        answer: rules.due("objection_provider", day)?,
        whole: rules.due("objection", day)?,
    })
}

impl Objection {
    /// Whether it still needs an answer.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Open | State::Suspended)
    }

    fn open(&self) -> Result<(), NotNow> {
        if self.is_open() { Ok(()) } else { Err(NotNow::Closed) }
    }

    /// The body needs longer and says why: once, and before its day is over.
    ///
    /// # Errors
    /// [`NotNow`].
    pub fn extend(&self, rules: &Rules, today: Date) -> Result<Self, NotNow> {
        self.open()?;
        if self.is_extended {
            return Err(NotNow::ExtendedBefore);
        }
        if today > self.answer_due || self.state == State::Suspended {
            return Err(NotNow::Late);
        }
        let later = |day| rules.due("objection_extend", day).map(|due| due.on);
        Ok(Self {
            is_extended: true,
            answer_due: later(self.answer_due).ok_or(NotNow::NoRule)?,
            due: later(self.due).ok_or(NotNow::NoRule)?,
            ..self.clone()
        })
    }

    /// The body answers.
    ///
    /// # Errors
    /// [`NotNow::Closed`].
    pub fn answer(&self, outcome: Outcome, at: Timestamp) -> Result<Self, NotNow> {
        self.open()?;
        Ok(Self {
            state: State::Closed,
            outcome: Some(outcome),
            closed_at: Some(at),
            ..self.clone()
        })
    }

    /// The person takes it back.
    ///
    /// # Errors
    /// [`NotNow::Closed`].
    pub fn withdraw(&self, at: Timestamp) -> Result<Self, NotNow> {
        self.open()?;
        Ok(Self { state: State::Withdrawn, closed_at: Some(at), ..self.clone() })
    }

    /// What silence does on `today`, if anything: first the record is suspended, then deleted.
    ///
    /// # Errors
    /// [`NotNow`] if nothing is to be done today.
    ///
    /// # Law
    /// 个人信息保护法 8, 46 — whoever cannot show that a fact is right may not go on using it.
    pub fn silence(&self, rules: &Rules, today: Date, at: Timestamp) -> Result<Self, NotNow> {
        match self.state {
            State::Open if today > self.answer_due => {
                Ok(Self { state: State::Suspended, ..self.clone() })
            }
            State::Suspended => {
                let last = self.silence_until(rules).ok_or(NotNow::NoRule)?;
                if today <= last.on {
                    return Err(NotNow::Early);
                }
                self.answer(Outcome::Deleted, at)
            }
            State::Open => Err(NotNow::Early),
            State::Closed | State::Withdrawn => Err(NotNow::Closed),
        }
    }

    /// The last day on which an answer still keeps a suspended record from being deleted.
    #[must_use]
    pub fn silence_until(&self, rules: &Rules) -> Option<Due> {
        rules.due("objection_silent_delete", self.answer_due)
    }
}
