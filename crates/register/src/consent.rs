//! Consent 同意: the person allows facts of one kind about himself to be kept and shown, until a day, and takes
//! that back whenever he likes. Honours and volunteering exist by nothing else (I11).
//!
//! ```text
//!   none ──given──▶ runs ──its last day is over──▶ nothing is shown, may be given again
//!                    └──taken back──▶ everything of that kind is gone
//! ```

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rulebook::Rules;

use crate::{ConsentId, PersonId};

/// One consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Its identifier.
    pub id: ConsentId,
    /// Whose.
    pub person: PersonId,
    /// For which item of the catalogue.
    pub item: String,
    /// When it was given.
    pub given_at: Timestamp,
    /// The last day on which it holds.
    pub until: Date,
    /// When it was taken back, or given anew.
    pub ended_at: Option<Timestamp>,
}

impl Consent {
    /// Whether it holds on `today`.
    #[must_use]
    pub fn runs_on(&self, today: Date) -> bool {
        self.ended_at.is_none() && today <= self.until
    }
}

/// The last day of a consent that is given today.
///
/// # Law
/// 个人信息保护法 14, 15 — informed, of one's own free will, as easily taken back as given (the term is our own
/// rule D11).
#[must_use]
pub fn until(today: Date, rules: &Rules) -> Option<Date> {
    let years = i32::try_from(rules.limit("consent_years")).unwrap_or(0);
    today.checked_add(years.years()).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn i11_a_consent_ends_by_itself_and_when_it_is_taken_back() {
        let rules = Rules::bundled().unwrap();
        let until = until(date(2026, 11, 24), &rules).unwrap();
        assert_eq!(until, date(2028, 11, 24));
        let given_at = Timestamp::from_second(0).unwrap();
        let consent = Consent {
            id: ConsentId(Uuid::nil()),
            person: PersonId(Uuid::nil()),
            item: "NP10".to_owned(),
            given_at,
            until,
            ended_at: None,
        };
        assert!(consent.runs_on(until));
        assert!(!consent.runs_on(date(2028, 11, 25)));
        let ended = Consent { ended_at: Some(given_at), ..consent };
        assert!(!ended.runs_on(date(2026, 11, 24)));
    }
}
