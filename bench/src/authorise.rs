//! Decisions of who may do what: every action asked by every role, with facts that differ each time, beside a
//! look into a table of pairs that knows no facts at all. Once as in a city, where questions come again and are
//! remembered, once with every question new, so that the policies are read each time.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use access::{Access, Action, What, Who};

use crate::line::Line;
use crate::{Args, Outcome};

const ROLES: [&str; 9] = [
    "citizen",
    "agency-clerk",
    "agency-lead",
    "office-clerk",
    "office-lead",
    "auditor",
    "operator",
    "system",
    "institution",
];

pub(crate) fn run(args: &Args) -> Outcome<[Line; 2]> {
    Ok([ask("authorise", args, false)?, ask("authorise-new", args, true)?])
}

fn ask(name: &'static str, args: &Args, is_new: bool) -> Outcome<Line> {
    let access = Access::bundled()?;
    let kinds = vec!["market-regulation".to_owned()];
    let mut micros = Vec::new();
    let mut allowed = BTreeSet::new();
    let begun = Instant::now();
    let mut round_no = 0_u64;
    while begun.elapsed() < Duration::from_secs(args.seconds.min(5)) {
        round_no += 1;
        for role in ROLES {
            for action in Action::ALL {
                let item = if is_new { format!("NP04-{round_no}") } else { "NP04-MR".to_owned() };
                let (himself, other) = (format!("p{round_no}"), format!("q{round_no}"));
                let who = Who {
                    role,
                    agency: Some("11999901TEMR000151"),
                    agency_kind: Some("market-regulation"),
                    person: Some(&himself),
                    ..Who::default()
                };
                let what = What {
                    agency: Some("11999901TEMR000151"),
                    // Now and then it is about himself.
                    person: Some(if round_no.is_multiple_of(10) { &himself } else { &other }),
                    allowed_kinds: Some(&kinds),
                    item: Some(&item),
                    purpose: Some("food-licence-review"),
                    has_matter: true,
                };
                let one = Instant::now();
                let answer = access.permit(who, action, what);
                micros.push(one.elapsed().as_secs_f64() * 1_000_000.0);
                if answer.is_ok() {
                    allowed.insert((role, action));
                }
            }
        }
    }
    let ours = rate(micros.len(), begun.elapsed());
    let mut table = Vec::with_capacity(micros.len());
    let begun = Instant::now();
    for _ in 0..round_no {
        for role in ROLES {
            for action in Action::ALL {
                let one = Instant::now();
                black_box(allowed.contains(&(black_box(role), black_box(action))));
                table.push(one.elapsed().as_secs_f64() * 1_000_000.0);
            }
        }
    }
    let floor = rate(table.len(), begun.elapsed());
    let line = Line {
        name,
        engine: "-",
        rows: u64::try_from(micros.len())?,
        p50_ms: share(&mut micros, 50),
        p99_ms: share(&mut micros, 99),
        floor_p99_ms: share(&mut table, 99),
        ..Line::default()
    };
    Ok(line.of(ours, floor))
}

fn rate(count: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / time.as_secs_f64()
}

/// What that share took at most, in milliseconds to the nanosecond.
fn share(micros: &mut [f64], percent: usize) -> Option<f64> {
    micros.sort_by(f64::total_cmp);
    let place = micros.len().saturating_sub(1) * percent / 100;
    micros.get(place).map(|micros| (micros * 1_000.0).round() / 1_000_000.0)
}
