//! 信用信息报告: what may be shown of a person, on paper, and how its holder finds out whether it holds.

mod draw_up;
mod verify;

pub use draw_up::{Draft, digest, for_purpose, keep, mine, own};
pub use verify::{Checked, verify};

use register::disclosure::Fact;
use vault::Vault;

/// What the facts of a report add up to: the same facts give the same, whenever they are read.
fn fingerprint(vault: &Vault, facts: &[Fact]) -> [u8; 32] {
    let mut parts: Vec<Vec<u8>> = Vec::with_capacity(facts.len() * 4);
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
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    vault.fingerprint("report", &parts)
}
