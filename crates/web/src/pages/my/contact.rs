//! My contact 联系方式: how I am told that something waits for me.

use askama::Template;

use crate::pages::{Choice, Here, Mistakes, Shell, Tag, Tint, t};

/// `/my/contact`
#[derive(Template)]
#[template(path = "my/contact.html")]
pub struct ContactPage {
    /// The frame.
    pub shell: Shell,
    /// The contact that was chosen: way, address in part, and where it stands.
    pub chosen: Option<(String, String, Tag)>,
    /// Whether a code is to be typed.
    pub awaits_code: bool,
    /// What was sent there, newest first: what, when, and how it went.
    pub sent: Vec<(String, String, Tag)>,
    /// Ways that can be chosen.
    pub channels: Vec<Choice>,
    /// The address, as typed.
    pub address: String,
    /// What is wrong.
    pub mistakes: Mistakes,
}

impl ContactPage {
    fn ways() -> Vec<Choice> {
        vec![
            Choice::new("mail", "电子邮件"),
            Choice::new("sms", "短信"),
            Choice::new("letter", "信函"),
        ]
    }

    /// Nothing chosen yet.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample_person(Here::MyNotices),
            chosen: None,
            awaits_code: false,
            sent: Vec::new(),
            channels: Self::ways(),
            address: String::new(),
            mistakes: Mistakes::none(),
        }
    }

    /// A code was sent, and a wrong one typed.
    #[must_use]
    pub fn sample_code() -> Self {
        let tag = Tag::new("等您填写验证码", Tint::Underway);
        Self {
            chosen: Some((t("电子邮件"), t("li**@mail.example"), tag)),
            awaits_code: true,
            sent: vec![(t("验证码"), t("2026年11月24日 10:05"), Tag::new("已送出", Tint::Good))],
            mistakes: Mistakes::none().and("code", "验证码不对，请核对以后再填。"),
            ..Self::sample()
        }
    }
}
