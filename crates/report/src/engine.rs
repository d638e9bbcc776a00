//! From data to bytes: clean, lay out, export, forget.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use serde::Serialize;
use typst::WorldExt;
use typst::diag::{Severity, SourceDiagnostic};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::error::Hidden;
use crate::printable::clean_all;
use crate::world::{Sheet, Template};
use crate::{Pdf, ReportError};

/// After how many documents Typst forgets a result: at once.
///
/// It would remember what it has laid out, to be faster next time. But that is about persons and grows, and
/// two persons' reports have little in common: remembering gains them little (`--example speed`).
const KEEP_FOR: usize = 0;

/// What the document is called outside its pages.
pub(crate) struct Identity<'a> {
    /// Makes the identifiers in the file the same each time: kind and number of the document.
    pub(crate) ident: String,
    /// Written into the file as the time it was made; there is no clock here.
    pub(crate) issued_at: DateTime,
    /// Shown in the QR code, if there is one.
    pub(crate) verify_url: Option<&'a str>,
}

/// The document as PDF/UA-1; the template may attach `files` by their names.
pub(crate) fn print(
    template: Template,
    input: &impl Serialize,
    identity: Identity<'_>,
    files: Vec<(String, Vec<u8>)>,
) -> Result<Pdf, ReportError> {
    let (sheet, unprintable) = sheet(template, input, identity.verify_url)?;
    let sheet = sheet.with_files(files)?;
    let document = lay_out(&sheet);
    let bytes = document.and_then(|document| {
        let options = PdfOptions {
            ident: Smart::Custom(identity.ident),
            creator: Smart::Custom(Some("诚信".to_owned())),
            timestamp: timestamp(identity.issued_at),
            standards: PdfStandards::new(&[PdfStandard::Ua_1])
                .map_err(|_| ReportError::Broken { part: "PDF/UA-1".to_owned() })?,
            ..PdfOptions::default()
        };
        let bytes =
            typst_pdf::pdf(&document, &options).map_err(|faults| failed(&sheet, &faults))?;
        Ok((bytes, document.pages().len()))
    });
    comemo::evict(KEEP_FOR);
    let (bytes, pages) = bytes?;
    Ok(Pdf { bytes, pages, unprintable })
}

pub(crate) fn sheet(
    template: Template,
    input: &impl Serialize,
    verify_url: Option<&str>,
) -> Result<(Sheet, Vec<char>), ReportError> {
    let unreadable = |_| ReportError::Broken { part: "data of the document".to_owned() };
    let mut data = serde_json::to_value(input).map_err(unreadable)?;
    let mut unprintable = BTreeSet::new();
    clean_all(&mut data, &mut unprintable);
    let data = serde_json::to_vec(&data).map_err(unreadable)?;
    let qr = verify_url.map(crate::qr::qr).transpose()?;
    Ok((Sheet::new(template, data, qr)?, unprintable.into_iter().collect()))
}

pub(crate) fn lay_out(sheet: &Sheet) -> Result<PagedDocument, ReportError> {
    typst::compile::<PagedDocument>(sheet).output.map_err(|faults| failed(sheet, &faults))
}

fn timestamp(at: DateTime) -> Option<Timestamp> {
    let part = |number: i8| u8::try_from(number).ok();
    let datetime = Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )?;
    Timestamp::new_local(datetime, 8 * 60)
}

fn failed(sheet: &Sheet, faults: &[SourceDiagnostic]) -> ReportError {
    let place = |fault: &SourceDiagnostic| {
        let file = fault.span.id().map(|id| id.get().vpath().get_without_slash().to_owned());
        let byte = sheet.range(fault.span).map_or(0, |range| range.start);
        format!("{}, byte {byte}", file.unwrap_or_else(|| "export".to_owned()))
    };
    let errors = || faults.iter().filter(|fault| fault.severity == Severity::Error);
    ReportError::Typesetting {
        at: errors().next().map_or_else(String::new, place),
        messages: Hidden(
            errors().map(|fault| format!("{}: {}", place(fault), fault.message)).collect(),
        ),
    }
}
