//! Mandates 授权: the person lets one named body look at chosen items, for a stated purpose, until a day,
//! a number of times. He takes it back whenever he likes.
//!
//! Nothing ends a mandate by a job: whether it still holds is worked out whenever somebody uses it.

use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::Rules;

use crate::{MandateId, PersonId, Uscc, china_date};

/// Most characters of the purpose.
pub const PURPOSE: usize = 100;

/// One mandate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// Its identifier.
    pub id: MandateId,
    /// Its number, as both sides quote it; it opens nothing.
    pub number: String,
    /// Who gives it.
    pub person: PersonId,
    /// Who may look.
    pub grantee: Uscc,
    /// What for, in the person's words.
    pub purpose: String,
    /// At which items of the catalogue.
    pub items: Vec<String>,
    /// The last day on which it can be used.
    pub until: Date,
    /// How often it can be used.
    pub uses: u32,
    /// How often it was.
    pub used: u32,
    /// When it was given.
    pub given_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

/// Why a mandate no longer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ended {
    /// The person took it back.
    #[error("the mandate was revoked")]
    Revoked {
        /// On this day.
        on: Date,
    },
    /// Its last day is over.
    #[error("the mandate has expired")]
    Expired {
        /// The last day on which it could be used.
        on: Date,
    },
    /// It was used as often as it may be.
    #[error("the mandate is used up")]
    UsedUp {
        /// How often that was.
        uses: u32,
    },
}

impl Mandate {
    /// Whether it still holds on `today`.
    ///
    /// # Errors
    /// [`Ended`], with what ended it first.
    ///
    /// # Law
    /// 个人信息保护法 14, 15 — consent is given for a purpose, and can be taken back.
    pub fn holds(&self, today: Date) -> Result<(), Ended> {
        if let Some(at) = self.revoked_at {
            return Err(Ended::Revoked { on: china_date(at) });
        }
        if self.used >= self.uses {
            return Err(Ended::UsedUp { uses: self.uses });
        }
        if today > self.until {
            return Err(Ended::Expired { on: self.until });
        }
        Ok(())
    }

    /// Whether it lets its body see records of that item.
    #[must_use]
    pub fn may_see(&self, item: &str) -> bool {
        self.items.iter().any(|allowed| allowed == item)
    }
}

/// The last day that is offered, and the latest that can be chosen.
#[must_use]
pub fn days(rules: &Rules, today: Date) -> Option<(Date, Date)> {
    let offered = rules.due("mandate_default", today)?.on;
    let latest = rules.due("mandate_longest", today)?.on;
    Some((offered, latest))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn mandate(uses: u32, used: u32, revoked: bool) -> Mandate {
        Mandate {
            id: MandateId(Uuid::nil()),
            number: String::new(),
            person: PersonId(Uuid::nil()),
            grantee: Uscc::parse("11999901TEMR000151").unwrap(),
            purpose: String::new(),
            items: vec!["NP03".to_owned()],
            until: date(2026, 12, 24),
            uses,
            used,
            given_at: Timestamp::UNIX_EPOCH,
            revoked_at: revoked.then_some(Timestamp::UNIX_EPOCH),
        }
    }

    proptest! {
        #[test]
        fn it_holds_only_unrevoked_unused_and_in_time(
            uses in 1_u32..5, used in 0_u32..6, revoked: bool, day in 1_i8..=31,
        ) {
            let today = date(2026, 12, day);
            let holds = mandate(uses, used, revoked).holds(today).is_ok();
            prop_assert_eq!(holds, !revoked && used < uses && day <= 24);
        }
    }

    #[test]
    fn it_shows_only_its_items() {
        let given = mandate(1, 0, false);
        assert!(given.may_see("NP03") && !given.may_see("NP04-MR") && !given.may_see("NP0"));
    }
}
