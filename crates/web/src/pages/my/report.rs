//! My report 信用报告: what others may see of me, on paper.

use askama::Template;

use crate::pages::{Here, Shell, t};

/// `/my/report`
#[derive(Template)]
#[template(path = "my/report.html")]
pub struct ReportPage {
    /// The frame.
    pub shell: Shell,
    /// Reports that were issued, newest first: number and when.
    pub issued: Vec<(String, String)>,
}

impl ReportPage {
    /// Two reports.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyReport),
            issued: vec![
                (t("BG20261124-7F3K2Q"), t("2026年11月24日 10:05")),
                (t("BG20261101-2M4PQ8"), t("2026年11月1日 09:00")),
            ],
        }
    }
}
