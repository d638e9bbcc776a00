//! Days 日期 in China.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz;

/// The day that it is in China at that instant: one time zone, no summer time.
#[must_use]
pub fn china_date(at: Timestamp) -> Date {
    at.to_zoned(tz::TimeZone::fixed(tz::offset(8))).date()
}
