//! 影响评估: before anything comes in or is looked for, somebody has written down why it may be, and another has
//! approved it.
//!
//! The rulebook's own assessments are data in memory. Those that the office wrote are read when the program starts and
//! again by a job, so that a check never asks the database for one.

mod decide;
mod see;
mod write;

pub use decide::decide;
pub use see::{list, one, published};
pub use write::{NewAssessment, write};

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use register::china_date;
use register::impact::{ImpactAssessment, Scope};

use crate::cx::Cx;
use crate::error::{Error, Result};

/// What of an approved assessment of the office is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assessed {
    number: String,
    scope: Scope,
    approved_at: Timestamp,
    review_by: Date,
}

/// What is remembered of all of them, by the code of the item or purpose.
pub(crate) type AllAssessed = HashMap<String, Vec<Assessed>>;

/// Refuses an item or a purpose whose impact assessment is not approved, or overdue by more than the grace of the
/// rulebook. A later assessment of the same item or purpose takes the place of the one that is named, also where it is to be
/// done again sooner; one that says that it will be approved is none yet.
///
/// # Law
/// 个人信息保护法 55, 56 — assessed before it begins.
pub(crate) fn expect(cx: &Cx, scope: Scope, code: &str, named: &str) -> Result<()> {
    let of_rules = cx.rules.assessment(named);
    let mut own = cx.assessed(code);
    own.retain(|one| one.scope == scope);
    let is_known = of_rules.is_some() || own.iter().any(|one| one.number == named);
    let of_rules = of_rules.filter(|one| one.approved_on.0 <= cx.today());
    // Of the same day one of the office was approved later.
    let of_rules = of_rules.map(|one| ((one.approved_on.0, None), one.review_by.0));
    let own = own.iter().map(|one| {
        let approved = (china_date(one.approved_at), Some(one.approved_at));
        (approved, one.review_by)
    });
    let latest = of_rules.into_iter().chain(own).max_by_key(|(approved, _)| *approved);
    let grace = cx.rules.limit("assessment_grace_days");
    let last = latest.map(|(_, by)| by.saturating_add(grace.days()));
    let is_in_time = last.is_some_and(|last| cx.today() <= last);
    if is_known && is_in_time { Ok(()) } else { Err(Error::NotAssessed) }
}

/// Reads the office's assessments anew; says how many items and purposes have others than before.
///
/// # Errors
/// [`Error::Store`].
pub async fn refresh(cx: &Cx) -> Result<u64> {
    let mut all = AllAssessed::new();
    for one in store::impact::approved(cx.store.read()).await? {
        let ImpactAssessment { number, scope, code, review_by, decision, .. } = one;
        let Some(decision) = decision else { continue };
        let approved_at = decision.at;
        all.entry(code).or_default().push(Assessed { number, scope, approved_at, review_by });
    }
    Ok(cx.remember_assessed(all))
}
