//! 告知书: an official letter on paper, folded into an envelope with a window.

use jiff::civil::Date;
use serde::Serialize;

use crate::engine::{Identity, print};
use crate::world::Template;
use crate::{Pdf, ReportError, address};

/// A letter; its address stands on the first page behind the window (left 20 mm, top 45 mm, 85 by 40 mm).
#[derive(Clone, Serialize)]
pub struct Letter {
    /// 文号.
    pub number: String,
    /// 告知单位, at the head and at the signature.
    pub sender: String,
    /// One small line above the address: where the letter goes back to.
    pub return_address: String,
    /// The address, one line an entry, the name among them as the post wants it.
    pub address: Vec<String>,
    pub title: String,
    /// 称谓, e.g. 王建国：
    pub salutation: String,
    /// The text; a line break within a paragraph is kept.
    pub paragraphs: Vec<String>,
    /// Small print under the signature: telephone, office hours.
    pub contact: String,
    pub dated_on: Date,
}

/// Prints the letter.
pub fn letter(letter: &Letter) -> Result<Pdf, ReportError> {
    for (field, text) in [("title", &letter.title), ("number", &letter.number)] {
        if text.trim().is_empty() {
            return Err(ReportError::Empty { field });
        }
    }
    address::fits(&letter.address)?;
    let identity = Identity {
        ident: format!("letter/{}", letter.number),
        issued_at: letter.dated_on.at(0, 0, 0, 0),
        verify_url: None,
    };
    print(Template::Letter, letter, identity, Vec::new())
}
