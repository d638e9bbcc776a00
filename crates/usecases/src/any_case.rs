//! 各类办件放在一起: where a person's cases of every kind stand side by side.

use std::cmp::Reverse;

use jiff::Timestamp;
use register::challenge::Challenge;
use register::inquiry::Inquiry;
use register::objection::Objection;
use register::repair::Repair;
use register::{PersonId, china_date};

use crate::case::{Head, Of};
use crate::cx::Cx;
use crate::error::Result;
use crate::inquiry;

/// A case of any kind.
#[derive(Clone, Debug)]
pub enum AnyCase {
    /// An objection.
    Objection(Objection),
    /// A repair.
    Repair(Repair),
    /// A reconsideration or a lawsuit.
    Challenge(Challenge),
    /// A question about a look.
    Inquiry(Inquiry),
}

impl AnyCase {
    /// Which it is.
    pub(crate) fn of(&self) -> Of {
        match self {
            Self::Objection(case) => Head::of(case),
            Self::Repair(case) => Head::of(case),
            Self::Challenge(case) => Head::of(case),
            Self::Inquiry(case) => inquiry::of(case),
        }
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            Self::Objection(case) => &case.number,
            Self::Repair(case) => &case.number,
            Self::Challenge(case) => &case.number,
            Self::Inquiry(case) => &case.number,
        }
    }

    /// When it began.
    #[must_use]
    pub const fn since(&self) -> Timestamp {
        match self {
            Self::Objection(case) => case.received_at,
            Self::Repair(case) => case.received_at,
            Self::Challenge(case) => case.received_at,
            Self::Inquiry(case) => case.asked_at,
        }
    }

    /// When it ended.
    #[must_use]
    pub const fn closed_at(&self) -> Option<Timestamp> {
        match self {
            Self::Objection(case) => case.closed_at,
            Self::Repair(case) => case.closed_at,
            Self::Challenge(case) => case.closed_at,
            Self::Inquiry(case) => case.closed_at,
        }
    }
}

/// All of a person's cases.
pub(crate) async fn of_person(cx: &Cx, person: PersonId) -> Result<Vec<AnyCase>> {
    let db = cx.store.read();
    let mut cases = Vec::new();
    let objections = store::objection::of_person(db, person).await?;
    cases.extend(objections.into_iter().map(AnyCase::Objection));
    cases.extend(store::repair::of_person(db, person).await?.into_iter().map(AnyCase::Repair));
    let challenges = store::challenge::of_person(db, person).await?;
    cases.extend(challenges.into_iter().map(AnyCase::Challenge));
    cases.extend(store::inquiry::of_person(db, person).await?.into_iter().map(AnyCase::Inquiry));
    Ok(cases)
}

/// Those that are open, then those that ended so lately that he can still go to court over them; the newest first.
///
/// # Law
/// 行政诉讼法 46 — how long he can.
pub(crate) async fn current(cx: &Cx, person: PersonId) -> Result<Vec<AnyCase>> {
    let today = cx.today();
    let mut cases = of_person(cx, person).await?;
    cases.retain(|case| {
        case.closed_at().is_none_or(|at| {
            let last = cx.rules.due("sue_direct", china_date(at));
            last.is_some_and(|last| today <= last.on)
        })
    });
    cases.sort_by_key(|case| (case.closed_at().is_some(), Reverse(case.since())));
    Ok(cases)
}
