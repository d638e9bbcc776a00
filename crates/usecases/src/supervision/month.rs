//! 月报: what was looked up in a month, what was drawn, found and said. Counts only; nobody is named, and small counts
//! of people are not shown.

use access::{Action, What};
use jiff::ToSpan;
use jiff::civil::Date;
use register::supervision::{Finding, Origin, Rule, State, Supervision};
use store::supervision::{By, Within};

use super::{WATCHED, begins};
use crate::access_log::Door;
use crate::cx::{Actor, Cx};
use crate::error::{Error, Result};

/// Looks that have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What, by code; empty where nothing is named.
    pub of: String,
    /// How many looks and at how many people; `None` where so few people are behind it that they could be known.
    pub number: Option<(u64, u64)>,
}

/// What was drawn of one body's looks, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencySamples {
    /// The body, by code.
    pub agency: String,
    /// Drawn.
    pub drawn: u64,
    /// Explained by the body.
    pub explained: u64,
    /// Without a finding yet.
    pub open: u64,
}

/// What a rule has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCases {
    /// The rule.
    pub rule: Rule,
    /// Cases.
    pub found: u64,
    /// Of them, without a finding yet.
    pub open: u64,
}

/// One month of look-ups and of watching over them.
#[derive(Clone, Debug)]
pub struct Month {
    /// Its first day.
    pub month: Date,
    /// Whether it is over, so that the numbers stay.
    pub is_over: bool,
    /// Looks by body.
    pub agencies: Vec<Figure>,
    /// Looks by purpose.
    pub purposes: Vec<Figure>,
    /// Looks by outcome.
    pub outcomes: Vec<Figure>,
    /// Samples by body.
    pub samples: Vec<AgencySamples>,
    /// Patterns by rule, every rule.
    pub rules: Vec<RuleCases>,
    /// Looks that a body itself told the person it should not have made.
    pub admitted: u64,
    /// What was found, every kind.
    pub findings: Vec<(Finding, u64)>,
    /// Without a finding yet.
    pub open: u64,
    /// Of them, those whose body keeps silent although its days are over.
    pub overdue: u64,
    /// Below how many people a count is not shown.
    pub least: u64,
}

/// The month that `text` names (`2026-10`); nothing names the last one that is over.
///
/// # Errors
/// [`Error::Denied`]; [`Error::NotFound`] for what is no month, or has not begun.
pub async fn month(cx: &Cx, actor: &Actor, text: &str) -> Result<Month> {
    cx.permit(actor, Action::SuperviseLooks, What::default())?;
    let this = cx.today().first_of_month();
    let month: Date = match text {
        "" => this.checked_sub(1.month()).map_err(|_| Error::NotFound)?,
        text => read_month(text).ok_or(Error::NotFound)?,
    };
    if month > this {
        return Err(Error::NotFound);
    }
    let next = month.checked_add(1.month()).map_err(|_| Error::NotFound)?;
    let (since, until) = (begins(month)?, begins(next)?);
    let (db, log) = (cx.store.read(), cx.log.name());
    let from = store::access_entry::position_at(db, log, since).await?;
    let doors = WATCHED.map(Door::code);
    let within = Within { log, from, since, until, doors: &doors };
    let least = u64::try_from(cx.rules.limit("small_cell")).unwrap_or(0);
    let agencies = store::supervision::figures(db, within, By::Agency).await?;
    let purposes = store::supervision::figures(db, within, By::Purpose).await?;
    let outcomes = store::supervision::figures(db, within, By::Outcome).await?;
    let cases = store::supervision::about(db, since, until).await?;
    let today = cx.today();
    Ok(Month {
        month,
        is_over: month < this,
        agencies: without_small(agencies, least),
        purposes: without_small(purposes, least),
        outcomes: without_small(outcomes, least),
        samples: samples(&cases),
        rules: Rule::ALL.iter().map(|rule| of_rule(*rule, &cases)).collect(),
        admitted: count(&cases, |case| case.origin == Origin::Inquiry),
        findings: Finding::ALL
            .iter()
            .map(|finding| (*finding, count(&cases, |case| found(case) == Some(*finding))))
            .collect(),
        open: count(&cases, |case| case.state != State::Closed),
        overdue: count(&cases, |case| case.is_overdue(today)),
        least,
    })
}

/// The first day of a month as it is asked for: four digits, a dash, two digits, and nothing else, so that no other window
/// than a month can be cut out.
fn read_month(text: &str) -> Option<Date> {
    let (year, month) = text.split_once('-')?;
    let is_number = |part: &str, digits: usize| {
        part.len() == digits && part.bytes().all(|sign| sign.is_ascii_digit())
    };
    if !is_number(year, 4) || !is_number(month, 2) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

fn found(case: &Supervision) -> Option<Finding> {
    case.closed.map(|(_, finding)| finding)
}

fn count(cases: &[Supervision], is_so: impl Fn(&Supervision) -> bool) -> u64 {
    u64::try_from(cases.iter().filter(|case| is_so(case)).count()).unwrap_or(u64::MAX)
}

fn of_rule(rule: Rule, cases: &[Supervision]) -> RuleCases {
    let is_of = |case: &Supervision| case.rule == Some(rule);
    RuleCases {
        rule,
        found: count(cases, is_of),
        open: count(cases, |case| is_of(case) && case.state != State::Closed),
    }
}

fn samples(cases: &[Supervision]) -> Vec<AgencySamples> {
    let mut agencies: Vec<&str> = cases
        .iter()
        .filter(|case| case.origin == Origin::Sample)
        .map(|case| case.agency.as_str())
        .collect();
    agencies.sort_unstable();
    agencies.dedup();
    let of = |agency: &str| {
        let is_of =
            |case: &Supervision| case.origin == Origin::Sample && case.agency.as_str() == agency;
        AgencySamples {
            agency: agency.to_owned(),
            drawn: count(cases, is_of),
            explained: count(cases, |case| is_of(case) && case.answered.is_some()),
            open: count(cases, |case| is_of(case) && case.state != State::Closed),
        }
    };
    agencies.into_iter().map(of).collect()
}

/// Hides numbers behind which there are fewer than `least` people, and, where only one would be hidden, the smallest
/// of the others too: else the sum would tell it.
fn without_small(figures: Vec<store::supervision::Figure>, least: u64) -> Vec<Figure> {
    let mut hidden: Vec<bool> =
        figures.iter().map(|figure| (1..least).contains(&figure.persons)).collect();
    if hidden.iter().filter(|is_hidden| **is_hidden).count() == 1 {
        let others = figures.iter().enumerate().filter(|(_, figure)| figure.persons >= least);
        let smallest = others.min_by_key(|(_, figure)| figure.persons).map(|(at, _)| at);
        if let Some(also) = smallest.and_then(|at| hidden.get_mut(at)) {
            *also = true;
        }
    }
    figures
        .into_iter()
        .zip(hidden)
        .map(|(figure, is_hidden)| Figure {
            of: figure.of,
            number: (!is_hidden).then_some((figure.looks, figure.persons)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(persons: &[u64]) -> Vec<Option<u64>> {
        let figure = |persons: &u64| store::supervision::Figure {
            of: String::new(),
            looks: persons * 2,
            persons: *persons,
        };
        let figures = without_small(persons.iter().map(figure).collect(), 5);
        figures.into_iter().map(|figure| figure.number.map(|(_, persons)| persons)).collect()
    }

    #[test]
    fn a_number_of_few_people_is_not_shown_and_cannot_be_worked_out() {
        assert_eq!(shown(&[90, 5, 0]), [Some(90), Some(5), Some(0)]);
        assert_eq!(shown(&[90, 7, 4]), [Some(90), None, None], "the sum would tell it");
        assert_eq!(shown(&[90, 4, 1]), [Some(90), None, None]);
        assert_eq!(shown(&[4]), [None]);
    }
}
