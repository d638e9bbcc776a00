//! Reads a PDF back as a reader program would.

use lopdf::{Document, Object};
use report::Pdf;

pub(crate) fn document(pdf: &Pdf) -> Document {
    Document::load_mem(&pdf.bytes).unwrap()
}

/// The text of each page without any white space: lines break where the layout wants.
pub(crate) fn pages(pdf: &Pdf) -> Vec<String> {
    let document = document(pdf);
    let pages = document.get_pages();
    assert_eq!(pages.len(), pdf.pages);
    pages.keys().map(|page| squeeze(&document.extract_text(&[*page]).unwrap())).collect()
}

pub(crate) fn text(pdf: &Pdf) -> String {
    pages(pdf).concat()
}

/// Without white space and without the invisible places where a long word may break.
pub(crate) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect()
}

pub(crate) fn catalog<'a>(document: &'a Document, key: &[u8]) -> Option<&'a Object> {
    document.catalog().unwrap().get(key).ok()
}
