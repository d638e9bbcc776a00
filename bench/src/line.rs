//! One result.

use serde::Serialize;

/// What was measured. `ours` and `floor` are per second, in the same run.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) engine: &'static str,
    /// Rows of the file or of the register.
    pub(crate) rows: u64,
    pub(crate) ours: f64,
    pub(crate) floor: f64,
    pub(crate) ratio: f64,
    /// Milliseconds that half of the requests took at most.
    pub(crate) p50_ms: Option<f64>,
    pub(crate) p99_ms: Option<f64>,
    pub(crate) floor_p99_ms: Option<f64>,
    /// Most memory that our process held, in megabytes.
    pub(crate) rss_mb: Option<f64>,
}

impl Line {
    /// A line whose ratio is that of the two rates.
    pub(crate) fn of(mut self, ours: f64, floor: f64) -> Self {
        (self.ours, self.floor, self.ratio) = (round(ours), round(floor), round(ours / floor));
        self
    }

    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn head() -> String {
        format!(
            "{:<13} {:<9} {:>9} {:>10} {:>10} {:>6} {:>8} {:>8} {:>8} {:>7}",
            "name",
            "engine",
            "rows",
            "ours/s",
            "floor/s",
            "ratio",
            "p50 ms",
            "p99 ms",
            "floor99",
            "rss MB"
        )
    }

    pub(crate) fn text(&self) -> String {
        let or_dash =
            |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
        format!(
            "{:<13} {:<9} {:>9} {:>10.1} {:>10.1} {:>6.2} {:>8} {:>8} {:>8} {:>7}",
            self.name,
            self.engine,
            self.rows,
            self.ours,
            self.floor,
            self.ratio,
            or_dash(self.p50_ms),
            or_dash(self.p99_ms),
            or_dash(self.floor_p99_ms),
            or_dash(self.rss_mb),
        )
    }
}

/// Three decimals are more than the noise allows.
pub(crate) fn round(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}
