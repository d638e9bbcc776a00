//! Patterns 异常情形: rules over how looks were made. Each is a function of plain rows: the same rows, the same answer.
//!
//! They speak of the behaviour of officers and of nothing else. That somebody looked up a person who has his own
//! surname, or lives in his district, is **not** used: names and addresses are in no row, so no rule can sort people
//! by what they are called or where they live. A finding says which rule, which account, from when to when and how
//! many; the people in it are a number, the looks are positions in the log.
//!
//! A finding is a reason to ask, never a reproach: most have a good explanation.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::{SignedDuration, tz};
use rulebook::Rules;

use super::Rule;
use crate::{AccountId, PersonId, Uscc, china_date};

/// What became of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// It was answered.
    Answered,
    /// Nobody of that number and name is in the register.
    Nobody,
    /// It was refused.
    Refused,
}

/// One look, without anything that says who the person is.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Its position in the log.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who looked.
    pub account: AccountId,
    /// For which body; for looks of the office, the office.
    pub agency: Uscc,
    /// Whether a machine looked: it works at night too, and is nobody who takes a look for himself.
    pub is_machine: bool,
    /// Whether it was the same person as in another row; who, is not said.
    pub person: PersonId,
    /// The matter, by its number; empty if there is none.
    pub matter: String,
    /// What became of it.
    pub came: Came,
}

crate::hidden!(Row);

/// How an account has worked until now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Looks on a day on which it looked, on average, rounded up; 0 if there is no such day.
    pub looks: u64,
    /// Of them, those that were refused or found nobody.
    pub fruitless: u64,
}

/// How all accounts have worked until now; one that is not in it has no past.
pub type Pasts = HashMap<AccountId, Past>;

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which rule.
    pub rule: Rule,
    /// Whose looks; `None` where several accounts are in it.
    pub account: Option<AccountId>,
    /// The body that looked.
    pub agency: Uscc,
    /// When the first of them was made.
    pub from: Timestamp,
    /// When the last was.
    pub to: Timestamp,
    /// Positions in the log, in order.
    pub looks: Vec<u64>,
    /// At how many people.
    pub persons: u64,
}

/// The numbers of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So many officers looked at one person.
    pub lookers: u64,
    /// Or officers of so many bodies.
    pub bodies: u64,
    /// Within so many days.
    pub lookers_days: i64,
    /// The hour at which work begins.
    pub hours_from: i8,
    /// The hour at which it ends.
    pub hours_to: i8,
    /// So many looks out of hours on one day.
    pub out_of_hours: u64,
    /// At least so many looks are a burst.
    pub burst: u64,
    /// Within so many minutes.
    pub burst_minutes: i64,
    /// At least so many fruitless looks on a day.
    pub fruitless: u64,
    /// And more than so many times as many as usual.
    pub fruitless_times: u64,
    /// So many people under one number.
    pub matter_persons: u64,
    /// How many days the last days of an account are.
    pub leaving_days: i64,
    /// At least so many looks in them.
    pub leaving: u64,
    /// How many days back the past goes.
    pub past_days: i64,
}

impl Limits {
    /// Those of the rulebook.
    #[must_use]
    pub fn of(rules: &Rules) -> Self {
        let number = |name: &str| u64::try_from(rules.limit(name)).unwrap_or(0);
        let hour = |name: &str| i8::try_from(rules.limit(name)).unwrap_or(0);
        Self {
            lookers: number("supervision_lookers"),
            bodies: number("supervision_lookers_bodies"),
            lookers_days: rules.limit("supervision_lookers_days"),
            hours_from: hour("supervision_hours_from"),
            hours_to: hour("supervision_hours_to"),
            out_of_hours: number("supervision_out_of_hours_looks"),
            burst: number("supervision_burst_looks"),
            burst_minutes: rules.limit("supervision_burst_minutes"),
            fruitless: number("supervision_fruitless_looks"),
            fruitless_times: number("supervision_fruitless_times"),
            matter_persons: number("supervision_matter_persons"),
            leaving_days: rules.limit("supervision_leaving_days"),
            leaving: number("supervision_leaving_looks"),
            past_days: rules.limit("supervision_past_days"),
        }
    }
}

/// Looks out of hours: on a day off, before work begins or after it ends. Machines work at any hour.
///
/// `is_working_day` is the calendar's; a year without holiday notice is worked out provisionally there (I16).
#[must_use]
pub fn out_of_hours(
    rows: &[Row],
    limits: &Limits,
    is_working_day: impl Fn(Date) -> bool,
) -> Vec<Found> {
    let is_out = |row: &&Row| {
        let at = row.at.to_zoned(tz::TimeZone::fixed(tz::offset(8)));
        let is_at_work =
            is_working_day(at.date()) && (limits.hours_from..limits.hours_to).contains(&at.hour());
        !row.is_machine && !is_at_work
    };
    by_account(rows.iter().filter(is_out))
        .into_values()
        .filter(|rows| number(rows) >= limits.out_of_hours)
        .filter_map(|rows| found(Rule::OutOfHours, &rows, true))
        .collect()
}

/// Bursts: within some minutes at least so many looks, and more than the account makes else on a whole day.
///
/// Of each account all looks that lie in such minutes, as one finding; only minutes that end at `since` or later count, so
/// that one may hand in the end of the day before.
#[must_use]
pub fn bursts(rows: &[Row], limits: &Limits, pasts: &Pasts, since: Timestamp) -> Vec<Found> {
    let within = SignedDuration::from_mins(limits.burst_minutes);
    let mut all = Vec::new();
    for (account, rows) in by_account(rows) {
        let past = pasts.get(&account).copied().unwrap_or_default();
        // Counting begins with the first of the limit, or with the first more than usual.
        let least = limits.burst.max(past.looks.saturating_add(1));
        let mut inside: BTreeSet<u64> = BTreeSet::new();
        let mut first = 0;
        for (last, row) in rows.iter().enumerate() {
            while rows.get(first).is_some_and(|one| row.at.duration_since(one.at) > within) {
                first += 1;
            }
            let window = rows.get(first..=last).unwrap_or_default();
            if row.at >= since && number(window) >= least {
                inside.extend(window.iter().map(|row| row.seq));
            }
        }
        let rows: Vec<&Row> = rows.into_iter().filter(|row| inside.contains(&row.seq)).collect();
        all.extend(found(Rule::Burst, &rows, true));
    }
    all
}

/// Many looks on a day that were refused or found nobody: at least so many, and so many times more than usual.
///
/// Of most people there is nothing to find, so a body that looks much finds often nothing; only more than its own
/// usual is a reason to ask.
#[must_use]
pub fn fruitless(rows: &[Row], limits: &Limits, pasts: &Pasts) -> Vec<Found> {
    let in_vain = by_account(rows.iter().filter(|row| row.came != Came::Answered));
    let is_unusual = |(account, rows): &(AccountId, Vec<&Row>)| {
        let past = pasts.get(account).copied().unwrap_or_default();
        let usual = past.fruitless.saturating_mul(limits.fruitless_times);
        number(rows) >= limits.fruitless && number(rows) > usual
    };
    in_vain
        .into_iter()
        .filter(is_unusual)
        .filter_map(|(_, rows)| found(Rule::Fruitless, &rows, true))
        .collect()
}

/// One number of a matter used by one account for many people on a day: a number that was made up, or copied.
#[must_use]
pub fn one_matter(rows: &[Row], limits: &Limits) -> Vec<Found> {
    let mut by_matter: BTreeMap<(AccountId, &str), Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.matter.is_empty()) {
        by_matter.entry((row.account, row.matter.as_str())).or_default().push(row);
    }
    by_matter
        .into_values()
        .filter(|rows| persons(rows) >= limits.matter_persons)
        .filter_map(|rows| found(Rule::OneMatter, &rows, true))
        .collect()
}

/// The same person looked at by many officers, or by officers of many bodies, in the days up to `today`.
///
/// Found on the day on which there are so many, not again on the next. `rows` reach back one day further than the window.
///
/// One finding a body, because each explains its own looks. Machines are not counted: an application that goes
/// through several bodies is looked at by several systems.
#[must_use]
pub fn many_lookers(rows: &[Row], limits: &Limits, today: Date) -> Vec<Found> {
    let mut by_person: BTreeMap<PersonId, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.is_machine) {
        by_person.entry(row.person).or_default().push(row);
    }
    let days = limits.lookers_days.max(1);
    let first = jiff::ToSpan::days(days - 1);
    let Ok(from) = today.checked_sub(first) else { return Vec::new() };
    let Ok(yesterday) = today.yesterday() else { return Vec::new() };
    let Ok(before) = from.yesterday() else { return Vec::new() };
    let are_many = |rows: &[&Row]| {
        let lookers: BTreeSet<AccountId> = rows.iter().map(|row| row.account).collect();
        let bodies: BTreeSet<Uscc> = rows.iter().map(|row| row.agency).collect();
        let (lookers, bodies) = (count(lookers.len()), count(bodies.len()));
        lookers >= limits.lookers || bodies >= limits.bodies
    };
    let mut all = Vec::new();
    for rows in by_person.into_values() {
        let between = |from: Date, to: Date| -> Vec<&Row> {
            let is_in = |row: &&Row| (from..=to).contains(&china_date(row.at));
            rows.iter().copied().filter(is_in).collect()
        };
        let now = between(from, today);
        if !are_many(&now) || are_many(&between(before, yesterday)) {
            continue;
        }
        let mut by_body: BTreeMap<Uscc, Vec<&Row>> = BTreeMap::new();
        for row in now {
            by_body.entry(row.agency).or_default().push(row);
        }
        all.extend(by_body.into_values().filter_map(|rows| found(Rule::ManyLookers, &rows, false)));
    }
    all
}

/// Many looks in the last days of an account that was switched off on `today`.
///
/// At least so many, and more than usual for so many days. `left` are the accounts that were; of `rows`, which may reach
/// back further, only those of the last days count, `today` among them.
#[must_use]
pub fn before_leaving(
    rows: &[Row],
    limits: &Limits,
    pasts: &Pasts,
    left: &BTreeSet<AccountId>,
    today: Date,
) -> Vec<Found> {
    let days = u64::try_from(limits.leaving_days).unwrap_or(0);
    let back = jiff::ToSpan::days(limits.leaving_days.max(1) - 1);
    let Ok(first) = today.checked_sub(back) else { return Vec::new() };
    let is_last = |row: &&Row| (first..=today).contains(&china_date(row.at));
    let of_who_left = |row: &&Row| left.contains(&row.account) && !row.is_machine;
    by_account(rows.iter().filter(is_last).filter(of_who_left))
        .into_iter()
        .filter(|(account, rows)| {
            let past = pasts.get(account).copied().unwrap_or_default();
            number(rows) >= limits.leaving && number(rows) > past.looks.saturating_mul(days)
        })
        .filter_map(|(_, rows)| found(Rule::BeforeLeaving, &rows, true))
        .collect()
}

/// By account, each in the order of time.
fn by_account<'a>(rows: impl IntoIterator<Item = &'a Row>) -> BTreeMap<AccountId, Vec<&'a Row>> {
    let mut accounts: BTreeMap<AccountId, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        accounts.entry(row.account).or_default().push(row);
    }
    for rows in accounts.values_mut() {
        rows.sort_by_key(|row| (row.at, row.seq));
    }
    accounts
}

/// A finding over these rows, which are of one body; `None` if there are none.
fn found(rule: Rule, rows: &[&Row], of_one_account: bool) -> Option<Found> {
    let first = rows.first()?;
    let mut looks: Vec<u64> = rows.iter().map(|row| row.seq).collect();
    looks.sort_unstable();
    Some(Found {
        rule,
        account: of_one_account.then_some(first.account),
        agency: first.agency,
        from: rows.iter().map(|row| row.at).min()?,
        to: rows.iter().map(|row| row.at).max()?,
        looks,
        persons: persons(rows),
    })
}

fn persons(rows: &[&Row]) -> u64 {
    count(rows.iter().map(|row| row.person).collect::<BTreeSet<_>>().len())
}

fn number(rows: &[&Row]) -> u64 {
    count(rows.len())
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;

    const LIMITS: Limits = Limits {
        lookers: 3,
        bodies: 2,
        lookers_days: 7,
        hours_from: 7,
        hours_to: 20,
        out_of_hours: 2,
        burst: 4,
        burst_minutes: 10,
        fruitless: 3,
        fruitless_times: 2,
        matter_persons: 3,
        leaving_days: 5,
        leaving: 4,
        past_days: 30,
    };
    const MARKET: &str = "11999901TEMR000151";
    const TAX: &str = "11999901TETX000134";

    fn at(text: &str) -> Timestamp {
        format!("{text}:00+08:00").parse().unwrap()
    }

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    /// A look by account `account` at person `person`; the minute is of 23 November 2026, a Monday.
    fn look(seq: u64, when: &str, account: u128, person: u128) -> Row {
        Row {
            seq,
            at: at(when),
            account: AccountId(id(account)),
            agency: Uscc::parse(MARKET).unwrap(),
            is_machine: false,
            person: PersonId(id(person)),
            matter: format!("受理〔2026〕第{seq}号"),
            came: Came::Answered,
        }
    }

    /// Looks of account 1 at these minutes of that Monday, each at another person.
    fn day(times: &[&str]) -> Vec<Row> {
        let row = |(seq, time): (u64, &&str)| {
            look(seq, &format!("2026-11-23T{time}"), 1, 100 + u128::from(seq))
        };
        (0..).zip(times).map(row).collect()
    }

    fn usual(looks: u64, fruitless: u64) -> Pasts {
        [(AccountId(id(1)), Past { looks, fruitless })].into_iter().collect()
    }

    #[rstest]
    #[case::in_hours(&["07:00", "12:00", "19:59"], &[])]
    #[case::one_is_not_enough(&["06:59", "12:00"], &[])]
    #[case::before_and_after(&["06:59", "12:00", "20:00"], &[0, 2])]
    fn out_of_hours_are_the_hours_of_the_rulebook(#[case] times: &[&str], #[case] seqs: &[u64]) {
        let found = out_of_hours(&day(times), &LIMITS, |_| true);
        let looks: Vec<u64> = found.iter().flat_map(|one| one.looks.clone()).collect();
        assert_eq!(looks, seqs);
    }

    #[test]
    fn a_day_off_is_out_of_hours_and_a_machine_never_is() {
        let mut rows = day(&["10:00", "11:00"]);
        let found = out_of_hours(&rows, &LIMITS, |day| day != date(2026, 11, 23));
        assert_eq!((found.len(), found[0].rule, found[0].persons), (1, Rule::OutOfHours, 2));
        assert_eq!(found[0].account, Some(AccountId(id(1))));
        for row in &mut rows {
            row.is_machine = true;
        }
        assert_eq!(out_of_hours(&rows, &LIMITS, |_| false), []);
    }

    #[rstest]
    #[case::spread(&["09:00", "09:04", "09:08", "09:12"], 0, &[])]
    #[case::just_within(&["09:00", "09:03", "09:06", "09:10"], 0, &[0, 1, 2, 3])]
    #[case::usual_for_it(&["09:00", "09:01", "09:02", "09:03"], 4, &[])]
    #[case::more_than_usual(&["09:00", "09:01", "09:02", "09:03", "09:04"], 4, &[0, 1, 2, 3, 4])]
    #[case::only_those_within(&["08:00", "09:00", "09:01", "09:02", "09:03", "12:00"], 0, &[1, 2, 3, 4])]
    fn a_burst_is_more_than_the_limit_and_more_than_usual(
        #[case] times: &[&str],
        #[case] past: u64,
        #[case] seqs: &[u64],
    ) {
        let since = at("2026-11-23T00:00");
        let found = bursts(&day(times), &LIMITS, &usual(past, 0), since);
        let looks: Vec<u64> = found.iter().flat_map(|one| one.looks.clone()).collect();
        assert_eq!(looks, seqs);
    }

    #[test]
    fn a_burst_over_midnight_is_found_on_the_day_on_which_it_ends() {
        let times =
            ["2026-11-22T23:57", "2026-11-22T23:58", "2026-11-23T00:01", "2026-11-23T00:02"];
        let rows: Vec<Row> =
            (0..).zip(times).map(|(seq, when)| look(seq, when, 1, u128::from(seq))).collect();
        let (monday, tuesday) = (at("2026-11-23T00:00"), at("2026-11-24T00:00"));
        assert_eq!(bursts(&rows, &LIMITS, &Pasts::new(), monday)[0].looks, [0, 1, 2, 3]);
        assert_eq!(bursts(&rows, &LIMITS, &Pasts::new(), tuesday), []);
    }

    #[rstest]
    #[case::few(2, 0, false)]
    #[case::many(3, 0, true)]
    #[case::usual(4, 2, false)]
    #[case::unusual(5, 2, true)]
    fn fruitless_looks_count_against_the_accounts_own_past(
        #[case] in_vain: usize,
        #[case] past: u64,
        #[case] is_found: bool,
    ) {
        let mut rows = day(&["09:00", "09:01", "09:02", "09:03", "09:04", "09:05"]);
        for (at, row) in rows.iter_mut().take(in_vain).enumerate() {
            row.came = if at % 2 == 0 { Came::Nobody } else { Came::Refused };
        }
        let found = fruitless(&rows, &LIMITS, &usual(9, past));
        assert_eq!(!found.is_empty(), is_found);
        assert!(found.iter().all(|one| one.looks.len() == in_vain));
    }

    #[rstest]
    #[case::two(&["甲", "甲", "乙", "丙"], 0)]
    #[case::three(&["甲", "甲", "甲", "丙"], 1)]
    #[case::no_number(&["", "", "", ""], 0)]
    fn one_matter_for_many_people(#[case] matters: &[&str], #[case] number: usize) {
        let mut rows = day(&["09:00", "09:20", "09:40", "10:00"]);
        for (row, matter) in rows.iter_mut().zip(matters) {
            (*matter).clone_into(&mut row.matter);
        }
        assert_eq!(one_matter(&rows, &LIMITS).len(), number);
        for row in &mut rows {
            row.person = PersonId(id(9));
        }
        assert_eq!(one_matter(&rows, &LIMITS), [], "the same person again and again");
    }

    #[test]
    fn many_lookers_are_found_on_the_day_on_which_they_are_many() {
        let monday = date(2026, 11, 23);
        let mut rows = vec![
            look(1, "2026-11-18T10:00", 1, 9),
            look(2, "2026-11-20T10:00", 2, 9),
            look(3, "2026-11-23T10:00", 3, 9),
            look(4, "2026-11-23T11:00", 4, 8),
        ];
        let found = many_lookers(&rows, &LIMITS, monday);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].looks.as_slice(), found[0].persons), ([1, 2, 3].as_slice(), 1));
        assert_eq!(found[0].account, None, "several accounts");
        assert_eq!(many_lookers(&rows, &LIMITS, date(2026, 11, 24)), [], "not once more");
        rows[0].at = at("2026-11-15T23:00");
        assert_eq!(many_lookers(&rows, &LIMITS, monday), [], "too long ago");
        rows[1].agency = Uscc::parse(TAX).unwrap();
        let found = many_lookers(&rows, &LIMITS, monday);
        assert_eq!(found.len(), 2, "two bodies, and each explains its own");
        rows[1].is_machine = true;
        assert_eq!(many_lookers(&rows, &LIMITS, monday), [], "systems are not counted");
    }

    #[rstest]
    #[case::stays(false, 0, 0)]
    #[case::leaves(true, 0, 1)]
    #[case::worked_as_always(true, 1, 0)]
    fn many_looks_in_the_last_days_of_an_account(
        #[case] leaves: bool,
        #[case] past: u64,
        #[case] number: usize,
    ) {
        let left = leaves.then_some(AccountId(id(1))).into_iter().collect();
        let rows = day(&["09:00", "10:00", "11:00", "12:00"]);
        let monday = date(2026, 11, 23);
        assert_eq!(before_leaving(&rows, &LIMITS, &usual(past, 0), &left, monday).len(), number);
    }

    /// Rows reach back as far as another rule needs them: only the last five days are the last five.
    #[rstest]
    #[case::all_within("2026-11-19T10:00", 1)]
    #[case::the_oldest_before("2026-11-18T23:59", 0)]
    fn the_last_days_of_an_account_are_as_many_as_the_rulebook_says(
        #[case] oldest: &str,
        #[case] number: usize,
    ) {
        let left = [AccountId(id(1))].into_iter().collect();
        let whens = [oldest, "2026-11-20T10:00", "2026-11-21T10:00", "2026-11-23T10:00"];
        let rows: Vec<Row> =
            (0..).zip(whens).map(|(seq, when)| look(seq, when, 1, u128::from(seq))).collect();
        let monday = date(2026, 11, 23);
        assert_eq!(before_leaving(&rows, &LIMITS, &usual(0, 0), &left, monday).len(), number);
    }

    /// The doc comment promises it: a row cannot say what a person is called or where he lives.
    #[test]
    fn a_row_holds_no_name_and_no_address() {
        let text = include_str!("patterns.rs");
        let row = text.split("pub struct Row {").nth(1).unwrap().split('}').next().unwrap();
        for word in ["name", "surname", "address", "district", "region", "IdDocument", "number:"] {
            assert!(!row.contains(word), "{word}");
        }
    }

    #[test]
    fn the_rulebook_has_every_number() {
        let limits = Limits::of(&Rules::bundled().unwrap());
        assert!(limits.hours_from < limits.hours_to);
        for number in [limits.lookers, limits.bodies, limits.out_of_hours, limits.burst] {
            assert!(number > 0);
        }
        for number in [limits.fruitless, limits.fruitless_times, limits.matter_persons] {
            assert!(number > 0);
        }
        assert!(limits.leaving > 0 && limits.leaving_days > 0 && limits.past_days > 0);
        assert!(limits.burst_minutes > 0 && limits.lookers_days > 0);
    }
}
