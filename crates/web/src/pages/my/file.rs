//! My file 我的档案.

use askama::Template;

use crate::pages::{Here, RecordCard, Shell, t};

/// `/my`
#[derive(Template)]
#[template(path = "my/file.html")]
pub struct FilePage {
    /// The frame.
    pub shell: Shell,
    /// Masked identity: document kind and last four characters.
    pub identity: String,
    /// Day of the last change, in full; empty if there is none.
    pub updated_on: String,
    /// Records that are live: shown, quiet, waiting, contested.
    pub live: Vec<RecordCard>,
    /// Records that are over, only the person sees them.
    pub over: Vec<RecordCard>,
    /// Where in the log this very look stands.
    pub log_seq: String,
}

impl FilePage {
    /// A person with a record in every state.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyFile),
            identity: t("居民身份证 **************0011"),
            updated_on: t("2026年11月20日"),
            live: vec![
                RecordCard::sample_quiet(),
                RecordCard::sample_contested(),
                RecordCard::sample_shown(),
                RecordCard::sample_licence(),
            ],
            over: vec![RecordCard::sample_ended()],
            log_seq: t("48,213"),
        }
    }

    /// A person about whom nothing is recorded.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { updated_on: String::new(), live: Vec::new(), over: Vec::new(), ..Self::sample() }
    }

    /// The same in large text.
    #[must_use]
    pub fn sample_large() -> Self {
        let page = Self::sample();
        Self { shell: Shell { text_large: true, ..page.shell }, ..page }
    }
}
