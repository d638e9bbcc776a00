//! 信用信息报告: what may be shown of a person, on paper, and how its holder finds out whether it holds.

mod draw_up;
mod own;
mod verify;

pub use draw_up::{Draft, digest, for_purpose, keep, mine, own};
pub use own::{Own, Pledge, Stated};
pub use verify::{Checked, verify};

use jiff::tz;
use register::disclosure::Fact;
use register::report::Report;
use vault::Vault;

/// What the facts and the pledges of a report add up to: the same give the same, whenever they are read.
fn fingerprint(vault: &Vault, facts: &[Fact], pledges: &[Pledge]) -> [u8; 32] {
    let mut parts: Vec<Vec<u8>> = Vec::with_capacity(facts.len() * 5 + pledges.len());
    for Fact { record, is_contested, is_challenged, ends_on, .. } in facts {
        parts.push(record.id.0.as_bytes().to_vec());
        parts.push(store::convert::content_bytes(&record.content));
        let said = |words: &Option<String>| words.clone().unwrap_or_default();
        parts.push(said(&record.statement).into_bytes());
        parts.push(said(&record.noted).into_bytes());
        let class = record.severity.map_or("", rulebook::Severity::code);
        let ends_on = ends_on.map(|day| day.to_string()).unwrap_or_default();
        parts.push(format!("{class} {is_contested} {is_challenged} {ends_on}").into_bytes());
    }
    for Pledge { repair, on, .. } in pledges {
        parts.push(format!("pledge {repair} {on}").into_bytes());
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    vault.fingerprint("report", &parts)
}

/// What is signed of a report: its number, when it was issued to the minute, its code, the fingerprint of what it says.
///
/// All of it stands on the paper, so that whoever has the public key checks the signature without us.
#[must_use]
pub fn message(report: &Report, code: &str) -> String {
    let at = report.issued_at.to_zoned(tz::TimeZone::fixed(tz::offset(8))).datetime();
    let at = at.strftime("%Y-%m-%d %H:%M");
    let fingerprint = hex::encode(report.fingerprint);
    format!("chengxin-report\n{}\n{at}\n{code}\n{fingerprint}", report.number)
}
