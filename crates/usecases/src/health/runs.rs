//! The jobs of this process: when each last did its work, and whether it fails.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Finding;
use crate::cx::Cx;
use crate::figures::Ran;
use crate::jobs::{JOBS, Job};

/// A job that has not done its work for so many of its turns is late.
const TURNS: u32 = 3;
/// And so much longer: one that has much to do takes its time.
const SPARE: Duration = Duration::from_secs(600);

/// How each job does, in a process that began them at `began`.
pub(super) fn runs(cx: &Cx, began: Timestamp) -> impl Iterator<Item = Finding> {
    let now = cx.now();
    JOBS.iter().map(move |job| judged(job, cx.job_figures().of(job.name), (began, now)))
}

fn judged(job: &Job, ran: Ran, (began, now): (Timestamp, Timestamp)) -> Finding {
    let patience = job.every.saturating_mul(TURNS).saturating_add(SPARE);
    let patience = SignedDuration::try_from(patience).unwrap_or(SignedDuration::MAX);
    Finding::Job {
        name: job.name,
        last: ran.last,
        failures: ran.failures,
        is_failing: ran.failed > ran.last,
        is_late: now.duration_since(ran.last.unwrap_or(began)) > patience,
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;
    use crate::jobs::What;

    #[test]
    fn a_job_that_fails_is_watched_and_one_that_does_nothing_for_long_is_acted_upon() {
        let every = Duration::from_secs(60);
        let job = Job { name: "erase", every, what: What::Erase };
        let at =
            |minute: i8| format!("2026-11-23T04:{minute:02}:00Z").parse::<Timestamp>().unwrap();
        let state = |ran: Ran, now| judged(&job, ran, (at(0), now)).state();
        assert_eq!(state(Ran::default(), at(13)), State::Good, "its first turn may be long");
        assert_eq!(state(Ran::default(), at(14)), State::Act);
        let done = Ran { last: Some(at(20)), ..Ran::default() };
        assert_eq!(state(done, at(30)), State::Good);
        let failing = Ran { last: Some(at(20)), failed: Some(at(21)), failures: 1 };
        assert_eq!(state(failing, at(30)), State::Watch);
        assert_eq!(state(failing, at(34)), State::Act, "and does not get better");
        let again = Ran { last: Some(at(22)), ..failing };
        assert_eq!(state(again, at(30)), State::Good, "it went well since");
    }
}
