//! Impact assessments 个人信息保护影响评估 that the office wrote for the city's own entries of the rulebook: written by
//! one, approved by another; until then nothing comes in and nobody looks.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::codes::codes;
use crate::{AccountId, AssessmentId, china_date};

/// Most characters of each part.
pub const WORDS: usize = 2_000;
/// Most characters of a title and of a code.
pub const SHORT: usize = 80;

codes! {
    /// What is assessed.
    pub enum Scope {
        /// An item of the catalogue, as something that comes in.
        Item = "item", "目录事项（归集）";
        /// A purpose of looking.
        Purpose = "purpose", "查询用途";
    }
}

/// One assessment.
///
/// # Law
/// 个人信息保护法 55, 56 — before it begins: lawful, proper and necessary; what it does to people and the risks;
/// whether the measures are lawful, effective and fit the risk; kept at least three years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImpactAssessment {
    /// Its identifier.
    pub id: AssessmentId,
    /// Its number, which the entry of the rulebook names.
    pub number: String,
    /// What is assessed.
    pub scope: Scope,
    /// Its code in the rulebook.
    pub code: String,
    /// On screen.
    pub title: String,
    /// Whether purpose and means are lawful, proper and necessary.
    pub lawfulness: String,
    /// What it does to people, and the risks.
    pub effects: String,
    /// What is done against the risks.
    pub measures: String,
    /// Whether that fits the risks.
    pub is_fit: bool,
    /// What follows.
    pub conclusion: String,
    /// When it must be done again.
    pub review_by: Date,
    /// Who wrote it.
    pub written_by: AccountId,
    /// When.
    pub written_at: Timestamp,
    /// What the second person decided.
    pub decision: Option<Decision>,
}

/// What the second person decided (I12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// Whether it is approved.
    pub is_approved: bool,
    /// Why.
    pub reasons: String,
}

impl ImpactAssessment {
    /// The day on which it was approved, if it was.
    #[must_use]
    pub fn approved_on(&self) -> Option<Date> {
        let decision = self.decision.as_ref().filter(|decision| decision.is_approved)?;
        Some(china_date(decision.at))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn it_counts_once_a_second_person_has_approved_it() {
        let mut one = ImpactAssessment {
            id: AssessmentId(Uuid::from_u128(1)),
            number: "PG20261124-7F3K2Q".to_owned(),
            scope: Scope::Purpose,
            code: "flood-aid-review".to_owned(),
            title: "救灾补助审查".to_owned(),
            lawfulness: String::new(),
            effects: String::new(),
            measures: String::new(),
            is_fit: true,
            conclusion: String::new(),
            review_by: date(2027, 11, 24),
            written_by: AccountId(Uuid::from_u128(2)),
            written_at: Timestamp::UNIX_EPOCH,
            decision: None,
        };
        assert_eq!(one.approved_on(), None);
        let mut decision = Decision {
            by: AccountId(Uuid::from_u128(3)),
            // The next day in China already.
            at: "2026-11-24T16:30:00Z".parse().unwrap(),
            is_approved: false,
            reasons: "写得不清楚。".to_owned(),
        };
        one.decision = Some(decision.clone());
        assert_eq!(one.approved_on(), None, "it was refused");
        decision.is_approved = true;
        one.decision = Some(decision);
        assert_eq!(one.approved_on(), Some(date(2026, 11, 25)));
    }
}
