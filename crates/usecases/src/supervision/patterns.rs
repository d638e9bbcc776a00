//! 找异常情形: once a day is over, the rules of `register::supervision::patterns` are asked about it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::ToSpan;
use jiff::civil::Date;
use register::supervision::Origin;
use register::supervision::patterns::{
    Came, Found, Limits, Past, Pasts, Row, before_leaving, bursts, fruitless, many_lookers,
    one_matter, out_of_hours,
};
use register::{AccountId, Uscc};
use store::access_entry::Entry;
use store::supervision::{AccountDay, Within};

use super::file::{New, enter};
use super::{PAGE, WATCHED, begins};
use crate::access_log::{self, Door, Outcome};
use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::inquiry::credit_office;

/// Up to which day the rules were asked.
const MARK: &str = "patterns";

/// Asks the rules about every day that is over and about which they were not asked; at the first time, about
/// yesterday.
pub(super) async fn patterns(cx: &Cx) -> Result<u64> {
    let over = cx.today().yesterday().map_err(|_| Error::Internal("the clock"))?;
    let mut mark = store::supervision::mark(cx.store.read(), MARK).await?;
    let mut found = 0;
    loop {
        let day = match mark {
            Some(mark) => mark.tomorrow().map_err(|_| Error::Internal("the clock"))?,
            None => over,
        };
        if day > over {
            return Ok(found);
        }
        let Some(new) = one_day(cx, mark, day).await? else { return Ok(found) };
        found += new;
        mark = Some(day);
    }
}

/// What the rules say of one day; `None` if another process was faster.
async fn one_day(cx: &Cx, mark: Option<Date>, day: Date) -> Result<Option<u64>> {
    let limits = Limits::of(&cx.rules);
    let ago = |days: i64| day.checked_sub(days.days()).map_err(|_| Error::Internal("the clock"));
    let (since, until) = (begins(day)?, begins(ago(-1)?)?);
    let machines = machines(cx).await?;
    let rows = Rows { cx, machines: &machines, office: credit_office(&cx.rules)? };
    let earlier =
        rows.of(begins(ago(limits.lookers_days.max(limits.leaving_days))?)?, since, false).await?;
    let today = rows.of(since, until, true).await?;
    let db = cx.store.read();
    let pasts = pasts(store::supervision::days(db, ago(limits.past_days)?, day).await?);
    let left: BTreeSet<AccountId> =
        store::supervision::switched_off(db, since, until).await?.into_iter().collect();

    let all: Vec<Row> = earlier.into_iter().chain(today.iter().cloned()).collect();
    let mut found = out_of_hours(&today, &limits, |on| cx.rules.calendar().is_working_day(on));
    found.extend(bursts(&all, &limits, &pasts, since));
    found.extend(fruitless(&today, &limits, &pasts));
    found.extend(one_matter(&today, &limits));
    found.extend(many_lookers(&all, &limits, day));
    found.extend(before_leaving(&all, &limits, &pasts, &left, day));

    let tx = cx.store.begin().await?;
    if !store::supervision::move_mark(&tx, MARK, mark, day).await? {
        tx.rollback().await.map_err(store::StoreError::from)?;
        return Ok(None);
    }
    let mut new = 0;
    for one in found {
        new += u64::from(enter(cx, &tx, &case(day, one)).await?);
    }
    store::supervision::add_days(&tx, day, &tally(&today)).await?;
    store::supervision::forget_days(&tx, ago(limits.past_days)?).await?;
    tx.commit().await.map_err(store::StoreError::from)?;
    Ok(Some(new))
}

fn case(day: Date, found: Found) -> New {
    let Found { rule, account, agency, from, to, looks, persons } = found;
    let first = looks.first().copied().unwrap_or(0);
    New {
        key: format!("{}:{day}:{}:{first}", rule.code(), agency.as_str()),
        origin: Origin::Pattern,
        rule: Some(rule),
        agency,
        account,
        from,
        to,
        looks,
        persons,
    }
}

/// Accounts that are machines.
async fn machines(cx: &Cx) -> Result<HashSet<AccountId>> {
    let accounts = store::account::list(cx.store.read()).await?;
    Ok(accounts.iter().filter(|one| one.role.is_machine()).map(|one| one.id).collect())
}

/// What an account does on a day on which it looks, on average.
fn pasts(days: Vec<(u64, AccountDay)>) -> Pasts {
    let past = |(days, sum): (u64, AccountDay)| {
        let usual = |number: u64| number.div_ceil(days.max(1));
        (sum.account, Past { looks: usual(sum.looks), fruitless: usual(sum.fruitless) })
    };
    days.into_iter().map(past).collect()
}

/// What each account did on this day, for the days to come.
fn tally(rows: &[Row]) -> Vec<AccountDay> {
    let mut days: BTreeMap<AccountId, AccountDay> = BTreeMap::new();
    for row in rows {
        let none = AccountDay { account: row.account, looks: 0, fruitless: 0 };
        let day = days.entry(row.account).or_insert(none);
        day.looks += 1;
        day.fruitless += u64::from(row.came != Came::Answered);
    }
    days.into_values().collect()
}

/// Looks as the rules take them.
struct Rows<'a> {
    cx: &'a Cx,
    machines: &'a HashSet<AccountId>,
    office: Uscc,
}

impl Rows<'_> {
    /// Looks of a span of time. `is_open`: with their matter and what became of them; without, only those of human
    /// beings, because only they are counted over several days.
    async fn of(
        &self,
        since: jiff::Timestamp,
        until: jiff::Timestamp,
        is_open: bool,
    ) -> Result<Vec<Row>> {
        let (db, log) = (self.cx.store.read(), self.cx.log.name());
        let doors = WATCHED.map(Door::code);
        let mut from = store::access_entry::position_at(db, log, since).await?;
        let mut rows = Vec::new();
        loop {
            let within = Within { log, from, since, until, doors: &doors };
            let entries = store::access_entry::within(db, within, PAGE).await?;
            let Some(last) = entries.last() else { return Ok(rows) };
            from = last.seq + 1;
            for entry in &entries {
                if is_open || !self.machines.contains(&entry.account) {
                    rows.push(self.row(entry, is_open)?);
                }
            }
        }
    }

    fn row(&self, entry: &Entry, is_open: bool) -> Result<Row> {
        let agency = match entry.agency.as_deref().map(Uscc::parse) {
            Some(Ok(agency)) => agency,
            Some(Err(_)) => return Err(Error::Internal("the code of a body in the log")),
            None => self.office,
        };
        let is_refused = entry.outcome == Outcome::Refused.code();
        let mut came = if is_refused { Came::Refused } else { Came::Answered };
        let mut matter = String::new();
        if is_open {
            // What was touched is found by `log verify`; here it counts as a look like any other.
            let detail = access_log::detail_of(&self.cx.vault, self.cx.log.name(), entry);
            let detail = detail.unwrap_or_default();
            if came == Came::Answered && detail.reason.as_deref() == Some("no-such-person") {
                came = Came::Nobody;
            }
            matter = detail.matter;
        }
        Ok(Row {
            seq: entry.seq,
            at: entry.at,
            account: entry.account,
            agency,
            is_machine: self.machines.contains(&entry.account),
            person: entry.person,
            matter,
            came,
        })
    }
}
