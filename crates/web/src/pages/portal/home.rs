//! The first page 首页.

use askama::Template;

use crate::pages::{Here, Shell};

/// `/`
#[derive(Template)]
#[template(path = "portal/home.html")]
pub struct HomePage {
    /// The frame.
    pub shell: Shell,
}

impl HomePage {
    /// As a visitor sees it.
    #[must_use]
    pub fn sample() -> Self {
        Self { shell: Shell::sample(Here::Home) }
    }
}
