use std::fmt;

/// Why something could not be printed, and what to do about it.
///
/// What is shown of an error never holds a name or a number of a person, so that it may stand in a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// A part without which the document would mean nothing is empty.
    #[error("{field} is empty: a document without it must not leave the house")]
    Empty { field: &'static str },
    /// The address does not fit behind the window of the envelope even in the smallest letters.
    #[error("the address needs {needed} lines, the window holds {fits}: shorten or join lines")]
    AddressTooLong { needed: usize, fits: usize },
    /// The address for checking is too long for the QR code.
    #[error("the address for checking has {bytes} bytes, too many for a QR code: use a short one")]
    UrlTooLong { bytes: usize },
    /// The program's own fonts or templates cannot be read: the build is broken, not the input.
    #[error("own part cannot be read: {part}; rebuild from a clean checkout")]
    Broken { part: String },
    /// The template failed; `messages` may hold text of the document and belong in no log.
    #[error("typesetting failed at {at}")]
    Typesetting { at: String, messages: Hidden },
}

/// Messages for the developer, printed by neither `Display` nor `Debug` of the error that carries them.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub(crate) Vec<String>);

impl Hidden {
    /// The messages, one for each fault; for a developer's eyes, with made-up data only.
    pub fn reveal(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} hidden)", self.0.len())
    }
}
