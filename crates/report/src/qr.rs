//! QR codes 二维码, for paper and for pages.

use fast_qr::QRBuilder;
use fast_qr::convert::Builder as _;
use fast_qr::convert::svg::SvgBuilder;

use crate::ReportError;

/// White border in modules; readers need it.
const QUIET_ZONE: usize = 4;

/// A picture (SVG) that a phone reads.
///
/// # Errors
/// [`ReportError::UrlTooLong`].
pub fn qr(text: &str) -> Result<String, ReportError> {
    let code = QRBuilder::new(text).ecl(fast_qr::ECL::M).build();
    let code = code.map_err(|_| ReportError::UrlTooLong { bytes: text.len() })?;
    Ok(SvgBuilder::default().margin(QUIET_ZONE).to_str(&code))
}
