//! The log of all looks 查询存证: its head, and how to check it.

use askama::Template;

use crate::pages::{Here, Shell, t};

/// `/office/log`
#[derive(Template)]
#[template(path = "office/log.html")]
pub struct LogPage {
    /// The frame.
    pub shell: Shell,
    /// Entries, for reading.
    pub size: String,
    /// Root, in groups.
    pub root: String,
    /// When the head was signed, in full.
    pub signed_at: String,
    /// Suite and key.
    pub signed_by: String,
    /// Signature, in groups.
    pub signature: String,
    /// Entries by day, newest first.
    pub days: Vec<LogDay>,
}

/// Entries of one day.
pub struct LogDay {
    /// The day, in full.
    pub day: String,
    /// Looks that were answered.
    pub answered: String,
    /// Attempts that were refused.
    pub refused: String,
}

impl LogPage {
    /// Three days.
    #[must_use]
    pub fn sample() -> Self {
        let day = |day, answered, refused| LogDay {
            day: t(day),
            answered: t(answered),
            refused: t(refused),
        };
        Self {
            shell: Shell::sample_office(Here::OfficeLog),
            size: t("48,231"),
            root: t("1b7ee0a4 96cd2f58 0a43c7d1 e85f6b92 37d4a10c f96b85e2 5c08d71f a2b364e0"),
            signed_at: t("2026年11月23日 10:05"),
            signed_by: t("Ed25519 · log-2026"),
            signature: t("7d20c4f1 88ae51b6 09d3fe72 4c61b0a8 e35f9d17 62b8c04e 1fa97d53 90ce8b26"),
            days: vec![
                day("2026年11月23日", "18", "0"),
                day("2026年11月20日", "212", "1"),
                day("2026年11月19日", "187", "0"),
            ],
        }
    }
}
