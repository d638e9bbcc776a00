//! Duties as a calendar that phones and computers subscribe to (RFC 5545).

use chrono::NaiveDate;
use icalendar::{Alarm, Calendar, Component, Event, EventLike};
use jiff::Timestamp;
use register::duty::Duty;
use rulebook::Rules;

use super::agency;

/// One all-day event a duty, with an alarm the day before. Numbers, kinds and bodies; never a person.
pub(crate) fn calendar(duties: &[Duty], rules: &Rules, now: Timestamp) -> String {
    let mut calendar = Calendar::new();
    calendar.name("诚信凌源：要办的事");
    for duty in duties {
        let Some(day) = day(duty) else { continue };
        // Until the holidays of that year are known, the day may move (I16).
        let mark = if rules.calendar().is_loaded(duty.due) { "" } else { "（期限暂定）" };
        let title = format!("{} {}{mark}", duty.kind.title(), duty.number);
        let mut event = Event::new();
        event
            .uid(&format!("{}-{}@chengxin", duty.kind.code(), duty.case))
            .summary(title.trim())
            .description(&format!(
                "{}，{}当天到期。",
                agency(rules, duty.agency.as_str()),
                duty.due
            ))
            .all_day(day)
            .append_property(icalendar::Property::new("DTSTAMP", stamp(now)))
            .alarm(Alarm::display(title.trim(), -chrono::Duration::hours(16)));
        calendar.push(event.done());
    }
    calendar.to_string()
}

fn day(duty: &Duty) -> Option<NaiveDate> {
    let (month, day) = (u32::try_from(duty.due.month()), u32::try_from(duty.due.day()));
    NaiveDate::from_ymd_opt(duty.due.year().into(), month.ok()?, day.ok()?)
}

fn stamp(now: Timestamp) -> String {
    now.strftime("%Y%m%dT%H%M%SZ").to_string()
}
