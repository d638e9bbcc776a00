//! Challenges 复议和诉讼: the person challenges the decision itself, before the body that reviews it or a
//! court. The register decides nothing here; it marks the record, and follows what was decided.
//!
//! ```text
//!   pending ──the person tells how it ended──▶ reported ──▶ settled by the body that supplied it
//!      │                                          │ silence: suspended, until the body settles it
//!      ├──upheld, or taken back there──▶ closed   │
//!      └──the person takes the entry back──▶ withdrawn
//! ```

use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::Rules;

use crate::codes::codes;
use crate::{ChallengeId, PersonId, RecordId, Uscc};

/// Most characters of what is said with a step.
pub const WORDS: usize = 1_000;

codes! {
    /// Before whom.
    pub enum Course {
        /// The body that reviews.
        Reconsideration = "reconsideration", "行政复议";
        /// A court.
        Lawsuit = "lawsuit", "行政诉讼";
    }
}

codes! {
    /// How it ended.
    pub enum Ending {
        /// The decision is gone.
        Revoked = "revoked", "撤销原决定";
        /// Another decision stands in its place.
        Changed = "changed", "变更原决定";
        /// It was against the law; what it said does not stand.
        Unlawful = "unlawful", "确认违法或者无效";
        /// The decision stands.
        Upheld = "upheld", "维持原决定，或者驳回请求";
        /// The person took the application or the lawsuit back.
        TakenBack = "taken-back", "撤回申请或者撤诉";
    }
}

codes! {
    /// Where it stands.
    pub enum State {
        /// Before the body or the court.
        Pending = "pending", "正在审理";
        /// Decided against the decision, as the person tells: the body that supplied it must act.
        Reported = "reported", "已有结果，等待单位办理";
        /// Settled.
        Closed = "closed", "已办结";
        /// The person took his entry back.
        Withdrawn = "withdrawn", "已撤回登记";
    }
}

impl Ending {
    /// Whether the decision no longer stands as it was recorded.
    #[must_use]
    pub const fn annuls(self) -> bool {
        match self {
            Self::Revoked | Self::Changed | Self::Unlawful => true,
            Self::Upheld | Self::TakenBack => false,
        }
    }
}

/// One challenge of the decision behind one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Its identifier.
    pub id: ChallengeId,
    /// Our number.
    pub number: String,
    /// Who challenges.
    pub person: PersonId,
    /// The record whose decision is challenged.
    pub record: RecordId,
    /// The body that supplied the record.
    pub agency: Uscc,
    /// Before whom.
    pub course: Course,
    /// Where it stands.
    pub state: State,
    /// When it was entered here.
    pub received_at: Timestamp,
    /// How it ended.
    pub ending: Option<Ending>,
    /// The last day for the body to act; only once a result is known.
    pub due: Option<Date>,
    /// Whether the record is suspended because the body kept silent.
    pub is_suspended: bool,
    /// When it was settled.
    pub closed_at: Option<Timestamp>,
}

impl Challenge {
    /// Whether it is still going on.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Pending | State::Reported)
    }

    /// The person tells how it ended; `None` where it has ended here already, or the rulebook has no
    /// days for it.
    ///
    /// # Law
    /// 行政处罚法 48 — what was revoked or changed is withdrawn within three working days.
    #[must_use]
    pub fn report(
        &self,
        ending: Ending,
        rules: &Rules,
        today: Date,
        at: Timestamp,
    ) -> Option<Self> {
        if self.state != State::Pending {
            return None;
        }
        let told = Self { ending: Some(ending), ..self.clone() };
        if !ending.annuls() {
            return Some(Self { state: State::Closed, closed_at: Some(at), ..told });
        }
        let due = Some(rules.due("withdraw", today)?.on);
        Some(Self { state: State::Reported, due, ..told })
    }

    /// The body settles it, after the person's word or of its own accord.
    #[must_use]
    pub fn settle(&self, ending: Ending, at: Timestamp) -> Option<Self> {
        let (state, closed_at, ending) = (State::Closed, Some(at), Some(ending));
        self.is_open().then(|| Self {
            state,
            closed_at,
            ending,
            is_suspended: false,
            ..self.clone()
        })
    }

    /// The body let its day pass: nobody may use the record until it has acted.
    #[must_use]
    pub fn silence(&self, today: Date) -> Option<Self> {
        let is_late = self.state == State::Reported && self.due.is_some_and(|due| due < today);
        (is_late && !self.is_suspended).then(|| Self { is_suspended: true, ..self.clone() })
    }

    /// The person takes his entry back.
    #[must_use]
    pub fn withdraw(&self, at: Timestamp) -> Option<Self> {
        let (state, closed_at) = (State::Withdrawn, Some(at));
        (self.state == State::Pending).then(|| Self { state, closed_at, ..self.clone() })
    }
}
