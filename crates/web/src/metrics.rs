//! Counters for the operator, by route template only: no address with an identifier, no person. Which labels there
//! may be stands in [`LABELS`].

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use usecases::figures::{Classes, Figures, Histogram, TIMES_US};

/// Every label that a figure may carry. None names anybody, and each has few values.
#[cfg(test)]
const LABELS: &[&str] =
    &["channel", "job", "le", "method", "outcome", "pool", "route", "state", "status"];

/// What this process has counted since it began.
#[derive(Default)]
pub(crate) struct Metrics {
    requests: Mutex<Requests>,
    /// Checks that were answered.
    checks_answered: AtomicU64,
    /// Checks that were refused.
    checks_refused: AtomicU64,
    /// Batches that this process is reading.
    batches_running: Arc<AtomicU64>,
}

#[derive(Default)]
struct Requests {
    /// How many, by method, route and status.
    counts: BTreeMap<(&'static str, String, u16), u64>,
    /// How long, by route.
    times: BTreeMap<String, Histogram>,
}

/// A batch that is being read.
pub(crate) struct Running(Arc<AtomicU64>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    /// Counts a request.
    pub(crate) fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.counts.entry((method, route.to_owned(), status)).or_default() += 1;
        match requests.times.get(route) {
            Some(times) => times.observe(took),
            None => {
                let times = Histogram::new(TIMES_US);
                times.observe(took);
                requests.times.insert(route.to_owned(), times);
            }
        }
    }

    /// Counts a check.
    pub(crate) fn check(&self, is_answered: bool) {
        let counter = if is_answered { &self.checks_answered } else { &self.checks_refused };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a batch as running until the guard is dropped.
    pub(crate) fn batch(&self) -> Running {
        self.batches_running.fetch_add(1, Ordering::Relaxed);
        Running(self.batches_running.clone())
    }

    /// In the text format of Prometheus; what the database would have to say is left out if it cannot be asked.
    pub(crate) fn text(&self, figures: Option<&Figures>) -> String {
        let mut page = Page::default();
        {
            let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            page.family(
                "chengxin_requests_total",
                "counter",
                "Requests by route template and status.",
            );
            for ((method, route, status), count) in &requests.counts {
                let status = status.to_string();
                let labels =
                    [("method", *method), ("route", route.as_str()), ("status", status.as_str())];
                page.line("", &labels, count);
            }
            let help =
                "Time from the head of a request to the head of its answer, by route template.";
            page.family("chengxin_request_seconds", "histogram", help);
            for (route, times) in &requests.times {
                page.classes(&[("route", route.as_str())], &times.read(), seconds);
            }
        }
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        page.family("chengxin_checks_total", "counter", "Checks by outcome.");
        page.line("", &[("outcome", "answered")], load(&self.checks_answered));
        page.line("", &[("outcome", "refused")], load(&self.checks_refused));
        page.family("chengxin_batches_running", "gauge", "Batches that are being read.");
        page.line("", &[], load(&self.batches_running));
        if let Some(figures) = figures {
            page.of(figures);
        }
        page.text
    }
}

/// Microseconds in seconds.
fn seconds(us: u64) -> String {
    format!("{}.{:06}", us / 1_000_000, us % 1_000_000)
}

/// A page of figures as it grows.
#[derive(Default)]
struct Page {
    text: String,
    name: &'static str,
}

impl Page {
    fn family(&mut self, name: &'static str, kind: &str, help: &str) {
        self.name = name;
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, part: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let _ = write!(self.text, "{}{part}", self.name);
        for (at, (label, says)) in labels.iter().enumerate() {
            let _ = write!(self.text, "{}{label}=\"{says}\"", if at == 0 { "{" } else { "," });
        }
        let end = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.text, "{end} {value}");
    }

    fn classes(&mut self, labels: &[(&str, &str)], classes: &Classes, says: fn(u64) -> String) {
        let with = |le: &str, page: &mut Self, count: u64| {
            let labels = [labels, &[("le", le)]].concat();
            page.line("_bucket", &labels, count);
        };
        for (bound, count) in &classes.at_most {
            with(&says(*bound), self, *count);
        }
        with("+Inf", self, classes.count);
        self.line("_sum", labels, says(classes.sum));
        self.line("_count", labels, classes.count);
    }

    fn of(&mut self, figures: &Figures) {
        let Figures { commit_us, commit_looks, commits_failed, outbox, jobs, pools } = figures;
        self.family(
            "chengxin_log_commit_seconds",
            "histogram",
            "Time to make a group of looks durable.",
        );
        self.classes(&[], commit_us, seconds);
        self.family("chengxin_log_commit_looks", "histogram", "Looks in a group.");
        self.classes(&[], commit_looks, |looks| looks.to_string());
        let help = "Groups of looks that could not be written: nothing was answered.";
        self.family("chengxin_log_commits_failed_total", "counter", help);
        self.line("", &[], commits_failed);
        self.family("chengxin_outbox", "gauge", "Deliveries that wait or were given up.");
        for (channel, state, count) in outbox {
            self.line("", &[("channel", channel.as_str()), ("state", state.as_str())], count);
        }
        let help = "When this process last did a job without a fault, in seconds since 1970.";
        self.family("chengxin_job_last_success_seconds", "gauge", help);
        for (job, at) in jobs {
            if let Some(at) = at {
                self.line("", &[("job", *job)], at.as_second());
            }
        }
        self.family("chengxin_database_connections", "gauge", "Connections that are open.");
        for (pool, open, _) in pools {
            self.line("", &[("pool", *pool)], open);
        }
        self.family("chengxin_database_connections_idle", "gauge", "Of these, not in use.");
        for (pool, _, idle) in pools {
            self.line("", &[("pool", *pool)], idle);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> String {
        let metrics = Metrics::default();
        metrics.request("GET", "/my/looks/{seq}", 200, Duration::from_micros(300));
        metrics.request("GET", "/my/looks/{seq}", 200, Duration::from_millis(70));
        metrics.check(false);
        let commit = Histogram::new(TIMES_US);
        commit.observe(1_200);
        let figures = Figures {
            commit_us: commit.read(),
            commit_looks: commit.read(),
            commits_failed: 0,
            outbox: vec![("mail".to_owned(), "waiting".to_owned(), 3)],
            jobs: vec![("erase", Some("2026-11-23T01:00:00Z".parse().unwrap())), ("remind", None)],
            pools: vec![("read", 4, 3)],
        };
        metrics.text(Some(&figures))
    }

    #[test]
    fn counts_by_template() {
        let text = full();
        for line in [
            "chengxin_requests_total{method=\"GET\",route=\"/my/looks/{seq}\",status=\"200\"} 2",
            "chengxin_request_seconds_bucket{route=\"/my/looks/{seq}\",le=\"0.000500\"} 1",
            "chengxin_request_seconds_bucket{route=\"/my/looks/{seq}\",le=\"+Inf\"} 2",
            "chengxin_request_seconds_sum{route=\"/my/looks/{seq}\"} 0.070300",
            "chengxin_checks_total{outcome=\"refused\"} 1",
            "chengxin_batches_running 0",
            "chengxin_log_commit_seconds_count 1",
            "chengxin_outbox{channel=\"mail\",state=\"waiting\"} 3",
            "chengxin_job_last_success_seconds{job=\"erase\"} 1795395600",
            "chengxin_database_connections_idle{pool=\"read\"} 3",
        ] {
            assert!(text.lines().any(|known| known == line), "{line} is not in\n{text}");
        }
        assert!(!text.contains("remind"));
    }

    #[test]
    fn i14_no_label_names_anybody() {
        let mut found = 0;
        for line in full().lines().filter(|line| !line.starts_with('#')) {
            // `{seq}` in a route is no bracket of labels.
            let Some((_, rest)) = line.split_once('{') else { continue };
            let labels = rest.rsplit_once("} ").unwrap().0;
            for pair in labels.split("\",") {
                let label = pair.split_once('=').unwrap().0;
                assert!(LABELS.contains(&label), "{label} in {line}");
                found += 1;
            }
        }
        assert!(found > 30, "{found}");
    }
}
