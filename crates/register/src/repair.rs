//! Repair 信用修复: what was rightly recorded ends early, because it has been mended.
//!
//! ```text
//!   asked ──accept──▶ accepted ──grant──▶ granted: no longer shown, shared or used
//!     │                 │ extend (once)
//!     └──not accepted───┴──refuse──▶ refused, with reasons; may be asked again
//!
//!   granted ──propose to revoke──▶ hearing ──his days to speak are over──▶ revoked
//!                                   └──at any time──▶ granted still
//! ```
//!
//! Repair is a right: no fee, at most two papers, no training, no paid report, no good deeds in exchange.
//! What a court put on its list only the court takes off: there the person's words go to the court, and
//! no condition of ours stands in between.

use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::Rules;

use crate::codes::codes;
use crate::record::History;
use crate::{PersonId, Record, RecordId, RepairId, Standing, Uscc};

/// What the person signs (公共信用承诺): the materials are true, and he bears the consequences if not.
pub const PLEDGE: &str = "本人承诺：所交材料真实、准确、完整；违法行为已经改正，文书规定的义务已经全部履行；今后依法办事。\
                          所作承诺不实的，愿意依法承担责任，并同意撤销这次修复。";

/// Most characters of what the person says.
pub const WORDS: usize = 1_000;

codes! {
    /// Where a repair stands.
    pub enum State {
        /// With the body that decided, which must say whether it takes it up.
        Asked = "asked", "等待受理";
        /// Taken up: its result is due.
        Accepted = "accepted", "已受理";
        /// Granted.
        Granted = "granted", "准予修复";
        /// The body proposes to revoke what it granted; the person is heard first.
        Hearing = "hearing", "听取意见";
        /// Revoked after the person could say what he thinks of it.
        Revoked = "revoked", "已撤销修复";
        /// Not taken up, or refused, with reasons.
        Refused = "refused", "未予修复";
        /// Taken back by the person.
        Withdrawn = "withdrawn", "已撤回";
    }
}

codes! {
    /// What still stands in the way; all are told at once.
    pub enum Unmet {
        /// The shortest display has not been reached.
        TooEarly = "too-early", "还没有满最短公示期";
        /// The person has not said that he has mended and performed everything.
        NotPerformed = "not-performed", "没有勾选已经改正并履行全部义务";
        /// The pledge is not signed.
        NoPledge = "no-pledge", "没有签署信用承诺";
        /// Nothing shows the performance.
        NoProof = "no-proof", "没有履行证明";
    }
}

codes! {
    /// What the body does; the code is also that of the step it leaves in the case.
    pub enum Move {
        /// Takes it up.
        Accept = "accepted", "受理";
        /// Grants it.
        Grant = "granted", "准予修复";
        /// Does not take it up, or refuses it.
        Refuse = "refused", "不予修复";
        /// Needs longer.
        Extend = "extended", "延长一次";
        /// Proposes to revoke what it granted, and hears the person.
        Propose = "hearing", "拟撤销这次修复，听取本人意见";
        /// Lets it stand after hearing him.
        Keep = "kept", "维持修复";
        /// Revokes it after hearing him.
        Revoke = "revoked", "撤销修复";
    }
}

/// One repair of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Its identifier.
    pub id: RepairId,
    /// Its number.
    pub number: String,
    /// Who asks.
    pub person: PersonId,
    /// For which record.
    pub record: RecordId,
    /// Who decides: whoever determined it.
    pub agency: Uscc,
    /// Where it stands.
    pub state: State,
    /// When it was asked for.
    pub received_at: Timestamp,
    /// The last day to take it up.
    pub accept_due: Date,
    /// The last day to tell the result.
    pub due: Date,
    /// Whether it was extended; once is all.
    pub is_extended: bool,
    /// Whether the person has said what he thinks of the proposal to revoke it.
    pub is_heard: bool,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
}

/// What the person brings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brings {
    /// He says that he has mended and performed everything.
    pub is_performed: bool,
    /// He signs the pledge.
    pub has_pledged: bool,
    /// Papers that show it.
    pub papers: usize,
}

/// Why a repair cannot be asked for at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRepair {
    /// It speaks against nobody.
    #[error("the record speaks against nobody")]
    NotAdverse,
    /// It is over anyway.
    #[error("the record is over already")]
    Over,
}

/// Whether the court keeps the list that this record points to: the court takes it off, nobody else.
///
/// # Law
/// 最高人民法院关于公布失信被执行人名单信息的若干规定（2017修正） 10.
#[must_use]
pub fn is_of_the_court(record: &Record, rules: &Rules) -> bool {
    rules.agency(record.source.as_str()).is_some_and(|agency| agency.kind == "court")
}

/// What stands in the way of a repair of `record` on `today`; empty if nothing does.
///
/// # Errors
/// [`NoRepair`] if there is nothing to repair.
///
/// # Law
/// 信用修复管理办法 (2026) 2, 3; 国办发〔2025〕22号 — a right, under these conditions and no other.
pub fn unmet(
    record: &Record,
    history: &History,
    brings: Brings,
    rules: &Rules,
    today: Date,
) -> Result<Vec<Unmet>, NoRepair> {
    let class = record.severity.ok_or(NoRepair::NotAdverse)?;
    match record.standing(history, rules, today) {
        Standing::Ended { .. }
        | Standing::Withdrawn { .. }
        | Standing::Repaired { .. }
        | Standing::OwnerDied { .. } => {
            return Err(NoRepair::Over);
        }
        Standing::Waiting
        | Standing::Quiet { .. }
        | Standing::Shown { .. }
        | Standing::NotDisplayed { .. }
        | Standing::Suspended => {}
    }
    if is_of_the_court(record, rules) {
        return Ok(Vec::new());
    }
    let from = rules.display(class, record.document.decided_on).repair_from;
    let conditions = [
        (today < from, Unmet::TooEarly),
        (!brings.is_performed, Unmet::NotPerformed),
        (!brings.has_pledged, Unmet::NoPledge),
        (brings.papers == 0, Unmet::NoProof),
    ];
    Ok(conditions.into_iter().filter_map(|(is_so, unmet)| is_so.then_some(unmet)).collect())
}

impl Repair {
    /// Whether somebody still has to act.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Asked | State::Accepted)
    }

    /// What can be done with it on `today`, by the code of each step.
    #[must_use]
    pub fn moves(&self, rules: &Rules, today: Date) -> Vec<Move> {
        let at = self.received_at;
        // His days run from when it reached him, which is asked when it is decided; never before this day.
        let can = |one: &Move| self.make(*one, today > self.due, rules, today, at).is_some();
        Move::ALL.iter().copied().filter(can).collect()
    }

    /// The next day that must be kept.
    #[must_use]
    pub const fn next_due(&self) -> Date {
        match self.state {
            State::Asked => self.accept_due,
            State::Accepted
            | State::Granted
            | State::Hearing
            | State::Revoked
            | State::Refused
            | State::Withdrawn => self.due,
        }
    }

    /// The same after the body's step; `None` if it does not stand there.
    ///
    /// `is_over` says whether the days are over in which the person may say what he thinks of a proposal to
    /// revoke, more than once if he likes; they run from the day on which it reached him.
    #[must_use]
    pub fn make(
        &self,
        step: Move,
        is_over: bool,
        rules: &Rules,
        today: Date,
        at: Timestamp,
    ) -> Option<Self> {
        match (step, self.state) {
            (Move::Accept, State::Asked) => Some(Self { state: State::Accepted, ..self.clone() }),
            // Also at once, without taking it up first.
            (Move::Grant, State::Asked | State::Accepted) => Some(self.close(State::Granted, at)),
            (Move::Refuse, State::Asked | State::Accepted) => Some(self.close(State::Refused, at)),
            // Once, and before its day is over.
            (Move::Extend, State::Accepted) if !self.is_extended && today <= self.due => {
                let due = rules.due("repair_extend", self.due)?.on;
                Some(Self { is_extended: true, due, ..self.clone() })
            }
            (Move::Propose, State::Granted) => {
                let due = rules.due("repair_hearing", today)?.on;
                let (state, closed_at) = (State::Hearing, None);
                Some(Self { state, due, closed_at, is_heard: false, ..self.clone() })
            }
            // For him at any time; against him only when all that he wants to say can have been said.
            (Move::Keep, State::Hearing) => Some(self.close(State::Granted, at)),
            (Move::Revoke, State::Hearing) if is_over => Some(self.close(State::Revoked, at)),
            _ => None,
        }
    }

    /// The person takes it back.
    #[must_use]
    pub fn withdraw(&self, at: Timestamp) -> Option<Self> {
        self.is_open().then(|| self.close(State::Withdrawn, at))
    }

    /// The person says what he thinks of the proposal to revoke it; more than once, if he likes.
    #[must_use]
    pub fn hear(&self) -> Option<Self> {
        (self.state == State::Hearing).then(|| Self { is_heard: true, ..self.clone() })
    }

    fn close(&self, state: State, at: Timestamp) -> Self {
        Self { state, closed_at: Some(at), ..self.clone() }
    }
}
