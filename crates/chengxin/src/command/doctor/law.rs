//! The law as data: the rulebook in force, what must be read again, and the years whose holidays are known (I16).

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::Rules;
use usecases::health::holidays;
use usecases::office::{Upkeep, upkeep};

use super::said::line_of;
use super::{Check, words};
use crate::config::Config;

/// Whether the rulebook can be used, and what was found of it.
pub(super) fn look(config: &Config, now: Timestamp) -> (bool, Vec<Check>) {
    match crate::wiring::rules(config) {
        Ok(rules) => {
            let today = usecases::china_date(now);
            let upkeep = upkeep(&rules, today);
            (true, vec![reviewed(&rules, &upkeep, today), line_of(&holidays(&rules, today))])
        }
        Err(failure) => {
            let next = "mend what is named, then `chengxin rulebook check`";
            (false, vec![Check::wrong("rulebook", words(failure), next)])
        }
    }
}

fn reviewed(rules: &Rules, upkeep: &[Upkeep], today: Date) -> Check {
    let mut says = format!(
        "{} items, {} rules still to be confirmed",
        rules.items().len(),
        rules.unconfirmed().len()
    );
    let over: Vec<&str> = upkeep
        .iter()
        .filter_map(|what| match what {
            Upkeep::Review { item, by, .. } if *by < today => Some(item.as_str()),
            Upkeep::Assessment { code, by, .. } if *by < today => Some(code.as_str()),
            Upkeep::Review { .. } | Upkeep::Holidays { .. } | Upkeep::Assessment { .. } => None,
        })
        .collect();
    if over.is_empty() {
        return Check::ok("rulebook", says);
    }
    let _ = write!(says, "; to be read or assessed again by now: {}", over.join(", "));
    Check::warning("rulebook", says, "read the sources, or assess, again and set review_by anew")
}

#[cfg(test)]
mod tests {

    use super::super::State;
    use super::*;

    #[test]
    fn a_review_that_is_over_is_named_and_one_to_come_is_not() {
        let rules = Rules::bundled().unwrap();
        let item = rules.items().first().unwrap();
        let by = item.review_by.0;
        let on = |day| reviewed(&rules, &upkeep(&rules, day), day);
        assert!(!on(by).says.contains(item.code.as_str()));
        let over = on(by.tomorrow().unwrap());
        assert_eq!(over.state, State::Warning);
        assert!(over.says.contains(item.code.as_str()), "{}", over.says);
    }
}
