//! Openings 启封: two people open for a while what is sealed, or erase it because relatives ask.
//!
//! ```text
//!   Asked ──another person grants──▶ Granted (until a moment) ──▶ over by itself
//!     └────another person refuses──▶ Refused
//! ```

use jiff::Timestamp;

use crate::codes::codes;
use crate::{AccountId, OpeningId, PersonId, RecordId};

/// Most characters of the reasons on either side.
pub const WORDS: usize = 500;

codes! {
    /// Why what is sealed is to be opened. There is no other reason.
    pub enum Ground {
        /// Somebody checks how the register was kept.
        Audit = "audit", "内部审计";
        /// A reconsideration or a court needs it.
        Remedy = "remedy", "行政复议或者诉讼";
        /// A body that supervises by statute asks for it.
        Supervision = "supervision", "上级依法监督检查";
        /// A close relative of a person who has died asks for it.
        Relative = "relative", "近亲属申请";
    }
}

codes! {
    /// What is asked for.
    pub enum Wish {
        /// To see it, and to take a copy away.
        See = "see", "查阅、复制";
        /// To have it erased.
        Erase = "erase", "删除";
    }
}

codes! {
    /// Who counts as a close relative (民法典 1045).
    pub enum Relation {
        /// Husband or wife.
        Spouse = "spouse", "配偶";
        /// Father or mother.
        Parent = "parent", "父母";
        /// Son or daughter.
        Child = "child", "子女";
        /// Brother or sister.
        Sibling = "sibling", "兄弟姐妹";
        /// Parent of a parent.
        Grandparent = "grandparent", "祖父母、外祖父母";
        /// Child of a child.
        Grandchild = "grandchild", "孙子女、外孙子女";
    }
}

/// One request to open what is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its identifier.
    pub id: OpeningId,
    /// Its number, as everybody quotes it.
    pub number: String,
    /// Whose it is.
    pub person: PersonId,
    /// Which record; `None` means his whole file (only for relatives).
    pub record: Option<RecordId>,
    /// Why.
    pub ground: Ground,
    /// What for.
    pub wish: Wish,
    /// Who asks.
    pub asked_by: AccountId,
    /// When.
    pub asked_at: Timestamp,
    /// What the second person decided.
    pub decision: Option<Decision>,
}

/// What the second person decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
    /// Until when both may look; `None` if it was refused.
    pub open_until: Option<Timestamp>,
}

/// Why a request cannot be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSecond {
    /// It was decided before.
    #[error("it is decided already")]
    Decided,
    /// The second of two people must be another one (I12).
    #[error("the second of two people must be another one")]
    SamePerson,
}

/// Whether somebody can be the second of two people (I12): another account, and not the same human being
/// behind it.
///
/// # Errors
/// [`NotSecond::SamePerson`].
pub fn second_of_two(
    (first, first_person): (AccountId, Option<PersonId>),
    (second, second_person): (AccountId, Option<PersonId>),
) -> Result<(), NotSecond> {
    let same_human = first_person.is_some() && first_person == second_person;
    if first == second || same_human { Err(NotSecond::SamePerson) } else { Ok(()) }
}

impl Opening {
    /// Decides it.
    ///
    /// # Errors
    /// [`NotSecond::Decided`]; who may decide is checked by [`second_of_two`].
    pub fn decide(self, decision: Decision) -> Result<Self, NotSecond> {
        if self.decision.is_some() {
            return Err(NotSecond::Decided);
        }
        Ok(Self { decision: Some(decision), ..self })
    }

    /// Whether this account may look at what is open now.
    #[must_use]
    pub fn is_open_to(&self, account: AccountId, now: Timestamp) -> bool {
        self.decision.is_some_and(|decision| {
            let is_one_of_two = account == self.asked_by || account == decision.by;
            is_one_of_two && decision.open_until.is_some_and(|until| now < until)
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const ASKER: AccountId = AccountId(Uuid::from_u128(1));
    const LEAD: AccountId = AccountId(Uuid::from_u128(2));
    const OTHER: AccountId = AccountId(Uuid::from_u128(3));

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn asked() -> Opening {
        Opening {
            id: OpeningId(Uuid::from_u128(9)),
            number: "QF20261124-234567".to_owned(),
            person: PersonId(Uuid::from_u128(8)),
            record: None,
            ground: Ground::Audit,
            wish: Wish::See,
            asked_by: ASKER,
            asked_at: at(0),
            decision: None,
        }
    }

    #[test]
    fn i12_the_second_person_is_another_one() {
        let human = Some(PersonId(Uuid::from_u128(7)));
        assert_eq!(second_of_two((ASKER, None), (ASKER, None)), Err(NotSecond::SamePerson));
        assert_eq!(second_of_two((ASKER, human), (LEAD, human)), Err(NotSecond::SamePerson));
        assert_eq!(second_of_two((ASKER, None), (LEAD, None)), Ok(()));
        assert_eq!(second_of_two((ASKER, human), (LEAD, None)), Ok(()));
    }

    #[test]
    fn it_is_open_to_the_two_and_only_for_a_while() {
        let granted =
            asked().decide(Decision { by: LEAD, at: at(10), open_until: Some(at(20)) }).unwrap();
        assert!(granted.is_open_to(ASKER, at(19)) && granted.is_open_to(LEAD, at(19)));
        assert!(!granted.is_open_to(OTHER, at(19)));
        assert!(!granted.is_open_to(ASKER, at(20)));
        assert!(!asked().is_open_to(ASKER, at(1)));
        let refused = asked().decide(Decision { by: LEAD, at: at(10), open_until: None }).unwrap();
        assert!(!refused.is_open_to(ASKER, at(11)));
        let again = Decision { by: LEAD, at: at(12), open_until: Some(at(20)) };
        assert_eq!(refused.decide(again), Err(NotSecond::Decided));
    }
}
