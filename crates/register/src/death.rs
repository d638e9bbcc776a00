//! Deaths 去世登记: one officer notes it from a document, another confirms it; then nobody is shown anything
//! about the person any more, and close relatives may ask at the counter.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::{AccountId, DeathId, PersonId};

/// Most characters of the name and number of the document.
pub const DOCUMENT: usize = 120;

/// What is noted about the death of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Death {
    /// Its identifier.
    pub id: DeathId,
    /// Its number, as everybody quotes it.
    pub number: String,
    /// Who died.
    pub person: PersonId,
    /// When.
    pub died_on: Date,
    /// Who noted it.
    pub noted_by: AccountId,
    /// When.
    pub noted_at: Timestamp,
    /// Who confirmed it, and when: from then on it counts.
    pub confirmed: Option<(AccountId, Timestamp)>,
    /// When it was found to be wrong.
    pub ended_at: Option<Timestamp>,
}

impl Death {
    /// Whether it counts.
    #[must_use]
    pub const fn counts(&self) -> bool {
        self.confirmed.is_some() && self.ended_at.is_none()
    }
}
