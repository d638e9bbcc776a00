//! Report 打印件: what leaves the register on paper. Data in, PDF out; no file, clock, chance or network.
//!
//! ```text
//!   CreditReport ─┐                ┌─ templates/*.typ (words and layout)
//!   Letter        ├─▶ JSON ─▶ Typst┤                                    ─▶ Pdf (tagged, PDF/UA-1)
//!   EvidenceBundle┤                └─ fonts/*.br (Song, Hei, rare characters)
//!   Supervision…  ┘
//! ```
//!
//! Text that comes in is data: it reaches the templates as strings and is never read as markup. The same
//! input gives the same bytes, whenever and wherever it is printed.

mod address;
mod credit_report;
mod engine;
mod error;
mod evidence_bundle;
mod fonts;
#[cfg(test)]
mod layout_tests;
mod letter;
mod pdf;
mod printable;
mod qr;
#[cfg(test)]
#[path = "../tests/it/sample.rs"]
mod sample;
mod supervision_report;
mod world;

// The samples name this crate as users do.
#[cfg(test)]
extern crate self as report;

pub use credit_report::{
    AccessEntry, CreditReport, Honour, Licence, Mark, Penalty, Pledge, Signature, Statement,
    credit_report,
};
pub use error::{Hidden, ReportError};
pub use evidence_bundle::{AttachedFile, Attachment, EvidenceBundle, TextPage, evidence_bundle};
pub use letter::{Letter, letter};
pub use pdf::Pdf;
pub use printable::unprintable;
pub use qr::qr;
pub use supervision_report::{FigureTable, SupervisionReport, supervision_report};
