//! Doubts 实名疑问: what the identity service says of somebody and what stands here do not agree.
//!
//! Nobody is let in on a doubt. It has a number, which the person is told; at the counter the office looks who is right.

use jiff::Timestamp;

use crate::{AccountId, DoubtId, PersonId};

/// What does not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DoubtKind {
    /// The number stands here under another name.
    NameDiffers,
    /// Whom the service means was somebody else before.
    BoundToOther,
}

impl DoubtKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::NameDiffers, Self::BoundToOther];

    /// Name in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NameDiffers => "name-differs",
            Self::BoundToOther => "bound-to-other",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::NameDiffers => "证件号码在登记簿里对应另一个姓名",
            Self::BoundToOther => "身份服务的这个用户以前对应另一个人",
        }
    }
}

/// One doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Which.
    pub id: DoubtId,
    /// Its number, which the person was told.
    pub number: String,
    /// What does not agree.
    pub kind: DoubtKind,
    /// Keyed hash of issuer and subject.
    pub subject: [u8; 32],
    /// Who stands here: under the number, or behind the subject.
    pub person: PersonId,
    /// When somebody was turned away first.
    pub at: Timestamp,
}

/// How the office settled a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Nothing changes here.
    Kept,
    /// The subject belongs to nobody any more: the next sign-in says to whom.
    Released,
}

impl Settled {
    /// Name in forms and in the store.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Released => "released",
        }
    }

    /// What that name means.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Kept, Self::Released].into_iter().find(|settled| settled.code() == code)
    }
}

/// Who settled it, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledBy {
    /// How.
    pub how: Settled,
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_both_ways() {
        for kind in DoubtKind::ALL {
            assert_eq!(DoubtKind::from_code(kind.code()), Some(kind));
        }
        for settled in [Settled::Kept, Settled::Released] {
            assert_eq!(Settled::from_code(settled.code()), Some(settled));
        }
        assert_eq!(DoubtKind::from_code("x"), None);
        assert_eq!(Settled::from_code(""), None);
    }
}
