use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::ReportError;

/// A white border of this many modules belongs to the code; readers need it.
const QUIET_ZONE: usize = 4;

/// The code as an SVG of one path, one unit a module.
pub(crate) fn svg(url: &str) -> Result<String, ReportError> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M)
        .map_err(|_| ReportError::UrlTooLong { bytes: url.len() })?;
    let width = code.width();
    let side = width + 2 * QUIET_ZONE;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, length) = (x + QUIET_ZONE, y + QUIET_ZONE, run.len());
                // Writing into a String cannot fail.
                let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
            }
            x += run.len();
        }
    }
    Ok(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="black" d="{path}"/></svg>"#
    ))
}
