//! 证据材料: a cover with a list of what belongs to it, then pages of text.

use jiff::civil::DateTime;
use serde::Serialize;

use crate::engine::{Identity, print};
use crate::world::Template;
use crate::{Pdf, ReportError};

/// A bundle of evidence; attached files are named by their digest and travel beside it.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceBundle {
    pub number: String,
    pub title: String,
    /// 制作单位.
    pub issuer: String,
    pub issued_at: DateTime,
    /// What it is for, one paragraph.
    pub about: String,
    /// Name of the digests below, e.g. `SM3`.
    pub digest_kind: String,
    pub attachments: Vec<Attachment>,
    pub pages: Vec<TextPage>,
}

/// A file that belongs to the bundle.
#[derive(Clone, Debug, Serialize)]
pub struct Attachment {
    pub title: String,
    /// In hexadecimal.
    pub digest: String,
    /// Pages or size in words, e.g. 3页 or 1.2 MB.
    pub extent: String,
}

/// A text of the bundle itself, beginning on a new page.
#[derive(Clone, Debug, Serialize)]
pub struct TextPage {
    pub title: String,
    pub paragraphs: Vec<String>,
}

/// Prints the bundle.
pub fn evidence_bundle(bundle: &EvidenceBundle) -> Result<Pdf, ReportError> {
    for (field, text) in [("number", &bundle.number), ("title", &bundle.title)] {
        if text.trim().is_empty() {
            return Err(ReportError::Empty { field });
        }
    }
    let identity = Identity {
        ident: format!("evidence-bundle/{}", bundle.number),
        issued_at: bundle.issued_at,
        verify_url: None,
    };
    print(Template::EvidenceBundle, bundle, identity)
}
