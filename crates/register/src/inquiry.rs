//! Inquiries 查询疑问: the person does not understand a look at him, and the body that looked explains it.
//!
//! ```text
//!   asked ──▶ explained: why it looked
//!         └─▶ mistaken: it should not have looked; the office is told
//! ```

use jiff::Timestamp;
use jiff::civil::Date;

use crate::codes::codes;
use crate::{InquiryId, PersonId, Uscc};

/// Most characters of the question, and of the answer.
pub const WORDS: usize = 1_000;

codes! {
    /// Where an inquiry stands.
    pub enum State {
        /// With the body that looked.
        Asked = "asked", "等待单位说明";
        /// The body has said why it looked.
        Explained = "explained", "单位已说明";
        /// The body says that it should not have looked.
        Mistaken = "mistaken", "单位承认不应该查询";
    }
}

/// One question about one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiry {
    /// Its identifier.
    pub id: InquiryId,
    /// Its number.
    pub number: String,
    /// Who asks.
    pub person: PersonId,
    /// Position in the log of the look.
    pub look: u64,
    /// Who looked, and must explain it.
    pub agency: Uscc,
    /// Where it stands.
    pub state: State,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// The last day to explain it.
    pub due: Date,
    /// When it was answered.
    pub closed_at: Option<Timestamp>,
}

impl Inquiry {
    /// The body answers; `None` if it has answered before, or this is no answer.
    #[must_use]
    pub fn answer(&self, state: State, at: Timestamp) -> Option<Self> {
        let may = self.state == State::Asked && state != State::Asked;
        may.then(|| Self { state, closed_at: Some(at), ..self.clone() })
    }
}
