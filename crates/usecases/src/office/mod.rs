//! Office 信用办: counts and what is still to be confirmed, never a fact about a person.

use std::collections::BTreeSet;

use access::{Action, What};
use jiff::ToSpan;
use jiff::civil::Date;
use register::batch::Batch;
use rulebook::{Item, Rules, Unconfirmed};

use crate::cx::{Actor, Cx};
use crate::error::Result;

/// The office's overview.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Newest batches.
    pub batches: Vec<Batch>,
    /// Notices that no channel could deliver yet.
    pub waiting_notices: u64,
    /// Rules that somebody must still confirm, each counted once however many sources it has.
    pub unconfirmed: usize,
    /// Entries in the log of looks.
    pub looks: u64,
    /// What must be seen to within [`ahead_days`].
    pub upkeep: Vec<Upkeep>,
    /// Incidents that are open, without drills.
    pub open_incidents: u64,
}

/// How long ahead the office is warned (I16), in days.
#[must_use]
pub fn ahead_days(rules: &Rules) -> i64 {
    rules.limit("warn_calendar_days")
}

/// What the office must see to, so that the rules stay true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upkeep {
    /// The State Council's notice of holidays of this year is not loaded, and deadlines reach into it:
    /// they are provisional (I16).
    Holidays {
        /// The year.
        year: i16,
    },
    /// The sources of an item must be read again by that day.
    Review {
        /// The item, by code.
        item: String,
        /// Its title.
        title: String,
        /// By when.
        by: Date,
    },
    /// An impact assessment must be done again by that day; else what rests on it stops.
    Assessment {
        /// Its code.
        code: String,
        /// Its title.
        title: String,
        /// By when.
        by: Date,
    },
}

/// What must be seen to within [`ahead_days`] of `today`.
#[must_use]
pub fn upkeep(rules: &Rules, today: Date) -> Vec<Upkeep> {
    let horizon = today.saturating_add(ahead_days(rules).days());
    let missing = (today.year()..=horizon.year())
        .filter(|year| !rules.calendar().years().any(|known| known == *year))
        .map(|year| Upkeep::Holidays { year });
    let review = rules.due_for_review(horizon).into_iter().map(|item| Upkeep::Review {
        item: item.code.clone(),
        title: item.title.clone(),
        by: item.review_by.0,
    });
    let due = rules.assessments().iter().filter(|one| one.review_by.0 <= horizon);
    let assessments = due.map(|one| Upkeep::Assessment {
        code: one.code.clone(),
        title: one.title.clone(),
        by: one.review_by.0,
    });
    missing.chain(review).chain(assessments).collect()
}

/// Shows the overview.
///
/// # Errors
/// [`crate::Error::Denied`].
pub async fn overview(cx: &Cx, actor: &Actor) -> Result<Overview> {
    cx.permit(actor, Action::SeeOffice, What::default())?;
    let db = cx.store.read();
    let head = store::access_entry::head(db, cx.log.name()).await?;
    Ok(Overview {
        batches: store::batch::latest(db, 20).await?,
        waiting_notices: store::notice::count_waiting(db).await?,
        unconfirmed: count_rules(&cx.rules.unconfirmed()),
        looks: head.map_or(0, |head| head.size),
        upkeep: upkeep(&cx.rules, cx.today()),
        open_incidents: store::incident::count_open(db).await?,
    })
}

/// How many rules these sources belong to.
fn count_rules(open: &[Unconfirmed]) -> usize {
    open.iter().map(|open| (&open.file, open.line)).collect::<BTreeSet<_>>().len()
}

/// The rulebook as loaded, with what is still to be confirmed.
///
/// # Errors
/// [`crate::Error::Denied`].
pub fn rules<'a>(cx: &'a Cx, actor: &Actor) -> Result<(&'a Rules, &'a [Item], Vec<Unconfirmed>)> {
    cx.permit(actor, Action::SeeRules, What::default())?;
    Ok((&cx.rules, cx.rules.items(), cx.rules.unconfirmed()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rulebook::Rules;

    use super::{Upkeep, count_rules, upkeep};

    #[test]
    fn a_rule_with_several_sources_to_confirm_is_one_rule() {
        let open = Rules::bundled().unwrap().unconfirmed();
        let count = count_rules(&open);
        assert!(0 < count && count < open.len(), "{count} of {}", open.len());
        let one = open.first().unwrap();
        assert_eq!(count_rules(&[one.clone(), one.clone()]), 1);
    }

    #[test]
    fn i16_the_office_is_warned_sixty_days_before_a_year_without_holidays() {
        let rules = Rules::bundled().unwrap();
        let years = |today| -> Vec<i16> {
            upkeep(&rules, today)
                .into_iter()
                .filter_map(|upkeep| match upkeep {
                    Upkeep::Holidays { year } => Some(year),
                    Upkeep::Review { .. } | Upkeep::Assessment { .. } => None,
                })
                .collect()
        };
        assert_eq!(years(date(2026, 11, 1)), Vec::<i16>::new());
        assert_eq!(years(date(2026, 11, 2)), [2027], "60 days before 1 January");
        assert_eq!(years(date(2027, 3, 1)), [2027]);
    }

    #[test]
    fn an_item_is_named_sixty_days_before_its_review() {
        let rules = Rules::bundled().unwrap();
        let item = rules.items().first().unwrap();
        let named = |today| {
            let all = upkeep(&rules, today);
            all.iter()
                .any(|what| matches!(what, Upkeep::Review { item: code, .. } if *code == item.code))
        };
        let by = item.review_by.0;
        assert!(named(by.saturating_sub(jiff::ToSpan::days(60))));
        assert!(!named(by.saturating_sub(jiff::ToSpan::days(61))));
    }
}
