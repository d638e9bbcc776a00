//! Counters for the operator, by route template only: no address with an identifier, no person.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What this process has counted since it began.
#[derive(Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<(String, String, u16), u64>>,
    /// Checks that were answered.
    checks_answered: AtomicU64,
    /// Checks that were refused.
    checks_refused: AtomicU64,
    /// Batches that this process is reading.
    batches_running: Arc<AtomicU64>,
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
    pub(crate) fn request(&self, method: &str, route: &str, status: u16) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry((method.to_owned(), route.to_owned(), status)).or_default() += 1;
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

    /// In the text format of Prometheus.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        let mut family = |name: &str, kind: &str, help: &str, lines: &[(String, u64)]| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, value) in lines {
                let _ = writeln!(out, "{name}{labels} {value}");
            }
        };
        let requests: Vec<_> = {
            let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            requests
                .iter()
                .map(|((method, route, status), count)| {
                    let labels =
                        format!("{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}}");
                    (labels, *count)
                })
                .collect()
        };
        family(
            "chengxin_requests_total",
            "counter",
            "Requests by route template and status.",
            &requests,
        );
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let checks = [
            ("{outcome=\"answered\"}".to_owned(), load(&self.checks_answered)),
            ("{outcome=\"refused\"}".to_owned(), load(&self.checks_refused)),
        ];
        family("chengxin_checks_total", "counter", "Checks by outcome.", &checks);
        let running = [(String::new(), load(&self.batches_running))];
        family("chengxin_batches_running", "gauge", "Batches that are being read.", &running);
        out
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn counts_by_template() {
        let metrics = super::Metrics::default();
        metrics.request("GET", "/my/looks/{seq}", 200);
        metrics.request("GET", "/my/looks/{seq}", 200);
        metrics.check(false);
        let text = metrics.text();
        let line =
            "chengxin_requests_total{method=\"GET\",route=\"/my/looks/{seq}\",status=\"200\"} 2";
        assert!(text.contains(line), "{text}");
        assert!(text.contains("chengxin_checks_total{outcome=\"refused\"} 1"));
    }
}
