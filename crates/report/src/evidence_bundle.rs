//! 证据材料: a cover with a list of what belongs to it, then pages of text.

use jiff::civil::DateTime;
use serde::Serialize;

use crate::engine::{Identity, print};
use crate::world::Template;
use crate::{Pdf, ReportError};

/// A bundle of evidence; its files are attached to the PDF, byte for byte, or travel beside it.
#[derive(Clone, Serialize)]
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
#[derive(Clone, Serialize)]
pub struct Attachment {
    pub title: String,
    /// In hexadecimal.
    pub digest: String,
    /// Pages or size in words, e.g. 3页 or 1.2 MB.
    pub extent: String,
    /// The file itself, if it is to travel inside the PDF.
    #[serde(skip)]
    pub file: Option<AttachedFile>,
}

/// A file inside the PDF.
#[derive(Clone)]
pub struct AttachedFile {
    /// Its bytes, which nobody looks into.
    pub bytes: Vec<u8>,
    /// What readers may do with it, e.g. `pdf`.
    pub extension: &'static str,
    /// Its media type.
    pub media_type: &'static str,
}

impl std::fmt::Debug for AttachedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "({} bytes of {})", self.bytes.len(), self.media_type)
    }
}

/// What the template sees: the bundle, and of each attachment under which name it is inside.
#[derive(Serialize)]
pub(crate) struct Printed<'a> {
    #[serde(flatten)]
    bundle: &'a EvidenceBundle,
    inside: Vec<Option<Inside>>,
}

#[derive(Serialize)]
struct Inside {
    name: String,
    media_type: &'static str,
}

/// A text of the bundle itself, beginning on a new page.
#[derive(Clone, Serialize)]
pub struct TextPage {
    pub title: String,
    pub paragraphs: Vec<String>,
}

impl<'a> Printed<'a> {
    pub(crate) fn of(bundle: &'a EvidenceBundle) -> Self {
        let inside = |(at, attachment): (usize, &Attachment)| {
            let file = attachment.file.as_ref()?;
            let name = format!("附件{}.{}", at + 1, file.extension);
            Some(Inside { name, media_type: file.media_type })
        };
        Self { bundle, inside: bundle.attachments.iter().enumerate().map(inside).collect() }
    }
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
    let printed = Printed::of(bundle);
    let names = printed.inside.iter().zip(&bundle.attachments);
    let files = names.filter_map(|(inside, attachment)| {
        Some((inside.as_ref()?.name.clone(), attachment.file.as_ref()?.bytes.clone()))
    });
    print(Template::EvidenceBundle, &printed, identity, files.collect())
}
