//! From what use cases hand out to what pages show: names, dates, sentences. Decides nothing.

pub(crate) mod account;
pub(crate) mod any_case;
pub(crate) mod batch;
pub(crate) mod calendar;
pub(crate) mod case;
mod challenge;
pub(crate) mod copy;
pub(crate) mod delivery;
pub(crate) mod health;
pub(crate) mod impact;
pub(crate) mod incident;
pub(crate) mod inquiry;
pub(crate) mod mandate;
pub(crate) mod notice;
pub(crate) mod objection;
pub(crate) mod record;
mod repair;
pub(crate) mod rules;
pub(crate) mod supervision;

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, tz};
use rulebook::{Basis, Rules};
use usecases::Error;
use usecases::log::SignedHead;
use usecases::my::MyLook;

use crate::answer::Answer;
use crate::pages::format::{zh_date, zh_moment};
use crate::pages::portal::Source;
use crate::state::WebState;

/// A moment as the clock on the wall in China shows it.
pub(crate) fn moment(at: Timestamp) -> String {
    zh_moment(at.to_zoned(tz::TimeZone::fixed(tz::offset(8))).datetime())
}

/// How many records went out in a look: those that are in the log already may name one more than once.
pub(crate) fn seen(look: &MyLook) -> usize {
    look.records.iter().collect::<BTreeSet<_>>().len()
}

/// What went out in a look, in a word; `None` if nothing did.
pub(crate) fn went_out(look: &MyLook) -> Option<String> {
    match seen(look) {
        0 if look.door == "whole-number" => Some("完整证件号码".to_owned()),
        0 => None,
        count => Some(format!("{count} 条信息")),
    }
}

/// The newest head of the log of looks; an empty log has none yet.
pub(crate) async fn newest_head(state: &WebState) -> Answer<Option<SignedHead>> {
    match usecases::log::head(&state.cx).await {
        Ok(head) => Ok(Some(head)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// When a head was signed.
pub(crate) fn signed_at(head: &SignedHead) -> String {
    moment(Timestamp::from_millisecond(head.head.at_ms).unwrap_or_default())
}

/// The name of a body; its code if the rulebook no longer has it.
/// The last day of a period; 暂定 stands beside it while the holidays of that year are not known (I16).
pub(crate) fn by(day: Date, rules: &Rules) -> String {
    let text = zh_date(day);
    if rules.calendar().is_loaded(day) { text } else { format!("{text}（暂定）") }
}

pub(crate) fn agency(rules: &Rules, code: &str) -> String {
    rules.agency(code).map_or_else(|| code.to_owned(), |agency| agency.name.clone())
}

/// The title of an item; its code if the rulebook no longer has it.
pub(crate) fn item(rules: &Rules, code: &str) -> String {
    rules.item(code).map_or_else(|| code.to_owned(), |item| item.title.clone())
}

/// The statutes of a rule, in one line.
pub(crate) fn statutes(basis: &[Basis]) -> String {
    basis.iter().map(ToString::to_string).collect::<Vec<_>>().join("；")
}

/// The sources of a rule.
pub(crate) fn sources(basis: &[Basis]) -> Vec<Source> {
    basis
        .iter()
        .map(|basis| Source {
            act: basis.act.clone(),
            article: if basis.article.starts_with(|c: char| c.is_ascii_digit()) {
                format!("第{}条", basis.article)
            } else {
                basis.article.clone()
            },
            is_confirmed: !basis.status.is_unconfirmed(),
        })
        .collect()
}

/// What signs and hashes, by the name of the hash or of the suite.
pub(crate) fn suite(name: &str) -> &'static str {
    match name {
        "sm3" | "gm" => "SM2 签名，SM3 摘要",
        _ => "Ed25519 签名，SHA-256 摘要",
    }
}
