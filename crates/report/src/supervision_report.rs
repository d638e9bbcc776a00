//! 查询监督月报: tables of counts for the lead of the office. No row is about a person.

use jiff::civil::DateTime;
use serde::Serialize;

use crate::engine::{Identity, print};
use crate::world::Template;
use crate::{Pdf, ReportError};

/// A month of look-ups and of watching over them.
#[derive(Clone, Debug, Serialize)]
pub struct SupervisionReport {
    pub number: String,
    pub title: String,
    /// 制作单位.
    pub issuer: String,
    pub issued_at: DateTime,
    /// What it covers and how it counts, one paragraph an entry.
    pub about: Vec<String>,
    pub tables: Vec<FigureTable>,
}

/// One table; every row has as many cells as the head.
#[derive(Clone, Debug, Serialize)]
pub struct FigureTable {
    pub title: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// What stands where there is no row.
    pub none: String,
}

/// Prints the month.
pub fn supervision_report(report: &SupervisionReport) -> Result<Pdf, ReportError> {
    for (field, text) in [("number", &report.number), ("title", &report.title)] {
        if text.trim().is_empty() {
            return Err(ReportError::Empty { field });
        }
    }
    let identity = Identity {
        ident: format!("supervision-report/{}", report.number),
        issued_at: report.issued_at,
        verify_url: None,
    };
    print(Template::SupervisionReport, report, identity, Vec::new())
}
